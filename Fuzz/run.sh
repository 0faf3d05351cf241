#!/usr/bin/env bash
# Runs each target for so many seconds, on its committed corpus and on what earlier runs found: `Fuzz/run.sh PROGRAM SECONDS [TARGET…]`.
# The committed corpus is run alone first, so that what was found once fails at once.
set -euo pipefail
program=$1 seconds=$2
shift 2
work=$(dirname "$program")/corpora
# Objects that Swift keeps by pointers with a mark in them are leaks to LeakSanitizer.
export ASAN_OPTIONS=detect_leaks=0
failed=0
for target in ${@:-$("$program")}; do
    committed=$(dirname "$0")/Corpora/$target
    mkdir -p "$work/$target"
    if "$program" "$target" -timeout=5 -rss_limit_mb=4096 "$committed"/* >"$work/$target.log" 2>&1 &&
        "$program" "$target" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=4096 -dict="$(dirname "$0")/words" \
            -artifact_prefix="$work/$target-" "$work/$target" "$committed" >>"$work/$target.log" 2>&1; then
        printf '%-16s %s\n' "$target" "$(grep -E '^Done' "$work/$target.log")"
    else
        failed=1
        printf '%-16s found something: %s\n' "$target" "$work/$target.log"
        tail -n 20 "$work/$target.log"
    fi
done
exit $failed
