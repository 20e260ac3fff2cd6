#!/usr/bin/env bash
# C-STORE of 300 CT slices (158 MB) over loopback, side by side with DCMTK in one run: `benches/push.sh`.
#
# Each line: what was sent by whom to whom, the best of three runs. Needs DCMTK's dcmsend and storescp.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
command -v dcmsend >/dev/null && command -v storescp >/dev/null || { echo "needs DCMTK" >&2; exit 2; }

cargo build --release -q -p dosebridge-benches --bin push
push=${CARGO_TARGET_DIR:-target}/release/push
work=$(mktemp -d)
receiver=
trap 'kill "$receiver" 2>/dev/null || true; rm -rf "$work"' EXIT
"$push" make "$work/ct" 300

receive() { # environment as NAME=VALUE or nothing, then storescp's options
    kill "$receiver" 2>/dev/null || true
    wait "$receiver" 2>/dev/null || true
    port=$("$push" port)
    env "$1" storescp -aet SCP "${@:2}" "$port" >"$work/receiver.log" 2>&1 &
    receiver=$!
    until (echo >"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.05; done
}

measure() { # label, runs, command
    local label=$1 runs=$2 best=
    shift 2
    for ((run = 0; run < runs; run++)); do
        local start end
        start=$(date +%s%N)
        "$@" >"$work/sender.log" 2>&1 || { cat "$work/sender.log" >&2; exit 1; }
        end=$(date +%s%N)
        if [[ -z $best ]] || ((end - start < best)); then best=$((end - start)); fi
    done
    awk -v l="$label" -v t="$best" 'BEGIN { s = t / 1e9; printf "%-66s %7.3f s %8.1f images/s %8.1f MB/s\n", l, s, 300 / s, 158 / s }'
}

receive X=1 --ignore
measure "dcmsend, defaults -> storescp, defaults" 1 dcmsend -aec SCP +sd 127.0.0.1 "$port" "$work/ct"
measure "ours -> storescp, defaults" 3 "$push" send "$port" "$work/ct"
receive TCP_NODELAY=1 --ignore
measure "dcmsend, TCP_NODELAY -> storescp, TCP_NODELAY" 3 env TCP_NODELAY=1 dcmsend -aec SCP +sd 127.0.0.1 "$port" "$work/ct"
measure "ours -> storescp, TCP_NODELAY" 3 "$push" send "$port" "$work/ct"
mkdir "$work/in"
receive TCP_NODELAY=1 -od "$work/in"
measure "dcmsend, TCP_NODELAY -> storescp, TCP_NODELAY, writing files" 3 env TCP_NODELAY=1 dcmsend -aec SCP +sd 127.0.0.1 "$port" "$work/ct"
measure "ours -> storescp, TCP_NODELAY, writing files" 3 "$push" send "$port" "$work/ct"
