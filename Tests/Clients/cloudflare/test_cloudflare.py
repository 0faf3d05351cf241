import asyncio
import concurrent.futures
import datetime
import os
import subprocess
import sys
import threading

import cloudflare
import httpx
import pytest
from cloudflare.types.connectivity.directory import service_list_response as listed

ACCOUNT = "00000000000000000000000000000257"
EMPTY = "00000000000000000000000000000000"
DOCUMENTED = "023e105f4ecef8ad9ca31a8372d0c353"
TUNNEL = "0191dce4-9ab4-7fce-b660-8e5dec5172da"
UNKNOWN = "00000000-0000-4000-8000-00000000abcd"
HOST = {"ipv4": "127.0.0.1", "network": {"tunnel_id": TUNNEL}}


@pytest.fixture
def services(setup):
    return setup.client.connectivity.directory.services


def counted(client):
    """The client, and the queries that it sends."""
    queries = []
    hooks = {"request": [lambda request: queries.append(request.url.query.decode())]}
    return client.with_options(http_client=httpx.Client(base_url=client.base_url, event_hooks=hooks)), queries


def create(services, account, name="n1", **members):
    return services.create(account_id=account, **{"name": name, "type": "http", "host": HOST, **members})


def names(services, account):
    return [service.name for service in services.list(account_id=account)]


def codes(error):
    return [entry.code for entry in error.errors]


# Lists


def test_walks_in_small_pages(setup):
    """Lists everything through its own pager, in small pages: one request more than there are pages"""
    client, queries = counted(setup.client)
    found = list(client.connectivity.directory.services.list(account_id=ACCOUNT, per_page=50))
    assert len({service.service_id for service in found}) == len(found) == 257
    assert [query.split("&") for query in queries] == [["per_page=50"]] + [
        ["per_page=50", f"page={page}"] for page in range(2, 8)
    ]


def test_walks_without_parameters(setup):
    """Lists everything without parameters: two requests"""
    client, queries = counted(setup.client)
    assert len(list(client.connectivity.directory.services.list(account_id=ACCOUNT))) == 257
    assert queries == ["", "page=2"]


@pytest.mark.parametrize("size", [1, 100, 257, 1000])
def test_every_size(services, size):
    """Finds the same services in the same order with any size of page"""
    account = DOCUMENTED if size == 1 else ACCOUNT
    whole = [service.service_id for service in services.list(account_id=account)]
    assert [service.service_id for service in services.list(account_id=account, per_page=size)] == whole


def test_one_page(services):
    """Takes one page, and asks whether there is another one"""
    page = services.list(account_id=ACCOUNT, page=6, per_page=50)
    assert len(page.result) == 7
    assert (page.result_info.page, page.result_info.per_page) == (6, 50)
    assert page.has_next_page()
    assert page.get_next_page().result == []


def test_empty_account(services):
    """Lists an empty account, and one that no seed names"""
    assert list(services.list(account_id=EMPTY)) == []
    assert list(services.list(account_id="2" * 32)) == []


def test_filter(services):
    """Filters by type, and makes the class of that type of each service"""
    http = list(services.list(account_id=ACCOUNT, type="http", per_page=60))
    tcp = list(services.list(account_id=ACCOUNT, type="tcp", per_page=60))
    assert (len(http), len(tcp)) == (129, 128)
    assert {type(service) for service in http} == {listed.InfraHTTPServiceConfig}
    assert {type(service) for service in tcp} == {listed.InfraTCPServiceConfig}


def test_hosts(services):
    """Makes the class of each kind of host"""
    found = {type(service.host) for service in services.list(account_id=ACCOUNT, type="tcp")}
    assert found == {
        listed.InfraTCPServiceConfigHostInfraIPv4Host,
        listed.InfraTCPServiceConfigHostInfraIPv6Host,
        listed.InfraTCPServiceConfigHostInfraDualStackHost,
        listed.InfraTCPServiceConfigHostInfraHostnameHost,
    }


def test_documented_service(services):
    """Reads the service of the vendor's example, with its times"""
    (service,) = services.list(account_id=DOCUMENTED)
    assert (service.name, service.http_port, service.https_port) == ("web-app", 8080, 8443)
    assert service.tls_settings.cert_verification_mode == "verify_full"
    assert service.created_at == datetime.datetime(2024, 1, 15, 9, 30, tzinfo=datetime.timezone.utc)


def test_strict_validation(server):
    """Lists and reads with strict validation of what is answered, with nulls as well"""
    for flags in ([], ["--quirk", "cloudflare.unset=null"]):
        server.restart(*flags)
        client = cloudflare.Cloudflare(
            base_url=server.url + "/client/v4", api_token="full-token", _strict_response_validation=True
        )
        services = client.connectivity.directory.services
        assert len(list(services.list(account_id=ACCOUNT, per_page=100))) == 257
        created = create(services, ACCOUNT)
        assert services.get(created.service_id, account_id=ACCOUNT).name == "n1"


def test_async(server):
    """Lists and writes with the asynchronous client"""

    async def life():
        client = cloudflare.AsyncCloudflare(base_url=server.url + "/client/v4", api_token="full-token")
        services = client.connectivity.directory.services
        found = [service async for service in services.list(account_id=ACCOUNT, per_page=100)]
        created = await asyncio.gather(*(create(services, EMPTY, f"n{number}") for number in range(20)))
        await client.close()
        return found, created

    found, created = asyncio.run(life())
    assert len(found) == 257
    assert len({service.service_id for service in created}) == 20


# The life of a service


def test_life(services):
    """Creates, reads, replaces and deletes a service"""
    created = create(services, EMPTY, http_port=8080, tls_settings={"cert_verification_mode": "disabled"})
    assert (created.name, created.type, created.http_port, created.https_port) == ("n1", "http", 8080, None)
    assert created.created_at == created.updated_at
    assert services.get(created.service_id, account_id=EMPTY).to_dict() == created.to_dict()

    replaced = services.update(created.service_id, account_id=EMPTY, name="n2", type="http", host=HOST, https_port=443)
    assert (replaced.service_id, replaced.name) == (created.service_id, "n2")
    assert (replaced.http_port, replaced.https_port, replaced.tls_settings) == (None, 443, None)
    assert replaced.created_at == created.created_at
    assert names(services, EMPTY) == ["n2"]

    assert services.delete(created.service_id, account_id=EMPTY) is None
    assert names(services, EMPTY) == []
    with pytest.raises(cloudflare.NotFoundError):
        services.get(created.service_id, account_id=EMPTY)


@pytest.mark.parametrize(
    "host",
    [
        {"ipv4": "10.0.0.1", "network": {"tunnel_id": TUNNEL}},
        {"ipv6": "fe80::1", "network": {"tunnel_id": TUNNEL}},
        {"ipv4": "10.0.0.1", "ipv6": "fe80::1", "network": {"tunnel_id": TUNNEL}},
        {"hostname": "h.example.com", "resolver_network": {"tunnel_id": TUNNEL, "resolver_ips": ["10.0.0.1"]}},
    ],
    ids=["IPv4", "IPv6", "both", "host name"],
)
def test_create_with_each_host(services, host):
    """Creates and reads services of both types with this host"""
    for kind, ports in (("http", {"http_port": 80}), ("tcp", {"tcp_port": 5432, "app_protocol": "postgresql"})):
        created = services.create(account_id=EMPTY, name=kind, type=kind, host=host, **ports)
        assert created.host.to_dict() == host
        assert services.get(created.service_id, account_id=EMPTY).to_dict() == created.to_dict()
        assert {key: created.to_dict()[key] for key in ports} == ports


def test_change_of_type(services):
    """Replaces a service by one of the other type, and with nulls for what is to be unset"""
    created = create(services, EMPTY, http_port=8080)
    replaced = services.update(
        created.service_id, account_id=EMPTY, name="n1", type="tcp", host=HOST, tcp_port=5432, tls_settings=None
    )
    assert replaced.type == "tcp"
    assert "http_port" not in replaced.to_dict()
    assert [service.name for service in services.list(account_id=EMPTY, type="tcp")] == ["n1"]


def test_times(server, services):
    """Sees the times of the account's clock"""
    create(services, EMPTY, "first")
    clock = f"/_patchbay/clock?tenant={EMPTY}&api=cloudflare"
    server.put(clock, {"now": "2030-01-01T00:00:00Z", "frozen": True})
    created = create(services, EMPTY)
    server.post(f"/_patchbay/clock/advance?tenant={EMPTY}&api=cloudflare", {"seconds": 60})
    replaced = services.update(created.service_id, account_id=EMPTY, name="n1", type="http", host=HOST)
    assert created.created_at.isoformat() == replaced.created_at.isoformat() == "2030-01-01T00:00:00+00:00"
    assert replaced.updated_at.isoformat() == "2030-01-01T00:01:00+00:00"


def test_deletion_without_a_body(server):
    """Deletes where the answer is 204"""
    server.restart("--quirk", "cloudflare.deleteBody=204")
    client = cloudflare.Cloudflare(base_url=server.url + "/client/v4", api_token="full-token")
    services = client.connectivity.directory.services
    assert services.delete(create(services, EMPTY).service_id, account_id=EMPTY) is None
    assert names(services, EMPTY) == []


def test_tunnel(setup, services):
    """Creates a tunnel, a service behind it, and lists and deletes both"""
    tunnels = setup.client.zero_trust.tunnels.cloudflared
    tunnel = tunnels.create(account_id=EMPTY, name="t", config_src="cloudflare")
    assert (tunnel.name, tunnel.account_tag, tunnel.status) == ("t", EMPTY, "inactive")
    assert tunnel.created_at.tzinfo is not None
    service = create(services, EMPTY, host={"ipv4": "10.0.0.1", "network": {"tunnel_id": tunnel.id}})
    assert tunnels.get(tunnel.id, account_id=EMPTY).name == "t"
    assert [found.id for found in tunnels.list(account_id=EMPTY, name="t", per_page=5)] == [tunnel.id]
    assert tunnels.delete(tunnel.id, account_id=EMPTY).deleted_at is not None
    assert list(tunnels.list(account_id=EMPTY, is_deleted=False)) == []
    assert services.get(service.service_id, account_id=EMPTY).host.network.tunnel_id == tunnel.id


def test_tunnels_that_are_checked(server):
    """Is refused a tunnel that is not there, where tunnels are checked"""
    server.restart("--quirk", "cloudflare.tunnels=registered")
    client = cloudflare.Cloudflare(base_url=server.url + "/client/v4", api_token="full-token")
    services = client.connectivity.directory.services
    with pytest.raises(cloudflare.BadRequestError, match="Tunnel ID Not Found"):
        create(services, EMPTY)
    assert create(services, ACCOUNT).host.network.tunnel_id == TUNNEL
    tunnel = client.zero_trust.tunnels.cloudflared.create(account_id=EMPTY, name="t")
    assert create(services, EMPTY, host={"ipv4": "10.0.0.1", "network": {"tunnel_id": tunnel.id}}).name == "n1"


# What clients ask first


def test_token(setup):
    """Verifies a token"""
    assert setup.client.user.tokens.verify().status == "active"


def test_token_of_an_account(setup):
    """Verifies an account's token below its account, and nowhere else"""
    client = setup.client.with_options(api_token="account-token")
    assert client.accounts.tokens.verify(account_id=ACCOUNT).status == "active"
    with pytest.raises(cloudflare.AuthenticationError) as caught:
        client.user.tokens.verify()
    assert codes(caught.value) == [1000]


def test_accounts(setup):
    """Lists accounts in pages, by name, and reads one"""
    found = [account.id for account in setup.client.accounts.list(per_page=1)]
    assert sorted(found) == sorted([EMPTY, ACCOUNT, DOCUMENTED])
    account = setup.client.accounts.get(account_id=ACCOUNT)
    assert (account.id, account.type) == (ACCOUNT, "standard")
    assert account.created_on.tzinfo is not None
    assert list(setup.client.accounts.list(name="nobody")) == []
    assert len(list(setup.client.with_options(api_token="account-token").accounts.list())) == 1


def test_memberships_and_user(setup):
    """Lists memberships and reads the user"""
    memberships = list(setup.client.memberships.list(per_page=2))
    assert {membership.account.id for membership in memberships} == {EMPTY, ACCOUNT, DOCUMENTED}
    assert {membership.status for membership in memberships} == {"accepted"}
    assert setup.client.user.get().id


# Logins


def test_email_and_key(server):
    """Logs in with email and key"""
    client = cloudflare.Cloudflare(
        base_url=server.url + "/client/v4",
        api_email="full@example.com",
        api_key="144c9defac04969c7bfad8efaa8ea194",
    )
    services = client.connectivity.directory.services
    assert len(list(services.list(account_id=ACCOUNT, per_page=100))) == 257
    assert create(services, EMPTY).name == "n1"
    assert client.user.get().email == "full@example.com"
    with pytest.raises(cloudflare.AuthenticationError) as caught:
        client.user.tokens.verify()
    assert codes(caught.value) == [1000]


@pytest.mark.parametrize(
    "variables",
    [
        {"CLOUDFLARE_API_TOKEN": "full-token"},
        {"CLOUDFLARE_EMAIL": "full@example.com", "CLOUDFLARE_API_KEY": "144c9defac04969c7bfad8efaa8ea194"},
    ],
    ids=["token", "email and key"],
)
def test_environment(server, variables):
    """Takes address and credentials from the environment"""
    script = (
        "import cloudflare; services = cloudflare.Cloudflare().connectivity.directory.services;"
        f"print(len(list(services.list(account_id='{ACCOUNT}', per_page=100))))"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CLOUDFLARE_")}
    result = subprocess.run(
        [sys.executable, "-c", script],
        env={**kept, "CLOUDFLARE_BASE_URL": server.url + "/client/v4", **variables},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert result.stdout == "257\n"


# Errors


@pytest.mark.parametrize(
    "members, code, message",
    [
        ({"name": "taken"}, 5101, "Service name 'taken' already exists"),
        ({"name": ""}, 5101, "request contained invalid parameters: "),
        ({"host": {"ipv4": "999.1.1.1", "network": {"tunnel_id": TUNNEL}}}, 5101, "request contained invalid parameters: "),
        ({"host": {"ipv4": "10.0.0.1", "network": {"tunnel_id": "x"}}}, 5101, "Tunnel ID Not Found"),
        ({"host": {}}, 5101, "request contained invalid parameters: "),
        ({"type": "udp"}, 5102, "unknown variant `udp`"),
        ({"http_port": 70000}, 5102, "invalid json: bad json data: "),
        ({"name": None}, 5102, "invalid type: null"),
        ({"host": cloudflare.omit}, 5102, "missing field `host`"),
    ],
    ids=["name taken", "no name", "address", "tunnel", "host", "type", "port", "null", "missing"],
)
def test_bad_request(services, members, code, message):
    """Raises BadRequestError with code and message; nothing is written"""
    create(services, EMPTY, "taken")
    other = create(services, EMPTY, "other")
    before = [service.to_dict() for service in services.list(account_id=EMPTY)]
    body = {"name": "n1", "type": "http", "host": HOST, **members}
    for write in (services.create, lambda **body: services.update(other.service_id, **body)):
        with pytest.raises(cloudflare.BadRequestError) as caught:
            write(account_id=EMPTY, **body)
        assert codes(caught.value) == [code]
        assert message in caught.value.errors[0].message
    assert [service.to_dict() for service in services.list(account_id=EMPTY)] == before


@pytest.mark.parametrize("query", [{"page": 0}, {"per_page": 0}, {"per_page": 1001}, {"type": "udp"}], ids=lambda query: "{}={}".format(*next(iter(query.items()))))
def test_bad_query(services, query):
    """Raises BadRequestError for a bad query"""
    with pytest.raises(cloudflare.BadRequestError) as caught:
        services.list(account_id=ACCOUNT, **query)
    assert codes(caught.value) == [5101]
    assert caught.value.errors[0].message.startswith(f"request contained invalid parameters: {next(iter(query))}: ")


def test_bad_content_type(services):
    """Raises BadRequestError with the chain of errors for another Content-Type"""
    with pytest.raises(cloudflare.BadRequestError) as caught:
        create(services, EMPTY, extra_headers={"Content-Type": "text/plain"})
    assert codes(caught.value) == [6003]
    assert caught.value.errors[0].error_chain[0]["code"] == 6105


def test_missing_credentials(server):
    """Raises BadRequestError with 9106 where only the service key of the Origin CA is sent"""
    client = cloudflare.Cloudflare(base_url=server.url + "/client/v4", user_service_key="v1.0-x")
    with pytest.raises(cloudflare.BadRequestError) as caught:
        client.connectivity.directory.services.list(account_id=ACCOUNT)
    assert codes(caught.value) == [9106]


def test_malformed_credentials(setup):
    """Raises BadRequestError with 6003 and 6111 for a token that can be none"""
    with pytest.raises(cloudflare.BadRequestError) as caught:
        setup.client.with_options(api_token="not a token").user.get()
    assert codes(caught.value) == [6003]
    assert caught.value.errors[0].error_chain[0]["code"] == 6111


@pytest.mark.parametrize("token", ["unknown", "expired-token"])
def test_unknown_token(setup, token):
    """Raises AuthenticationError for a token that is not known, or no longer"""
    client = setup.client.with_options(api_token=token)
    with pytest.raises(cloudflare.AuthenticationError) as caught:
        client.connectivity.directory.services.list(account_id=ACCOUNT)
    assert codes(caught.value) == [10000]
    with pytest.raises(cloudflare.AuthenticationError) as caught:
        client.user.tokens.verify()
    assert codes(caught.value) == [1000]
    with pytest.raises(cloudflare.PermissionDeniedError) as caught:
        client.accounts.list()
    assert codes(caught.value) == [9109]


def test_unknown_key(server):
    """Raises PermissionDeniedError for an email and key that do not belong together"""
    client = cloudflare.Cloudflare(
        base_url=server.url + "/client/v4", api_email="full@example.com", api_key="0" * 37
    )
    with pytest.raises(cloudflare.PermissionDeniedError) as caught:
        client.connectivity.directory.services.list(account_id=ACCOUNT)
    assert codes(caught.value) == [9103]


def test_permissions(setup):
    """Raises PermissionDeniedError without a permission on the account, and for a write by who may only read"""
    with pytest.raises(cloudflare.PermissionDeniedError) as caught:
        setup.client.with_options(api_token="denied-token").connectivity.directory.services.list(account_id=ACCOUNT)
    assert codes(caught.value) == [10000]
    reader = setup.client.with_options(api_token="read-token").connectivity.directory.services
    first = next(iter(reader.list(account_id=ACCOUNT)))
    for write in (
        lambda: create(reader, ACCOUNT),
        lambda: reader.update(first.service_id, account_id=ACCOUNT, name="n1", type="http", host=HOST),
        lambda: reader.delete(first.service_id, account_id=ACCOUNT),
    ):
        with pytest.raises(cloudflare.PermissionDeniedError) as caught:
            write()
        assert codes(caught.value) == [10000]
    assert len(list(reader.list(account_id=ACCOUNT))) == 257


@pytest.mark.parametrize("identifier", [UNKNOWN, "service-uuid", "a/b c"])
def test_not_found(services, identifier):
    """Raises NotFoundError for a service that is not there, read, replaced or deleted"""
    for ask in (
        lambda: services.get(identifier, account_id=ACCOUNT),
        lambda: services.update(identifier, account_id=ACCOUNT, name="n1", type="http", host=HOST),
        lambda: services.delete(identifier, account_id=ACCOUNT),
    ):
        with pytest.raises(cloudflare.NotFoundError) as caught:
            ask()
        assert codes(caught.value) == [5104]
        assert caught.value.errors[0].message == f'Service (ID: "{identifier}") not found'


def test_path_that_leads_nowhere(services):
    """Raises NotFoundError for an account that can be none"""
    with pytest.raises(cloudflare.NotFoundError) as caught:
        services.list(account_id="a" * 33)
    assert codes(caught.value) == [7003]


def test_conflict(setup):
    """Raises ConflictError, after its retries, for a tunnel's name that is taken"""
    client, queries = counted(setup.client.with_options(max_retries=1))
    tunnels = client.zero_trust.tunnels.cloudflared
    tunnels.create(account_id=EMPTY, name="t")
    with pytest.raises(cloudflare.ConflictError) as caught:
        tunnels.create(account_id=EMPTY, name="t")
    assert codes(caught.value) == [1013]
    assert len(queries) == 3


def test_wrong_method(setup):
    """Raises APIStatusError for a method that is not served"""
    with pytest.raises(cloudflare.APIStatusError) as caught:
        setup.client.patch(f"/accounts/{ACCOUNT}/connectivity/directory/services", cast_to=object)
    assert (caught.value.status_code, codes(caught.value)) == (405, [10405])
    assert caught.value.response.headers["Allow"] == "GET, HEAD, POST"


def test_connection(server, setup):
    """Raises APIConnectionError when nobody listens"""
    server.stop()
    with pytest.raises(cloudflare.APIConnectionError):
        setup.client.with_options(max_retries=0).user.get()


def test_headers(services):
    """Shows the headers of an answer through its raw response"""
    answer = services.with_raw_response.list(account_id=ACCOUNT)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Ratelimit-Policy"] == '"default";q=1200;w=300'
    assert answer.headers["CF-Ray"]
    assert len(list(answer.parse())) == 257
    with services.with_streaming_response.get(next(iter(answer.parse())).service_id, account_id=ACCOUNT) as stream:
        assert stream.parse().name == "service-0"


# What goes wrong

SOON = {"retry-after-ms": "10"}


def test_gives_up_on_a_limit(server, services):
    """Raises RateLimitError for 429 after three requests, each as late as Retry-After says"""
    fault = server.fault(api="cloudflare", error=429, retryAfter=1)
    with pytest.raises(cloudflare.RateLimitError) as caught:
        services.list(account_id=ACCOUNT)
    assert codes(caught.value) == [971]
    assert caught.value.response.headers["Retry-After"] == "1"
    assert fault.counts == (3, 3)
    assert min(server.gaps()) >= 1


def test_outlives_a_limit(server, services):
    """Lists after one 429, when Retry-After is over"""
    fault = server.fault(api="cloudflare", error=429, retryAfter=1, when={"first": 1})
    assert len(list(services.list(account_id=ACCOUNT, per_page=1000))) == 257
    assert [request["status"] for request in server.requests()] == [429, 200, 200]
    assert server.gaps()[0] >= 1
    assert fault.counts == (3, 1)


def test_keeps_within_a_limit(server, services):
    """Writes more than a limit of requests lets through, since it waits as it is told"""
    server.fault(api="cloudflare", rateLimit={"requests": 3, "seconds": 1})
    for number in range(5):
        create(services, EMPTY, f"n{number}")
    assert names(services, EMPTY) == [f"n{number}" for number in range(5)]
    assert 429 in [request["status"] for request in server.requests()]


@pytest.mark.parametrize(
    "status, error",
    [
        (409, cloudflare.ConflictError),
        (500, cloudflare.InternalServerError),
        (502, cloudflare.InternalServerError),
        (503, cloudflare.InternalServerError),
        (504, cloudflare.InternalServerError),
    ],
)
def test_repeats_after_errors(server, services, status, error):
    """Repeats a request twice after 409, 500, 502, 503 and 504, then raises its own error"""
    fault = server.fault(api="cloudflare", error=status, headers=SOON)
    with pytest.raises(error) as caught:
        services.list(account_id=ACCOUNT)
    assert caught.value.status_code == status
    assert fault.counts == (3, 3)


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_repeats_nothing_that_stays_wrong(server, services, status):
    """Repeats no request after 400, 401, 403 and 404"""
    fault = server.fault(api="cloudflare", error=status)
    with pytest.raises(cloudflare.APIStatusError) as caught:
        services.list(account_id=ACCOUNT)
    assert caught.value.status_code == status
    assert fault.counts == (1, 1)


def test_is_told_not_to_repeat(server, services):
    """Raises InternalServerError after one request where `x-should-retry` is false"""
    fault = server.fault(api="cloudflare", error=500, headers={"x-should-retry": "false"})
    with pytest.raises(cloudflare.InternalServerError) as caught:
        services.list(account_id=ACCOUNT)
    assert codes(caught.value) == [10013]
    assert fault.counts == (1, 1)


def test_is_told_to_repeat(server, services):
    """Repeats a request after 400 where `x-should-retry` is true"""
    fault = server.fault(api="cloudflare", error=400, headers={"x-should-retry": "true", **SOON}, when={"first": 1})
    assert list(services.list(account_id=EMPTY)) == []
    assert fault.counts == (2, 1)


@pytest.mark.parametrize(
    "end",
    [
        {"connection": "reset"},
        {"connection": "empty"},
        {"connection": "garbage"},
        {"truncate": {"bytes": 100}},
    ],
    ids=["reset", "empty", "garbage", "truncated"],
)
def test_repeats_after_lost_answers(server, setup, end):
    """Repeats a request after a reset connection, no answer, garbage and half an answer, then raises APIConnectionError"""
    services = setup.client.with_options(max_retries=1).connectivity.directory.services
    fault = server.fault(api="cloudflare", when={"first": 3}, **end)
    with pytest.raises(cloudflare.APIConnectionError):
        services.list(account_id=ACCOUNT)
    assert fault.counts == (2, 2)
    assert len(services.list(account_id=ACCOUNT, per_page=1000).result) == 257
    assert fault.counts == (4, 3)


def test_time_out(server, setup):
    """Repeats a request whose answer is late, then raises APITimeoutError"""
    services = setup.client.with_options(max_retries=1, timeout=0.5).connectivity.directory.services
    fault = server.fault(api="cloudflare", delay={"milliseconds": 1500})
    with pytest.raises(cloudflare.APITimeoutError):
        services.list(account_id=ACCOUNT)
    assert fault.counts == (2, 2)


def test_slow_answer(server, services):
    """Reads an answer that comes in small pieces"""
    fault = server.fault(api="cloudflare", dribble={"pieces": 50, "milliseconds": 200}, when={"first": 1})
    assert len(services.list(account_id=ACCOUNT).result) == 257
    assert fault.counts == (1, 1)


def test_created_and_not_told(server, services):
    """Creates again when the answer was lost, and raises BadRequestError, since the name is taken by what it has created"""
    server.fault(
        api="cloudflare", operation="connectivity-services-post", error=500, headers=SOON, after=True, when={"first": 1}
    )
    with pytest.raises(cloudflare.BadRequestError, match="already exists"):
        create(services, EMPTY)
    assert names(services, EMPTY) == ["n1"]
    assert [request["status"] for request in server.requests(method="POST")] == [500, 400]


def test_deleted_and_not_told(server, services):
    """Deletes again when the connection was reset behind the deletion, and raises NotFoundError"""
    created = create(services, EMPTY)
    fault = server.fault(
        api="cloudflare", operation="connectivity-services-delete", connection="reset", after=True, when={"first": 1}
    )
    with pytest.raises(cloudflare.NotFoundError):
        services.delete(created.service_id, account_id=EMPTY)
    assert names(services, EMPTY) == []
    assert fault.counts == (2, 1)


def test_async_repeats(server):
    """Repeats with the asynchronous client as well, each request for itself"""
    fault = server.fault(api="cloudflare", error=503, headers=SOON, when={"first": 5})

    async def lists():
        client = cloudflare.AsyncCloudflare(base_url=server.url + "/client/v4", api_token="full-token", max_retries=5)
        pages = await asyncio.gather(
            *(client.connectivity.directory.services.list(account_id=ACCOUNT, per_page=size) for size in range(1, 9))
        )
        await client.close()
        return [len(page.result) for page in pages]

    assert asyncio.run(lists()) == list(range(1, 9))
    assert fault.counts == (13, 5)


def test_fault_of_an_account(server, services):
    """Is struck in one account, and in no other one"""
    fault = server.fault(tenant=EMPTY, api="cloudflare", error=500, headers={"x-should-retry": "false"})
    assert len(list(services.list(account_id=ACCOUNT, per_page=1000))) == 257
    with pytest.raises(cloudflare.InternalServerError):
        services.list(account_id=EMPTY)
    assert fault.counts == (1, 1)


# Many at once


def test_many_writers(services):
    """Writes and lists from many threads: every service is there, and once"""
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        created = list(pool.map(lambda number: create(services, EMPTY, f"n{number}"), range(200)))
        seen = list(pool.map(lambda _: len(names(services, EMPTY)), range(16)))
    assert seen == [200] * 16
    assert sorted(names(services, EMPTY)) == sorted(service.name for service in created)


def test_one_name(services):
    """Of two who take one name at once, one gets it and the other BadRequestError"""
    barrier = threading.Barrier(2)

    def take(_):
        barrier.wait()
        try:
            return create(services, EMPTY).name
        except cloudflare.BadRequestError as error:
            return codes(error)

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for _ in range(20):
            outcomes = list(pool.map(take, range(2)))
            assert sorted(map(str, outcomes)) == ["[5101]", "n1"]
            services.delete(next(iter(services.list(account_id=EMPTY))).service_id, account_id=EMPTY)


def test_accounts_of_their_own(services):
    """Lives in accounts of their own do not see each other"""

    def life(number):
        account = f"{number:032x}"
        created = [create(services, account, f"n{each}") for each in range(5)]
        services.delete(created[0].service_id, account_id=account)
        return names(services, account)

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert list(pool.map(life, range(0xA00, 0xA10))) == [["n1", "n2", "n3", "n4"]] * 16


def test_tenants(services, crowd):
    """Eight live at once in accounts of their own, made as copies of a seeded one; one is struck by faults, and outlives them"""

    def life(number, tenant):
        mine = create(services, tenant.id, f"n{number}")
        replaced = services.update(mine.service_id, account_id=tenant.id, name=f"m{number}", type="http", host=HOST)
        first = next(iter(services.list(account_id=tenant.id)))
        services.delete(first.service_id, account_id=tenant.id)
        found = [service.name for service in services.list(account_id=tenant.id, per_page=1000)]
        assert (replaced.name in found, first.name in found) == (True, False)
        return len(found), [name for name in found if name.startswith(("m", "n"))]

    lives = crowd("cloudflare", ACCOUNT, life, error=503, headers=SOON, when={"first": 2})
    assert lives == [(257, [f"m{number}"]) for number in range(8)]
