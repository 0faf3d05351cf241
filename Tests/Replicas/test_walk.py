"""Three replicas answer as one: whoever reads need not know that there are several."""

import base64
import json
import urllib.parse
import urllib.request

import pytest
from apis import APIS
from conftest import Client, Front, replicas

ROWS = 257
SIZE = 10
GOOD = {
    "vpcep": {"X-Auth-Token": "full-token"},
    "apig": {"X-Auth-Token": "full-token"},
    "atlas": {"Authorization": "Bearer full-token"},
    "confluent": {"Authorization": "Basic " + base64.b64encode(b"FULLKEY:full-secret").decode()},
    "cloudflare": {"Authorization": "Bearer full-token"},
}
"""Credentials that the seeds name."""


@pytest.fixture(scope="module")
def ports():
    with replicas("--auth", "known") as ports:
        yield ports


@pytest.fixture(scope="module")
def front(folder, ports):
    with Front(folder, ports) as front:
        yield front.port


def offset(_answer, target, size):
    before = int(dict(urllib.parse.parse_qsl(target.partition("?")[2])).get("offset", 0))
    return f"{target.partition('&')[0]}&offset={before + size}" if before + size < ROWS else None


def page(answer, target, _size):
    info = answer["result_info"]
    return f"{target.partition('&')[0]}&page={info['page'] + 1}" if info["page"] < info["total_pages"] else None


def link(answer, _target, _size):
    return next((each["href"] for each in answer["links"] if each["rel"] == "next"), None)


def token(answer, _target, _size):
    return answer["metadata"]["next"] or None


NEXT = {"vpcep": offset, "apig": offset, "cloudflare": page, "atlas": link, "confluent": token}
"""The target or the address of the page behind one, as each vendor's clients find it; nothing behind the last one."""


def walk(client, api, size):
    """All pages of a list, as they were sent."""
    target, pages = f"{api.path.format(n=ROWS)}?{api.size}={size}", []
    while target:
        address = urllib.parse.urlsplit(target)
        assert address.netloc in ("", client.host), "a link leads elsewhere"
        target = address._replace(scheme="", netloc="").geturl()
        status, _, content = client.ask(target, GOOD[api.name])
        assert status == 200, content.decode()
        pages.append(content)
        target = NEXT[api.name](json.loads(content), target, size)
    return pages


@pytest.mark.parametrize("size", [1, SIZE, 100])
@pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
def test_a_walk_that_changes_replica_at_every_page_is_the_walk_through_one(front, ports, api, size):
    client = Client(front)
    pages = walk(client, api, size)
    # A list of Atlas is that of one provider.
    count = json.loads(pages[0])["totalCount"] if api.name == "atlas" else ROWS
    assert len(pages) == -(-count // size)
    assert sum(len(json.loads(each)[api.rows]) for each in pages) == count
    assert all(before != after for before, after in zip(client.replicas, client.replicas[1:]))
    assert len(set(client.replicas)) == min(3, len(pages))
    for port in ports:
        assert walk(Client(port, client.host), api, size) == pages


def test_a_challenge_of_one_replica_is_answered_to_another(front):
    """HTTP Digest, whose answer goes to the replica that comes next"""
    url = f"http://127.0.0.1:{front}/api/atlas/v1.0/groups/{ROWS:024}/peers"
    passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    passwords.add_password(None, url, "fullkey", "full-private-key")
    opener = urllib.request.build_opener(urllib.request.HTTPDigestAuthHandler(passwords))
    for _ in range(3):
        with opener.open(url, timeout=20) as answer:
            assert json.load(answer)["totalCount"] == 129


def test_what_is_written_is_in_one_replica_only(front, ports):
    """As README.md says"""
    account = "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/connectivity/directory/services"
    host = {"ipv4": "127.0.0.1", "network": {"tunnel_id": "0191dce4-9ab4-7fce-b660-8e5dec5172da"}}
    Client(front).json(account, GOOD["cloudflare"], "POST", {"name": "mine", "type": "http", "host": host})
    counts = [Client(port).json(account, GOOD["cloudflare"])["result_info"]["count"] for port in ports]
    assert sorted(counts) == [1, 1, 2]


def test_a_token_is_good_where_it_was_issued(ports):
    """As README.md says: a log-in is a write, too"""
    user = {"name": "full", "password": "full-password", "domain": {"name": "patchbay"}}
    project = {"name": "eu-de_257", "domain": {"name": "patchbay"}}
    identity = {"methods": ["password"], "password": {"user": user}}
    body = {"auth": {"identity": identity, "scope": {"project": project}}}
    status, headers, _ = Client(ports[0]).ask("/v3/auth/tokens", method="POST", body=body)
    assert status == 201
    path = APIS[0].path.format(n=ROWS)
    issued = {"X-Auth-Token": headers["X-Subject-Token"]}
    assert [Client(port).ask(path, issued)[0] for port in ports] == [200, 401, 401]
