import sys
import time

import pytest
import requests

GROUP = "000000000000000000000257"
EMPTY = "000000000000000000000000"
DOCUMENTED = "5356823b3794dee37132bb7b"
CONTAINER = "507f1f77bcf86cd799439011"
PEER = {
    "accepterRegionName": "us-west-1",
    "awsAccountId": "111122223333",
    "containerId": CONTAINER,
    "routeTableCidrBlock": "10.200.0.0/16",
    "vpcId": "vpc-0123456789abcdef0",
}


@pytest.fixture(autouse=True)
def imported_anew():
    """The package reads its address when it is imported."""
    for name in [name for name in sys.modules if name.split(".")[0] == "atlasapi"]:
        del sys.modules[name]


@pytest.fixture
def atlas(setup):
    return setup.atlas


@pytest.fixture
def errors(setup):
    return sys.modules["atlasapi.errors"]


@pytest.fixture
def url(server):
    return f"{server.url}/api/atlas/v1.0/groups/{GROUP}"


def pages(atlas, url, size, provider="AWS"):
    """The package's own pager over any list."""
    calls = []

    def fetch(number, size):
        calls.append(number)
        return atlas.network.get(f"{url}?providerName={provider}&pageNum={number}&itemsPerPage={size}")

    pager = sys.modules["atlasapi.atlas"].AtlasPagination(atlas, fetch, 1, size)
    return [item["id"] for item in pager], calls


# Lists


def test_yields_projects(atlas):
    """Yields all projects, with its trailing slash, as its own objects"""
    projects = list(atlas.Projects.projects)
    assert [project.id for project in projects] == [EMPTY, GROUP, DOCUMENTED]
    assert all(project.name and project.org_id and project.created_date for project in projects)


def test_finds_projects(atlas):
    """Finds one project by identifier and by name"""
    project = atlas.Projects.project_by_id(GROUP)
    assert project.id == GROUP
    assert atlas.Projects.project_by_name(project.name).id == GROUP
    assert project.cluster_count == 0


@pytest.mark.parametrize("size", [1, 10, 43, 100])
def test_walks(atlas, url, size):
    """Lists all peers through its own pager, in small pages"""
    ids, calls = pages(atlas, url + "/peers", size)
    assert len(ids) == 129 and ids == sorted(set(ids))
    assert calls[: -(-129 // size)] == list(range(1, -(-129 // size) + 1))


def test_filters(atlas, url):
    """Lists the peers of each provider through its own pager"""
    assert [len(pages(atlas, url + "/peers", 25, provider)[0]) for provider in ["AWS", "AZURE", "GCP"]] == [129, 64, 64]


def test_gets_big(atlas, url):
    """Lists all at once with get_big, which asks for 500"""
    assert len(atlas.network.get_big(url + "/peers")["results"]) == 129
    found = atlas.network.get_big(url + "/containers", {"providerName": "AZURE"})["results"]
    assert [container["region"] for container in found] == ["US_EAST_2"]


# Errors


def caught(function, *arguments):
    with pytest.raises(Exception) as caught:
        function(*arguments)
    return caught.value


def test_raises_typed_errors(atlas, errors, url):
    """Raises its own error for 400, 404, 405 and 409, with the answer's code"""
    network = atlas.network
    cases = [
        (errors.ErrAtlasBadRequest, 400, "INVALID_PROVIDER", network.get, url + "/peers?providerName=FOO"),
        (errors.ErrAtlasBadRequest, 400, "INVALID_QUERY_PARAMETER", network.get, url + "/peers?pageNum=x"),
        (errors.ErrAtlasBadRequest, 400, "MISSING_ATTRIBUTES", network.post, url + "/peers", {}),
        (errors.ErrAtlasBadRequest, 400, "INVALID_ATTRIBUTE", network.post, url + "/peers", {**PEER, "foo": 1}),
        (errors.ErrAtlasNotFound, 404, "PEER_NOT_FOUND", network.get, url + "/peers/" + "1" * 24),
        (errors.ErrAtlasNotFound, 404, "GROUP_NOT_FOUND", network.get, url.replace(GROUP, "1" * 24)),
        (errors.ErrAtlasNotFound, 404, "CLOUD_PROVIDER_CONTAINER_NOT_FOUND", network.post, url + "/peers", {**PEER, "containerId": "1" * 24}),
        (errors.ErrAtlasMethodNotAllowed, 405, "METHOD_NOT_ALLOWED", network.post, url + "/containers/all", {}),
        (errors.ErrAtlasConflict, 409, "CONTAINERS_IN_USE", network.patch, url + "/containers/" + CONTAINER, {}),
        (errors.ErrAtlasConflict, 409, "CONTAINER_ALREADY_EXISTS", network.post, url + "/containers", {"atlasCidrBlock": "10.0.0.0/21", "regionName": "US_EAST_1"}),
    ]
    for kind, status, code, function, *arguments in cases:
        error = caught(function, *arguments)
        assert type(error) is kind
        assert error.getAtlasResponse()[0] == status
        assert error.getAtlasResponse()[1]["errorCode"] == code


def test_raises_for_credentials(setup, errors, url):
    """Raises its own error for 401 and 403"""
    cases = [
        (errors.ErrAtlasUnauthorized, "fullkey", "wrong", "UNEXPECTED_ERROR"),
        (errors.ErrAtlasUnauthorized, "deniedkey", "denied-private-key", "USER_UNAUTHORIZED"),
        (errors.ErrAtlasForbidden, "listedkey", "listed-private-key", "IP_ADDRESS_NOT_ON_ACCESS_LIST"),
    ]
    for kind, user, password, code in cases:
        error = caught(setup.Atlas(user, password, GROUP).network.get, url + "/peers")
        assert type(error) is kind and error.details["errorCode"] == code


def test_raises_for_the_server(server, setup, errors):
    """Raises its own error for 500, which production answered to a malformed container"""
    server.restart("--quirk", "atlas.malformedContainer=500")
    url = f"{server.url}/api/atlas/v1.0/groups/{GROUP}/peers"
    error = caught(setup.atlas.network.post, url, {**PEER, "containerId": "x"})
    assert type(error) is errors.ErrAtlasServerErrors and error.details["errorCode"] == "UNEXPECTED_ERROR"


def test_repeats_nothing(server, atlas, errors, url):
    """Raises its own error for 429 and 500 after one request"""
    for status, code in [(429, "RATE_LIMITED"), (500, "UNEXPECTED_ERROR")]:
        fault = server.fault(api="atlas", error=status, retryAfter=1)
        error = caught(atlas.network.get, url + "/peers")
        assert type(error) is errors.ErrAtlasServerErrors
        assert (error.getAtlasResponse()[0], error.details["errorCode"]) == (status, code)
        assert fault.counts == (1, 1)


def test_page_of_a_gateway(server, atlas, url):
    """Fails with JSONDecodeError of requests on the page that a gateway sends with 503"""
    server.fault(api="atlas", error=503)
    assert type(caught(atlas.network.get, url + "/peers")) is requests.JSONDecodeError


@pytest.mark.parametrize(
    "end",
    [{"connection": "reset"}, {"connection": "empty"}, {"connection": "garbage"},
     {"truncate": {"bytes": 100}}, {"delay": {"milliseconds": 1500}}],
    ids=["reset", "empty", "garbage", "truncated", "late"],
)
def test_lost_answers(server, atlas, url, end):
    """Fails with errors of requests on a reset connection, no answer, garbage, half an answer and a late one, in get with AttributeError"""
    fault = server.fault(api="atlas", when={"first": 2}, **end)
    sys.modules["atlasapi.settings"].Settings.requests_timeout = 0.5
    assert isinstance(caught(atlas.network.get_big, url + "/peers"), requests.RequestException)
    assert type(caught(atlas.network.get, url + "/peers")) is AttributeError
    assert atlas.network.get(url + "/peers")["totalCount"] == 129
    assert fault.counts == (3, 2)


def test_created_and_not_told(server, atlas, errors, url):
    """Raises ErrAtlasConflict for a peer that it creates again, since the answer to the first creation was lost"""
    server.fault(api="atlas", connection="empty", after=True, when={"first": 1})
    assert isinstance(caught(atlas.network.post, url + "/peers", PEER), requests.ConnectionError)
    error = caught(atlas.network.post, url + "/peers", PEER)
    assert type(error) is errors.ErrAtlasConflict and error.details["errorCode"] == "PEER_ALREADY_EXISTS"
    assert atlas.network.get(url + "/peers")["totalCount"] == 130


# Life


def test_lives(server, atlas, errors, url):
    """Creates a peer, polls, is accepted, changes, deletes, and polls until it is not found"""
    network = atlas.network
    peer = network.post(url + "/peers", PEER)
    assert peer["statusName"] == "INITIATING"
    own = url + "/peers/" + peer["id"]

    def poll(state):
        for _ in range(50):
            found = network.get(own)
            if found["statusName"] == state:
                return found
            time.sleep(0.05)
        raise AssertionError(found)

    assert poll("PENDING_ACCEPTANCE")["connectionId"].startswith("pcx-")
    server.post("/_patchbay/transitions", {"api": "atlas", "collection": "peers", "path": [GROUP, peer["id"]], "event": "accept"})
    poll("AVAILABLE")
    assert peer["id"] in pages(atlas, url + "/peers", 50)[0]
    assert network.patch(own, {"routeTableCidrBlock": "10.201.0.0/16"})["routeTableCidrBlock"] == "10.201.0.0/16"
    assert network.delete(own) == {"deleted": True}
    assert type(caught(network.get, own)) is errors.ErrAtlasNotFound
    assert peer["id"] not in pages(atlas, url + "/peers", 50)[0]


def test_containers_live(atlas, errors, url):
    """Creates, changes and deletes a container"""
    network = atlas.network
    container = network.post(url + "/containers", {"atlasCidrBlock": "192.168.0.0/21", "regionName": "EU_WEST_1"})
    own = url + "/containers/" + container["id"]
    assert network.patch(own, {"atlasCidrBlock": "192.168.8.0/21"})["atlasCidrBlock"] == "192.168.8.0/21"
    assert network.delete(own) == {"deleted": True}
    assert type(caught(network.get, own)) is errors.ErrAtlasNotFound


def test_tenants(server, setup, errors, crowd):
    """Eight live at once in groups of their own, made as copies of a seeded one; one is struck by a fault, and goes on"""

    def life(number, tenant):
        network = setup.Atlas("fullkey", "full-private-key", tenant.id).network
        url = f"{server.url}/api/atlas/v1.0/groups/{tenant.id}"
        refusals = []
        for _ in range(3):
            try:
                container = network.post(url + "/containers", {"atlasCidrBlock": "192.168.0.0/21", "regionName": "EU_WEST_1"})
                break
            except errors.ErrAtlasServerErrors as error:
                refusals.append(error.details["errorCode"])
        own = f"{url}/containers/{container['id']}"
        network.patch(own, {"atlasCidrBlock": f"192.168.{8 * number}.0/21"})
        peer = network.post(url + "/peers", PEER)
        network.delete(f"{url}/peers/{peer['id']}")
        return refusals, network.get(own)["atlasCidrBlock"], len(network.get(url + "/containers")["results"])

    lives = crowd("atlas", GROUP, life, error=500, when={"first": 2})
    assert lives == [
        (["UNEXPECTED_ERROR"] * 2 if number == 0 else [], f"192.168.{8 * number}.0/21", 2) for number in range(8)
    ]
