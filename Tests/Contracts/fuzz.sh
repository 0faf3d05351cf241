#!/usr/bin/env bash
# Runs schemathesis against the running program, with the description of each API that it serves itself, and with the
# vendor's own for Confluent; or with those that are named. `EXAMPLES` says how many requests of each kind are made up
# (100), `PATCHBAY` which program runs.
set -euo pipefail
program=${PATCHBAY:-$PWD/.build/release/patchbay}
here=$PWD/Tests/Contracts
work=$PWD/.build/fuzz-contract
version=4.32.5

mkdir -p "$work"
if ! "$work/venv/bin/st" --version 2>/dev/null | grep -q "$version"; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet "schemathesis==$version"
fi

"$program" --auth known --port 0 --ready-file "$work/url" >/dev/null 2>"$work/server.log" &
server=$!
trap 'kill $server 2>/dev/null || true' EXIT
for _ in $(seq 100); do [ -s "$work/url" ] && break; sleep 0.1; done
url=$(cat "$work/url")

failed=0
run() { # name, description, further arguments
    local name=$1 description=$2
    shift 2
    if ! (cd "$work" && venv/bin/st --config-file "$here/schemathesis/$name.toml" run "$description" "$@" \
        --max-examples "${EXAMPLES:-100}" --generation-deterministic --no-color) >"$work/$name.log" 2>&1; then
        failed=1
        sed -n '/FAILURES/,$p' "$work/$name.log"
    fi
    printf '%-15s %s\n' "$name" "$(grep -E '[0-9]+ generated' "$work/$name.log" || tail -n 1 "$work/$name.log")"
}
names=("$@")
if [ ${#names[@]} -eq 0 ]; then names=(vpcep apig identity atlas confluent cloudflare confluent-seed); fi
for name in "${names[@]}"; do
    case $name in
    confluent-seed) run "$name" "$here/confluent-seed.openapi.json" --url "$url" ;;
    *) run "$name" "$url/_patchbay/openapi/$name.json" ;;
    esac
done
exit $failed
