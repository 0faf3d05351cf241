"""Parts of the soak, and those who do them: processes, each with some parts, of which each has some copies."""

import asyncio
import dataclasses
import itertools
import multiprocessing
import signal
import time
from collections.abc import Awaitable, Callable

from programs import Patchbay, Wrong
from wire import PATIENCE, Pace, Tally, Wire


@dataclasses.dataclass(frozen=True)
class Part:
    """Something that goes on all the time, in some copies, in the program or in the one that has few descriptors."""

    name: str
    run: Callable[["Work"], Awaitable]
    copies: int = 1
    starved: bool = False


@dataclasses.dataclass(frozen=True)
class Run:
    """What all parts have in common."""

    server: Patchbay
    starved: Patchbay
    connections: int
    """How many idle connections there are."""
    seconds: float
    began: float = dataclasses.field(default_factory=time.monotonic)

    @property
    def end(self):
        return self.began + self.seconds


@dataclasses.dataclass(frozen=True)
class Work:
    """What a copy of a part is given."""

    run: Run
    server: Patchbay
    number: int
    tally: Tally

    @property
    def is_over(self):
        return time.monotonic() > self.run.end

    def wire(self, **manner):
        return Wire(self.server.port, self.tally, **manner)

    async def turns(self, rate):
        """So many turns a second until the time is over, each with its number."""
        pace = Pace(rate)
        for number in itertools.count():
            await pace.turn()
            if self.is_over:
                return
            yield number


class Crew:
    """A process of its own that does some parts until the time is over."""

    CONTEXT = multiprocessing.get_context("fork")

    def __init__(self, run, parts):
        self.run, self.parts = run, parts
        self.tallies = [Tally(part.name) for part in parts]
        self.receiving, self.sending = self.CONTEXT.Pipe(duplex=False)
        self.process = self.CONTEXT.Process(target=self.work, daemon=True)
        self.process.start()
        self.sending.close()

    def done(self):
        """What came of it."""
        tallies = self.receiving.recv()
        self.process.join()
        return tallies

    def work(self):
        # Who interrupts the soak ends the process that has begun it, which ends this one.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        asyncio.run(self.do())
        self.sending.send(self.tallies)

    async def do(self):
        tasks = [
            asyncio.create_task(
                self.keep(part, Work(self.run, self.run.starved if part.starved else self.run.server, number, tally))
            )
            for part, tally in zip(self.parts, self.tallies)
            for number in range(part.copies)
        ]
        # What was begun in time may take the time that it is given; who is slow on purpose is not waited for.
        await asyncio.wait(tasks, timeout=self.run.end + PATIENCE - time.monotonic())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @staticmethod
    async def keep(part, work):
        """Does a part again and again, whatever is wrong with the answers."""
        while not work.is_over:
            try:
                await part.run(work)
            except (Wrong, OSError, LookupError, TypeError, ValueError) as problem:
                work.tally.fail(f"{type(problem).__name__}: {problem}")
                await asyncio.sleep(1)
