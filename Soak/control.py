"""The control plane under load: tenants, snapshots, faults, clocks, journal, events, metrics; and log-ins."""

import contextlib
import time

from mixed import ATLAS, CLOUDFLARE, CONFLUENT, ROWS, TRADES, connection, copy
from programs import Wrong, message
from wire import brief, checked

CONTROL = "/_patchbay"
JOURNAL = 1_000
"""Exchanges of a tenant that the journal keeps; until it has them, memory grows as it should."""
_, _, SERVICES, CONNECTIONS, _ = TRADES


def call(method, path, body=None):
    return message(method, f"{CONTROL}{path}", {}, body)


async def settle(wire, label, trade):
    """Makes a tenant of one's own, and fills its journal; where its list is."""
    place = await copy(wire, label, trade)
    path = place(trade.api.path)
    for _ in range(JOURNAL):
        await rows(wire, trade.api, path)
    return path


async def rows(wire, api, path):
    """How many rows a list has."""
    answer = await wire.ask(message("GET", f"{path}?{api.size}=1", api.headers))
    return api.total(answer.json)


def equal(found, expected, what):
    if found != expected:
        raise Wrong(f"{what}: {found!r} and not {expected!r}")


async def tenants(work):
    """Tenants for one test each, under names that never come again."""
    async with work.wire() as wire:
        async for _ in work.turns(2):
            label = f"test-{time.monotonic_ns()}"
            path = (await copy(wire, label, SERVICES))(CLOUDFLARE.path)
            equal(await rows(wire, CLOUDFLARE, path), ROWS, f"rows of {label}")
            await wire.ask(call("DELETE", f"/tenants/{label}"))
            equal(await rows(wire, CLOUDFLARE, path), 0, f"rows of {label}, which is gone")


async def snapshots(work):
    """A snapshot is put, rows are written, it is restored, read as a file and dropped."""
    label, api = f"snapshots-{work.number}", CONFLUENT
    async with work.wire() as wire:
        path = await settle(wire, label, CONNECTIONS)
        async for number in work.turns(1):
            name = f"/snapshots/s{number % 3}"
            await wire.ask(call("PUT", f"{name}?tenant={label}"), 200, 201)
            await wire.ask(message("POST", path, api.headers, connection(number)), 201)
            await wire.ask(message("DELETE", f"{path}/connection-{number % ROWS:07}", api.headers))
            equal(await rows(wire, api, path), ROWS, "rows after one came and one went")
            await wire.ask(call("POST", f"{name}/restore?tenant={label}"))
            await wire.ask(message("GET", f"{path}/connection-{number % ROWS:07}", api.headers))
            await wire.ask(message("GET", f"{path}/soak-{number}", api.headers), 404)
            content = (await wire.ask(call("GET", f"{name}/content?tenant={label}"))).body
            equal(content[:15], b"SQLite format 3", "a snapshot's file")
            await wire.ask(call("DELETE", f"{name}?tenant={label}"))


async def faults(work):
    """Each fault strikes once: an error, a delay, an answer in pieces, one that breaks off, none, bytes, a reset."""
    label, api = f"faults-{work.number}", CLOUDFLARE
    kinds = [
        {"error": 503},
        {"delay": {"milliseconds": 300}},
        {"dribble": {"pieces": 5, "milliseconds": 500}},
        {"truncate": {"bytes": 10}},
        {"connection": "empty"},
        {"connection": "garbage"},
        {"connection": "reset"},
    ]
    async with work.wire() as steady:
        path = await settle(steady, label, SERVICES)
        asked = message("GET", f"{path}?{api.size}={ROWS}", api.headers)
        async for number in work.turns(2):
            kind = kinds[number % len(kinds)]
            await steady.ask(call("PUT", f"/faults/f?tenant={label}", kind | {"when": {"first": 1}}), 200, 201)
            async with work.wire() as wire:
                if kind.keys() & {"error", "delay", "dribble"}:
                    await wire.ask(asked, kind.get("error", 200))
                else:
                    await wire.send(asked)
                    with contextlib.suppress(ConnectionError):
                        while await wire.some():
                            pass
            await steady.ask(asked)
            fault = (await steady.ask(call("DELETE", f"/faults/f?tenant={label}"))).json
            equal(fault["fired"], 1, f"how often {kind} struck")


async def clocks(work):
    """A clock stands still, goes on a day, and is let go."""
    label = f"clocks-{work.number}"
    async with work.wire() as wire:
        path = await settle(wire, label, SERVICES)
        async for _ in work.turns(2):
            frozen = {"now": "2026-01-02T03:04:05Z", "frozen": True}
            await wire.ask(call("PUT", f"/clock?tenant={label}", frozen))
            shown = (await wire.ask(call("POST", f"/clock/advance?tenant={label}", {"seconds": 86_400}))).json
            equal(shown["now"], "2026-01-03T03:04:05Z", "the clock")
            equal(await rows(wire, CLOUDFLARE, path), ROWS, "rows of another day")
            await wire.ask(call("POST", f"/reset?tenant={label}", {"scope": ["clock"]}))


async def journal(work):
    """Exchanges are found in the journal, read by number, and verified."""
    label = f"journal-{work.number}"
    async with work.wire() as wire:
        path = await settle(wire, label, SERVICES)
        async for number in work.turns(1):
            size = number % 900 + 1
            await wire.ask(message("GET", f"{path}?per_page={size}", CLOUDFLARE.headers))
            found = (await wire.ask(call("GET", f"/requests?tenant={label}"))).json["requests"]
            equal(found[-1]["query"], f"per_page={size}", "the newest exchange")
            await wire.ask(call("GET", f"/requests/{found[-1]['number']}"))
            pattern = {"api": "cloudflare", "parameters": {"per_page": str(size)}}
            verified = call("POST", f"/requests/verify?tenant={label}", {"request": pattern, "count": {"atLeast": 1}})
            equal((await wire.ask(verified)).json["result"], "passed", "the verification")


async def events(work):
    """Somebody follows a tenant's exchanges for a while, misses some, and comes back for them."""
    label = f"events-{work.number}"
    async with work.wire() as asking:
        path = await settle(asking, label, SERVICES)
        asked = message("GET", f"{path}?per_page=1", CLOUDFLARE.headers)
        last = None
        async for _ in work.turns(0.2):
            async with work.wire() as wire:
                missed = 0
                if last is not None:
                    await asking.ask(asked)
                    missed = 1
                headers = {} if last is None else {"Last-Event-ID": last}
                follow = message("GET", f"{CONTROL}/events?tenant={label}", headers)
                await wire.send(follow)
                checked(await wire.answer(), follow)
                for _ in range(5):
                    await asking.ask(asked)
                text = bytes(wire.received)
                while text.count(b"\nevent: request\n") < 5 + missed or not text.endswith(b"\n\n"):
                    some = await wire.some()
                    if not some:
                        raise Wrong(f"a stream of events ended after {brief(text)}")
                    text += some
                if b"event: gap" in text:
                    raise Wrong("a reader that keeps up was told of a gap")
                told = [line[4:] for line in text.decode().split("\n") if line.startswith("id: ")]
                equal(len(told), 5 + missed, "events")
                last = told[-1]
                work.tally.requests += 1
                wire.reset()


async def metrics(work):
    """What is counted only grows, and the program is ready."""
    counted = 0
    async with work.wire() as wire:
        async for _ in work.turns(0.5):
            lines = (await wire.ask(call("GET", "/metrics"))).body.decode().splitlines()
            values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
            now = sum(float(value) for name, value in values.items() if name.startswith("patchbay_requests_total"))
            if now < counted:
                raise Wrong(f"{now} requests were counted after {counted}")
            counted = now
            work.tally.note("connections that the server counts", int(values["patchbay_connections"]))
            await wire.ask(call("GET", "/ready"))


async def logins(work):
    """Tokens are issued, used and taken back."""
    user = {"name": "user-0", "password": "password-0", "domain": {"name": f"account-{ROWS}"}}
    login = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}}}
    form = b"grant_type=client_credentials"
    grant = message("POST", "/api/oauth/token", {"Authorization": "Basic a2V5OnNlY3JldA=="}, form)
    grant = grant.replace(b"application/json", b"application/x-www-form-urlencoded")
    async with work.wire() as wire:
        async for _ in work.turns(2):
            token = (await wire.ask(message("POST", "/v3/auth/tokens", {}, login), 201)).headers["x-subject-token"]
            own = {"X-Auth-Token": token, "X-Subject-Token": token}
            await wire.ask(message("GET", "/v3/auth/tokens", own))
            await wire.ask(message("DELETE", "/v3/auth/tokens", own), 204)
            bearer = {"Authorization": f"Bearer {(await wire.ask(grant)).json['access_token']}"}
            await wire.ask(message("GET", f"{ATLAS.path.format(n=ROWS)}?itemsPerPage=1", bearer))
