import concurrent.futures
import types

import pytest
import requests
from huaweicloudsdkapig.v2 import *
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import (
    ClientRequestException,
)
from huaweicloudsdkcore.http.http_config import HttpConfig
from huaweicloudsdkcore.retry.backoff_strategy import BackoffStrategies
from huaweicloudsdkcore.region.region import Region

PROJECT = "00000000000000000000000000000257"
GATEWAY = "00000000000000000000000000000257"
DOCUMENTED_PROJECT = "77b6a44cba5143ab91d13ab9a8ff44fd"
DOCUMENTED = "eddc4d25480b4cd6b512f270a1b8b341"


@pytest.fixture(autouse=True)
def nothing_is_remembered():
    # The library remembers projects by access key and region, for all servers.
    BasicCredentials._CACHE.clear()


def connect(server, key="FULLACCESSKEY", secret="full-secret-key", project=DOCUMENTED_PROJECT):
    credentials = BasicCredentials(key, secret, project)
    return ApigClient.new_builder().with_credentials(credentials).with_endpoint(server.url).build()


def connections(client, gateway=GATEWAY, **query):
    return client.list_endpoint_connections(ListEndpointConnectionsRequest(instance_id=gateway, **query))


def pages(list_, size):
    """Everything of a list, page by page, until one is empty."""
    found = []
    while page := list_(limit=size, offset=len(found)):
        found += page
    return found


def refused(call):
    with pytest.raises(ClientRequestException) as refusal:
        call()
    error = refusal.value
    assert error.request_id
    return error.status_code, error.error_code, error.error_msg


# Logging in


def test_signs_with_an_access_key(setup):
    """Signs its requests with an access key, and is told the identifier of each answer"""
    answer = connections(setup.client, limit=3)
    assert (len(answer.connections), answer.size, answer.total) == (3, 3, 257)
    assert len(answer.x_request_id) == 32


def test_finds_its_project(server):
    """Finds the project of its region at the identity service"""
    credentials = BasicCredentials("FULLACCESSKEY", "full-secret-key").with_iam_endpoint(server.url)
    builder = ApigClient.new_builder().with_credentials(credentials)
    client = builder.with_region(Region("eu-nl", server.url)).build()
    assert connections(client, DOCUMENTED).total == 2
    assert credentials.project_id == DOCUMENTED_PROJECT


def test_sends_a_token(server):
    """Sends a token of the identity service in place of a signature"""
    user = {"name": "readonly", "password": "readonly-password", "domain": {"name": "patchbay-gateway"}}
    identity = {"methods": ["password"], "password": {"user": user}}
    body = {"auth": {"identity": identity, "scope": {"project": {"name": "eu-nl"}}}}
    token = requests.post(server.url + "/v3/auth/tokens", json=body, timeout=10).headers["X-Subject-Token"]
    client = connect(server, "NOSUCHKEY", "none")
    invoker = client.list_endpoint_connections_invoker(ListEndpointConnectionsRequest(instance_id=DOCUMENTED))
    answer = invoker.add_header("Authorization", "none").add_header("X-Auth-Token", token).invoke()
    assert answer.total == 2


# Lists


def test_lists_connections_in_small_pages(setup):
    """Lists all connections of a gateway in small pages, and in one large one"""
    found = pages(lambda **query: connections(setup.client, **query).connections, 50)
    assert len({connection.id for connection in found}) == len(found) == 257
    whole = connections(setup.client, limit=500).connections
    assert [connection.id for connection in whole] == [connection.id for connection in found]
    assert len(connections(setup.client).connections) == 20


def test_filters_connections(setup):
    """Filters connections by identifier, packet identifier and state"""
    first = connections(setup.client, limit=1).connections[0]
    for query in [{"id": first.id}, {"marker_id": first.marker_id}]:
        assert [connection.id for connection in connections(setup.client, **query).connections] == [first.id]
    accepted = connections(setup.client, status="accepted", limit=500)
    assert {connection.status for connection in accepted.connections} == {"accepted"}
    assert len(accepted.connections) == accepted.total == 43


def test_lists_at_once(server):
    """Lists from several threads at once, and with the asynchronous client"""
    client = connect(server, project=PROJECT)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: connections(client).total, range(20))) == [257] * 20
    credentials = BasicCredentials("FULLACCESSKEY", "full-secret-key", PROJECT)
    other = ApigAsyncClient.new_builder().with_credentials(credentials).with_endpoint(server.url).build()
    request = ListEndpointConnectionsRequest(instance_id=GATEWAY, limit=5)
    assert len(other.list_endpoint_connections_async(request).result().connections) == 5


# Errors


@pytest.mark.parametrize("query", [{"limit": "x"}, {"offset": "x"}, {"status": "foo"}, {"marker_id": "abc"}], ids="limit offset status marker_id".split())
def test_bad_values(setup, query):
    """Raises its own error with status, code, text and the request's identifier for a bad value"""
    status, code, message = refused(lambda: connections(setup.client, **query))
    assert (status, code) == (400, "APIC.7211")
    assert message.startswith("Parameter value does not match the rules, parameter name[")


def test_unknown_gateway(setup):
    """Raises its own error for an unknown gateway"""
    assert refused(lambda: connections(setup.client, "f" * 32)) == (404, "APIC.7314", "Endpoint service not found")


def test_refused_credentials(server):
    """Raises its own error for a wrong secret, an unknown key, and one that may do nothing"""
    call = lambda *key: refused(lambda: connections(connect(server, *key)))
    assert call("FULLACCESSKEY", "wrong", PROJECT)[:2] == (401, "APIGW.0301")
    status, code, message = call("NOSUCHKEY", "none", PROJECT)
    assert (status, code) == (401, "APIGW.0301") and "ak not exist" in message
    assert call("DENIEDACCESSKEY", "denied-secret-key", PROJECT)[:2] == (403, "APIC.7106")


# Life


def repeat(invoker, condition):
    """Polls as the library repeats requests."""
    return invoker.with_retry(condition, max_retries=10, backoff_strategy=BackoffStrategies.NONE)


def act(client, action, *endpoints, gateway=DOCUMENTED):
    body = ConnectionActionReq(action=action, endpoints=list(endpoints))
    request = AcceptOrRejectEndpointConnectionsRequest(instance_id=gateway, body=body)
    return {entry.id: entry.status for entry in client.accept_or_reject_endpoint_connections(request).connections}


def test_accepts_and_rejects(server):
    """Rejects and accepts connections, several at once; each change is in the list at once"""
    client = connect(server)
    ids = [connection.id for connection in connections(client, DOCUMENTED).connections]
    assert act(client, "reject", *ids) == dict.fromkeys(ids, "rejected")
    assert [connection.status for connection in connections(client, DOCUMENTED).connections] == ["rejected"] * 2
    assert act(client, "receive", ids[0]) == {ids[0]: "accepted"}
    invoker = client.list_endpoint_connections_invoker(ListEndpointConnectionsRequest(instance_id=DOCUMENTED, id=ids[0]))
    answer = repeat(invoker, lambda answer, error: error is None and answer.connections[0].status != "accepted").invoke()
    assert [connection.status for connection in answer.connections] == ["accepted"]


def test_refused_actions(server):
    """Raises its own errors for what cannot be accepted, and nothing has changed afterwards"""
    client = connect(server)
    before = connections(client, DOCUMENTED).connections
    for action, ids in [("accept", [before[0].id]), ("receive", []), ("receive", [before[0].id] * 51)]:
        status, code, _ = refused(lambda: act(client, action, *ids))
        assert (status, code) == (400, "APIC.7211")
    assert refused(lambda: act(client, "receive", before[0].id, gateway="f" * 32))[:2] == (404, "APIC.7314")
    denied = connect(server, "DENIEDACCESSKEY", "denied-secret-key")
    assert refused(lambda: act(denied, "reject", before[0].id))[:2] == (403, "APIC.7106")
    assert connections(client, DOCUMENTED).connections == before


def test_whitelist(server):
    """Adds accounts to the whitelist of a gateway, lists them in small pages, and removes them"""
    client = connect(server)
    permissions = [f"iam:domain::{number:032x}" for number in range(1, 6)]

    def listed(**query):
        request = ListEndpointPermissionsRequest(instance_id=DOCUMENTED, **query)
        return [entry.permission for entry in client.list_endpoint_permissions(request).permissions]

    def body(entries):
        return EndpointPermissionList(permissions=entries)

    client.add_endpoint_permissions(AddEndpointPermissionsRequest(instance_id=DOCUMENTED, body=body(permissions)))
    assert set(permissions) <= set(pages(listed, 2))
    assert listed(permission=permissions[1]) == [permissions[1]]
    client.delete_endpoint_permissions(
        DeleteEndpointPermissionsRequest(instance_id=DOCUMENTED, body=body(permissions[:3]))
    )
    assert set(listed()) & set(permissions) == set(permissions[3:])


def test_life_of_a_gateway(server):
    """Creates a gateway, polls until it runs, finds, changes and deletes it"""
    client = connect(server)
    zone = ["eu-de-01"]
    vpc = "33333333-3333-4333-8333-333333333333"
    body = InstanceCreateReqV2(
        instance_name="gateway-1", spec_id="BASIC", vpc_id=vpc, subnet_id=vpc, security_group_id=vpc,
        available_zone_ids=zone,
    )
    created = client.create_instance_v2(CreateInstanceV2Request(body=body)).instance_id
    invoker = client.show_details_of_instance_v2_invoker(ShowDetailsOfInstanceV2Request(instance_id=created))
    details = repeat(invoker, lambda answer, error: error is None and answer.status != "Running").invoke()
    assert (details.status, details.instance_name) == ("Running", "gateway-1")
    found = client.list_instances_v2(ListInstancesV2Request(instance_name="gateway-1")).instances
    assert [instance.id for instance in found] == [created]
    assert connections(client, created).connections == []

    request = UpdateInstanceV2Request(instance_id=created, body=InstanceModReq(description="a second one"))
    assert client.update_instance_v2(request).description == "a second one"
    client.delete_instances_v2(DeleteInstancesV2Request(instance_id=created))
    invoker = client.show_details_of_instance_v2_invoker(ShowDetailsOfInstanceV2Request(instance_id=created))
    assert refused(repeat(invoker, lambda answer, error: error is None).invoke)[:2] == (404, "APIC.7302")
    assert refused(lambda: connections(client, created))[:2] == (404, "APIC.7314")


def test_lists_gateways(setup):
    """Lists gateways, and filters them by identifier, name and state"""
    gateways = setup.client.list_instances_v2(ListInstancesV2Request())
    assert [gateway.id for gateway in gateways.instances] == [GATEWAY]
    for query in [{"instance_id": GATEWAY}, {"instance_name": gateways.instances[0].instance_name}, {"status": "Running"}]:
        assert setup.client.list_instances_v2(ListInstancesV2Request(**query)).total == 1
    assert setup.client.list_instances_v2(ListInstancesV2Request(instance_id="f" * 32)).total == 0


# What goes wrong


def lister(server, **options):
    """A list of one connection, by a client with options of its configuration."""
    configuration = HttpConfig(**options)
    credentials = BasicCredentials("FULLACCESSKEY", "full-secret-key", PROJECT)
    builder = ApigClient.new_builder().with_credentials(credentials).with_http_config(configuration)
    client = builder.with_endpoint(server.url).build()
    request = ListEndpointConnectionsRequest(instance_id=GATEWAY, limit=1)
    return client.list_endpoint_connections_invoker(request)


@pytest.fixture
def sdk():
    return types.SimpleNamespace(api="apig", internal_error="APIC.9100", lister=lister, total=lambda answer: answer.total)


from huawei_faults import *  # noqa: E402: its tests belong here


def test_tenants(server, crowd):
    """Eight live at once in projects of their own, made as copies of a seeded one; one is struck by faults, and outlives them"""

    def life(number, tenant):
        client = connect(server, project=tenant.id)
        request = ListEndpointConnectionsRequest(instance_id=GATEWAY, status="pendingAcceptance", limit=1)
        invoker = client.list_endpoint_connections_invoker(request)
        pending = invoker.with_retry(is_error, 2, BackoffStrategies.NONE).invoke()
        act(client, "receive" if number % 2 else "reject", pending.connections[0].id, gateway=GATEWAY)
        permissions = [f"iam:domain::{number:031x}{each}" for each in range(2)]
        body = EndpointPermissionList(permissions=permissions)
        client.add_endpoint_permissions(AddEndpointPermissionsRequest(instance_id=GATEWAY, body=body))
        body = EndpointPermissionList(permissions=permissions[:1])
        client.delete_endpoint_permissions(DeleteEndpointPermissionsRequest(instance_id=GATEWAY, body=body))
        listed = client.list_endpoint_permissions(ListEndpointPermissionsRequest(instance_id=GATEWAY, limit=100))
        found = [entry.permission for entry in listed.permissions if f"{number:031x}" in entry.permission]
        counts = [connections(client, status=status).total for status in ("accepted", "rejected")]
        return counts, connections(client, status="pendingAcceptance").total - pending.total, len(found)

    lives = crowd("apig", PROJECT, life, error=503, when={"first": 2})
    assert lives == [([44, 43] if number % 2 else [43, 44], -1, 1) for number in range(8)]
