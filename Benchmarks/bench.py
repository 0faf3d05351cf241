#!/usr/bin/env python3
"""Measures the release program and writes docs/performance.md, for `make bench`.

    make bench                                          everything, about a quarter of an hour
    make bench OPTIONS='--only repeated,start'          some rows of the table; the page stays as it is
    make bench OPTIONS='--seconds 1 --api vpcep'        shorter, one API; the page stays as it is
"""

import argparse
import collections
import dataclasses
import datetime
import os
import pathlib
import platform
import shlex
import subprocess
import sys
import time
from collections.abc import Callable

import measures
from apis import APIS
from page import replace

FOLDER = pathlib.Path(".build/bench")
MOST, LEAST = "≤", "≥"


@dataclasses.dataclass(frozen=True)
class Row:
    """A row of the table: what is measured, and what it should be."""

    what: str
    sense: str
    limit: float | Callable[[str], float] | None
    unit: str

    def limit_of(self, part):
        return self.limit(part) if callable(self.limit) else self.limit

    def target(self, part):
        return "" if self.limit is None else f"{self.sense} {self.limit_of(part):g} {self.unit}"

    def verdict(self, figure):
        if figure.value is None:
            return "failed"
        if self.limit is None:
            return ""
        target = self.limit_of(figure.part)
        return "met" if (figure.value <= target if self.sense == MOST else figure.value >= target) else "missed"

    def value(self, figure):
        if figure.value is None:
            return "—"
        return f"{figure.value:.2f} ×" if self.unit == "×" else f"{figure.value:.1f} {self.unit}"


def nginx_target(part):
    return 1.0 if part == measures.VPCEP.title else 0.8


ROWS = {
    "repeated": Row("A page of 10 rows, the same again and again, against nginx with the same bytes", LEAST, nginx_target, "×"),
    "never-asked": Row("Pages never asked for before, of 100,000 rows, against nginx", LEAST, 0.6, "×"),
    "last": Row("The last page of 1,000,000 rows, against the first", LEAST, 0.9, "×"),
    "million": Row("The first page of 1,000,000 rows, against that of 1,000", LEAST, 0.9, "×"),
    "filtered": Row("The last page of a filter in 1,000,000 rows, against the first without", LEAST, 0.8, "×"),
    "writes": Row("Pages of 1,000,000 rows during 10 writes/s, against reading alone", LEAST, 0.7, "×"),
    "loops": Row("Processor time per request, two loops against one", MOST, 1.15, "×"),
    "start": Row("From the start of the program to the first answered request", MOST, 10, "ms"),
    "first-request": Row("The first request after `Ready.`, against the tenth", MOST, 3, "×"),
    "load-time": Row("1,000,000 seed rows, from JSON to `Ready.`", MOST, 5, "s"),
    "load-memory": Row("Peak memory while 1,000,000 seed rows are loaded, against the size of the file", MOST, 4, "×"),
    "idle": Row("Resident memory, idle", MOST, 15, "MB"),
    "idle-1000": Row("Resident memory with 1,000 idle connections", MOST, 40, "MB"),
    "idle-10000": Row("Resident memory with 10,000 idle connections", MOST, 150, "MB"),
    "size": Row("The release program, stripped", MOST, 20, "MB"),
    "peers": Row("Another server's page, the same again and again, against nginx with the same bytes", LEAST, None, "×"),
}

STAGES = [
    ({"size"}, measures.size),
    ({"idle", "idle-1000", "idle-10000"}, measures.memory),
    ({"start"}, measures.start),
    ({"first-request"}, measures.first_request),
    ({"repeated"}, measures.against_nginx),
    ({"peers"}, measures.peers),
    ({"never-asked"}, measures.never_asked),
    ({"loops"}, measures.loops),
    (measures.LOADING | measures.READING | measures.WRITING, measures.million),
]


def names(known):
    def read(text):
        asked = text.split(",")
        if unknown := [name for name in asked if name not in known]:
            raise argparse.ArgumentTypeError(f"{unknown[0]} is none of {', '.join(known)}")
        return asked

    return read


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", type=names(ROWS), default=list(ROWS), help=f"rows: {', '.join(ROWS)}")
    known = [api.name for api in APIS]
    parser.add_argument("--api", type=names(known), default=known, help=f"APIs: {', '.join(known)}")
    parser.add_argument("--seconds", type=int, default=3, help="of each of three turns of a measurement (3)")
    parser.add_argument("--starts", type=int, default=25, help="of the program, where these are measured (25)")
    parser.add_argument("--program", type=pathlib.Path, default=pathlib.Path(".build/release/patchbay"))
    peer = {"nargs": 3, "action": "append", "default": [], "metavar": ("NAME", "COMMAND", "TARGET")}
    parser.add_argument("--peer", **peer, help="another server: {port} in its command becomes a free one")
    parser.add_argument("--keep", action="store_true", help="leave docs/performance.md as it is")
    return parser.parse_args()


def measure(bench):
    """Takes all measurements that were asked for; prints each figure as it comes."""
    figures = collections.defaultdict(list)
    for rows, stage in STAGES:
        if not bench.wants(rows):
            continue
        for figure in measures.tried(rows, "", stage(bench)):
            if figure.row in bench.rows:
                figures[figure.row].append(figure)
                print(f"{figure.row:14} {figure.part:40} {ROWS[figure.row].value(figure):>10}  ", end="")
                print(f"{ROWS[figure.row].verdict(figure):7} {figure.note}", flush=True)
    return {row: figures[row] for row in ROWS if figures[row]}


def table(figures):
    lines = ["| what | target | of | figure | | behind it |", "|---|---|---|---|---|---|"]
    for name, found in figures.items():
        row = ROWS[name]
        for number, figure in enumerate(found):
            verdict = row.verdict(figure)
            cells = [
                row.what if number == 0 else "",
                row.target(figure.part),
                figure.part,
                row.value(figure),
                f"**{verdict}**" if verdict in ("missed", "failed") else verdict,
                figure.note,
            ]
            lines.append(f"| {' | '.join(cells)} |")
    return lines


def machine():
    """The machine, the date, the commit and the command."""
    cpus = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(": ")[2] for line in cpus if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    git = lambda *words: subprocess.run(["git", *words], capture_output=True, text=True).stdout.strip()
    changed = " with changes" if git("status", "--porcelain", "--", ".", ":!docs/performance.md") else ""
    version = lambda *words: subprocess.run(words, capture_output=True, text=True)
    nginx, wrk = version("nginx", "-v").stderr.strip().rpartition("/")[2], version("wrk", "-v").stdout.split()[1]
    return [
        f"- machine: {model}, {os.cpu_count()} cores, {memory:.0f} GiB, Linux {platform.release()}",
        f"- against: nginx {nginx}, load by wrk {wrk}",
        f"- date: {datetime.date.today()}, commit {git('rev-parse', '--short', 'HEAD')}{changed}",
        "- command: `make bench`" + (f" with `OPTIONS='{shlex.join(sys.argv[1:])}'`" if sys.argv[1:] else ""),
    ]


def main():
    asked = options()
    FOLDER.mkdir(parents=True, exist_ok=True)
    if len(os.sched_getaffinity(0) & measures.BOTH) < 2:
        sys.exit("The benchmark needs the cores 0 and 1: one for the server, one for the load")
    apis = [api for api in APIS if api.name in asked.api]
    bench = measures.Bench(asked.program.resolve(), FOLDER, asked.seconds, asked.starts, set(asked.only), apis, asked.peer)
    began = time.monotonic()
    figures = measure(bench)
    lines = table(figures)
    print("\n" + "\n".join(lines))
    verdicts = [ROWS[row].verdict(figure) for row, found in figures.items() for figure in found]
    counts = ", ".join(f"{verdicts.count(verdict)} {verdict}" for verdict in ["met", "missed", "failed"])
    print(f"\n{counts}, in {time.monotonic() - began:.0f} s")
    if len(asked.only) == len(ROWS) and len(apis) == len(APIS) and not asked.keep:
        replace("bench", [*machine(), f"- verdict: {counts}", "", *lines])
    sys.exit("failed" in verdicts)


main()
