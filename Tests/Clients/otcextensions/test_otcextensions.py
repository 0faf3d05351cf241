import concurrent.futures
import json
import os
import subprocess
import sys

import openstack
import otcextensions.sdk
import pytest
import requests
from keystoneauth1 import exceptions as keystoneauth
from openstack import exceptions, resource

PROJECT = "00000000000000000000000000000257"
SERVICE = "00000000-0000-4000-8000-000000000257"
GATEWAY = "00000000000000000000000000000257"
DOCUMENTED = "4189d3c2-8882-4871-a3c2-d380272eed88"
UNKNOWN = "ffffffff-ffff-4fff-8fff-ffffffffffff"
VPC = "33333333-3333-4333-8333-333333333333"
PORT = "44444444-4444-4444-8444-444444444444"


def connect(server, **options):
    """Connects as the documented lines do, with some of the options replaced."""
    usual = {
        "auth_url": server.url + "/v3",
        "username": "full",
        "password": "full-password",
        "user_domain_name": "patchbay",
        "project_name": "eu-de_257",
        "region_name": "eu-de",
    }
    client = openstack.connect(**{name: value for name, value in {**usual, **options}.items() if value is not None})
    otcextensions.sdk.register_otc_extensions(client)
    return client


def pages(list_, size):
    """Everything of a list, page by page."""
    found = []
    while page := list(list_(limit=size, offset=len(found))):
        found += page
        if len(page) < size:
            break
    return found


# Logging in


def test_logs_in_with_a_password(setup):
    """Logs in with a name and a password, and finds both services in the catalogue"""
    client = setup.client
    assert client.current_project_id == PROJECT
    origin = client.auth["auth_url"].removesuffix("/v3")
    for service, version in [("vpcep", "v1"), ("apigv2", "v2")]:
        assert client.session.get_endpoint(service_type=service, region_name="eu-de") == f"{origin}/{version}/{PROJECT}"


def test_finds_the_version(server):
    """Finds the version of the identity service where the address names none"""
    client = connect(server, auth_url=server.url)
    assert client.current_project_id == PROJECT
    assert len(list(client.vpcep.service_connections(SERVICE, limit=3))) == 3


def test_logs_in_with_a_token(setup, server):
    """Logs in with a token, and with one that was issued before"""
    for token in ["full-token", setup.client.auth_token]:
        client = connect(
            server, auth_type="token", token=token, username=None, password=None, user_domain_name=None,
            project_name=None, project_id=PROJECT,
        )
        assert client.auth_token != token
        assert len(list(client.vpcep.service_connections(SERVICE, limit=3))) == 3


def test_logs_in_to_a_project_by_its_identifier(server):
    """Logs in to a project by its identifier"""
    client = connect(server, project_name=None, project_id="a4a5d4098fb4474fa22cd05f897d6b99")
    assert [c.marker_id for c in client.vpcep.service_connections(DOCUMENTED)] == [16777510, 16777513]


def test_wrong_password(server):
    """Is refused with a wrong password"""
    with pytest.raises(exceptions.SDKException, match="The username or password is wrong. .HTTP 401"):
        connect(server, password="wrong").auth_token


def test_unknown_project(server):
    """Is refused for a project that there is not"""
    with pytest.raises(exceptions.SDKException, match="Could not find project: eu-xx .HTTP 404"):
        connect(server, project_name="eu-xx").auth_token


def test_projects(setup):
    """Lists the projects and accounts that the user reaches"""
    session, address = setup.client.session, setup.client.auth["auth_url"]
    projects = session.get("/auth/projects", endpoint_override=address).json()["projects"]
    assert [project["name"] for project in projects] == ["eu-de_0", "eu-de_257", "eu-de"]
    domains = session.get("/auth/domains", endpoint_override=address).json()["domains"]
    assert [domain["name"] for domain in domains] == ["patchbay"]


def test_logs_in_again(server):
    """Logs in again by itself when the token was withdrawn, and repeats what it asked"""
    client = connect(server)
    assert len(list(client.vpcep.service_connections(SERVICE))) == 10
    old = client.auth_token
    answer = requests.delete(
        server.url + "/v3/auth/tokens", headers={"X-Auth-Token": old, "X-Subject-Token": old}, timeout=10
    )
    assert answer.status_code == 204
    assert len(list(client.vpcep.service_connections(SERVICE))) == 10
    assert client.auth_token != old


def test_a_token_runs_out(server):
    """Logs in again when the token has run out by the clock of the project"""
    client = connect(server)
    old = client.auth_token
    assert len(list(client.vpcep.service_connections(SERVICE))) == 10
    server.post(f"/_patchbay/clock/advance?api=vpcep&tenant={PROJECT}", {"seconds": 86400})
    assert len(list(client.vpcep.service_connections(SERVICE))) == 10
    assert client.auth_token != old


# Lists


def test_lists_connections_in_small_pages(setup):
    """Lists all connections of an endpoint service in small pages, and in one large one"""
    found = pages(lambda **query: setup.client.vpcep.service_connections(SERVICE, **query), 50)
    assert len({connection.id for connection in found}) == len(found) == 257
    whole = list(setup.client.vpcep.service_connections(SERVICE, limit=1000))
    assert [connection.id for connection in whole] == [connection.id for connection in found]


def test_lists_ten_without_a_limit(setup):
    """Gets the ten newest connections without a limit, as the service's default is"""
    found = list(setup.client.vpcep.service_connections(SERVICE))
    assert [connection.marker_id for connection in found] == list(range(16777472, 16777462, -1))


def test_sorts_connections(setup):
    """Sorts connections by both times and in both directions"""
    for key in ["create_at", "created_at", "update_at", "updated_at"]:
        up = list(setup.client.vpcep.service_connections(SERVICE, sort_key=key, sort_dir="asc", limit=1000))
        down = list(setup.client.vpcep.service_connections(SERVICE, sort_key=key, sort_dir="desc", limit=1000))
        assert [connection.id for connection in up] == [connection.id for connection in reversed(down)]
        times = [connection.created_at if key.startswith("create") else connection.updated_at for connection in up]
        assert times == sorted(times)


def test_filters_connections(setup):
    """Filters connections by identifier and by packet identifier; by state it does so itself"""
    first = next(setup.client.vpcep.service_connections(SERVICE))
    for query in [{"id": first.id}, {"marker_id": first.marker_id}]:
        assert [c.id for c in setup.client.vpcep.service_connections(SERVICE, **query)] == [first.id]
    assert list(setup.client.vpcep.service_connections(SERVICE, id=UNKNOWN)) == []
    accepted = list(setup.client.vpcep.service_connections(SERVICE, status="accepted", limit=1000))
    assert len(accepted) == 43
    assert {connection.status for connection in accepted} == {"accepted"}


def test_lists_connections_of_a_gateway(setup):
    """Lists the connections of a gateway in small pages, which are those of its endpoint service"""
    found = []
    while page := list(setup.client.apig.vpc_endpoints(GATEWAY, limit=100, offset=len(found), paginated=False)):
        found += page
    assert len({connection.id for connection in found}) == len(found) == 257
    assert len(list(setup.client.apig.vpc_endpoints(GATEWAY))) == 20
    service = "00000000-0000-4000-a000-000000000257"
    others = list(setup.client.vpcep.service_connections(service, limit=1000))
    assert {(c.id, c.marker_id, c.status) for c in others} == {(c.id, c.marker_id, c.status) for c in found}


def test_filters_connections_of_a_gateway(setup):
    """Filters the connections of a gateway by state, identifier and packet identifier"""
    rejected = list(setup.client.apig.vpc_endpoints(GATEWAY, status="rejected", limit=500, paginated=False))
    assert {connection.status for connection in rejected} == {"rejected"}
    assert len(rejected) == 43
    for query in [{"id": rejected[0].id}, {"marker_id": rejected[0].marker_id}]:
        assert [c.id for c in setup.client.apig.vpc_endpoints(GATEWAY, **query)] == [rejected[0].id]


def test_endless_pagination(setup):
    """Takes a limit on a gateway's list for the first of several pages and stops with an error, as with the service"""
    with pytest.raises(exceptions.SDKException, match="Endless pagination loop detected"):
        list(setup.client.apig.vpc_endpoints(GATEWAY, limit=500))


# Errors


def test_errors_of_endpoint_services(setup):
    """Raises its own errors for bad values and unknown endpoint services, with the service's code for a text"""
    for query, code in [
        ({"limit": 1001}, "EndPoint.0006"),
        ({"offset": -1}, "EndPoint.0010"),
        ({"sort_key": "name"}, "EndPoint.0017"),
        ({"sort_dir": "up"}, "EndPoint.0018"),
        ({"marker_id": "abc"}, "EndPoint.0021"),
    ]:
        with pytest.raises(exceptions.BadRequestException, match=code) as refusal:
            list(setup.client.vpcep.service_connections(SERVICE, **query))
        assert refusal.value.response.json()["error_code"] == code
    with pytest.raises(exceptions.NotFoundException, match="EndPoint.0005"):
        list(setup.client.vpcep.service_connections(UNKNOWN))


def test_errors_of_gateways(setup):
    """Raises its own errors for bad values and unknown gateways, with the service's code for a text"""
    with pytest.raises(exceptions.BadRequestException, match="APIC.7211"):
        list(setup.client.apig.vpc_endpoints(GATEWAY, marker_id="abc"))
    with pytest.raises(exceptions.NotFoundException, match="APIC.7314"):
        list(setup.client.apig.vpc_endpoints("f" * 32))


def test_another_project(server):
    """Is refused in another project than that of its token"""
    client = connect(server, project_name="eu-de", vpcep_endpoint_override=f"{server.url}/v1/{PROJECT}")
    with pytest.raises(exceptions.HttpException, match="EndPoint.0004") as refusal:
        list(client.vpcep.service_connections(SERVICE))
    assert refusal.value.response.status_code == 403


def test_an_override(server):
    """Takes an address in place of the catalogue's"""
    client = connect(
        server,
        vpcep_endpoint_override=server.url + "/v1/%(project_id)s",
        apigv2_endpoint_override=server.url + "/v2/%(project_id)s",
    )
    assert len(list(client.vpcep.service_connections(SERVICE))) == 10
    assert len(list(client.apig.vpc_endpoints(GATEWAY))) == 20


# Life


def service_of(client, **members):
    attributes = {
        "port_id": PORT, "router_id": VPC, "server_type": "VM", "ports": [{"client_port": 8080, "server_port": 90}],
    }
    service = client.vpcep.create_service(**{**attributes, **members})
    assert service.status == "creating"
    return resource.wait_for_status(client.vpcep, service, "available", ["failed"], interval=0.01, wait=10)


def test_life_of_an_endpoint(server):
    """Creates an endpoint, polls until it waits, accepts, rejects and deletes it; each step is in the list at once"""
    client = connect(server, project_name="eu-de")
    before = [connection.id for connection in client.vpcep.service_connections(DOCUMENTED)]
    endpoint = client.vpcep.create_endpoint(endpoint_service_id=DOCUMENTED, router_id=VPC, network_id=VPC)
    assert endpoint.status == "creating"
    endpoint = resource.wait_for_status(client.vpcep, endpoint, "pendingAcceptance", ["failed"], interval=0.01, wait=10)
    connections = list(client.vpcep.service_connections(DOCUMENTED))
    assert [connection.id for connection in connections] == [endpoint.id] + before
    assert (connections[0].status, connections[0].marker_id) == ("pendingAcceptance", endpoint.marker_id)

    assert [c.status for c in client.vpcep.manage_service_connections(DOCUMENTED, "accept", [endpoint.id])] == ["accepted"]
    assert client.vpcep.get_endpoint(endpoint.id).status == "accepted"
    assert next(client.vpcep.service_connections(DOCUMENTED, id=endpoint.id)).status == "accepted"
    with pytest.raises(exceptions.BadRequestException, match="EndPoint.2014"):
        client.vpcep.manage_service_connections(DOCUMENTED, "accept", [endpoint.id])
    assert [c.status for c in client.vpcep.manage_service_connections(DOCUMENTED, "reject", [endpoint.id])] == ["rejected"]
    assert [e.status for e in client.vpcep.endpoints(id=endpoint.id)] == ["rejected"]

    client.vpcep.delete_endpoint(endpoint.id)
    resource.wait_for_delete(client.vpcep, endpoint, interval=0.01, wait=10)
    assert [connection.id for connection in client.vpcep.service_connections(DOCUMENTED)] == before
    client.vpcep.delete_endpoint(endpoint.id)
    with pytest.raises(exceptions.NotFoundException):
        client.vpcep.delete_endpoint(endpoint.id, ignore_missing=False)


def test_life_of_a_service(server):
    """Creates an endpoint service, polls until it is there, finds, changes and deletes it"""
    client = connect(server, project_name="eu-de")
    service = service_of(client, name="shop")
    assert client.vpcep.find_service(service.service_name).id == service.id
    assert client.vpcep.find_service(service.id).id == service.id
    assert service.id in [found.id for found in client.vpcep.services()]
    assert [found.id for found in client.vpcep.services(name=service.service_name)] == [service.id]
    assert client.vpcep.get_target_service(service.id).id == service.id

    changed = client.vpcep.update_service(service.id, is_approval_enabled=True, ports=[{"client_port": 81, "server_port": 91}])
    assert changed.is_approval_enabled is True
    assert client.vpcep.get_service(service.id).ports[0]["client_port"] == 81

    client.vpcep.delete_service(service.id)
    resource.wait_for_delete(client.vpcep, service, interval=0.01, wait=10)
    assert service.id not in [found.id for found in client.vpcep.services()]
    with pytest.raises(exceptions.NotFoundException):
        client.vpcep.get_service(service.id)
    assert client.vpcep.find_service(service.id, ignore_missing=True) is None


def test_an_endpoint_without_approval(server):
    """Connects an endpoint at once where its service wants no approval"""
    client = connect(server, project_name="eu-de")
    service = service_of(client, is_approval_enabled=False)
    endpoint = client.vpcep.create_endpoint(endpoint_service_id=service.id, router_id=VPC, network_id=VPC)
    endpoint = resource.wait_for_status(client.vpcep, endpoint, "accepted", ["failed"], interval=0.01, wait=10)
    assert [connection.status for connection in client.vpcep.service_connections(service.id)] == ["accepted"]
    with pytest.raises(exceptions.SDKException) as refusal:
        client.vpcep.delete_service(service.id)
    assert refusal.value.response.status_code in (400, 409)


def test_whitelist(server):
    """Adds accounts to the whitelist of an endpoint service, lists them, and removes them"""
    client = connect(server, project_name="eu-de")
    accounts = [f"{number:032x}" for number in range(1, 4)]
    added = list(client.vpcep.manage_service_whitelist(DOCUMENTED, "add", list(accounts)))
    assert [entry.permission for entry in added] == [f"iam:domain::{account}" for account in accounts]
    listed = [entry.permission for entry in client.vpcep.service_whitelist(DOCUMENTED, sort_dir="asc")]
    assert set(added_entry.permission for added_entry in added) <= set(listed)
    assert len(list(client.vpcep.service_whitelist(DOCUMENTED, permission=accounts[1]))) == 1
    removed = list(client.vpcep.manage_service_whitelist(DOCUMENTED, "remove", accounts[:2]))
    assert len(removed) == 2
    left = [entry.permission for entry in client.vpcep.service_whitelist(DOCUMENTED)]
    assert f"iam:domain::{accounts[2]}" in left and f"iam:domain::{accounts[0]}" not in left


def test_quotas(setup):
    """Reads the quotas, all of them and one"""
    assert {quota.type for quota in setup.client.vpcep.resource_quota()} == {"endpoint", "endpoint_service"}
    assert [quota.type for quota in setup.client.vpcep.resource_quota("endpoint")] == ["endpoint"]


def test_refused_creations(server):
    """Raises its own error for what cannot be created, and nothing is there afterwards"""
    client = connect(server, project_name="eu-de")
    before = [endpoint.id for endpoint in client.vpcep.endpoints()]
    for attributes in [{}, {"endpoint_service_id": UNKNOWN, "router_id": VPC, "network_id": VPC}, {"router_id": VPC}]:
        with pytest.raises(exceptions.HttpException) as refusal:
            client.vpcep.create_endpoint(**attributes)
        assert refusal.value.response.status_code in (400, 404)
    assert [endpoint.id for endpoint in client.vpcep.endpoints()] == before


def test_a_reader(server):
    """Lists as a user who only reads, and may create, accept and delete nothing"""
    client = connect(server, username="readonly", password="readonly-password", project_name="eu-de")
    connections = list(client.vpcep.service_connections(DOCUMENTED))
    assert len(connections) == 2
    for write in [
        lambda: client.vpcep.create_endpoint(endpoint_service_id=DOCUMENTED, router_id=VPC, network_id=VPC),
        lambda: client.vpcep.manage_service_connections(DOCUMENTED, "reject", [connections[0].id]),
        lambda: client.vpcep.delete_endpoint(connections[0].id),
        lambda: client.vpcep.delete_service(DOCUMENTED),
    ]:
        with pytest.raises(exceptions.HttpException, match="EndPoint.0004") as refusal:
            write()
        assert refusal.value.response.status_code == 403
    assert list(client.vpcep.service_connections(DOCUMENTED)) == connections


def test_several_at_once(server):
    """Creates endpoints from several threads at once, each with a packet identifier of its own"""
    client = connect(server, project_name="eu-de")

    def create(_):
        return client.vpcep.create_endpoint(endpoint_service_id=DOCUMENTED, router_id=VPC, network_id=VPC)

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        endpoints = list(pool.map(create, range(12)))
    assert len({endpoint.marker_id for endpoint in endpoints}) == 12
    listed = {connection.id for connection in client.vpcep.service_connections(DOCUMENTED, limit=100)}
    assert {endpoint.id for endpoint in endpoints} <= listed


def test_life_of_a_gateway(server):
    """Creates a gateway, waits as it does by itself until it runs, connects an endpoint, and deletes the gateway"""
    client = connect(server, project_name="eu-de")
    gateway = client.apig.create_gateway(
        instance_name="gateway-1", spec_id="BASIC", vpc_id=VPC, subnet_id=VPC, security_group_id=VPC,
        available_zone_ids=["eu-de-01"],
    )
    gateway = client.apig.get_gateway(gateway.instance_id)
    gateway = client.apig.wait_for_gateway(gateway, interval=0.01, wait=10)
    assert gateway.status == "Running"
    assert list(client.apig.vpc_endpoints(gateway.id)) == []
    service = client.vpcep.find_service(gateway.endpoint_services[0].service_name)
    endpoint = client.vpcep.create_endpoint(endpoint_service_id=service.id, router_id=VPC, network_id=VPC)
    assert [connection.id for connection in client.apig.vpc_endpoints(gateway.id)] == [endpoint.id]
    client.vpcep.delete_endpoint(endpoint.id)
    assert list(client.apig.vpc_endpoints(gateway.id)) == []
    client.apig.delete_gateway(gateway.id)
    resource.wait_for_delete(client.apig, gateway, interval=0.01, wait=10)
    with pytest.raises(exceptions.NotFoundException, match="APIC.7314"):
        list(client.apig.vpc_endpoints(gateway.id))


# What goes wrong


def connected(server, **options):
    """A client that has logged in."""
    client = connect(server, **options)
    assert client.auth_token
    return client


def test_repeats_nothing_by_itself(server):
    """Raises its own error for 429, 500 and 503 after one request"""
    client = connected(server)
    for api, ask in [
        ("vpcep", lambda: list(client.vpcep.service_connections(SERVICE))),
        ("apig", lambda: list(client.apig.vpc_endpoints(GATEWAY))),
    ]:
        for status in [429, 500, 503]:
            fault = server.fault(api=api, error=status)
            with pytest.raises(exceptions.HttpException) as refusal:
                ask()
            assert refusal.value.response.status_code == status
            assert fault.counts == (1, 1)


def test_status_code_retries(server):
    """Repeats with `vpcep_status_code_retries` after 429 and 503, when Retry-After is over, and then raises its own error"""
    client = connected(server, vpcep_status_code_retries=2)
    fault = server.fault(api="vpcep", error=429, retryAfter=1, when={"first": 1})
    assert len(list(client.vpcep.service_connections(SERVICE))) == 10
    assert fault.counts == (2, 1)
    assert server.gaps(api="vpcep")[0] >= 1
    for status, requests in [(429, 3), (503, 3), (500, 1)]:
        fault = server.fault(api="vpcep", error=status, retryAfter=0)
        with pytest.raises(exceptions.HttpException) as refusal:
            list(client.vpcep.service_connections(SERVICE))
        assert refusal.value.response.status_code == status
        assert fault.counts == (requests, requests)


@pytest.mark.parametrize(
    "end",
    [{"connection": "reset"}, {"connection": "empty"}, {"connection": "garbage"}, {"delay": {"milliseconds": 1500}}],
    ids=["reset", "empty", "garbage", "late"],
)
def test_connect_retries(server, end):
    """Raises keystoneauth's errors for a reset connection, no answer, garbage and a late answer; `vpcep_connect_retries` repeats"""
    client = connected(server, vpcep_connect_retries=1, api_timeout=0.5)
    fault = server.fault(api="vpcep", when={"first": 3}, **end)
    with pytest.raises((keystoneauth.ConnectFailure, keystoneauth.ConnectTimeout)):
        list(client.vpcep.service_connections(SERVICE))
    assert fault.counts == (2, 2)
    assert len(list(client.vpcep.service_connections(SERVICE))) == 10
    assert fault.counts == (4, 3)


def test_half_an_answer(server):
    """Raises UnknownConnectionError of keystoneauth for half an answer, and repeats nothing"""
    client = connected(server, vpcep_connect_retries=1)
    fault = server.fault(api="vpcep", truncate={"bytes": 100})
    with pytest.raises(keystoneauth.UnknownConnectionError):
        list(client.vpcep.service_connections(SERVICE))
    assert fault.counts == (1, 1)


@pytest.mark.parametrize("trouble", [{"error": 503}, {"error": 429}, {"connection": "reset"}], ids=["503", "429", "reset"])
def test_identity_service_in_trouble(server, trouble):
    """Is refused a token while the identity service is in trouble, and gets one afterwards"""
    fault = server.fault(api="identity", operation="KeystoneCreateToken", **trouble)
    with pytest.raises(exceptions.SDKException):
        connect(server).auth_token
    fault.end()
    assert connect(server).auth_token


def test_created_and_not_told(server):
    """Creates a second endpoint when it repeats a creation whose answer was lost, since nothing tells the two apart"""
    client = connected(server, project_name="eu-de", vpcep_status_code_retries=1)
    before = [connection.id for connection in client.vpcep.service_connections(DOCUMENTED)]
    server.fault(api="vpcep", operation="CreateEndpoint", error=503, retryAfter=0, after=True, when={"first": 1})
    endpoint = client.vpcep.create_endpoint(endpoint_service_id=DOCUMENTED, router_id=VPC, network_id=VPC)
    listed = [connection.id for connection in client.vpcep.service_connections(DOCUMENTED)]
    assert endpoint.id in listed
    assert len(listed) == len(before) + 2


# Many at once


def test_tenants(server, crowd):
    """Eight log in at once to projects of their own, made as copies of a seeded one, by name or identifier, and live there; one is struck"""

    def life(number, tenant):
        project = {"project_id": tenant.id, "project_name": None} if number % 2 else {"project_name": f"eu-de_257_{tenant.label}"}
        client = connect(server, vpcep_status_code_retries=2, **project)
        assert client.current_project_id == tenant.id
        mine, other = [
            client.vpcep.create_endpoint(endpoint_service_id=SERVICE, router_id=VPC, network_id=VPC) for _ in range(2)
        ]
        client.vpcep.manage_service_connections(SERVICE, "reject", [mine.id])
        client.vpcep.delete_endpoint(other.id)
        found = list(client.vpcep.service_connections(SERVICE, limit=1000))
        return len(found), [connection.status for connection in found if connection.id == mine.id]

    lives = crowd("vpcep", PROJECT, life, error=503, retryAfter=0, when={"first": 2})
    assert lives == [(258, ["rejected"])] * 8


# The command line


def openstack_command(server, *arguments, project="eu-de_257"):
    environment = {
        "PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "OS_AUTH_URL": server.url + "/v3",
        "OS_USERNAME": "full", "OS_PASSWORD": "full-password", "OS_USER_DOMAIN_NAME": "patchbay",
        "OS_PROJECT_NAME": project, "OS_PROJECT_DOMAIN_NAME": "patchbay", "OS_REGION_NAME": "eu-de", "OS_IDENTITY_API_VERSION": "3",
    }
    program = os.path.join(os.path.dirname(sys.executable), "openstack")
    return subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, timeout=60)


def test_command_line(server):
    """Issues a token and lists connections from the command line, `openstack vpcep service connection list`"""
    issued = openstack_command(server, "token", "issue", "-f", "json")
    assert issued.returncode == 0, issued.stderr
    assert json.loads(issued.stdout)["project_id"] == PROJECT
    listed = openstack_command(server, "vpcep", "service", "connection", "list", SERVICE, "--limit", "3", "-f", "json")
    assert listed.returncode == 0, listed.stderr
    assert len(json.loads(listed.stdout)) == 3
