"""The five lists as the benchmark asks for them, and the generated seeds that they are read from."""

import base64
import dataclasses
import functools
import hashlib
import hmac
import json
import pathlib
from collections.abc import Callable

SIZE = 10
"""Rows of a page."""


@dataclasses.dataclass(frozen=True)
class Listing:
    """Some of a list's rows: the parameter that asks for them, and what only their lines have in a generated seed file."""

    query: str
    mark: str


@dataclasses.dataclass(frozen=True)
class Seeds:
    """What `patchbay seed generate` wrote: as many rows in the first list of each API."""

    folder: pathlib.Path
    rows: int

    def file(self, api):
        return self.folder / api / f"{api}-generated.json"

    def lines(self, api, listing):
        """The rows of a listing in the order of the list; each is a line."""
        with self.file(api).open() as file:
            yield from (line for line in file if listing.mark in line)

    @functools.cache
    def names(self, api, listing):
        """The names of a listing's rows, where rows have names."""
        return [line.partition('"name":"')[2].partition('"')[0] for line in self.lines(api, listing)]

    @functools.cache
    def count(self, api, listing):
        """How many rows a listing has."""
        return sum(1 for _ in self.lines(api, listing))


@dataclasses.dataclass(frozen=True)
class API:
    """One list: where it is, who may ask, how it pages, and what it says."""

    name: str
    title: str
    path: str
    headers: dict[str, str]
    size: str
    start: Callable[["API", Seeds, Listing, int], str]
    """The parameter for the page that begins behind so many rows."""
    rows: str
    """The member that has the rows."""
    total: Callable[[dict], int]
    all: Listing
    filtered: Listing

    def page(self, seeds, listing=None, before=0):
        """A page: what to ask for, and how many rows there are in all."""
        listing = listing or self.all
        start = self.start(self, seeds, listing, before) if before else ""
        query = "&".join(part for part in [f"{self.size}={SIZE}", listing.query, start] if part)
        return Page(self, f"{self.path.format(n=seeds.rows)}?{query}", seeds.count(self.name, listing))

    def last(self, seeds, listing=None):
        """The last page that is full."""
        return self.page(seeds, listing, (seeds.count(self.name, listing or self.all) // SIZE - 1) * SIZE)


@dataclasses.dataclass(frozen=True)
class Page:
    """What is asked for, and the total that has to be in the answer."""

    api: API
    target: str
    total: int

    @property
    def headers(self):
        return self.api.headers

    def complaint(self, status, body, further=0):
        """What is wrong with an answer, where up to so many rows may have come; nothing, if it is right."""
        if status != 200:
            return f"{status} for {self.target}"
        answer = json.loads(body)
        rows, total = len(answer[self.api.rows]), self.api.total(answer)
        if rows != SIZE or not self.total <= total <= self.total + further:
            return f"{rows} rows of {total} for {self.target}, not {SIZE} of {self.total}"
        return None


def offset(_api, _seeds, _listing, before):
    return f"offset={before}"


def number(name):
    return lambda _api, _seeds, _listing, before: f"{name}={before // SIZE + 1}"


def token(api, seeds, listing, before):
    """The token of the page before, made as Sources/ConfluentAPI/PageToken.swift makes it.

    Walking through 100,000 pages takes longer than what is measured. Content: version, size, type of connection (0: all;
    AZUREML, which is what the benchmark filters by, is the first), name of the last row; before it, eight bytes of check.
    """
    name = seeds.names(api.name, listing)[before - 1]
    place = f"00000000-0000-4000-8000-{seeds.rows:012}\nenv-{seeds.rows}"
    content = bytes([1, SIZE, 1 if listing.query else 0]) + name.encode()
    check = hmac.digest(b"patchbay confluent page token", content + place.encode(), hashlib.sha256)[:8]
    return "page_token=" + base64.urlsafe_b64encode(check + content).decode().rstrip("=")


BEARER = {"Authorization": "Bearer any"}

APIS = [
    API(
        name="vpcep",
        title="VPC Endpoint",
        path="/v1/{n:032}/vpc-endpoint-services/00000000-0000-4000-8000-{n:012}/connections",
        headers={"X-Auth-Token": "any"},
        size="limit",
        start=offset,
        rows="connections",
        total=lambda answer: answer["total_count"],
        all=Listing("", '"marker_id":'),
        filtered=Listing("status=accepted", '"status":"accepted"'),
    ),
    API(
        name="apig",
        title="API Gateway",
        path="/v2/{n:032}/apigw/instances/{n:032}/vpc-endpoint/connections",
        headers={"X-Auth-Token": "any"},
        size="limit",
        start=offset,
        rows="connections",
        total=lambda answer: answer["total"],
        all=Listing("", '"marker_id":'),
        filtered=Listing("status=accepted", '"status":"accepted"'),
    ),
    API(
        name="cloudflare",
        title="Cloudflare",
        path="/client/v4/accounts/{n:032}/connectivity/directory/services",
        headers=BEARER,
        size="per_page",
        start=number("page"),
        rows="result",
        total=lambda answer: answer["result_info"]["total_count"],
        all=Listing("", '"service_id":'),
        filtered=Listing("type=tcp", '"type":"tcp"'),
    ),
    API(
        name="confluent",
        title="Confluent",
        path="/sql/v1/organizations/00000000-0000-4000-8000-{n:012}/environments/env-{n}/connections",
        headers={"Authorization": "Basic " + base64.b64encode(b"key:secret").decode()},
        size="page_size",
        start=token,
        rows="data",
        total=lambda answer: answer["metadata"]["total_size"],
        all=Listing("", '"connection_type":'),
        filtered=Listing("spec.connection_type=AZUREML", '"connection_type":"AZUREML"'),
    ),
    API(
        name="atlas",
        title="Atlas",
        path="/api/atlas/v1.0/groups/{n:024}/peers",
        headers=BEARER,
        size="itemsPerPage",
        start=number("pageNum"),
        rows="results",
        total=lambda answer: answer["totalCount"],
        # Who does not name a provider means AWS.
        all=Listing("", '"awsAccountId":'),
        filtered=Listing("providerName=AZURE", '"azureDirectoryId":'),
    ),
]
