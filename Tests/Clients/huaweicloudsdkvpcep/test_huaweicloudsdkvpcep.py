import concurrent.futures
import logging
import types

import pytest
import requests
from huaweicloudsdkcore.auth.credentials import BasicCredentials, GlobalCredentials
from huaweicloudsdkcore.exceptions.exception_handler import DefaultExceptionHandler
from huaweicloudsdkcore.exceptions.exceptions import (
    ClientRequestException,
    SdkException,
)
from huaweicloudsdkcore.http.http_client import HttpClient
from huaweicloudsdkcore.http.http_config import HttpConfig
from huaweicloudsdkcore.http.http_handler import HttpHandler
from huaweicloudsdkcore.retry.backoff_strategy import BackoffStrategies
from huaweicloudsdkcore.region.region import Region
from huaweicloudsdkvpcep.v1 import *

PROJECT = "00000000000000000000000000000257"
SERVICE = "00000000-0000-4000-8000-000000000257"
DOCUMENTED_PROJECT = "a4a5d4098fb4474fa22cd05f897d6b99"
DOCUMENTED = "4189d3c2-8882-4871-a3c2-d380272eed88"
UNKNOWN = "ffffffff-ffff-4fff-8fff-ffffffffffff"
VPC = "33333333-3333-4333-8333-333333333333"
PORT = "44444444-4444-4444-8444-444444444444"


@pytest.fixture(autouse=True)
def nothing_is_remembered():
    # The library remembers projects by access key and region, for all servers.
    BasicCredentials._CACHE.clear()
    GlobalCredentials._CACHE.clear()


def connect(server, key="FULLACCESSKEY", secret="full-secret-key", project=DOCUMENTED_PROJECT):
    credentials = BasicCredentials(key, secret, project)
    return VpcepClient.new_builder().with_credentials(credentials).with_endpoint(server.url).build()


def connections(client, service=SERVICE, **query):
    request = ListServiceConnectionsRequest(vpc_endpoint_service_id=service, **query)
    return client.list_service_connections(request)


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
    assert (len(answer.connections), answer.total_count) == (3, 257)


def test_finds_its_project(server):
    """Finds the project of its region at the identity service"""
    credentials = BasicCredentials("FULLACCESSKEY", "full-secret-key").with_iam_endpoint(server.url)
    builder = VpcepClient.new_builder().with_credentials(credentials)
    client = builder.with_region(Region("eu-de", server.url)).build()
    assert [c.marker_id for c in connections(client, DOCUMENTED).connections] == [16777510, 16777513]
    assert credentials.project_id == DOCUMENTED_PROJECT


def test_finds_no_project(server):
    """Says so when the region has no project, or the key may not ask"""
    for key, secret, region, message in [
        ("FULLACCESSKEY", "full-secret-key", "eu-xx", "Confirm that the project exists in your account"),
        ("DENIEDACCESSKEY", "denied-secret-key", "eu-de", "status_code:403"),
        ("NOSUCHKEY", "full-secret-key", "eu-de", "status_code:401"),
    ]:
        credentials = BasicCredentials(key, secret).with_iam_endpoint(server.url)
        builder = VpcepClient.new_builder().with_credentials(credentials)
        with pytest.raises(SdkException, match=message):
            builder.with_region(Region(region, server.url)).build()


def test_finds_its_account(server):
    """Finds its account at the identity service"""
    credentials = GlobalCredentials("FULLACCESSKEY", "full-secret-key").with_iam_endpoint(server.url)
    http = HttpClient(HttpConfig.get_default_config(), HttpHandler(), DefaultExceptionHandler(), logging.getLogger("test"))
    credentials.process_auth_params(http, "eu-de")
    assert credentials.domain_id == "5fc973eea581490997e82ea11a1df31f"


def test_sends_a_token(server):
    """Sends a token of the identity service in place of a signature"""
    user = {"name": "full", "password": "full-password", "domain": {"name": "patchbay"}}
    identity = {"methods": ["password"], "password": {"user": user}}
    body = {"auth": {"identity": identity, "scope": {"project": {"id": PROJECT}}}}
    token = requests.post(server.url + "/v3/auth/tokens", json=body, timeout=10).headers["X-Subject-Token"]
    client = connect(server, "NOSUCHKEY", "none", PROJECT)
    request = ListServiceConnectionsRequest(vpc_endpoint_service_id=SERVICE)
    invoker = client.list_service_connections_invoker(request)
    answer = invoker.add_header("Authorization", "none").add_header("X-Auth-Token", token).invoke()
    assert answer.total_count == 257


# Lists


def test_lists_connections_in_small_pages(setup):
    """Lists all connections of an endpoint service in small pages, and in one large one"""
    found = pages(lambda **query: connections(setup.client, **query).connections, 50)
    assert len({connection.id for connection in found}) == len(found) == 257
    whole = connections(setup.client, limit=1000).connections
    assert [connection.id for connection in whole] == [connection.id for connection in found]
    assert len(connections(setup.client).connections) == 10


def test_sorts_connections(setup):
    """Sorts connections by both times and in both directions"""
    for key in ["create_at", "update_at"]:
        up = connections(setup.client, sort_key=key, sort_dir="asc", limit=1000).connections
        down = connections(setup.client, sort_key=key, sort_dir="desc", limit=1000).connections
        assert [connection.id for connection in up] == [connection.id for connection in reversed(down)]
        times = [connection.created_at if key == "create_at" else connection.updated_at for connection in up]
        assert times == sorted(times)


def test_filters_connections(setup):
    """Filters connections by identifier, packet identifier and state"""
    first = connections(setup.client, limit=1).connections[0]
    for query in [{"id": first.id}, {"marker_id": str(first.marker_id)}]:
        assert [connection.id for connection in connections(setup.client, **query).connections] == [first.id]
    accepted = connections(setup.client, status="accepted", limit=1000)
    assert {connection.status for connection in accepted.connections} == {"accepted"}
    assert len(accepted.connections) == accepted.total_count == 43
    assert connections(setup.client, id=UNKNOWN).connections == []


def test_lists_at_once(server):
    """Lists from several threads at once, and with the asynchronous client"""
    client = connect(server, project=PROJECT)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        totals = list(pool.map(lambda _: connections(client).total_count, range(20)))
    assert totals == [257] * 20
    credentials = BasicCredentials("FULLACCESSKEY", "full-secret-key", PROJECT)
    other = VpcepAsyncClient.new_builder().with_credentials(credentials).with_endpoint(server.url).build()
    request = ListServiceConnectionsRequest(vpc_endpoint_service_id=SERVICE, limit=5)
    assert len(other.list_service_connections_async(request).result().connections) == 5


# Errors


@pytest.mark.parametrize(
    ("query", "code", "message"),
    [
        ({"limit": 1001}, "EndPoint.0006", "Invalid limit."),
        ({"offset": -1}, "EndPoint.0010", "Invalid offset."),
        ({"sort_key": "name"}, "EndPoint.0017", "Invalid sort_key."),
        ({"sort_dir": "up"}, "EndPoint.0018", "Invalid sort_dir."),
        ({"status": "foo"}, "EndPoint.0019", "Invalid status."),
        ({"marker_id": "abc"}, "EndPoint.0021", "Invalid marker_id."),
    ],
    ids=lambda value: value if isinstance(value, str) and value.startswith("EndPoint") else "",
)
def test_bad_values(setup, query, code, message):
    """Raises its own error with status, code, text and the request's identifier for a bad value"""
    assert refused(lambda: connections(setup.client, **query)) == (400, code, message)


def test_unknown_service(setup):
    """Raises its own error for an unknown endpoint service"""
    assert refused(lambda: connections(setup.client, UNKNOWN)) == (
        404, "EndPoint.0005", "The requested resource does not exist.",
    )


def test_refused_credentials(server):
    """Raises its own error for a wrong secret, an unknown key, one that may do nothing, and another project"""
    call = lambda *key: refused(lambda: connections(connect(server, *key)))
    assert call("FULLACCESSKEY", "wrong", PROJECT)[:2] == (401, "APIGW.0301")
    status, code, message = call("NOSUCHKEY", "none", PROJECT)
    assert (status, code) == (401, "APIGW.0301") and "ak not exist" in message
    assert call("DENIEDACCESSKEY", "denied-secret-key", PROJECT)[:2] == (403, "EndPoint.0004")
    assert call("FULLACCESSKEY", "full-secret-key", "f" * 32)[:2] == (404, "EndPoint.0005")


# Life


def repeat(invoker, condition):
    return invoker.with_retry(condition, max_retries=10, backoff_strategy=BackoffStrategies.NONE)


def wait(invoker, is_done):
    """Polls as the library repeats requests: until the condition says that it need not."""
    answer = repeat(invoker, lambda answer, error: error is None and not is_done(answer)).invoke()
    assert is_done(answer)
    return answer


def wait_until_gone(invoker):
    assert refused(repeat(invoker, lambda answer, error: error is None).invoke)[:2] == (404, "EndPoint.0005")


def create_endpoint(client, service=DOCUMENTED, **members):
    body = CreateEndpointRequestBody(endpoint_service_id=service, vpc_id=VPC, subnet_id=VPC, **members)
    return client.create_endpoint(CreateEndpointRequest(body=body))


def create_service(client, **members):
    ports = [PortList(client_port=8080, server_port=90, protocol="TCP")]
    body = CreateEndpointServiceRequestBody(port_id=PORT, vpc_id=VPC, server_type="VM", ports=ports, **members)
    service = client.create_endpoint_service(CreateEndpointServiceRequest(body=body))
    assert service.status == "creating"
    request = ListServiceDetailsRequest(vpc_endpoint_service_id=service.id)
    return wait(client.list_service_details_invoker(request), lambda answer: answer.status == "available")


def act(client, action, *endpoints):
    body = AcceptOrRejectEndpointRequestBody(action=action, endpoints=list(endpoints))
    request = AcceptOrRejectEndpointRequest(vpc_endpoint_service_id=DOCUMENTED, body=body)
    return [connection.status for connection in client.accept_or_reject_endpoint(request).connections]


def test_life_of_an_endpoint(server):
    """Creates an endpoint, polls until it waits, accepts, rejects and deletes it; each step is in the list at once"""
    client = connect(server)
    before = [connection.id for connection in connections(client, DOCUMENTED).connections]
    endpoint = create_endpoint(client)
    assert endpoint.status == "creating"
    details = lambda: client.list_endpoint_info_details_invoker(
        ListEndpointInfoDetailsRequest(vpc_endpoint_id=endpoint.id)
    )
    wait(details(), lambda answer: answer.status == "pendingAcceptance")
    listed = connections(client, DOCUMENTED).connections
    assert [connection.id for connection in listed] == [endpoint.id] + before
    assert (listed[0].status, listed[0].marker_id) == ("pendingAcceptance", endpoint.marker_id)

    assert act(client, "receive", endpoint.id) == ["accepted"]
    assert details().invoke().status == "accepted"
    assert connections(client, DOCUMENTED, id=endpoint.id).connections[0].status == "accepted"
    assert act(client, "reject", endpoint.id) == ["rejected"]
    mine = client.list_endpoints(ListEndpointsRequest(id=endpoint.id))
    assert [found.status for found in mine.endpoints] == ["rejected"]

    client.delete_endpoint(DeleteEndpointRequest(vpc_endpoint_id=endpoint.id))
    wait_until_gone(details())
    assert [connection.id for connection in connections(client, DOCUMENTED).connections] == before
    again = lambda: client.delete_endpoint(DeleteEndpointRequest(vpc_endpoint_id=endpoint.id))
    assert refused(again)[0] == 404


def test_life_of_a_service(server):
    """Creates an endpoint service, polls until it is there, finds, changes and deletes it"""
    client = connect(server)
    service = create_service(client, service_name="shop")
    found = client.list_endpoint_service(ListEndpointServiceRequest(endpoint_service_name=service.service_name))
    assert [entry.id for entry in found.endpoint_services] == [service.id]
    described = client.list_service_describe_details(ListServiceDescribeDetailsRequest(id=service.id))
    assert described.service_name == service.service_name

    body = UpdateEndpointServiceRequestBody(approval_enabled=True)
    request = UpdateEndpointServiceRequest(vpc_endpoint_service_id=service.id, body=body)
    assert client.update_endpoint_service(request).approval_enabled is True

    client.delete_endpoint_service(DeleteEndpointServiceRequest(vpc_endpoint_service_id=service.id))
    wait_until_gone(
        client.list_service_details_invoker(ListServiceDetailsRequest(vpc_endpoint_service_id=service.id))
    )


def test_refused_actions(server):
    """Raises its own errors for what cannot be accepted or created, and nothing has changed afterwards"""
    client = connect(server)
    first, second = connections(client, DOCUMENTED).connections
    assert refused(lambda: act(client, "receive", first.id))[:2] == (400, "EndPoint.2014")
    assert refused(lambda: act(client, "accept", first.id))[:2] == (400, "EndPoint.2027")
    assert refused(lambda: act(client, "reject", first.id, second.id))[:2] == (400, "EndPoint.2031")
    assert refused(lambda: act(client, "receive", UNKNOWN))[:2] == (404, "EndPoint.2006")
    assert refused(lambda: create_endpoint(client, UNKNOWN))[0] == 400
    assert [entry.status for entry in connections(client, DOCUMENTED).connections] == ["accepted", "accepted"]


def test_refused_writes(server):
    """May change nothing with a key that may do nothing"""
    client = connect(server, "DENIEDACCESSKEY", "denied-secret-key")
    for write in [lambda: create_endpoint(client), lambda: act(client, "reject", UNKNOWN)]:
        assert refused(write)[:2] == (403, "EndPoint.0004")
    assert connections(connect(server), DOCUMENTED).total_count == 2


def test_whitelist(server):
    """Adds accounts to the whitelist of an endpoint service, lists them in small pages, and removes them"""
    client = connect(server)
    permissions = [f"iam:domain::{number:032x}" for number in range(1, 6)]

    def change(action, entries):
        body = AddOrRemoveServicePermissionsRequestBody(permissions=entries, action=action)
        request = AddOrRemoveServicePermissionsRequest(vpc_endpoint_service_id=DOCUMENTED, body=body)
        return client.add_or_remove_service_permissions(request).permissions

    def listed(**query):
        request = ListServicePermissionsDetailsRequest(vpc_endpoint_service_id=DOCUMENTED, **query)
        return [entry.permission for entry in client.list_service_permissions_details(request).permissions]

    assert change("add", permissions) == permissions
    assert set(permissions) <= set(pages(listed, 2))
    assert listed(permission=permissions[1]) == [permissions[1]]
    assert change("remove", permissions[:3]) == permissions[:3]
    assert set(listed()) & set(permissions) == set(permissions[3:])
    assert refused(lambda: change("drop", permissions))[:2] == (400, "EndPoint.3035")


def test_quotas_and_public_services(setup):
    """Reads the quotas and lists the public endpoint services"""
    quotas = setup.client.list_quota_details(ListQuotaDetailsRequest()).quotas.resources
    assert {quota.type for quota in quotas} == {"endpoint", "endpoint_service"}
    public = setup.client.list_service_public_details(ListServicePublicDetailsRequest(limit=5))
    assert public.total_count >= len(public.endpoint_services)


# What goes wrong


def lister(server, **options):
    """A list of one connection, by a client with options of its configuration."""
    configuration = HttpConfig(**options)
    credentials = BasicCredentials("FULLACCESSKEY", "full-secret-key", PROJECT)
    builder = VpcepClient.new_builder().with_credentials(credentials).with_http_config(configuration)
    client = builder.with_endpoint(server.url).build()
    request = ListServiceConnectionsRequest(vpc_endpoint_service_id=SERVICE, limit=1)
    return client.list_service_connections_invoker(request)


@pytest.fixture
def sdk():
    return types.SimpleNamespace(api="vpcep", internal_error="EndPoint.0001", lister=lister, total=lambda answer: answer.total_count)


from huawei_faults import *  # noqa: E402: its tests belong here


def test_created_and_not_told(server):
    """Creates a second endpoint when it repeats a creation whose answer was lost, since nothing tells the two apart"""
    client = connect(server)
    server.fault(api="vpcep", operation="CreateEndpoint", connection="empty", after=True, when={"first": 1})
    before = connections(client, DOCUMENTED).total_count
    body = CreateEndpointRequestBody(endpoint_service_id=DOCUMENTED, vpc_id=VPC, subnet_id=VPC)
    invoker = client.create_endpoint_invoker(CreateEndpointRequest(body=body))
    invoker.with_retry(is_error, 1, BackoffStrategies.NONE).invoke()
    assert connections(client, DOCUMENTED).total_count == before + 2


def test_tenants(server, crowd):
    """Eight live at once in projects of their own, made as copies of a seeded one; one is struck by faults, and outlives them"""

    def life(number, tenant):
        client = connect(server, project=tenant.id)
        again = lambda invoker: invoker.with_retry(is_error, 2, BackoffStrategies.NONE).invoke()
        body = CreateEndpointRequestBody(endpoint_service_id=SERVICE, vpc_id=VPC, subnet_id=VPC)
        mine = again(client.create_endpoint_invoker(CreateEndpointRequest(body=body)))
        body = AcceptOrRejectEndpointRequestBody(action="reject", endpoints=[mine.id])
        request = AcceptOrRejectEndpointRequest(vpc_endpoint_service_id=SERVICE, body=body)
        client.accept_or_reject_endpoint(request)
        other = create_endpoint(client, SERVICE)
        client.delete_endpoint(DeleteEndpointRequest(vpc_endpoint_id=other.id))
        found = connections(client, limit=1000)
        assert len(found.connections) == found.total_count == 258
        return [connection.status for connection in found.connections if connection.id == mine.id]

    assert crowd("vpcep", PROJECT, life, error=503, when={"first": 2}) == [["rejected"]] * 8
