"""A program that has few descriptors, and more clients than that: it waits quietly, and goes on as soon as it can."""

import asyncio
import contextlib
import resource
import time

from around import page
from mixed import CLOUDFLARE, CONFLUENT, ROWS, connection
from programs import Wrong, message
from wire import PATIENCE, checked

DESCRIPTORS = 256
BEYOND = 100
"""How many more clients there are than descriptors."""
LEAVING = 10
"""How many of them leave at a time."""
SPIN = 0.2
"""How much of a core the program may take while it has only clients that it cannot accept."""
RECOVERY = 1
"""Within how many seconds somebody is answered for whom there is a descriptor again."""
ASKED = page(CLOUDFLARE, 1)


def starve(server):
    """Leaves a program few descriptors."""
    resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))


async def exhaustion(work):
    """Fills the program to its limit and beyond, lets go of all clients, some at a time, and asks again."""
    async with contextlib.AsyncExitStack() as connections:
        waiting = [await connections.enter_async_context(work.wire()) for _ in range(DESCRIPTORS + BEYOND)]
        for wire in waiting:
            await wire.send(ASKED)
        # Who comes first is served first; nobody leaves.
        served = []
        with contextlib.suppress(Wrong):
            while True:
                checked(await waiting[0].answer(PATIENCE if not served else RECOVERY), ASKED)
                served.append(waiting.pop(0))
                work.tally.requests += 1
        if not served or len(waiting) < BEYOND:
            raise Wrong(f"{len(served)} clients were served with {DESCRIPTORS} descriptors")
        await quiet(work)
        await everything(served[0])
        while len(waiting) > LEAVING and len(served) > LEAVING:
            for _ in range(LEAVING):
                served.pop().close()
            await some(waiting, work.tally)
    # Those who still waited are gone, too, before they were accepted.
    await asyncio.sleep(RECOVERY)
    async with work.wire() as wire:
        await wire.ask(ASKED, patience=RECOVERY)


async def quiet(work):
    """Fails when the program is busy with clients that it cannot accept."""
    before, began = work.server.processor_seconds(), time.perf_counter()
    await asyncio.sleep(2)
    share = (work.server.processor_seconds() - before) / (time.perf_counter() - began)
    work.tally.note("% of a core while exhausted", round(share * 100, 1))
    if share > SPIN:
        raise Wrong(f"{share:.0%} of a core while there was nothing to do")


async def everything(wire):
    """Whoever is connected reads and writes, saves and resets as always."""
    path = CONFLUENT.path.format(n=ROWS)
    await wire.ask(message("POST", path, CONFLUENT.headers, connection(0)), 201)
    answer = await wire.ask(message("GET", f"{path}?page_size=100", CONFLUENT.headers))
    if CONFLUENT.total(answer.json) != ROWS + 1:
        raise Wrong(f"{CONFLUENT.total(answer.json)} rows and not {ROWS + 1}")
    await wire.ask(message("PUT", "/_patchbay/snapshots/exhausted", {}), 200, 201)
    await wire.ask(message("POST", "/_patchbay/reset", {}))


async def some(waiting, tally):
    """Fails unless as many of those who wait are answered as there is room for again; they stay."""
    began = time.perf_counter()
    for _ in range(LEAVING):
        checked(await waiting.pop(0).answer(RECOVERY), ASKED)
        tally.requests += 1
    tally.note("ms until others are served", round((time.perf_counter() - began) * 1e3))
