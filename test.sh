#!/usr/bin/env bash
# Runs every test of the workspace: unit and integration tests, examples, documentation tests.
#
# Some tests need programs beside Rust: MariaDB's server and dicom3tools' dciodvfy. On Debian and Ubuntu they are installed when
# missing (as root or with sudo); the tests start and stop servers of their own, no service is touched. What had to be skipped
# is listed at the end.
#
# Arguments are handed to cargo: ./test.sh --release
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

has_mariadb() {
    local program folder
    program=$(PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v mariadbd) || return 1
    folder=$(dirname "$(dirname "$program")")/share
    [[ -f $folder/mysql/mysql_system_tables.sql || -f $folder/mariadb/mysql_system_tables.sql ]]
}

missing_packages() {
    has_mariadb || echo mariadb-server-core
    command -v dciodvfy >/dev/null || echo dicom3tools
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
if [[ -n $missing ]]; then
    cat >&2 <<'MESSAGE'
== Programs that some tests need could not be installed; without them those tests are skipped. Install and run again:
     Debian, Ubuntu   apt-get install mariadb-server-core dicom3tools
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

echo "== skipped"
sed -n 's/^.*\(skipped: .*\)$/\1/p' "$log" "$hidden" | sort | uniq -c | grep . || echo "nothing"

if ((${#failed[@]})); then
    printf '== FAILED: %s\n' "${failed[@]}"
    exit 1
fi
echo "== passed"
