import json
import os
import pathlib
import subprocess
import sys

import CloudFlare
import pytest
import requests
from CloudFlare.exceptions import CloudFlareAPIError

ACCOUNT = "00000000000000000000000000000257"
EMPTY = "00000000000000000000000000000000"
DOCUMENTED = "023e105f4ecef8ad9ca31a8372d0c353"
TUNNEL = "0191dce4-9ab4-7fce-b660-8e5dec5172da"
UNKNOWN = "00000000-0000-4000-8000-00000000abcd"
BODY = {"name": "n1", "type": "http", "host": {"ipv4": "127.0.0.1", "network": {"tunnel_id": TUNNEL}}, "http_port": 80}


def client(server, **credentials):
    """A client that knows the services, with other credentials."""
    made = CloudFlare.CloudFlare(base_url=server.url + "/client/v4", warnings=False, **credentials)
    made.add("AUTH", "accounts", "connectivity/directory/services")
    return made


def services_of(server, **credentials):
    return client(server, **credentials).accounts.connectivity.directory.services


def names(services, account):
    return [service["name"] for service in services.get(account)]


def test_pages(setup):
    """Lists in small pages, asked for one by one until one is empty"""
    found = []
    for page in range(1, 100):
        services = setup.services.get(ACCOUNT, params={"page": page, "per_page": 50})
        if not services:
            break
        found += [service["service_id"] for service in services]
    assert page == 7
    assert len(set(found)) == len(found) == 257


def test_one_page(setup):
    """Lists two services in one request"""
    assert [service["name"] for service in setup.services.get(ACCOUNT, params={"per_page": 2})] == ["service-0", "service-1"]


def test_raw(server):
    """Lists with what the list says of itself, in raw mode"""
    services = services_of(server, token="full-token", raw=True)
    answer = services.get(ACCOUNT, params={"per_page": 100, "page": 3})
    assert answer["result_info"] == {"count": 57, "page": 3, "per_page": 100, "total_count": 257, "total_pages": 3}
    assert len(answer["result"]) == 57


@pytest.mark.parametrize("kind, count", [("http", 129), ("tcp", 128)])
def test_filter(setup, kind, count):
    """Filters by type"""
    found = setup.services.get(ACCOUNT, params={"type": kind})
    assert len(found) == count
    assert {service["type"] for service in found} == {kind}


def test_documented_service(setup):
    """Reads the service of the vendor's example"""
    (service,) = setup.services.get(DOCUMENTED)
    assert service == setup.services.get(DOCUMENTED, service["service_id"])
    assert (service["name"], service["created_at"]) == ("web-app", "2024-01-15T09:30:00Z")


def test_life(setup):
    """Creates, reads, replaces and deletes a service"""
    services = setup.services
    created = services.post(EMPTY, data=BODY)
    assert {**BODY, **created} == created
    assert created["created_at"] == created["updated_at"]
    assert services.get(EMPTY, created["service_id"]) == created
    replaced = services.put(EMPTY, created["service_id"], data={**BODY, "name": "n2", "http_port": None, "https_port": 443})
    assert (replaced["name"], replaced["https_port"], "http_port" in replaced) == ("n2", 443, False)
    assert names(services, EMPTY) == ["n2"]
    assert services.delete(EMPTY, created["service_id"]) is None
    assert names(services, EMPTY) == []
    with pytest.raises(CloudFlareAPIError) as caught:
        services.get(EMPTY, created["service_id"])
    assert int(caught.value) == 5104


def test_tunnel(setup):
    """Creates a tunnel and a service behind it"""
    tunnel = setup.client.accounts.cfd_tunnel.post(EMPTY, data={"name": "t"})
    assert tunnel["tun_type"] == "cfd_tunnel"
    service = setup.services.post(EMPTY, data={**BODY, "host": {"ipv4": "10.0.0.1", "network": {"tunnel_id": tunnel["id"]}}})
    assert service["host"]["network"]["tunnel_id"] == tunnel["id"]
    with pytest.raises(CloudFlareAPIError, match="You already have a tunnel with this name") as caught:
        setup.client.accounts.cfd_tunnel.post(EMPTY, data={"name": "t"})
    assert int(caught.value) == 1013
    setup.client.accounts.cfd_tunnel.delete(EMPTY, tunnel["id"])
    assert setup.client.accounts.cfd_tunnel.get(EMPTY) == []


def test_first_calls(setup):
    """Verifies its token, lists accounts and memberships, reads the user"""
    assert setup.client.user.tokens.verify.get()["status"] == "active"
    accounts = setup.client.accounts.get(params={"per_page": 2})
    assert len(accounts) == 2
    assert setup.client.accounts.get(ACCOUNT)["id"] == ACCOUNT
    assert {membership["account"]["id"] for membership in setup.client.memberships.get()} == {EMPTY, ACCOUNT, DOCUMENTED}
    assert "@" in setup.client.user.get()["email"]


def test_email_and_key(server):
    """Logs in with email and key"""
    services = services_of(server, email="full@example.com", key="144c9defac04969c7bfad8efaa8ea194")
    assert len(services.get(ACCOUNT)) == 257
    assert services.post(EMPTY, data=BODY)["name"] == "n1"


@pytest.mark.parametrize(
    "members, code, message",
    [
        ({"name": "taken"}, 5101, "request contained invalid parameters: Service name 'taken' already exists"),
        ({"host": {"ipv4": "10.0.0.1", "network": {"tunnel_id": "x"}}}, 5101, "request contained invalid parameters: Tunnel ID Not Found"),
        ({"host": {}}, 5101, "request contained invalid parameters: host must have"),
        ({"type": "udp"}, 5102, "invalid json: bad json data: unknown variant `udp`"),
        ({"http_port": 0}, 5102, "invalid json: bad json data: invalid value: integer `0`"),
    ],
    ids=["name taken", "tunnel", "host", "type", "port"],
)
def test_bad_request(setup, members, code, message):
    """Raises CloudFlareAPIError with code and message for a bad request; nothing is written"""
    setup.services.post(EMPTY, data={**BODY, "name": "taken"})
    other = setup.services.post(EMPTY, data={**BODY, "name": "other"})["service_id"]
    before = setup.services.get(EMPTY)
    for write in (
        lambda: setup.services.post(EMPTY, data={**BODY, **members}),
        lambda: setup.services.put(EMPTY, other, data={**BODY, **members}),
    ):
        with pytest.raises(CloudFlareAPIError) as caught:
            write()
        assert int(caught.value) == code
        assert str(caught.value).startswith(message)
    assert setup.services.get(EMPTY) == before


@pytest.mark.parametrize(
    "credentials, code",
    [
        ({"token": "unknown"}, 10000),
        ({"token": "expired-token"}, 10000),
        ({"token": "denied-token"}, 10000),
        ({"email": "full@example.com", "key": "0" * 37}, 9103),
    ],
    ids=["unknown token", "expired token", "no permission", "unknown key"],
)
def test_refused_credentials(server, credentials, code):
    """Raises CloudFlareAPIError for refused credentials"""
    with pytest.raises(CloudFlareAPIError) as caught:
        services_of(server, **credentials).get(ACCOUNT)
    assert int(caught.value) == code


def test_chain(server):
    """Iterates over the chain of an error"""
    with pytest.raises(CloudFlareAPIError) as caught:
        services_of(server, email="nobody", key="abc").get(ACCOUNT)
    assert int(caught.value) == 6003
    assert [int(error) for error in caught.value] == [6102, 6103]
    assert len(caught.value) == 2


def test_reading_only(server):
    """Raises CloudFlareAPIError for a write by who may only read"""
    services = services_of(server, token="read-token")
    assert len(services.get(ACCOUNT)) == 257
    with pytest.raises(CloudFlareAPIError, match="Authentication error"):
        services.post(ACCOUNT, data=BODY)


def test_not_found(setup):
    """Raises CloudFlareAPIError for a service that is not there, read, replaced or deleted"""
    for ask in (
        lambda: setup.services.get(ACCOUNT, UNKNOWN),
        lambda: setup.services.put(ACCOUNT, UNKNOWN, data=BODY),
        lambda: setup.services.delete(ACCOUNT, UNKNOWN),
    ):
        with pytest.raises(CloudFlareAPIError) as caught:
            ask()
        assert (int(caught.value), str(caught.value)) == (5104, f'Service (ID: "{UNKNOWN}") not found')


def test_wrong_method(setup):
    """Raises CloudFlareAPIError for a method that is not served"""
    with pytest.raises(CloudFlareAPIError) as caught:
        setup.services.patch(ACCOUNT, data={})
    assert int(caught.value) == 10405


def failed(call):
    with pytest.raises(CloudFlareAPIError) as caught:
        call()
    return int(caught.value), str(caught.value)


def test_limit(server, setup):
    """Raises CloudFlareAPIError for 429 at once, and repeats nothing"""
    fault = server.fault(api="cloudflare", error=429, retryAfter=1)
    assert failed(lambda: setup.services.get(ACCOUNT)) == (971, "Please wait and consider throttling your request speed")
    assert fault.counts == (1, 1)


def test_errors_of_the_server(server, setup):
    """Raises CloudFlareAPIError for 500, and HTTPError of requests for 502, 503 and 504"""
    server.fault(api="cloudflare", error=500, when={"first": 1})
    assert failed(lambda: setup.services.get(ACCOUNT))[0] == 10013
    for status in (502, 503, 504):
        fault = server.fault(api="cloudflare", error=status)
        with pytest.raises(requests.HTTPError) as caught:
            setup.services.get(ACCOUNT)
        assert caught.value.response.status_code == status
        assert fault.counts == (1, 1)


@pytest.mark.parametrize(
    "end",
    [{"connection": "reset"}, {"connection": "empty"}, {"connection": "garbage"}, {"truncate": {"bytes": 100}}],
    ids=["reset", "empty", "garbage", "truncated"],
)
def test_lost_answers(server, setup, end):
    """Raises CloudFlareAPIError for a reset connection, no answer, garbage and half an answer; the next request works"""
    fault = server.fault(api="cloudflare", when={"first": 1}, **end)
    code, text = failed(lambda: setup.services.get(ACCOUNT))
    assert (code, text.startswith("network ")) == (0, True)
    assert len(setup.services.get(ACCOUNT)) == 257
    assert fault.counts == (2, 1)


def test_time_out(server):
    """Raises CloudFlareAPIError for an answer that is later than its time-out, in whole seconds"""
    fault = server.fault(api="cloudflare", delay={"milliseconds": 2000})
    services = services_of(server, token="full-token", global_request_timeout=1)
    code, text = failed(lambda: services.get(ACCOUNT))
    assert (code, "timeout" in text) == (0, True)
    assert fault.counts == (1, 1)


def test_created_and_not_told(server, setup):
    """Does not create again when the answer was lost: the service is there, and the name is taken"""
    server.fault(api="cloudflare", connection="empty", after=True, when={"first": 1})
    assert failed(lambda: setup.services.post(EMPTY, data=BODY))[0] == 0
    assert failed(lambda: setup.services.post(EMPTY, data=BODY))[0] == 5101
    assert names(setup.services, EMPTY) == ["n1"]


def test_tenants(server, crowd):
    """Eight live at once in accounts of their own, made as copies of a seeded one; one is struck by a fault, and goes on"""

    def life(number, tenant):
        services = services_of(server, token="full-token")
        refusals = []
        for _ in range(3):
            try:
                mine = services.post(tenant.id, data={**BODY, "name": f"n{number}"})
                break
            except CloudFlareAPIError as error:
                refusals.append(int(error))
        services.put(tenant.id, mine["service_id"], data={**BODY, "name": f"m{number}"})
        services.delete(tenant.id, services.get(tenant.id)[0]["service_id"])
        found = names(services, tenant.id)
        return refusals, len(found), [name for name in found if name.startswith(("m", "n"))]

    lives = crowd("cloudflare", ACCOUNT, life, error=429, when={"first": 2})
    assert lives == [([971, 971] if number == 0 else [], 257, [f"m{number}"]) for number in range(8)]


@pytest.mark.parametrize("path", ["/user/tokens/verify", "/accounts", "/memberships", "/user"])
def test_cli4(server, path):
    """Answers the command line cli4"""
    environment = {**os.environ, "CLOUDFLARE_API_URL": server.url + "/client/v4", "CLOUDFLARE_API_TOKEN": "full-token"}
    result = subprocess.run(
        [pathlib.Path(sys.executable).with_name("cli4"), path],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert json.loads(result.stdout[result.stdout.index(("[" if path in ("/accounts", "/memberships") else "{")) :])
