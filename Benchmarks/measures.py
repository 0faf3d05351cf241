"""What is measured: each function yields figures for rows of the table."""

import contextlib
import dataclasses
import http.client
import itertools
import pathlib
import random
import resource
import shlex
import socket
import statistics
import subprocess
import time

from apis import API, APIS, SIZE, Page
from programs import BOTH, LOAD, SERVER, Nginx, Patchbay, Server, Writer, Wrong
from programs import ask, check, free_port, generated, message, on, wrk

RUNS = 3
MILLION = 1_000_000
VPCEP, _, _, CONFLUENT, _ = APIS
BUNDLED = 257
"""Rows of the first list in the bundled seeds."""


@dataclasses.dataclass(frozen=True)
class Figure:
    """One figure of a row: what it is of, and what stands behind it. Without a value the measurement failed."""

    row: str
    part: str
    value: float | None
    note: str = ""


def tried(rows, part, figures):
    """Passes the figures of these rows on, with failed ones in place of those that cannot be had."""
    try:
        yield from figures
    except (Wrong, OSError, http.client.HTTPException, subprocess.CalledProcessError) as problem:
        for row in sorted(rows):
            yield Figure(row, part, None, str(problem))


@dataclasses.dataclass
class Bench:
    """What is measured, how long, and where what it needs is kept."""

    program: pathlib.Path
    folder: pathlib.Path
    seconds: int
    starts: int
    rows: set[str]
    apis: list[API]
    peers: list[tuple[str, str, str]]
    """Other servers: what they are called, the command that starts one, and what to ask it for."""

    def wants(self, rows):
        return not self.rows.isdisjoint(rows)

    def seeds(self, rows, *apis):
        """Generated seeds, of all APIs when none is named, for as long as they are needed."""
        return generated(self.program, self.folder, rows, *apis)


def interleaved(measures):
    """Takes each measure in turn, three times over; for each, what came of its three turns."""
    turns = [[measure() for measure in measures] for _ in range(RUNS)]
    return list(zip(*turns))


def ratio(rates, others):
    """The median of the ratios of what was measured in the same turn, and the medians that stand behind it."""
    ratios = [rate / other for rate, other in zip(rates, others)]
    low, high = statistics.median(rates), statistics.median(others)
    return statistics.median(ratios), f"{low:,.0f} of {high:,.0f} req/s, {min(ratios):.2f} to {max(ratios):.2f}"


def against_nginx(bench):
    """The same page again and again, and the same bytes as a file."""
    with bench.seeds(10_000) as seeds, Patchbay(bench.program, "--seed", seeds.folder, "--loops", 1) as server:
        for api in bench.apis:
            yield from tried({"repeated"}, api.title, repeated(bench, server, api, api.page(seeds)))


def repeated(bench, server, api, page):
    body = check(server.port, page)
    with Nginx(bench.folder / "nginx", {"page.json": body}) as nginx:
        rates = interleaved([
            lambda: wrk(nginx.port, "/page.json", {}, bench.seconds)["rate"],
            lambda: wrk(server.port, page.target, page.headers, bench.seconds)["rate"],
        ])
    check(server.port, page)
    yield Figure("repeated", api.title, *ratio(rates[1], rates[0]))


def peers(bench):
    """Other servers, each with a page of its own, and the same bytes as a file."""
    for name, command, target in bench.peers:
        yield from tried({"peers"}, name, peer(bench, name, command, target))


def peer(bench, name, command, target):
    port = free_port()
    with Server(shlex.split(command.replace("{port}", str(port))), SERVER, port) as server:
        while True:
            with contextlib.suppress(ConnectionError):
                status, body = ask(port, target, VPCEP.headers)
                break
            if time.perf_counter() - server.began > 60:
                raise Wrong("does not answer")
            time.sleep(0.1)
        if status != 200:
            raise Wrong(f"{status} for {target}")
        with Nginx(bench.folder / "nginx", {"page.json": body}) as nginx:
            rates = interleaved([
                lambda: wrk(nginx.port, "/page.json", {}, bench.seconds)["rate"],
                lambda: wrk(port, target, VPCEP.headers, bench.seconds)["rate"],
            ])
    yield Figure("peers", name, *ratio(rates[1], rates[0]))


def never_asked(bench):
    """Pages that nobody asked for before, from a program that has just begun, and a file whose query changes as often."""
    rows = 100_000
    path = VPCEP.path.format(n=rows)
    lists = list(never_asked_lists(rows))
    asked = [(f"{query}&offset={offset}", total) for query, total in lists for offset in range(1, total - SIZE + 1)]
    random.Random(6).shuffle(asked)
    own, plain = bench.folder / "targets", bench.folder / "plain-targets"
    own.write_text("".join(f"{path}?{query}\n" for query, _ in asked))
    plain.write_text("".join(f"/page.json?{query}\n" for query, _ in asked))
    samples = [Page(VPCEP, f"{path}?{query}", total) for query, total in asked[:: len(asked) // 200]]
    rates = []
    with bench.seeds(rows, VPCEP.name) as seeds:
        for _ in range(RUNS):
            with Patchbay(bench.program, "--seed", seeds.folder, "--loops", 1) as server:
                for query, total in lists:
                    body = check(server.port, Page(VPCEP, f"{path}?{query}", total))
                with Nginx(bench.folder / "nginx", {"page.json": body}) as nginx:
                    rates.append([
                        wrk(at.port, "/", headers, bench.seconds, file=file, again=False)["rate"]
                        for at, headers, file in [(nginx, {}, plain), (server, VPCEP.headers, own)]
                    ])
                for page in samples:
                    check(server.port, page)
    value, note = ratio([own for _, own in rates], [nginx for nginx, _ in rates])
    yield Figure("never-asked", VPCEP.title, value, f"{note}; {len(asked):,} different requests")


def never_asked_lists(rows):
    """What each list is asked for by, and how many rows it has: all, and those of each state, by both times both ways."""
    states = ["pendingAcceptance", "creating", "accepted", "rejected", "failed", "deleting"]
    # The states take turns in the generated rows.
    totals = [("", rows)] + [(f"&status={state}", len(range(n, rows, len(states)))) for n, state in enumerate(states)]
    for status, total in totals:
        for key in ["created_at", "updated_at"]:
            for direction in ["asc", "desc"]:
                yield f"limit={SIZE}&sort_key={key}&sort_dir={direction}{status}", total


LOADING = {"load-time", "load-memory"}
READING = {"last", "million", "filtered"}
WRITING = {"writes"}


def million(bench):
    """What a million rows cost: to load, to read the last page of, to filter, to write to."""
    for api in bench.apis:
        rows = LOADING | READING | (WRITING if api.name in WRITES else set())
        if bench.wants(rows):
            with bench.seeds(MILLION, api.name) as seeds:
                yield from tried(rows, api.title, one_million(bench, api, seeds))


def one_million(bench, api, seeds):
    times, peaks = [], []
    options = ["--seed", seeds.folder, "--loops", 1]
    for run in range(RUNS if bench.wants(LOADING) else 1):
        # All cores load; nothing else is going on.
        with Patchbay(bench.program, *options, cores=BOTH, awaited=False) as server:
            times.append(server.wait())
            peaks.append(server.memory("VmHWM") / 1e6)
            server.move(SERVER)
            if run == 0 and bench.wants(READING):
                yield from tried(READING, api.title, read_million(bench, api, seeds, server))
            if run == 0 and bench.wants(WRITING):
                for what, writes in WRITES.get(api.name, []):
                    part = f"{api.title}, {what}"
                    yield from tried(WRITING, part, write_million(bench, api, seeds, server, part, writes))
    seconds, peak = statistics.median(times), statistics.median(peaks)
    size = seeds.file(api.name).stat().st_size / 1e6
    yield Figure("load-time", api.title, seconds, f"{size:.0f} MB, {min(times):.2f} to {max(times):.2f} s")
    yield Figure("load-memory", api.title, peak / size, f"{peak:.0f} MB for {size:.0f} MB")


def read_million(bench, api, seeds, server):
    """The first page, the last, the last of a filter, and the first of a thousand rows, each asked for once before."""
    with bench.seeds(1_000, api.name) as few, Patchbay(bench.program, "--seed", few.folder, "--loops", 1) as small:
        asked = [
            (server, api.page(seeds)),
            (server, api.last(seeds)),
            (server, api.last(seeds, api.filtered)),
            (small, api.page(few)),
        ]
        for at, page in asked:
            check(at.port, page)
        first, last, filtered, thousand = interleaved([
            lambda at=at, page=page: wrk(at.port, page.target, page.headers, bench.seconds)["rate"]
            for at, page in asked
        ])
        for at, page in asked:
            check(at.port, page)
    yield Figure("last", api.title, *ratio(last, first))
    yield Figure("million", api.title, *ratio(first, thousand))
    yield Figure("filtered", f"{api.title}, `{api.filtered.query}`", *ratio(filtered, first))


def post(api, path, body):
    """A write to the tenant with a million rows."""
    return "POST", path, api.headers | {"Content-Type": "application/json"}, body


def insert_endpoint(_number):
    """An endpoint, which is connected with the service and comes to stand before all others."""
    body = {
        "endpoint_service_id": f"00000000-0000-4000-8000-{MILLION:012}",
        "vpc_id": f"00000000-0000-4000-8000-{1:012}",
        "subnet_id": f"00000000-0000-4000-8000-{2:012}",
    }
    return post(VPCEP, f"/v1/{MILLION:032}/vpc-endpoints", body)


def act(number):
    """Rejecting a connection, and accepting it."""
    action = "receive" if number % 2 else "reject"
    body = {"action": action, "endpoints": [f"00000000-0001-4000-8000-{2:012}"]}
    return post(VPCEP, VPCEP.path.format(n=MILLION) + "/action", body)


def reset(number):
    """Going back to the seeds, every second time; in between something to go back from."""
    return post(VPCEP, f"/_patchbay/reset?tenant={MILLION:032}", None) if number % 2 else insert_endpoint(number)


def insert_connection(number):
    """A connection between two others."""
    authentication = {"kind": "PlaintextProvider", "data": "{}"}
    spec = {"connection_type": "OPENAI", "endpoint": "https://example.com", "auth_data": authentication}
    body = {"name": f"connection-{MILLION // 2:07}-{number}", "spec": spec}
    return post(CONFLUENT, CONFLUENT.path.format(n=MILLION), body)


WRITES = {
    "vpcep": [("accepting and rejecting", act), ("inserts", insert_endpoint), ("inserts and resets", reset)],
    "confluent": [("inserts", insert_connection)],
}


def write_million(bench, api, seeds, server, part, writes):
    """A hundred pages from all over the list, with and without somebody who writes."""
    count = seeds.count(api.name, api.all)
    pages = [api.page(seeds, before=before) for before in range(0, count, count // 100)]
    file = bench.folder / "targets"
    file.write_text("".join(f"{page.target}\n" for page in pages))
    writers = []

    def alone():
        return wrk(server.port, "/", api.headers, bench.seconds, file=file)["rate"]

    def together():
        # A project may have fifty endpoints, and each turn adds thirty.
        ask(server.port, "/_patchbay/reset", {}, "POST")
        with Writer(server.port, map(writes, itertools.count())) as writer:
            writers.append(writer)
            return alone()

    ask(server.port, "/_patchbay/reset", {}, "POST")
    for page in pages:
        check(server.port, page)
    rates = interleaved([alone, together])
    for page in pages:
        check(server.port, page, further=sum(writer.done for writer in writers))
    value, note = ratio(rates[1], rates[0])
    yield Figure("writes", part, value, f"{note}; {statistics.median(writer.rate for writer in writers):.1f} writes/s")


def loops(bench):
    """What a request costs one loop and two, where the load may use both cores as well."""
    with bench.seeds(10_000, VPCEP.name) as seeds:
        page = VPCEP.page(seeds)
        with contextlib.ExitStack() as servers:
            both = [
                servers.enter_context(
                    Patchbay(bench.program, "--seed", seeds.folder, "--loops", count, cores=BOTH)
                )
                for count in [1, 2]
            ]

            def cost(server):
                before = server.processor_seconds()
                load = wrk(server.port, page.target, page.headers, bench.seconds, cores=BOTH)
                return (server.processor_seconds() - before) / load["requests"] * 1e6

            for server in both:
                check(server.port, page)
            one, two = interleaved([lambda server=server: cost(server) for server in both])
    ratios = [high / low for high, low in zip(two, one)]
    note = f"{statistics.median(two):.2f} against {statistics.median(one):.2f} µs"
    note += f", {min(ratios):.2f} to {max(ratios):.2f}"
    yield Figure("loops", VPCEP.title, statistics.median(ratios), note)


def request(page):
    """A request for a page as bytes, for those who measure single ones."""
    return message("GET", page.target, page.headers)


def exchange(connection, sent):
    """Sends a request and takes its answer, whole; its first line."""
    connection.sendall(sent)
    received = b""
    while b"\r\n\r\n" not in received:
        received += some(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += some(connection)
    return head.split(b"\r\n")[0].decode()


def some(connection):
    if received := connection.recv(65_536):
        return received
    raise Wrong("the server closed a connection")


def bundled(api):
    """A page of the bundled seeds."""
    return Page(api, f"{api.path.format(n=BUNDLED)}?{api.size}={SIZE}", 0)


def start(bench):
    """From the start of the program to the first list, asked for until it is there."""
    sent, times = request(bundled(VPCEP)), []
    for _ in range(bench.starts):
        with on(LOAD), Patchbay(bench.program, "--loops", 1, awaited=False) as server:
            times.append(first_answer(server, sent) * 1e3)
    note = f"{min(times):.1f} to {max(times):.1f} ms in {len(times)} starts"
    yield Figure("start", VPCEP.title, statistics.median(times), note)


def first_answer(server, sent):
    while time.perf_counter() - server.began < 10:
        with socket.socket() as connection:
            if connection.connect_ex(("127.0.0.1", server.port)) != 0:
                continue
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while "200" not in exchange(connection, sent):
                # Asking has a share of the server's core, too.
                time.sleep(0.000_1)
            return time.perf_counter() - server.began
    raise Wrong("no answer in 10 seconds")


def first_request(bench):
    """The first request after `Ready.`, and the tenth, on a kept connection."""
    for api in bench.apis:
        sent, times = request(bundled(api)), []
        for _ in range(bench.starts):
            with Patchbay(bench.program, "--loops", 1) as server, on(LOAD):
                with socket.create_connection(("127.0.0.1", server.port)) as connection:
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    times.append([timed(connection, sent) for _ in range(10)])
        first, tenth = (statistics.median(turn[place] for turn in times) * 1e6 for place in [0, 9])
        yield Figure("first-request", api.title, first / tenth, f"{first:.0f} against {tenth:.0f} µs")


def timed(connection, sent):
    began = time.perf_counter()
    line = exchange(connection, sent)
    if "200" not in line:
        raise Wrong(line)
    return time.perf_counter() - began


def memory(bench):
    """What the program keeps in memory, as it starts without options, alone and with connections that wait."""
    allow_files(10_500)
    sent = request(bundled(VPCEP))
    with Patchbay(bench.program, cores=BOTH) as server, contextlib.ExitStack() as open_connections:
        time.sleep(0.5)
        yield Figure("idle", "bundled seeds", server.memory("VmRSS") / 1e6, "")
        connections = []
        for count in [1_000, 10_000]:
            while len(connections) < count:
                connection = open_connections.enter_context(socket.create_connection(("127.0.0.1", server.port)))
                connections.append(connection)
                answered(connection, sent)
            time.sleep(0.5)
            resident = server.memory("VmRSS") / 1e6
            for connection in connections:
                answered(connection, sent)
            yield Figure(f"idle-{count}", f"{count:,} connections", resident, "all answered again")


def answered(connection, sent):
    if "200" not in (line := exchange(connection, sent)):
        raise Wrong(line)


def allow_files(count):
    """Allows so many open files, here and in what is started from here."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, count))
    elif soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))


def size(bench):
    """The program without what only a debugger reads."""
    stripped = bench.folder / "stripped"
    subprocess.run(["strip", "-o", stripped, bench.program], check=True)
    yield Figure("size", "stripped", stripped.stat().st_size / 1e6, "")
    stripped.unlink()
