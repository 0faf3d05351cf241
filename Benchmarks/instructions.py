#!/usr/bin/env python3
"""Counts instructions, for `make bench-instructions`: they repeat to a few in a thousand, on a busy machine too.

Each piece of a request's work, and a whole request to the release program, is run under valgrind's callgrind with a number of
times and with twice as many; the difference, divided, is what once costs. Fails when one differs by more than 3 % from
Benchmarks/instructions.json, which `--write` writes anew together with docs/performance.md. Counts depend on compiler,
libraries and machine, which the file therefore names: with others they say little.

    make bench-instructions                                 all
    make bench-instructions OPTIONS='--only parse,write'    some
    make bench-instructions OPTIONS=--write                 all, and keep them
"""

import argparse
import contextlib
import json
import os
import pathlib
import platform
import re
import signal
import socket
import subprocess
import sys

from measures import VPCEP, bundled, exchange, request
from page import replace

FOLDER = pathlib.Path(".build/bench")
BASELINE = pathlib.Path(__file__).parent / "instructions.json"
TOLERANCE = 0.03
PIECES = {
    # The more often, the less counts that preparing does not repeat exactly: threads do it.
    "parse": ("one request, bytes to message", 10_000),
    "parse-again": ("the same, for a loop that has seen these bytes before", 20_000),
    "route": ("one request to its operation, compared with its contract", 20_000),
    "list": ("one page of ten rows in the store", 20_000),
    "respond": ("one request in memory, which nothing is remembered for", 5_000),
    "respond-again": ("the same, for a request that has come before", 20_000),
    "respond-anew": ("one request in memory, each time for a page that nobody asked for before", 400),
    "write": ("one response, message to bytes", 50_000),
    "request": ("one request to the release program, the same again and again", 2_000),
    "ready": ("the release program, from its start to its end, without requests", 1),
}


def callgrind(command, work=None):
    """The instructions of a whole run."""
    counts = FOLDER / "callgrind"
    counts.unlink(missing_ok=True)
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={counts}", *command]
    # Hashes are seeded at random otherwise, and tables laid out differently each time.
    environment = {**os.environ, "SWIFT_DETERMINISTIC_HASHING": "1"}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    if work:
        port = int(process.stdout.readline().rpartition(":")[2])
        process.stdout.readline()
        work(port)
        process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: {said}")
    return int(re.search(r"^(?:totals|summary): (\d+)", counts.read_text(), re.MULTILINE)[1])


def readable(program):
    """A copy of a program without debug information, of which valgrind 3.19 cannot read what Swift writes."""
    copy = FOLDER / f"{program.name}-plain"
    subprocess.run(["objcopy", "--strip-debug", program, copy], check=True)
    return copy.resolve()


def serve(program, times):
    """The instructions of the program that answers so many requests."""
    sent = request(bundled(VPCEP))

    def work(port):
        with contextlib.closing(socket.create_connection(("127.0.0.1", port))) as connection:
            for _ in range(times):
                if "200" not in (line := exchange(connection, sent)):
                    sys.exit(line)

    return callgrind([program, "--port", "0", "--loops", "1", "--log-level", "error"], work)


def count(name, times, programs):
    patchbay, micro = programs
    if name == "ready":
        return callgrind([patchbay, "--port", "0", "--loops", "1", "--log-level", "error"], lambda port: None)
    if name == "request":
        once, twice = serve(patchbay, times), serve(patchbay, 2 * times)
    else:
        once, twice = (callgrind([micro, name, str(number)]) for number in [times, 2 * times])
    return round((twice - once) / times)


def circumstances():
    said = lambda *command: subprocess.run(command, capture_output=True, text=True).stdout
    return {
        "machine": platform.machine(),
        "swift": re.search(r"Swift version (\S+)", said("swift", "--version"))[1],
        "valgrind": said("valgrind", "--version").strip().removeprefix("valgrind-"),
        "libc": " ".join(platform.libc_ver()),
    }


def write(kept):
    """Keeps counts, and shows them beside those from before they were worked on."""
    BASELINE.write_text(json.dumps(kept, indent=2) + "\n")
    circumstance = ", ".join(f"{name} {value}" for name, value in kept["with"].items())
    before, counts = kept["before"], kept["counts"]
    lines = [f"With {circumstance}.", "", f"| piece | instructions | at {before['commit']} | what |", "|---|---|---|---|"]
    for name in filter(counts.get, PIECES):
        earlier = f"{before['counts'][name]:,}" if name in before["counts"] else ""
        lines.append(f"| `{name}` | {counts[name]:,} | {earlier} | {PIECES[name][0]} |")
    replace("bench-instructions", lines)


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(PIECES), help=", ".join(PIECES))
    parser.add_argument("--write", action="store_true", help="keep the counts")
    parser.add_argument("--build", type=pathlib.Path, default=pathlib.Path(".build/release"))
    return parser.parse_args()


def main():
    asked = options()
    FOLDER.mkdir(parents=True, exist_ok=True)
    programs = [readable(asked.build / name) for name in ["patchbay", "microbench"]]
    kept = json.loads(BASELINE.read_text())
    here, counts = circumstances(), dict(kept["counts"])
    if here != kept["with"]:
        print(f"Kept with {kept['with']}, counted with {here}: differences say little")
    differing = 0
    for name in asked.only.split(","):
        what, times = PIECES[name]
        before, counts[name] = counts.get(name), count(name, times, programs)
        change = counts[name] / before - 1 if before else 0
        differing += abs(change) > TOLERANCE
        print(f"{name:14} {counts[name]:>14,}  {change:+8.1%}  {what}", flush=True)
    if asked.write:
        write(kept | {"with": here, "counts": counts})
    elif differing:
        sys.exit(f"{differing} differ by more than {TOLERANCE:.0%}")


if __name__ == "__main__":
    main()
