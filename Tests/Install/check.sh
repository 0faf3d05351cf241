#!/usr/bin/env bash
# Looks at what `make install` has put below a prefix, for `make install-check`: the program runs, its man page is one, and shells
# complete it. What would read a file is asked where it is there: mandoc, zsh and fish.
set -euo pipefail

prefix=$(realpath "$1")
export PATH="$prefix/bin:$PATH"

# Fails unless a text has a line: expect LINE TEXT
expect() {
    grep -qxF -- "$1" <<< "$2" || { echo "No line \"$1\" in: $2" >&2; exit 1; }
}

has() {
    command -v "$1" > /dev/null || { echo "$1 is not there, and was not asked"; return 1; }
}

test "$(command -v patchbay)" = "$prefix/bin/patchbay"
patchbay exec -- patchbay version > /dev/null

if has mandoc; then
    mandoc -Tlint -W error "$prefix/share/man/man1/patchbay.1"
    mandoc -Tascii "$prefix/share/man/man1/patchbay.1" > /dev/null
fi

bash -n "$prefix/share/bash-completion/completions/patchbay"
# What bash completes at the end of a command line: completed WORD...
completed() {
    bash -c 'source "$0"
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE=$* COMP_POINT=${#COMP_LINE}
        _patchbay patchbay "${!#}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf "%s\n" "${COMPREPLY[@]}"' "$prefix/share/bash-completion/completions/patchbay" "$@"
}
expect serve "$(completed patchbay ser)"
expect generate "$(completed patchbay seed ge)"
expect --seed "$(completed patchbay serve --se)"
expect known "$(completed patchbay serve --auth kn)"
expect atlas "$(completed patchbay seed generate --api at)"
expect atlas.includeCount=zero "$(completed patchbay serve --quirk atlas.inc)"

if has zsh; then
    zsh -n "$prefix/share/zsh/site-functions/_patchbay"
    expect _patchbay "$(zsh -fc "fpath=('$prefix/share/zsh/site-functions' \$fpath); autoload -U compinit; compinit -u -D; print \$_comps[patchbay]")"
fi

if has fish; then
    fish -n "$prefix/share/fish/vendor_completions.d/patchbay.fish"
    expect known "$(fish --no-config -c "source '$prefix/share/fish/vendor_completions.d/patchbay.fish'; complete -C 'patchbay serve --auth kn'" | cut -f 1)"
fi
