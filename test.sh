#!/usr/bin/env bash
# Runs every test of the workspace: unit and integration tests, examples, documentation tests.
#
# Some tests need programs beside Rust: MariaDB's server, dicom3tools' dciodvfy, DCMTK, pydicom, Orthanc. On Debian and Ubuntu they
# are installed when missing (as root or with sudo); the tests start and stop servers of their own, no service is touched. Orthanc's
# package would start one on all addresses: it is only unpacked, into a cache folder. What had to be skipped is listed at the end.
#
# ./test.sh --long   adds the tests that take minutes: brute force against the engine, a clinical case with every model
# Other arguments are handed to cargo: ./test.sh --release
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

long=false
if [[ ${1:-} == --long ]]; then
    long=true
    shift
fi

has_mariadb() {
    local program folder
    program=$(PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v mariadbd) || return 1
    folder=$(dirname "$(dirname "$program")")/share
    [[ -f $folder/mysql/mysql_system_tables.sql || -f $folder/mariadb/mysql_system_tables.sql ]]
}

# Debian's packages are for Debian's own Python, which need not be the first one there is.
has_pandas() {
    local python
    for python in "${DOSEBRIDGE_TEST_PYTHON:-}" python3 /usr/bin/python3; do
        [[ -n $python ]] && "$python" -c 'import pandas, matplotlib' >/dev/null 2>&1 && return
    done
    return 1
}

missing_packages() {
    has_mariadb || echo mariadb-server-core
    command -v dciodvfy >/dev/null || echo dicom3tools
    has_pandas || printf '%s\n' python3-pandas python3-matplotlib
    command -v dcmsend >/dev/null || echo dcmtk
    command -v unshare >/dev/null || echo util-linux
    command -v pdftotext >/dev/null || echo poppler-utils
    command -v ip >/dev/null || echo iproute2
    /usr/bin/python3 -c 'import pydicom, numpy' 2>/dev/null || echo python3-pydicom python3-numpy
}

# Where the tests look for Orthanc.
orthanc=${XDG_CACHE_HOME:-$HOME/.cache}/dosebridge-test/orthanc

has_orthanc() { [[ -x $orthanc/usr/sbin/Orthanc && -f $orthanc/usr/share/orthanc/plugins/libOrthancDicomWeb.so ]]; }

# Installs the libraries that Orthanc needs and unpacks Orthanc itself, so that no service is started.
unpack_orthanc() {
    command -v apt-get >/dev/null || return 1
    local needed work
    needed=$(apt-cache depends orthanc orthanc-dicomweb | sed -n 's/^ *Depends: \(lib[^ ]*\)$/\1/p; s/^    \(lib[^ ]*\)$/\1/p' | sort -u)
    # shellcheck disable=SC2086
    install $needed tzdata || return 1
    work=$(mktemp -d)
    mkdir -p "$orthanc"
    (cd "$work" && apt-get download -q orthanc orthanc-dicomweb && for package in *.deb; do dpkg-deb -x "$package" "$orthanc"; done)
    rm -rf "$work"
}

install() {
    command -v apt-get >/dev/null || return 1
    local as_root=()
    if [[ $EUID -ne 0 ]]; then
        command -v sudo >/dev/null || return 1
        as_root=(sudo)
    fi
    echo "== installing $*"
    "${as_root[@]}" apt-get update -q &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
}

missing=$(missing_packages)
if [[ -n $missing ]]; then
    # One package each per word.
    # shellcheck disable=SC2086
    install $missing || true
    missing=$(missing_packages)
fi
if ! has_orthanc; then
    unpack_orthanc || echo "== Orthanc could not be unpacked; tests that send to it are skipped" >&2
fi
if [[ -n $missing ]]; then
    cat >&2 <<'MESSAGE'
== Programs that some tests need could not be installed; without them those tests are skipped. Install and run again:
     Debian, Ubuntu   apt-get install mariadb-server-core dicom3tools dcmtk poppler-utils util-linux iproute2 python3-pydicom python3-numpy
     Fedora, RHEL     dnf install mariadb-server
     Arch             pacman -S mariadb
     macOS            brew install mariadb
   (dciodvfy, from dicom3tools, is at https://www.dclunie.com/dicom3tools.html)
MESSAGE
fi

log=$(mktemp) hidden=$(mktemp)
trap 'rm -f "$log" "$hidden"' EXIT

# A test says that it skips by a line "skipped: ..." on standard output, which runners hide for tests that pass.
if cargo nextest --version >/dev/null 2>&1; then
    run_tests() {
        local outcome=0
        cargo nextest run --workspace --no-fail-fast "$@" || outcome=$?
        # Where .config/nextest.toml has it written, whatever the target folder is.
        cp target/nextest/default/junit.xml "$hidden" || true
        return "$outcome"
    }
else
    run_tests() { cargo test --workspace --lib --bins --tests --no-fail-fast "$@" -- --show-output; }
fi

failed=()
stage() {
    echo "== $1"
    shift
    "$@" 2>&1 | tee -a "$log" || failed+=("$*")
}
stage "documentation tests" cargo test --workspace --doc --no-fail-fast "$@"
stage "tests" run_tests "$@"
if $long; then
    stage "long tests" cargo test --release -p rt-dvh --test engine "$@" -- --ignored --show-output
fi

echo "== skipped"
sed -n 's/^.*\(skipped: .*\)$/\1/p' "$log" "$hidden" | sort | uniq -c | grep . || echo "nothing"

if ((${#failed[@]})); then
    printf '== FAILED: %s\n' "${failed[@]}"
    exit 1
fi
echo "== passed"
