"""Tenants spread over replicas by a hash of their identifier, as `ingress.yaml` does it: what a tenant writes it reads."""

import base64
import dataclasses
import hashlib

import pytest
from conftest import Client, Front, manifests, replicas

HOST = manifests("ingress.yaml")["Ingress"]["spec"]["rules"][0]["host"]
MAP = manifests("ingress.yaml")["ConfigMap"]["data"]["http-snippet"]
TENANTS = 24
"""So many that the chance that all of them go to one replica, whose ports differ from run to run, is none."""
PROJECT = "/v1/{hex}"
GATEWAY = "/v2/{hex}/apigw/instances/eddc4d25480b4cd6b512f270a1b8b341"
ENVIRONMENT = "/sql/v1/organizations/{uuid}/environments/env-123/connections"
ACCOUNT = "/client/v4/accounts/{hex}/connectivity/directory/services"
NETWORK = {"vpc_id": "00000000-0000-4000-8000-000000000001", "subnet_id": "00000000-0000-4000-8000-000000000002"}
BEARER = {"Authorization": "Bearer any"}


@dataclasses.dataclass(frozen=True)
class Writing:
    """A list, and how a row comes into it."""

    api: str
    tenant: str
    """How the API spells an identifier."""
    listing: str
    headers: dict
    body: dict
    items: str = ""
    """Where rows are made, if not where they are listed."""

    def ids(self):
        """Tenants that no seed names."""
        for number in range(TENANTS):
            digest = hashlib.sha256(f"{self.api} {number}".encode()).hexdigest()[:32]
            uuid = f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-8{digest[17:20]}-{digest[20:]}"
            yield {"hex": digest, "short": digest[:24], "uuid": uuid}


WRITINGS = [
    Writing(
        "vpcep",
        "{hex}",
        f"{PROJECT}/vpc-endpoint-services/4189d3c2-8882-4871-a3c2-d380272eed88/connections",
        {"X-Auth-Token": "any"},
        {"endpoint_service_id": "4189d3c2-8882-4871-a3c2-d380272eed88", **NETWORK},
        f"{PROJECT}/vpc-endpoints",
    ),
    # Written through one API and read through the other one.
    Writing(
        "apig",
        "{hex}",
        f"{GATEWAY}/vpc-endpoint/connections",
        {"X-Auth-Token": "any"},
        {"endpoint_service_id": "00000000-0000-4000-a000-000000000001", **NETWORK},
        f"{PROJECT}/vpc-endpoints",
    ),
    Writing(
        "atlas",
        "{short}",
        "/api/atlas/v1.0/groups/{short}/peers",
        BEARER,
        {
            "accepterRegionName": "us-west-1",
            "awsAccountId": "123456789012",
            "containerId": "507f1f77bcf86cd799439011",
            "providerName": "AWS",
            "routeTableCidrBlock": "10.100.0.0/16",
            "vpcId": "vpc-abc",
        },
    ),
    Writing(
        "confluent",
        "{uuid}",
        ENVIRONMENT,
        {"Authorization": "Basic " + base64.b64encode(b"key:secret").decode()},
        {
            "name": "mine",
            "spec": {
                "connection_type": "OPENAI",
                "endpoint": "https://example.com",
                "auth_data": {"kind": "PlaintextProvider", "data": "{}"},
            },
        },
    ),
    Writing(
        "cloudflare",
        "{hex}",
        ACCOUNT,
        BEARER,
        {"name": "mine", "type": "http", "host": {"ipv4": "127.0.0.1", "network": {"tunnel_id": "0191dce4-9ab4-7fce-b660-8e5dec5172da"}}},
    ),
]


@pytest.fixture(scope="module")
def ports():
    with replicas("--open-tenants", "--public-url", f"http://{HOST}") as ports:
        yield ports


@pytest.fixture(scope="module")
def front(folder, ports):
    with Front(folder, ports, "hash $patchbay_tenant consistent;", MAP) as front:
        yield front.port


@pytest.mark.parametrize("writing", WRITINGS, ids=lambda writing: writing.api)
def test_what_a_tenant_writes_it_reads_and_nobody_else(front, writing):
    """Whichever replica is asked next: it is the tenant's own"""
    seen = set()
    for names in writing.ids():
        client = Client(front, HOST)
        listing = writing.listing.format(**names)
        rows = {"atlas": "results", "confluent": "data", "cloudflare": "result"}.get(writing.api, "connections")
        before = client.json(listing, writing.headers)[rows]
        client.json((writing.items or writing.listing).format(**names), writing.headers, "POST", writing.body)
        for _ in range(3):
            assert len(client.json(listing, writing.headers)[rows]) == len(before) + 1
        # Calls of the control plane about the tenant find it there, too.
        tenant = writing.tenant.format(**names)
        assert client.json(f"/_patchbay/requests?tenant={tenant}")["matched"] == 5
        client.json(f"/_patchbay/faults/down?tenant={tenant}&api={writing.api}", method="PUT", body={"error": 500})
        assert client.ask(listing, writing.headers)[0] == 500
        assert len(set(client.replicas)) == 1
        seen |= set(client.replicas)
    assert len(seen) > 1


@pytest.mark.parametrize(
    "targets",
    [
        ["/v1/{hex}/quotas", "/v2/{hex}/apigw/instances", "/_patchbay/clock?api=vpcep&tenant={hex}"],
        ["/api/atlas/v1.0/groups/{short}", "/api/atlas/v2/groups/{short}/peers?pageNum=1", "/_patchbay/tenants?tenant={short}"],
        ["/sql/v1/organizations/{uuid}/environments/env-1/connections", "/_patchbay/requests/verify?tenant={uuid}"],
        ["/client/v4/accounts/{hex}", "/client/v4/accounts/{hex}?name=x", "/_patchbay/faults/x?tenant={hex}&api=cloudflare"],
    ],
    ids=["otc", "atlas", "confluent", "cloudflare"],
)
def test_all_paths_of_a_tenant_lead_to_one_replica(front, targets):
    seen = set()
    for names in WRITINGS[0].ids():
        client = Client(front, HOST)
        for target in targets:
            client.ask(target.format(**names))
        assert len(set(client.replicas)) == 1
        seen |= set(client.replicas)
    assert len(seen) > 1


def test_what_names_no_tenant_goes_to_one_replica(front):
    """As README.md says: a log-in, lists of tenants, and calls of the control plane about everything"""
    client = Client(front, HOST)
    for target in ["/v3", "/api/atlas/v1.0/groups", "/client/v4/accounts", "/_patchbay/ready", "/_patchbay/tenants?api=atlas"] * 2:
        client.ask(target, BEARER)
    assert len(set(client.replicas)) == 1
