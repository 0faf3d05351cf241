"""Reads, writes and resets on all five APIs, each in a tenant of its own: what was written is there, and no more."""

import dataclasses
import itertools
import random
from collections.abc import Callable

from apis import API, APIS, SIZE, Page
from programs import Wrong, message
from wire import Pace

ROWS = 500
"""Rows of each list in the seeds."""
READS = 4
"""Pages read after each other step."""
RATE = 40
"""Requests per second on each connection."""
VPCEP, APIG, CLOUDFLARE, CONFLUENT, ATLAS = APIS


@dataclasses.dataclass(frozen=True)
class Trade:
    """How rows of a list come, change and go. Paths are those of the seeds, `{n}` rows in each list."""

    api: API
    tenant: str
    """What the tenant of the seeds is called."""
    items: str
    """Where rows are made, and each is found below."""
    body: Callable[[int], dict]
    key: Callable[[dict], str]
    shown: Callable[[dict], dict]
    """The row in an answer."""
    hidden: set[str]
    """What is never shown of what was sent."""
    change: Callable[[str, str, str, dict], tuple[str, str, dict]]
    """The change of a row, from the list's path, the row's, its key, and what it was made of."""
    changed: dict
    """What a changed row shows."""
    statuses: tuple[int, int, int]
    """What is answered to make, change and remove a row."""
    makers: tuple[str, ...] = ()
    """Other APIs that the tenant needs for that."""


def endpoint(service):
    """A new endpoint, which is connected with a service."""
    return lambda _number: {
        "endpoint_service_id": f"00000000-0000-4000-{service}000-{ROWS:012}",
        "vpc_id": f"00000000-0000-4000-8000-{1:012}",
        "subnet_id": f"00000000-0000-4000-8000-{2:012}",
    }


def connectivity_service(number):
    host = {"ipv4": "10.0.0.1", "network": {"tunnel_id": "0191dce4-9ab4-7fce-b660-8e5dec5172da"}}
    return {"name": f"soak-{number}", "type": "http", "http_port": 80, "host": host}


def connection(number):
    authentication = {"kind": "PlaintextProvider", "data": "{}"}
    spec = {"connection_type": "OPENAI", "endpoint": "https://example.com", "auth_data": authentication}
    return {"name": f"soak-{number}", "spec": spec}


def peer(number):
    return {
        "accepterRegionName": "us-west-1",
        "awsAccountId": "123456789012",
        "containerId": "507f1f77bcf86cd799439011",
        "providerName": "AWS",
        "routeTableCidrBlock": f"10.{100 + number % 100}.0.0/16",
        "vpcId": f"vpc-soak{number}",
    }


def reject(listing, _item, key, _body):
    return "POST", f"{listing}/action", {"action": "reject", "endpoints": [key]}


def write(method, **members):
    """A change that sends the whole row again, with some members changed."""
    return lambda _listing, item, _key, body: (method, item, body | members)


def itself(answer):
    return answer


PROJECT = {
    "tenant": "{n:032}",
    "items": "/v1/{n:032}/vpc-endpoints",
    "key": lambda answer: answer["id"],
    "shown": itself,
    "hidden": set(),
    "change": reject,
    "changed": {"status": "rejected"},
    "statuses": (200, 200, 204),
}

TRADES = [
    Trade(api=VPCEP, body=endpoint(8), **PROJECT),
    # The connections of a gateway are those of its endpoint service.
    Trade(api=APIG, body=endpoint("a"), makers=("vpcep",), **PROJECT),
    Trade(
        api=CLOUDFLARE,
        tenant="{n:032}",
        items=CLOUDFLARE.path,
        body=connectivity_service,
        key=lambda answer: answer["result"]["service_id"],
        shown=lambda answer: answer["result"],
        hidden=set(),
        change=write("PUT", http_port=81),
        changed={"http_port": 81},
        statuses=(200, 200, 200),
    ),
    Trade(
        api=CONFLUENT,
        tenant="00000000-0000-4000-8000-{n:012}",
        items=CONFLUENT.path,
        body=connection,
        key=lambda answer: answer["name"],
        shown=itself,
        hidden={"auth_data"},
        change=write("PUT"),
        changed={"metadata": {"resource_version": "2"}},
        statuses=(201, 200, 200),
    ),
    Trade(
        api=ATLAS,
        tenant="{n:024}",
        items=ATLAS.path,
        body=peer,
        key=lambda answer: answer["id"],
        shown=itself,
        hidden={"providerName"},
        change=write("PATCH", routeTableCidrBlock="10.99.0.0/16"),
        changed={"routeTableCidrBlock": "10.99.0.0/16"},
        statuses=(200, 200, 202),
    ),
]


def lacks(sent, shown, hidden=frozenset()):
    """What of a document is not in another one; nothing, if all is there."""
    for name, value in sent.items():
        if name in hidden:
            continue
        inner = shown.get(name) if isinstance(shown, dict) else None
        if lacks(value, inner, hidden) if isinstance(value, dict) else value != inner:
            return f"{name} is {inner!r} and not {value!r}"
    return None


async def copy(wire, label, trade):
    """Makes a tenant of one's own through the control plane; says what a path of the seeds is there."""
    source = trade.tenant.format(n=ROWS)
    made = {"api": [trade.api.name, *trade.makers], "from": source}
    answer = await wire.ask(message("PUT", f"/_patchbay/tenants/{label}", {}, made), 200, 201)
    tenant = answer.json["tenants"][0]["tenant"]
    return lambda path: path.format(n=ROWS).replace(source, tenant, 1)


class Shop:
    """A tenant of its own, and what is known of its list."""

    def __init__(self, wire, trade, label):
        self.wire, self.trade, self.label = wire, trade, label
        self.pace = Pace(RATE)
        self.total, self.before, self.next = 0, 0, None

    async def open(self):
        trade = self.trade
        place = await copy(self.wire, self.label, trade)
        self.listing, self.items = place(trade.api.path), place(trade.items)
        first = await self.send("GET", f"{self.listing}?{trade.api.size}={SIZE}")
        self.total = trade.api.total(first.json)
        return self

    async def send(self, method, target, body=None, *expected):
        """Sends a request in its turn, and takes the answer."""
        await self.pace.turn()
        return await self.wire.ask(message(method, target, self.trade.api.headers, body), *expected)

    async def read(self):
        """Reads a page: the next one where pages are found by tokens, and any one else."""
        api = self.trade.api
        if self.before + SIZE > self.total or not self.next:
            self.before, self.next = 0, f"{self.listing}?{api.size}={SIZE}"
        target = self.next
        answer = await self.send("GET", target)
        if complaint := Page(api, target, self.total).complaint(answer.status, answer.body):
            raise Wrong(complaint)
        if api is CONFLUENT:
            self.before += SIZE
            self.next = "/" + answer.json["metadata"]["next"].split("/", 3)[-1] if answer.json["metadata"]["next"] else None
        else:
            self.before = random.randrange(self.total // SIZE) * SIZE
            start = api.start(api, None, None, self.before) if self.before else ""
            self.next = "&".join(part for part in [f"{self.listing}?{api.size}={SIZE}", start] if part)

    async def step(self, rows, method, target, body, *expected):
        """Does something, which changes how many rows there are, and reads pages of what is there then."""
        answer = await self.send(method, target, body, *expected)
        if rows:
            self.total += rows
            # A token leads on from where the list was.
            self.next = None
        for _ in range(READS):
            await self.read()
        return answer

    async def sees(self, item, *documents):
        """Reads a row, which is to show what was written."""
        answer = await self.step(0, "GET", item, None)
        shown = self.trade.shown(answer.json)
        for document in documents:
            if lack := lacks(document, shown, self.trade.hidden):
                raise Wrong(f"{lack} in {item}")

    async def round(self, number):
        """Makes two rows, changes and removes one, and goes back to the seeds."""
        trade = self.trade
        made, changed, removed = trade.statuses
        keys = []
        for place in range(2):
            body = trade.body(2 * number + place)
            keys.append(trade.key((await self.step(1, "POST", self.items, body, made)).json))
            await self.sees(f"{self.items}/{keys[-1]}", body)
        kept, item = (f"{self.items}/{key}" for key in keys)
        await self.step(0, *trade.change(self.listing, item, keys[1], body), changed)
        await self.sees(item, trade.changed)
        await self.step(-1, "DELETE", item, None, removed)
        await self.step(0, "GET", item, None, 404)
        await self.step(-1, "POST", f"/_patchbay/reset?tenant={self.label}", None)
        await self.step(0, "GET", kept, None, 404)


def trading(trade):
    """A part of the soak: a connection that trades until it is over."""

    async def trades(work):
        async with work.wire() as wire:
            shop = await Shop(wire, trade, f"soak-{trade.api.name}-{work.number}").open()
            for number in itertools.count():
                if work.is_over:
                    break
                await shop.round(number)

    return trades
