#!/usr/bin/env bash
# Runs the vendors' own clients against the release program (or PATCHBAY): all of them, or those that are named.
set -euo pipefail
here=$PWD/Tests/Clients
work=$PWD/.build/clients
export PATCHBAY=${PATCHBAY:-$PWD/.build/release/patchbay}
mkdir -p "$work/results"

names=("$@")
if [ ${#names[@]} -eq 0 ]; then
    for file in "$here"/*/client.toml; do names+=("$(basename "$(dirname "$file")")"); done
fi

failed=0
for name in "${names[@]}"; do
    folder=$here/$name
    venv=$work/$name
    for package in $(python3 -c 'import sys, tomllib; print(*tomllib.load(open(sys.argv[1], "rb")).get("debian", []))' \
        "$folder/client.toml"); do
        if ! dpkg -s "$package" >/dev/null 2>&1; then
            sudo=$([ "$(id -u)" = 0 ] || echo sudo)
            { $sudo apt-get update -qq && $sudo apt-get install -y -qq "$package"; } >>"$work/$name.debian.log" 2>&1
        fi
    done
    # What a client needs is installed once, and again when it changes.
    if ! cmp -s "$folder/requirements.txt" "$venv/requirements.txt"; then
        rm -rf "$venv"
        python3 -m venv "$venv"
        "$venv/bin/pip" install --quiet --disable-pip-version-check pytest==8.4.2 -r "$folder/requirements.txt"
        cp "$folder/requirements.txt" "$venv/requirements.txt"
    fi
    rm -f "$work/results/$name.json"
    if ! PATCHBAY_CLIENT_RESULTS=$work/results/$name.json PATH=$venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 \
        "$venv/bin/python" -m pytest -q -p no:cacheprovider --rootdir "$here" "$folder" >"$work/$name.log" 2>&1; then
        failed=1
        cat "$work/$name.log"
    fi
    printf '%-24s %s\n' "$name" "$(tail -n 1 "$work/$name.log")"
done
exit $failed
