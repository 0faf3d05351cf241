#!/usr/bin/env python3
"""Writes the man page, `docs/man/patchbay.1`, from what the program says of itself: `page.py PROGRAM > patchbay.1`, for `make docs`.

The argument parser has a generator, too. It shows verbs that are hidden, knows one exit code, and says all flags of `serve` again for `exec`.
"""

import json
import re
import subprocess
import sys
import textwrap

REST = r"""
.Sh ENVIRONMENT
Each flag of
.Cm serve
has a variable, its name in capitals behind
.Ev PATCHBAY_ :
.Fl -log-level
is
.Ev PATCHBAY_LOG_LEVEL .
The flag goes before the variable, and an empty variable is none.
.Bl -tag -width Ds
.It Ev PATCHBAY_PORT , PORT
The port, the first before the second.
.It Ev PATCHBAY_SEED
Directories with colons between them.
.It Ev PATCHBAY_QUIRKS
Readings with commas between them.
.It Ev PATCHBAY_STRICT , PATCHBAY_OPEN_TENANTS
.Ql true
or
.Ql false .
.It Ev PATCHBAY_URL
The address of the server, for the command of
.Cm exec ,
with the variables that
.Cm env
prints.
.El
.Sh FILES
A directory of seeds has a folder for each API, by its name, with any number of
files
.Pa *.json
in it.
.Sh EXIT STATUS
.Bl -tag -width Ds
.It 0
Stopped on request, or done.
.It 1
A failure while running; of
.Cm healthcheck ,
not ready.
.It 2
A flag, a variable or a subcommand is wrong.
.It 3
A seed or a store file is wrong.
.It 4
The address is taken, or cannot be had.
.It 5
With
.Fl -strict :
requests came that do not keep to the vendor's documents.
.El
.Pp
.Cm exec
ends as its command does, with 128 and the number of the signal that ended it, with 127 when there is no such command, and with 126 when it cannot be run.
.Sh EXAMPLES
Serve seeds of one's own on a free port:
.Pp
.Dl patchbay --seed my-seeds --port 0
.Pp
Run tests with a server of their own:
.Pp
.Dl patchbay exec --strict -- pytest
.Pp
Say what is wrong with seeds:
.Pp
.Dl patchbay seed check my-seeds
.Sh SEE ALSO
.Xr curl 1
"""


def text(words):
    """A text on lines of its own, each sentence on a new one."""
    lines = []
    for paragraph in words.split("\n\n"):
        lines += [".Pp"] if lines else []
        for sentence in re.split(r"(?<=[.:]) +(?=[A-Z(])", paragraph.replace("\n", " ")):
            lines += textwrap.wrap(sentence, 79, break_long_words=False, break_on_hyphens=False)
    return "\n".join(line if line in [".Pp"] else escaped(line) for line in lines)


def escaped(line):
    line = line.replace("\\", r"\e")
    return r"\&" + line if line[:1] in ".'" else line


def quoted(line):
    """A text behind a macro, for which quotation marks hold arguments together."""
    return escaped(line).replace('"', r"\(dq")


def flag(argument):
    """A flag or an argument, as a tag or in a synopsis."""
    value = f"Ar {argument['valueName']}" if argument["kind"] != "flag" else ""
    if argument["kind"] == "positional":
        return value + (" ..." if argument["isRepeating"] else "")
    names = " , ".join(f"Fl {'-' if name['kind'] == 'long' else ''}{name['name']}" for name in argument["names"])
    return f"{names} {value}".strip()


def shown(command):
    """What a command line may have, but for what every command takes."""
    general = ["version", "help"]
    return [each for each in command.get("arguments", []) if each["shouldDisplay"] and each["valueName"] not in general]


def verbs(command, path=()):
    """The subcommands that do something, with their names."""
    for verb in command.get("subcommands", []):
        if verb["shouldDisplay"] and verb["commandName"] != "help":
            name = [*path, verb["commandName"]]
            yield from verbs(verb, name) if verb.get("subcommands") else [(name, verb)]


def synopsis(name, verb, serve):
    """A command line, with the flags of `serve` in one word."""
    if name == ["serve"]:
        return ".Nm\n.Op Cm serve\n.Op Ar options"
    own = [each for each in shown(verb) if each not in serve]
    options = [] if own == shown(verb) else [".Op Ar options"]
    for each in own:
        separator = ["Fl -"] if each["kind"] == "positional" and each["parsingStrategy"] == "postTerminator" else []
        macro = ".Op " if each["isOptional"] else "."
        options.append(macro + " ".join([*separator, flag(each)]))
    return "\n".join([".Nm", f".Cm {' '.join(name)}", *options])


def section(name, verb, serve):
    """What a subcommand does, and its flags, which are told once where it has all of another's."""
    lines = [f".It Cm {' '.join(name)}", text(verb["abstract"])]
    if verb.get("discussion"):
        lines += [".Pp", text(verb["discussion"])]
    own = shown(verb)
    if name != ["serve"] and all(each in own for each in serve):
        own = [each for each in own if each not in serve]
        lines += [".Pp", "The", ".Ar options", "are those of", ".Cm serve ."]
    if own:
        lines += [".Bl -tag -width Ds"]
        for each in own:
            default = f" (default: {each['defaultValue']})" if "defaultValue" in each else ""
            lines += [f".It {flag(each)}", text(each["abstract"] + default)]
        lines += [".El"]
    return "\n".join(lines)


def page(program):
    dump = subprocess.run([program, "--experimental-dump-help"], check=True, capture_output=True, text=True).stdout
    version = subprocess.run([program, "version"], check=True, capture_output=True, text=True).stdout.strip()
    command = json.loads(dump)["command"]
    all_verbs = list(verbs(command))
    serve = shown(next(verb for name, verb in all_verbs if name == ["serve"]))
    described = command["discussion"].split("\n\nExit codes:")[0]
    return "\n".join(
        [
            r'.\" Written by `make docs` (docs/man/page.py).',
            # A date would be another one each time.
            f".Dd Version {version}",
            ".Dt PATCHBAY 1",
            ".Os Patchbay",
            ".Sh NAME",
            ".Nm patchbay",
            f".Nd {quoted(command['abstract'].rstrip('.'))}",
            ".Sh SYNOPSIS",
            *[synopsis(name, verb, serve) for name, verb in all_verbs],
            ".Sh DESCRIPTION",
            text(described),
            ".Bl -tag -width Ds",
            *[section(name, verb, serve) for name, verb in all_verbs],
            ".El",
            ".Pp",
            "Each of them shows its flags with",
            ".Fl -help .",
            REST.strip(),
        ]
    )


if __name__ == "__main__":
    print(page(sys.argv[1]))
