"""A client's connection, by hand: it can be slow and rude, and knows exactly what came back."""

import asyncio
import contextlib
import json
import socket
import struct
import time
from array import array

from programs import Wrong

PATIENCE = 5
"""How many seconds anything may take that is not slow on purpose; beyond that it hangs."""

TCP_REPAIR = 19
"""Linux's option for sockets that move to another machine."""


class Tally:
    """What a part of the soak did: requests, how long their answers took, and what was wrong."""

    SHOWN = 10

    def __init__(self, name):
        self.name = name
        self.requests, self.errors = 0, 0
        self.seconds = array("f")
        self.notes = {}

    def count(self, seconds):
        self.requests += 1
        self.seconds.append(seconds)

    def fail(self, problem):
        self.errors += 1
        if self.errors <= self.SHOWN:
            print(f"{time.strftime('%H:%M:%S')} {self.name}: {problem}", flush=True)

    def note(self, what, value):
        """Keeps the worst of what else is to be told."""
        self.notes[what] = max(value, self.notes.get(what, value))

    def add(self, other):
        self.requests += other.requests
        self.errors += other.errors
        self.seconds.extend(other.seconds)
        for what, value in other.notes.items():
            self.note(what, value)


class Answer:
    """An answer, whole."""

    def __init__(self, head, body):
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split()[1])
        self.headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)


class Wire:
    """A connection, open for as long as it is entered.

    A `crumb` is how many bytes are read at a time, with a `pause` before each; such a one also has next to no room for what it has not read.
    """

    def __init__(self, port, tally, crumb=1 << 16, pause=0.0):
        self.port, self.tally, self.crumb, self.pause = port, tally, crumb, pause
        self.received = bytearray()
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if pause:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)

    async def __aenter__(self):
        try:
            async with within(PATIENCE, "connecting"):
                await asyncio.get_running_loop().sock_connect(self.socket, ("127.0.0.1", self.port))
        except BaseException:
            self.close()
            raise
        return self

    async def __aexit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def reset(self):
        """Closes with RST in place of FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def vanish(self):
        """Closes without a word to the other side, as when a cable is cut; not everybody may."""
        with contextlib.suppress(OSError):
            self.socket.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
        self.socket.close()

    async def send(self, sent, patience=PATIENCE):
        async with within(patience, f"sending {brief(sent)}"):
            await asyncio.get_running_loop().sock_sendall(self.socket, sent)

    async def trickle(self, sent, pieces, pause):
        """Sends in pieces, with a pause before each but the first."""
        size = -(-len(sent) // pieces)
        for start in range(0, len(sent), size):
            if start:
                await asyncio.sleep(pause)
            await self.send(sent[start : start + size])

    async def some(self, patience=PATIENCE):
        """What comes next; nothing at the end."""
        if self.pause:
            await asyncio.sleep(self.pause)
        async with within(patience, "waiting for bytes"):
            return await asyncio.get_running_loop().sock_recv(self.socket, self.crumb)

    async def answer(self, patience=PATIENCE):
        """The next answer."""
        while (end := self.received.find(b"\r\n\r\n")) < 0:
            await self.more(patience)
        head = bytes(self.received[:end])
        del self.received[: end + 4]
        found = Answer(head, b"")
        length = int(found.headers.get("content-length", 0))
        while len(self.received) < length:
            await self.more(patience)
        found.body = bytes(self.received[:length])
        del self.received[:length]
        return found

    async def more(self, patience):
        some = await self.some(patience)
        if not some:
            raise Wrong(f"the server closed the connection after {brief(self.received)}")
        self.received += some

    async def ask(self, sent, *expected, patience=PATIENCE):
        """Sends a request and takes its answer, which is to have a certain status (200), and counts how long that took."""
        began = time.perf_counter()
        try:
            await self.send(sent, patience)
            answer = await self.answer(patience)
        except (Wrong, OSError) as problem:
            raise Wrong(f"{problem or type(problem).__name__}, for {brief(sent)}") from problem
        self.tally.count(time.perf_counter() - began)
        return checked(answer, sent, *expected)

    async def ends(self, patience=PATIENCE):
        """Fails unless the server closes without another word, in this time."""
        with contextlib.suppress(ConnectionError):
            if some := await self.some(patience):
                raise Wrong(f"there came {brief(some)} in place of the end")


def checked(answer, sent, *expected):
    """The answer, unless its status is none of those expected (200)."""
    if answer.status in (expected or (200,)):
        return answer
    raise Wrong(f"{answer.status} {brief(answer.body)}, for {brief(sent)}")


def brief(sent):
    """The beginning of what was sent or received."""
    shown = bytes(sent[:200])
    return f"{shown!r}{f' … {len(sent)} bytes' if len(sent) > len(shown) else ''}"


@contextlib.asynccontextmanager
async def within(seconds, what):
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as late:
        raise Wrong(f"more than {seconds:g} s {what}") from late


class Pace:
    """So many turns a second; those that come more than a second too late are left out."""

    def __init__(self, rate):
        self.interval = 1 / rate
        self.due = time.perf_counter()

    async def turn(self):
        """Waits for the next turn."""
        now = time.perf_counter()
        self.due = max(self.due + self.interval, now - 1)
        await asyncio.sleep(max(0, self.due - now))
