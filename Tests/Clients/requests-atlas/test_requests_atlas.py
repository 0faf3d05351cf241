import concurrent.futures
import time
import types

import pytest
from urllib3.util import Retry

GROUP = "000000000000000000000257"
EMPTY = "000000000000000000000000"
CONTAINER = "507f1f77bcf86cd799439011"
VERSIONED = "application/vnd.atlas.2023-01-01+json"
ACCOUNT = ("mdb_sa_id_full", "mdb_sa_sk_full")


class Atlas:
    """The session of the documented lines, below one group."""

    def __init__(self, setup, group=GROUP, edition="v1.0", **headers):
        self.session = setup.session
        self.session.headers.update(headers)
        self.root = f"{setup.base}/api/atlas/{edition}"
        self.group = f"{self.root}/groups/{group}"

    def __call__(self, method, path, status=200, **options):
        answer = self.session.request(method, self.group + path, timeout=10, **options)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def refused(self, method, path, status, code, **options):
        error = self(method, path, status, **options)
        assert error["errorCode"] == code
        assert error["error"] == status
        return error

    def wait(self, path, *states):
        """Polls as the Terraform provider does, until one of some states, or until there is nothing."""
        for _ in range(50):
            answer = self.session.get(self.group + path, timeout=10)
            if answer.status_code == 404:
                assert answer.json()["errorCode"] == "PEER_NOT_FOUND"
                return None
            assert answer.status_code == 200, answer.text
            peer = answer.json()
            if (peer.get("statusName") or peer.get("status")) in states:
                return peer
            time.sleep(0.05)
        raise AssertionError(f"{path} is still {peer}")


@pytest.fixture
def atlas(setup):
    return Atlas(setup)


@pytest.fixture
def empty(setup):
    return Atlas(setup, EMPTY)


def event(server, group, peer, name):
    return server.post("/_patchbay/transitions", {"api": "atlas", "collection": "peers", "path": [group, peer], "event": name})


def aws(number, container=CONTAINER, **members):
    peer = {
        "accepterRegionName": "us-west-1",
        "awsAccountId": "111122223333",
        "containerId": container,
        "routeTableCidrBlock": f"10.{200 + number}.0.0/16",
        "vpcId": f"vpc-0123456789abcde{number:02x}",
    }
    return {**peer, **members}


# Lists


def follow(atlas, path):
    """All results, by the links called next."""
    results, calls, url = [], 0, atlas.group + path
    while url:
        answer = atlas.session.get(url, timeout=10)
        assert answer.status_code == 200
        body = answer.json()
        results += body["results"]
        calls += 1
        url = next((link["href"] for link in body["links"] if link["rel"] == "next"), None)
    return results, calls


@pytest.mark.parametrize("size", [1, 7, 64, 128, 129, 500])
def test_follows_next(atlas, size):
    """Follows the links called next to the end, page by page"""
    peers, calls = follow(atlas, f"/peers?itemsPerPage={size}")
    ids = [peer["id"] for peer in peers]
    assert ids == sorted(set(ids))
    assert len(ids) == 129
    assert calls == -(-129 // size)


def test_counts_pages(atlas):
    """Counts pages up to totalCount for each provider, as the Kubernetes operator does"""
    found = {}
    for provider in ["AWS", "AZURE", "GCP"]:
        peers, page = [], 1
        while True:
            query = {"providerName": provider, "pageNum": page, "itemsPerPage": 20, "includeCount": "true"}
            body = atlas("GET", "/peers", params=query)
            peers += body["results"]
            if len(peers) >= body["totalCount"]:
                break
            page += 1
        found[provider] = len(peers)
    assert found == {"AWS": 129, "AZURE": 64, "GCP": 64}


def test_filters(atlas):
    """Filters by provider in every spelling that clients send; without one there is AWS"""
    keys = {"AWS": "awsAccountId", "Azure": "azureDirectoryId", "AZURE": "azureDirectoryId", "azure": "azureDirectoryId", "GCP": "gcpProjectId"}
    for word, key in keys.items():
        body = atlas("GET", "/peers", params={"providerName": word, "pageNum": 0, "itemsPerPage": 100})
        assert body["results"] and all(key in peer for peer in body["results"])
    assert all("awsAccountId" in peer for peer in atlas("GET", "/peers")["results"])


def test_finds_containers(atlas):
    """Finds the container of every peer, as Terraform's data source does"""
    containers = {container["id"]: container for container in atlas("GET", "/containers/all")["results"]}
    for provider in ["AWS", "AZURE", "GCP"]:
        for peer in follow(atlas, f"/peers?providerName={provider}&itemsPerPage=100")[0]:
            assert containers[peer["containerId"]]["providerName"] == provider
            assert containers[peer["containerId"]]["provisioned"]
    assert atlas("GET", f"/containers/{CONTAINER}") == containers[CONTAINER]
    assert [c["id"] for c in atlas("GET", "/containers")["results"]] == [CONTAINER]


def test_finds_groups(atlas):
    """Finds groups by list, identifier and name, and the key at the root"""
    session = atlas.session
    listed = session.get(atlas.root + "/groups/", params={"itemsPerPage": 2}).json()
    assert [group["id"] for group in listed["results"]][0] == EMPTY
    assert listed["totalCount"] == 3
    group = atlas("GET", "")
    assert group["id"] == GROUP
    assert session.get(atlas.root + "/groups/byName/" + group["name"]).json() == group
    links = {link["rel"]: link["href"] for link in group["links"]}
    assert session.get(links["https://cloud.mongodb.com/peers"]).json()["totalCount"] == 129
    root = session.get(atlas.root).json()
    assert root["apiKey"]["publicKey"] == "fullkey"
    assert root["appName"] == "MongoDB Atlas"


# Credentials


def test_answers_challenges(setup):
    """Answers the Digest challenge, and goes on with the nonce: one round trip more for the whole session"""
    answers = [setup.session.get(f"{setup.base}/api/atlas/v1.0/groups/{EMPTY}/peers") for _ in range(3)]
    assert [[r.status_code for r in [*a.history, a]] for a in answers] == [[401, 200], [200], [200]]


def test_sends_bodies_again(setup):
    """Sends the body again behind a challenge, and nothing is made twice"""
    atlas = Atlas(setup)
    answer = setup.session.post(atlas.group + "/peers", json=aws(1))
    assert [r.status_code for r in [*answer.history, answer]] == [401, 200]
    assert atlas("GET", "/peers")["totalCount"] == 130


@pytest.mark.parametrize(
    "user, password, status, code",
    [
        ("fullkey", "wrong", 401, "UNEXPECTED_ERROR"),
        ("expiredkey", "expired-private-key", 401, "UNEXPECTED_ERROR"),
        ("deniedkey", "denied-private-key", 401, "USER_UNAUTHORIZED"),
        ("listedkey", "listed-private-key", 403, "IP_ADDRESS_NOT_ON_ACCESS_LIST"),
    ],
)
def test_refuses_keys(setup, user, password, status, code):
    """Refuses keys that are wrong, have run out, have no role, or come from elsewhere"""
    setup.session.auth = setup.HTTPDigestAuth(user, password)
    Atlas(setup).refused("GET", "/peers", status, code)


def test_reads_only(setup):
    """A key that may only read reads, and may not write"""
    setup.session.auth = setup.HTTPDigestAuth("readkey", "read-private-key")
    atlas = Atlas(setup)
    assert atlas("GET", "/peers")["totalCount"] == 129
    for method, path in [("POST", "/peers"), ("PATCH", "/peers/" + "1" * 24), ("DELETE", "/containers/" + CONTAINER)]:
        atlas.refused(method, path, 401, "USER_UNAUTHORIZED", json={})


def token(setup, pair=ACCOUNT, grant="client_credentials"):
    return setup.requests.post(setup.base + "/api/oauth/token", auth=pair, data={"grant_type": grant})


def test_gets_tokens(setup):
    """Gets a token for a service account and reads with it, without a challenge, until it is taken back"""
    issued = token(setup).json()
    assert issued["token_type"] == "Bearer" and issued["expires_in"] == 3600
    setup.session.auth = None
    atlas = Atlas(setup, Authorization=f"Bearer {issued['access_token']}")
    assert atlas("GET", "/peers")["totalCount"] == 129
    form = {"token": issued["access_token"], "token_type_hint": "access_token"}
    assert setup.requests.post(setup.base + "/api/oauth/revoke", auth=ACCOUNT, data=form).status_code == 200
    assert setup.session.get(atlas.group + "/peers").status_code == 401


def test_refuses_accounts(setup):
    """Refuses unknown accounts and other grants in OAuth's form"""
    for pair in [("mdb_sa_id_full", "wrong"), ("nobody", "x"), ("mdb_sa_id_expired", "mdb_sa_sk_expired")]:
        answer = token(setup, pair)
        assert answer.status_code == 401
        assert answer.json() == {"error_description": "Invalid credentials provided.", "error": "invalid_client"}
    answer = token(setup, grant="password")
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


# Life


def test_aws_lives(server, atlas):
    """AWS: creates, polls to PENDING_ACCEPTANCE, is accepted, reaches AVAILABLE, changes, deletes, polls to 404"""
    created = atlas("POST", "/peers", json=aws(0))
    path = "/peers/" + created["id"]
    assert created["statusName"] == "INITIATING" and created["connectionId"] is None
    pending = atlas.wait(path, "PENDING_ACCEPTANCE", "AVAILABLE", "FAILED")
    assert pending["statusName"] == "PENDING_ACCEPTANCE" and pending["connectionId"].startswith("pcx-")
    event(server, GROUP, created["id"], "accept")
    assert atlas.wait(path, "AVAILABLE")["errorStateName"] is None
    assert follow(atlas, "/peers?itemsPerPage=50")[0][-1]["statusName"] == "AVAILABLE"
    changed = atlas("PATCH", path, json={"routeTableCidrBlock": "10.250.0.0/16"})
    assert (changed["statusName"], changed["routeTableCidrBlock"]) == ("AVAILABLE", "10.250.0.0/16")
    assert atlas("DELETE", path, 202) == {}
    assert atlas.wait(path) is None
    assert atlas("GET", "/peers")["totalCount"] == 129


def test_aws_fails(server, atlas):
    """AWS: a request that the owner rejects is FAILED, and is set up anew by a change of account and VPC"""
    path = "/peers/" + atlas("POST", "/peers", json=aws(0))["id"]
    atlas.wait(path, "PENDING_ACCEPTANCE")
    event(server, GROUP, path.split("/")[-1], "reject")
    assert atlas.wait(path, "FAILED")["errorStateName"] == "REJECTED"
    anew = atlas("PATCH", path, json={"awsAccountId": "111122223333", "vpcId": "vpc-2"})
    assert (anew["statusName"], anew["errorStateName"], anew["connectionId"]) == ("INITIATING", None, None)
    assert atlas.wait(path, "PENDING_ACCEPTANCE")["vpcId"] == "vpc-2"


def test_azure_lives(atlas, empty):
    """AZURE: container, peer, AVAILABLE, deletion"""
    container = empty("POST", "/containers", json={"atlasCidrBlock": "192.168.0.0/21", "providerName": "AZURE", "region": "US_EAST_2"})
    assert not container["provisioned"]
    peer = empty("POST", "/peers", json={
        "azureDirectoryId": "35039750-6ebd-4ad5-bcfe-cb4e5fc2d915",
        "azureSubscriptionId": "0b2f7a3c-d92e-478d-bc50-cf99d31b0e09",
        "containerId": container["id"],
        "providerName": "AZURE",
        "resourceGroupName": "group",
        "vnetName": "vnet",
    })
    assert peer["status"] == "ADDING_PEER"
    path = "/peers/" + peer["id"]
    assert empty.wait(path, "AVAILABLE", "FAILED")["status"] == "AVAILABLE"
    assert empty("GET", "/containers/" + container["id"])["provisioned"]
    empty.refused("PATCH", path, 400, "INVALID_ATTRIBUTE", json={"vnetName": "other"})
    empty("DELETE", path, 202)
    assert empty.wait(path) is None
    assert empty("DELETE", "/containers/" + container["id"], 204) is None
    empty.refused("GET", "/containers/" + container["id"], 404, "CLOUD_PROVIDER_CONTAINER_NOT_FOUND")


def test_gcp_lives(server, empty):
    """GCP: WAITING_FOR_USER with a provisioned container, as Terraform waits for; then AVAILABLE and gone"""
    container = empty("POST", "/containers", json={"atlasCidrBlock": "192.168.0.0/18", "providerName": "GCP"})
    body = {"containerId": container["id"], "gcpProjectId": "my-project", "networkName": "default", "providerName": "GCP"}
    path = "/peers/" + empty("POST", "/peers", json=body)["id"]
    assert empty.wait(path, "WAITING_FOR_USER", "FAILED")["status"] == "WAITING_FOR_USER"
    network = empty("GET", "/containers/" + container["id"])
    assert network["provisioned"] and network["gcpProjectId"] and network["networkName"]
    event(server, EMPTY, path.split("/")[-1], "accept")
    assert empty.wait(path, "AVAILABLE")
    empty("DELETE", path, 202)
    assert empty.wait(path) is None


def test_takes_its_time(server, setup):
    """With --lifecycle manual every state can be seen, one transition after the other"""
    server.restart("--lifecycle", "manual")
    setup.base = server.url
    atlas = Atlas(setup)
    peer = atlas("POST", "/peers", json=aws(0))["id"]
    seen = []
    for name in [None, "accept", None]:
        seen.append(atlas("GET", "/peers/" + peer)["statusName"])
        server.post("/_patchbay/transitions", {"api": "atlas", "collection": "peers", "path": [GROUP, peer], **({"event": name} if name else {})})
    seen.append(atlas("GET", "/peers/" + peer)["statusName"])
    assert seen == ["INITIATING", "PENDING_ACCEPTANCE", "FINALIZING", "AVAILABLE"]
    atlas("DELETE", "/peers/" + peer, 202)
    assert atlas("GET", "/peers/" + peer)["statusName"] == "TERMINATING"
    atlas.refused("DELETE", "/peers/" + peer, 409, "PEER_ALREADY_REQUESTED_DELETION")
    atlas.refused("PATCH", "/peers/" + peer, 409, "PEER_INVALID_STATE", json={"routeTableCidrBlock": "10.1.0.0/16"})


def test_expires(server, atlas):
    """A request that nobody accepts expires after seven days of the group's clock, and not before"""
    server.put(f"/_patchbay/clock?tenant={GROUP}", {"now": "2030-01-01T00:00:00Z", "frozen": True})
    path = "/peers/" + atlas("POST", "/peers", json=aws(0))["id"]
    server.put(f"/_patchbay/clock?tenant={GROUP}", {"now": "2030-01-07T23:59:00Z", "frozen": True})
    assert atlas.wait(path, "PENDING_ACCEPTANCE", "FAILED")["statusName"] == "PENDING_ACCEPTANCE"
    server.put(f"/_patchbay/clock?tenant={GROUP}", {"now": "2030-01-08T00:00:01Z", "frozen": True})
    assert atlas.wait(path, "PENDING_ACCEPTANCE", "FAILED")["errorStateName"] == "EXPIRED"


# Errors


def test_errors_of_bodies(atlas):
    """Refuses bodies with the code that clients look for, and keeps nothing of them"""
    cases = [
        (aws(0, vpcId=None), 400, "MISSING_ATTRIBUTE"),
        ({}, 400, "MISSING_ATTRIBUTES"),
        (aws(0, foo=1), 400, "INVALID_ATTRIBUTE"),
        (aws(0, vpcId=1), 400, "INVALID_JSON_ATTRIBUTE"),
        (aws(0, providerName="Azure"), 400, "INVALID_ENUM_VALUE"),
        (aws(0, awsAccountId="1"), 400, "VALIDATION_ERROR"),
        (aws(0, accepterRegionName="nowhere-1"), 400, "INVALID_REGION"),
        (aws(0, routeTableCidrBlock="10.0.0.0"), 400, "INVALID_CIDR_BLOCK"),
        (aws(0, routeTableCidrBlock="8.8.8.0/24"), 400, "INVALID_ROUTE_TABLE_CIDR"),
        (aws(0, containerId="1" * 24), 404, "CLOUD_PROVIDER_CONTAINER_NOT_FOUND"),
        (aws(0, routeTableCidrBlock="192.168.248.0/24"), 409, "OVERLAPPING_ATLAS_CIDR_BLOCK"),
        (aws(0, routeTableCidrBlock="10.0.0.0/8"), 409, "OVERLAPPING_CIDR_BLOCK"),
        ([], 400, "INVALID_JSON"),
    ]
    for body, status, code in cases:
        atlas.refused("POST", "/peers", status, code, json=body)
    atlas.refused("POST", "/peers", 400, "MALFORMED_JSON", data="{", headers={"Content-Type": "application/json"})
    atlas.refused("POST", "/peers", 415, "UNSUPPORTED_MEDIA_TYPE", data="{}", headers={"Content-Type": "text/plain"})
    assert atlas("GET", "/peers")["totalCount"] == 129


def test_errors_of_places(atlas):
    """Refuses what is not there, what is there already, and what is in use"""
    atlas.refused("GET", "/peers/" + "1" * 24, 404, "PEER_NOT_FOUND")
    atlas.refused("GET", "/peers/pcx", 400, "PATH_PARAM_PARSE_ERROR")
    atlas.refused("GET", "/peerz", 404, "RESOURCE_NOT_FOUND")
    atlas.refused("PUT", "/peers", 405, "METHOD_NOT_ALLOWED")
    atlas.refused("DELETE", "/containers/" + CONTAINER, 409, "CONTAINERS_IN_USE")
    container = {"atlasCidrBlock": "192.168.0.0/21", "regionName": "US_EAST_1"}
    atlas.refused("POST", "/containers", 409, "CONTAINER_ALREADY_EXISTS", json=container)
    atlas.refused("POST", "/containers", 400, "ATLAS_INVALID_CIDR_BLOCK", json={**container, "atlasCidrBlock": "10.0.0.0/16"})
    atlas("POST", "/peers", json=aws(0))
    error = atlas.refused("POST", "/peers", 409, "PEER_ALREADY_EXISTS", json=aws(0))
    assert error["parameters"] == ["111122223333", "vpc-0123456789abcde00"]


def test_one_of_many_wins(setup):
    """Of sixteen that create the same peer at once one wins, and the others get PEER_ALREADY_EXISTS"""
    atlas = Atlas(setup)

    def create(_):
        auth = setup.HTTPDigestAuth("fullkey", "full-private-key")
        answer = setup.requests.post(atlas.group + "/peers", json=aws(0), auth=auth, timeout=20)
        return answer.status_code, answer.json().get("errorCode")

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = sorted(pool.map(create, range(16)), key=str)
    assert answers == [(200, None)] + [(409, "PEER_ALREADY_EXISTS")] * 15
    assert atlas("GET", "/peers")["totalCount"] == 130


# Version 2


def test_version_2(setup):
    """Version 2, as atlas-sdk-go asks: its media types, and peers that say their provider"""
    setup.session.auth = None
    issued = token(setup).json()["access_token"]
    atlas = Atlas(setup, edition="v2", Accept=VERSIONED, Authorization=f"Bearer {issued}")
    query = {"includeCount": "true", "itemsPerPage": 100, "pageNum": 1, "providerName": "AWS"}
    answer = atlas.session.get(atlas.group + "/peers", params=query)
    assert answer.headers["Content-Type"] == VERSIONED + ";charset=utf-8"
    assert answer.json()["totalCount"] == 129
    assert {peer["providerName"] for peer in answer.json()["results"]} == {"AWS"}
    created = atlas("POST", "/peers", json=aws(0), headers={"Content-Type": VERSIONED})
    assert created["providerName"] == "AWS"
    assert atlas.wait("/peers/" + created["id"], "PENDING_ACCEPTANCE")
    atlas("DELETE", "/peers/" + created["id"], 202)
    assert atlas.wait("/peers/" + created["id"]) is None
    missing = atlas.session.get(atlas.group + "/peers/" + "1" * 24)
    assert missing.headers["Content-Type"] == "application/json"
    assert missing.headers["X-Error-Code"] == missing.json()["errorCode"] == "PEER_NOT_FOUND"


def test_version_2_wants_a_version(setup):
    """Version 2 without a version in Accept is 406; a later date selects the resource's own"""
    atlas = Atlas(setup, edition="v2")
    atlas.refused("GET", "/peers", 406, "INVALID_VERSION_DATE")
    atlas.refused("GET", "/peers", 406, "INVALID_VERSION_DATE", headers={"Accept": "application/vnd.atlas.2022-01-01+json"})
    assert atlas("GET", "/peers", headers={"Accept": "application/vnd.atlas.2025-03-12+json"})["totalCount"] == 129


# What goes wrong


def retrying(setup, **options):
    """The session, with the repetitions that urllib3 has for it."""
    options = {"total": 2, "status_forcelist": [429, 500, 503], "backoff_factor": 0.01, **options}
    setup.session.mount(setup.base, setup.requests.adapters.HTTPAdapter(max_retries=Retry(**options)))
    return Atlas(setup)


def statuses(server):
    return [request["status"] for request in server.requests(api="atlas")]


def test_outlives_a_limit(server, setup):
    """Lists after one 429 with urllib3's Retry, when Retry-After is over, with the same answer to the Digest challenge"""
    atlas = retrying(setup)
    fault = server.fault(api="atlas", error=429, retryAfter=1, when={"first": 1})
    assert atlas("GET", "/peers")["totalCount"] == 129
    assert statuses(server) == [401, 429, 200]
    assert server.gaps(api="atlas")[1] >= 1
    assert fault.counts == (2, 1)


def test_limits_of_both_editions(server, setup):
    """Is told how long to wait by the limits of both editions, and repeats nothing without Retry"""
    server.fault(api="atlas", error=429, retryAfter=1)
    Atlas(setup).refused("GET", "/peers", 429, "RATE_LIMITED")
    answer = Atlas(setup, edition="v2", Accept=VERSIONED).session.get(f"{setup.base}/api/atlas/v2/groups/{GROUP}/peers")
    assert (answer.status_code, answer.json()["errorCode"]) == (429, "RATE_LIMITED_TOKEN_BUCKET")
    assert (answer.headers["Retry-After"], answer.headers["RateLimit-Remaining"]) == ("1", "0")
    assert statuses(server) == [401, 429, 429]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_gives_up(server, setup, status):
    """Raises RetryError after as many repetitions as Retry has"""
    atlas = retrying(setup, respect_retry_after_header=False)
    fault = server.fault(api="atlas", error=status)
    with pytest.raises(setup.requests.exceptions.RetryError):
        atlas("GET", "/peers")
    assert fault.counts == (3, 3)


@pytest.mark.parametrize(
    "end, error",
    [
        ({"connection": "reset"}, "ConnectionError"),
        ({"connection": "empty"}, "ConnectionError"),
        ({"connection": "garbage"}, "ConnectionError"),
        ({"truncate": {"bytes": 100}}, "ChunkedEncodingError"),
    ],
    ids=["reset", "empty", "garbage", "truncated"],
)
def test_lost_answers(server, setup, end, error):
    """Raises ConnectionError for a reset connection, no answer and garbage, ChunkedEncodingError for half an answer"""
    atlas = Atlas(setup)
    fault = server.fault(api="atlas", when={"first": 1}, **end)
    with pytest.raises(getattr(setup.requests.exceptions, error)):
        atlas("GET", "/peers")
    assert atlas("GET", "/peers")["totalCount"] == 129
    assert fault.counts == (2, 1)


def test_repeats_after_lost_answers(server, setup):
    """Repeats with Retry what it reads after a reset connection, and nothing that it writes"""
    atlas = retrying(setup)
    fault = server.fault(api="atlas", connection="reset", when={"first": 2})
    assert atlas("GET", "/peers")["totalCount"] == 129
    assert fault.counts == (3, 2)
    fault = server.fault(api="atlas", connection="reset", when={"first": 1})
    with pytest.raises(setup.requests.exceptions.ConnectionError):
        atlas("POST", "/peers", json=aws(0))
    assert fault.counts == (1, 1)
    assert atlas("GET", "/peers")["totalCount"] == 129


def test_time_out(server, setup):
    """Raises ReadTimeout for an answer that is late"""
    fault = server.fault(api="atlas", delay={"milliseconds": 1500})
    with pytest.raises(setup.requests.exceptions.ReadTimeout):
        setup.session.get(Atlas(setup).group + "/peers", timeout=0.5)
    assert fault.counts == (1, 1)


def test_created_and_not_told(server, setup):
    """Gets PEER_ALREADY_EXISTS for a peer that Retry creates again, since the answer to the first creation was an error"""
    atlas = retrying(setup, allowed_methods=None)
    server.fault(api="atlas", operation="createPeeringConnection", error=500, after=True, when={"first": 1})
    atlas.refused("POST", "/peers", 409, "PEER_ALREADY_EXISTS", json=aws(0))
    assert statuses(server) == [401, 500, 409]
    assert atlas("GET", "/peers")["totalCount"] == 130


def test_deleted_and_not_told(server, setup):
    """Gets PEER_NOT_FOUND or PEER_ALREADY_REQUESTED_DELETION for a peer that it deletes again behind a lost answer"""
    atlas = Atlas(setup)
    path = "/peers/" + atlas("POST", "/peers", json=aws(0))["id"]
    server.fault(api="atlas", operation="deletePeeringConnection", connection="reset", after=True, when={"first": 1})
    with pytest.raises(setup.requests.exceptions.ConnectionError):
        atlas("DELETE", path, 202)
    answer = setup.session.delete(atlas.group + path)
    assert answer.json()["errorCode"] in ("PEER_NOT_FOUND", "PEER_ALREADY_REQUESTED_DELETION")
    assert atlas.wait(path) is None


def test_tenants(server, setup, crowd):
    """Eight live at once in groups of their own, made as copies of a seeded one; one is struck by faults, and outlives them"""

    def life(number, tenant):
        session = setup.requests.Session()
        session.auth = setup.HTTPDigestAuth("fullkey", "full-private-key")
        own = types.SimpleNamespace(requests=setup.requests, base=setup.base, session=session)
        retrying(own, allowed_methods=None)
        atlas = Atlas(own, tenant.id)
        path = "/peers/" + atlas("POST", "/peers", json=aws(number))["id"]
        atlas.wait(path, "PENDING_ACCEPTANCE")
        event(server, tenant.id, path.split("/")[-1], "accept")
        atlas.wait(path, "AVAILABLE")
        atlas("PATCH", path, json={"routeTableCidrBlock": f"10.{230 + number}.0.0/16"})
        first = atlas("GET", "/peers")["results"][0]["id"]
        atlas("DELETE", "/peers/" + first, 202)
        atlas.wait("/peers/" + first)
        peers = follow(atlas, "/peers?itemsPerPage=100")[0]
        return len(peers), [peer["routeTableCidrBlock"] for peer in peers if peer["vpcId"] == aws(number)["vpcId"]]

    lives = crowd("atlas", GROUP, life, error=503, when={"first": 2})
    assert lives == [(129, [f"10.{230 + number}.0.0/16"]) for number in range(8)]
