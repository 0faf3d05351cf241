"""What goes on around those that are measured: idle, slow, rude and large ones."""

import asyncio
import contextlib
import json

from apis import APIS
from mixed import CONFLUENT, ROWS, connection
from programs import Wrong, message
from wire import PATIENCE, checked

_, _, CLOUDFLARE, _, ATLAS = APIS
HEADER, BODY, IDLE = 15, 30, 75
"""How many seconds the server waits for a head, for more of a body, and for a client that says or reads nothing."""
IDLERS = 10
"""Among how many the idle connections are divided."""
LARGEST = 16 << 20
"""Bytes of the largest body that is taken."""


def page(api, size):
    return message("GET", f"{api.path.format(n=ROWS)}?{api.size}={size}", api.headers)


async def idle(work):
    """Connections that are open all the time, and each asked now and then, so that none is idle too long."""
    asked = page(CLOUDFLARE, 1)
    async with contextlib.AsyncExitStack() as connections:
        wires = []
        async for number in work.turns(100):
            if number == work.run.connections // IDLERS:
                break
            wires.append(await connections.enter_async_context(work.wire()))
            await wires[-1].ask(asked)
        async for number in work.turns(len(wires) / min(IDLE / 2, work.run.seconds / 4)):
            await wires[number % len(wires)].ask(asked)


async def slow_reader(work):
    """Asks for ten large pages at once and reads a few KB/s; each is whole."""
    asked = page(CLOUDFLARE, ROWS)
    async with work.wire() as wire:
        expected = (await wire.ask(asked)).body
    # 4, 16, 64 or 256 KB/s
    crumb = 1024 << 2 * (work.number % 4)
    async with work.wire(crumb=crumb, pause=0.25) as wire:
        await wire.send(asked * 10)
        for _ in range(10):
            if work.is_over:
                break
            if checked(await wire.answer(), asked).body != expected:
                raise Wrong("a page that was read slowly is another one")
            work.tally.requests += 1


async def no_reader(work):
    """Asks for more than the system's buffers take, reads nothing, and is given up after a while."""
    asked = page(CLOUDFLARE, ROWS)
    async with work.wire(pause=0.001) as wire:
        with contextlib.suppress(Wrong, ConnectionError):
            # The server does not read, either, while its answers are not taken.
            await wire.send(asked * 1_000)
        await asyncio.sleep(IDLE + PATIENCE)
        received = 0
        with contextlib.suppress(ConnectionError):
            while some := await wire.some():
                received += len(some)
        if received > 16 << 20:
            raise Wrong(f"{received} bytes waited for a client that read nothing")
        work.tally.requests += 1


async def slow_writer(work):
    """Sends at a trickle: what is within the time-outs is answered, and what is not is answered 408."""
    api, name = CONFLUENT, f"slow-{work.number}"
    path = api.path.format(n=ROWS)
    made = message("POST", path, api.headers, connection(0) | {"name": name})
    head, _, body = made.partition(b"\r\n\r\n")
    head += b"\r\n\r\n"
    chunked = head.replace(f"Content-Length: {len(body)}".encode(), b"Transfer-Encoding: chunked")
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(some), some) for some in [body[:100], body[100:]]) + b"0\r\n\r\n"
    asked, remove = page(api, 1), message("DELETE", f"{path}/{name}", api.headers)
    # What is sent at once, what trickles, in how many pieces, how far apart, and the answer's status.
    trickles = [
        (b"", asked, 10, 1, 200),
        (head, body, 10, 2, 201),
        (chunked, chunks, 50, 0.5, 201),
        (asked[:20], asked[20:60], HEADER + PATIENCE, 1, 408),
        (head, body[:20], 2, BODY + PATIENCE, 408),
        (chunked, chunks[:20], 2, BODY + PATIENCE, 408),
        (b"", b"", 1, 0, None),
    ]
    at_once, trickled, pieces, pause, status = trickles[work.number % len(trickles)]
    async with work.wire() as wire:
        # What was made before something went wrong.
        await wire.ask(remove, 200, 404)
    async with work.wire() as wire:
        await wire.send(at_once)
        with contextlib.suppress(ConnectionError):
            await wire.trickle(trickled, pieces, pause) if trickled else await asyncio.sleep(IDLE - PATIENCE)
        if status is None:
            return await wire.ends(2 * PATIENCE)
        checked(await wire.answer(), at_once + trickled, status)
        work.tally.requests += 1
        if status == 408:
            await wire.ends()
        if status == 201:
            await wire.ask(remove)


async def churn(work):
    """Connections that come and go, politely and not."""
    asked = page(CLOUDFLARE, 1)
    async for number in work.turns(20):
        async with work.wire() as wire:
            match number % 8:
                case 0 | 1:
                    await wire.ask(asked)
                case 2:
                    await wire.ask(asked)
                    wire.reset()
                case 3:
                    await wire.send(asked)
                    wire.reset()
                case 4:
                    await wire.send(asked[:-10])
                    wire.reset()
                case 5:
                    pass
                case 6:
                    await wire.ask(asked.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
                    await wire.ends()
                case 7:
                    await wire.send(page(CLOUDFLARE, ROWS) * 20)
                    wire.reset()


async def vanish(work):
    """Asks once, or begins to, and is never heard of again; the server lets go of it after a while."""
    asked = page(CLOUDFLARE, 1)
    async with work.wire() as wire:
        await wire.ask(asked)
        if work.number % 2:
            await wire.send(asked[: 30 * (work.number % 3)])
            wire.vanish()
            return await asyncio.sleep(IDLE)
        await asyncio.sleep(IDLE)
        await wire.ends()


def filled(body, mark, size):
    """A body of a size, with one text in it as long as that takes."""
    before, _, after = json.dumps(body).encode().partition(mark)
    return before + b"x" * (size - len(before) - len(after)) + after


def sent(api, path, body, framing):
    """A request for a body, and its head without it."""
    whole = message("POST", path, api.headers, body)
    head = whole[: len(whole) - len(body)]
    if framing == "chunked":
        head = head.replace(f"Content-Length: {len(body)}".encode(), b"Transfer-Encoding: chunked")
        size = 1 << 20
        pieces = (body[start : start + size] for start in range(0, len(body), size))
        body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    if framing == "expected":
        head = head.replace(b"\r\n", b"\r\nExpect: 100-continue\r\n", 1)
    return head, body


async def large(work):
    """Bodies up to the limit and beyond it."""
    secret = connection("large")
    secret["spec"]["auth_data"]["data"] = "@"
    network = {"containerId": "507f1f77bcf86cd799439011", "vpcId": "vpc-@", "awsAccountId": "123456789012"}
    # To whom, what of, how many bytes, how they are sent, and the answer's status.
    bodies = [
        (CONFLUENT, secret, LARGEST, "length", 201),
        (CONFLUENT, secret, LARGEST, "chunked", 201),
        (CONFLUENT, secret, LARGEST, "expected", 201),
        (ATLAS, network, LARGEST, "length", 400),
        (ATLAS, network, 1 << 20, "chunked", 400),
        (CONFLUENT, secret, LARGEST + 1, "length", 413),
        (CONFLUENT, secret, LARGEST + 1, "chunked", 413),
        (CONFLUENT, secret, LARGEST + 1, "expected", 413),
    ]
    async for number in work.turns(0.25):
        api, content, size, framing, status = bodies[number % len(bodies)]
        path = api.path.format(n=ROWS)
        head, body = sent(api, path, filled(content, b"@", size), framing)
        remove = message("DELETE", f"{path}/{content.get('name')}", api.headers)
        async with work.wire() as wire:
            if status == 201:
                # What was made before something went wrong.
                await wire.ask(remove, 200, 404)
            await wire.send(head)
            answer = await wire.answer() if framing == "expected" else None
            if answer is None or answer.status == 100:
                # Who is refused may not be able to send all of it, and is told nevertheless.
                with contextlib.suppress(ConnectionError):
                    await wire.send(body)
                answer = await wire.answer()
            checked(answer, head, status)
            work.tally.requests += 1
            if status == 201:
                await wire.ask(remove)
