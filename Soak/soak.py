#!/usr/bin/env python3
"""Puts the release program under load for a while, and fails unless it stays as it was, for `make soak`.

    make soak                                   ten minutes
    make soak MINUTES=30                        longer
    make soak OPTIONS=--store                   with a store that is a file
    make soak OPTIONS="--serve '--loops 1'"     with further options of the program
"""

import argparse
import os
import pathlib
import resource
import shlex
import signal
import subprocess
import sys
import time

import around
import control
import exhaustion
import mixed
from crew import Crew, Part, Run
from programs import Patchbay, generated
from report import Sample, growth, table, watch, whole
from wire import PATIENCE

FOLDER = pathlib.Path(".build/soak")
STORE = "store.db"
CONNECTIONS = 10_000
OTHERS = 1_000
"""Descriptors that a process needs besides those of idle connections."""
GROWTH = 0.10
"""How much of its memory the program may take beyond that of minute 2."""

# Each list is a process, so that those who are measured do not wait for what the others work out.
MEASURED = [Part(f"mixed, {trade.api.name}", mixed.trading(trade), 4) for trade in mixed.TRADES]
AROUND = [
    Part("idle connections", around.idle, around.IDLERS),
    Part("slow readers", around.slow_reader, 48),
    Part("clients that do not read", around.no_reader, 10),
    Part("slow writers", around.slow_writer, 70),
    Part("churn", around.churn, 5),
    Part("clients that vanish", around.vanish, 50),
    Part("bodies up to the limit", around.large),
    Part("tenants", control.tenants),
    Part("snapshots", control.snapshots),
    Part("faults", control.faults),
    Part("clocks", control.clocks),
    Part("journal", control.journal),
    Part("events", control.events),
    Part("metrics", control.metrics),
    Part("log-ins", control.logins),
    Part("exhaustion", exhaustion.exhaustion, starved=True),
]


def connections_allowed():
    """As many idle connections as the limit of descriptors has room for, which is raised as far as it goes."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    needed = CONNECTIONS + OTHERS
    if hard == resource.RLIM_INFINITY or hard >= needed:
        return CONNECTIONS
    allowed = max(100, hard - OTHERS)
    print(f"Not {CONNECTIONS:,} idle connections but {allowed:,}: `ulimit -Hn` says {hard:,}, and {needed:,} are needed")
    return allowed


def soak(asked, seeds):
    """Does all parts, prints what came of them, and says what is wrong."""
    started = [asked.program.resolve(), "--seed", seeds.folder, *shlex.split(asked.serve)]
    cores = os.sched_getaffinity(0)
    connections = connections_allowed()
    store = stores() if asked.store else []
    with Patchbay(*started, *store, cores=cores) as server, Patchbay(*started, cores=cores) as starved:
        exhaustion.starve(starved)
        before, listening = Sample.of(server), sockets(server)
        run = Run(server, starved, connections, asked.minutes * 60)
        crews = [Crew(run, parts) for parts in (MEASURED, AROUND)]
        samples = watch(run, FOLDER / "samples.csv")
        measured, others = (crew.done() for crew in crews)
        everything = [*measured, *others]
        print(f"\n{table([*measured, whole('mixed, all', measured), *others])}\n")
        wrongs = [f"{tally.name}: {tally.errors} errors" for tally in everything if tally.errors]
        slowest = max(max(tally.seconds, default=0) for tally in everything)
        if slowest > PATIENCE:
            wrongs.append(f"an answer took {slowest:.1f} s")
        wrongs += grown(samples, run.seconds)
        print(f"processor: {(samples[-1].processor - before.processor) / samples[-1].seconds:.0%} of a core")
        most = max(sample.descriptors for sample in samples)
        print(f"descriptors: {before.descriptors} before, {most:,} at most")
        if asked.store:
            print(f"the store: {', '.join(f'{path.name} {path.stat().st_size / 1e6:.1f} MB' for path in sorted(FOLDER.glob(f'{STORE}*')))}")
        return wrongs + left(server, listening) + [wrong for wrong in map(ended, [server, starved]) if wrong]


def stores():
    """The options for a store that is a new file."""
    for file in FOLDER.glob(f"{STORE}*"):
        file.unlink()
    return ["--store", FOLDER / STORE]


def grown(samples, seconds):
    """What is wrong with the memory that the program takes."""
    start, early, late = growth(samples, seconds)
    share = late / early - 1
    most = max(sample.memory for sample in samples)
    print(f"memory: {early / 1e6:.1f} MB after {start:.0f} s, {late / 1e6:.1f} MB at the end ({share:+.1%}), {most / 1e6:.1f} MB at most")
    return [f"memory has grown by {share:.1%}, and may by {GROWTH:.0%}"] if share > GROWTH else []


def sockets(server):
    """How many sockets the program has: its files may be more than at its start."""
    folder = pathlib.Path(f"/proc/{server.process.pid}/fd")
    return sum(file.is_socket() for file in folder.iterdir())


def left(server, before):
    """What is wrong with what is left when all clients have gone."""
    if server.process.poll() is not None:
        return []
    began = time.monotonic()
    # Those who went without a word are let go when they have been silent for too long.
    while (count := sockets(server)) > before and time.monotonic() < began + around.IDLE + PATIENCE:
        time.sleep(1)
    now = Sample.of(server)
    print(f"when all have gone: {now.memory / 1e6:.1f} MB, {now.descriptors} descriptors, {count} sockets")
    return ["there are connections to nobody"] if count > before else []


def ended(server):
    """What is wrong with how a program ends that is asked to; nothing, if it does as it should."""
    if server.process.poll() is not None:
        return f"the program ended by itself, with {server.process.returncode}"
    began = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    try:
        status = server.process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        return f"the program has not ended {PATIENCE} s after it was asked to"
    return f"the program ended with {status}, {time.monotonic() - began:.1f} s after it was asked to" if status else None


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10, help="how long (10)")
    parser.add_argument("--store", action="store_true", help="with a store that is a file, not in memory")
    parser.add_argument("--serve", default="", metavar="OPTIONS", help="further options of the program")
    parser.add_argument("--program", type=pathlib.Path, default=pathlib.Path(".build/release/patchbay"))
    return parser.parse_args()


def main():
    asked = options()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with generated(asked.program.resolve(), FOLDER, mixed.ROWS) as seeds:
        wrongs = soak(asked, seeds)
    print("\n".join(["failed:", *wrongs]) if wrongs else "passed")
    sys.exit(bool(wrongs))


main()
