import asyncio
import concurrent.futures
import importlib
import pathlib
import shlex
import subprocess
import sys
import types

import httpx
import pytest

ORGANIZATION = "00000000-0000-4000-8000-000000000257"
VENDOR = pathlib.Path(__file__).parents[2] / "Contracts" / "confluent-seed.openapi.json"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where clients are generated."""
    folder = tmp_path_factory.mktemp("generated")
    sys.path.insert(0, str(folder))
    return folder


def generate(folder, command):
    result = subprocess.run(shlex.split(command), cwd=folder, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture
def api(setup, folder):
    """The client that is generated from the description that the program serves."""
    if not (folder / "confluent_client").exists():
        generate(folder, setup.text.strip() + " --fail-on-warning")
    return types.SimpleNamespace(
        client=importlib.import_module("confluent_client.client"),
        models=importlib.import_module("confluent_client.models"),
        operation=lambda name: importlib.import_module(f"confluent_client.api.default.{name}"),
    )


class Caller:
    """Calls operations on the connections of one environment."""

    def __init__(self, api, server, key="FULLKEY", secret="full-secret", environment="env-257"):
        self.api = api
        self.client = api.client.Client(base_url=server.url, httpx_args={"auth": (key, secret)})
        self.place = (ORGANIZATION, environment)

    def call(self, name, *path, **arguments):
        answer = self.api.operation(name).sync_detailed(*self.place, *path, client=self.client, **arguments)
        return int(answer.status_code), answer.parsed

    def list(self, **arguments):
        return self.call("list_sqlv_1_connections", **arguments)

    def body(self, kind, name, **spec):
        spec = {"auth_data": {"kind": "PlaintextProvider", "data": '{"API_KEY":"s3cr3t"}'}} | spec
        return getattr(self.api.models, f"{kind}Sqlv1ConnectionBody").from_dict({"name": name, "spec": spec})

    def create(self, name, connection_type="OPENAI", endpoint="https://api.openai.com/v1/chat/completions"):
        body = self.body("Create", name, connection_type=connection_type, endpoint=endpoint)
        return self.call("create_sqlv_1_connection", body=body)

    def replace(self, name, version=None):
        body = self.body("Update", name)
        if version is not None:
            body.metadata = self.api.models.UpdateSqlv1ConnectionBodyMetadata(resource_version=version)
        return self.call("update_sqlv_1_connection", name, body=body)

    def read(self, name):
        return self.call("get_sqlv_1_connection", name)

    def delete(self, name):
        return self.call("delete_sqlv_1_connection", name)


@pytest.fixture
def caller(api, server):
    return Caller(api, server)


def token(address):
    return address.split("page_token=")[1].split("&")[0]


def everything(list_page, size):
    """All names, page by page, as the vendor's guide says: with the token of `next`."""
    names, arguments, pages = [], {}, 0
    while True:
        page = list_page(page_size=size, **arguments)
        names += [connection.name for connection in page.data]
        pages += 1
        if not page.metadata.next_:
            return names, pages
        arguments["page_token"] = token(page.metadata.next_)


def test_is_generated_without_a_warning(api):
    """Generates a client from `/_patchbay/openapi/confluent.json` without a warning"""
    assert api.operation("list_sqlv_1_connections").sync_detailed


def test_lists_page_by_page(caller):
    """Lists all 257 connections with pages of 10, in the order of their names"""
    names, pages = everything(lambda **arguments: caller.list(**arguments)[1], 10)
    assert (len(names), pages) == (257, 26)
    assert names == sorted(set(names))


def test_filters(caller, api):
    """Filters by each type of connection, typed by an enumeration"""
    total = 0
    for kind in api.models.ListSqlv1ConnectionsSpecConnectionType:
        status, page = caller.list(spec_connection_type=kind, page_size=100)
        assert status == 200
        assert {connection.spec.connection_type.value for connection in page.data} == {kind.value}
        total += page.metadata.total_size
    assert total == 257


def test_has_types_for_errors(caller, api, server):
    """Decodes 400, 401, 403, 404, 409 and 422 into the model of an error"""

    def error(answer, status):
        assert answer[0] == status
        assert isinstance(answer[1], api.models.Error)
        assert all(error.status == str(status) for error in answer[1].errors)
        return [(error.code, getattr(error.source, "pointer", None)) for error in answer[1].errors]

    assert error(caller.list(page_size=0), 400)[0][0] == "invalid_page_size"
    assert error(Caller(api, server, secret="wrong").list(), 401)[0][0] == "user_unauthenticated"
    assert error(Caller(api, server, "DENIEDKEY", "denied-secret").list(), 403)[0][0] == "user_unauthorized"
    assert error(Caller(api, server, environment="env-nope").list(), 404)[0][0] == "resource_not_found"
    assert error(caller.read("nope"), 404)[0][0] == "resource_not_found"
    assert caller.create("mine")[0] == 201
    assert error(caller.create("mine"), 409)[0][0] == "resource_already_exists"
    faults = error(caller.create("No_Name", endpoint="x" * 16385), 422)
    assert faults == [("invalid_configuration", "/name"), ("invalid_configuration", "/spec/endpoint")]


def test_lets_readers_only_read(api, server):
    """A key that may only read lists and reads, and neither creates, replaces nor deletes (403)"""
    reader = Caller(api, server, "READKEY", "read-secret")
    name = reader.list()[1].data[0].name
    assert reader.read(name)[0] == 200
    assert [reader.create("mine")[0], reader.replace(name)[0], reader.delete(name)[0]] == [403, 403, 403]
    assert reader.list()[1].metadata.total_size == 257


def test_a_full_life(caller):
    """Creates, reads, lists, replaces and deletes a connection, whose secret is in no answer"""
    status, created = caller.create("mine")
    assert (status, created.name, created.status.phase.value) == (201, "mine", "READY")
    assert (created.metadata.resource_version, created.spec.auth_data.data) == ("1", "<REDACTED>")
    assert caller.read("mine") == (200, caller.api.models.GetSqlv1ConnectionResponse200.from_dict(created.to_dict()))
    assert "mine" in everything(lambda **arguments: caller.list(**arguments)[1], 100)[0]

    status, replaced = caller.replace("mine")
    assert (status, replaced.metadata.resource_version) == (200, "2")
    assert replaced.metadata.updated_at > created.metadata.updated_at
    assert (replaced.metadata.uid, replaced.metadata.created_at) == (created.metadata.uid, created.metadata.created_at)
    assert caller.replace("mine", version="2")[1].metadata.resource_version == "3"
    status, stale = caller.replace("mine", version="1")
    assert (status, stale.errors[0].code, stale.errors[0].source.pointer) == (
        409,
        "conflict",
        "/metadata/resource_version",
    )

    assert caller.delete("mine")[0] == 200
    assert caller.read("mine")[0] == 404
    assert caller.delete("mine")[0] == 404
    status, again = caller.create("mine")
    assert (status, again.metadata.resource_version) == (201, "1")
    assert again.metadata.uid != created.metadata.uid


def test_shows_what_becomes_of_an_endpoint(caller, server):
    """Sees a connection become UNREACHABLE and READY again when a test says so"""
    caller.create("mine")
    step = {"api": "confluent", "collection": "connections", "path": [*caller.place, "mine"], "event": "lose"}
    server.post("/_patchbay/transitions", step)
    status = caller.read("mine")[1].status
    assert (status.phase.value, status.detail) == ("UNREACHABLE", "Lookup failed: api.openai.com")
    assert caller.replace("mine")[1].status.phase.value == "READY"


def test_one_of_many_writers_wins(caller, api, server):
    """Of ten that create one name at the same time one gets 201 and nine get 409"""
    callers = [Caller(api, server) for _ in range(10)]
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        statuses = sorted(pool.map(lambda each: each.create("mine")[0], callers))
    assert statuses == [201] + [409] * 9
    assert caller.list()[1].metadata.total_size == 258


def test_runs_asynchronously(caller, api):
    """Lists with asyncio, ten requests at a time"""

    async def lists():
        operation = api.operation("list_sqlv_1_connections")
        return await asyncio.gather(
            *(operation.asyncio(*caller.place, client=caller.client, page_size=size) for size in range(1, 11))
        )

    assert [len(page.data) for page in asyncio.run(lists())] == list(range(1, 11))


def test_finds_its_way(caller, api, server):
    """Looks up organizations, environments and the gateway of a region, and goes on with a token of `/api/access_tokens`"""
    client = caller.client
    organizations = api.operation("list_org_v2_organizations").sync(client=client)
    assert ORGANIZATION in [organization.id for organization in organizations.data]
    environment = api.operation("get_org_v2_environment").sync("env-257", client=client)
    name = f"crn://confluent.cloud/organization={ORGANIZATION}/environment=env-257"
    assert environment.metadata.resource_name == name
    regions = api.operation("list_fcpm_v2_regions").sync(client=client, cloud="AWS", region_name="us-east-1")
    assert [region.http_endpoint for region in regions.data] == [server.url]
    body = api.models.CreateAccessTokenBody()
    token = api.operation("create_access_token").sync(client=client, body=body).token
    holder = api.client.AuthenticatedClient(base_url=regions.data[0].http_endpoint, token=token)
    page = api.operation("list_sqlv_1_connections").sync(*caller.place, client=holder)
    assert page.metadata.total_size == 257


def test_limit(caller, api, server):
    """Decodes 429 and 500 into the model of an error, with the headers of the limit, and repeats nothing"""
    for status, code in ((429, "rate_limit_exceeded"), (500, "internal_server_error")):
        fault = server.fault(api="confluent", error=status, retryAfter=1)
        operation = api.operation("list_sqlv_1_connections")
        answer = operation.sync_detailed(*caller.place, client=caller.client)
        assert (answer.status_code, answer.parsed.errors[0].code) == (status, code)
        assert answer.headers.get("Retry-After") == "1"
        assert fault.counts == (1, 1)


@pytest.mark.parametrize(
    "end, error",
    [
        ({"connection": "reset"}, httpx.ReadError),
        ({"connection": "empty"}, httpx.RemoteProtocolError),
        ({"connection": "garbage"}, httpx.RemoteProtocolError),
        ({"truncate": {"bytes": 100}}, httpx.RemoteProtocolError),
    ],
    ids=["reset", "empty", "garbage", "truncated"],
)
def test_lost_answers(caller, server, end, error):
    """Raises the errors of httpx for a reset connection, no answer, garbage and half an answer; the next request works"""
    fault = server.fault(api="confluent", when={"first": 1}, **end)
    with pytest.raises(error):
        caller.list()
    assert caller.list()[0] == 200
    assert fault.counts == (2, 1)


def test_time_out(caller, server):
    """Raises ReadTimeout of httpx for an answer that is late"""
    server.fault(api="confluent", delay={"milliseconds": 1500})
    caller.client = caller.client.with_timeout(httpx.Timeout(0.5))
    with pytest.raises(httpx.ReadTimeout):
        caller.list()


def test_created_and_not_told(caller, server):
    """Gets 409 for a connection that it creates again, since the answer to the first creation was lost"""
    server.fault(api="confluent", connection="reset", after=True, when={"first": 1})
    with pytest.raises(httpx.ReadError):
        caller.create("mine")
    assert caller.create("mine")[0] == 409
    assert caller.read("mine")[0] == 200


def test_tenants(api, server, crowd):
    """Eight live at once in organizations of their own, made as copies of a seeded one; one is struck by a fault, and goes on"""

    def life(number, tenant):
        caller = Caller(api, server)
        caller.place = (tenant.id, "env-257")
        statuses = [caller.create(f"mine-{number}")[0] for _ in range(2)]
        caller.replace(f"mine-{number}")
        caller.delete(caller.list()[1].data[0].name)
        names, _ = everything(lambda **arguments: caller.list(**arguments)[1], 100)
        assert caller.read(f"mine-{number}")[1].metadata.resource_version == "2"
        return statuses, len(names), [name for name in names if name.startswith("mine")]

    lives = crowd("confluent", ORGANIZATION, life, error=500, when={"first": 1})
    assert lives == [([500, 201] if number == 0 else [201, 409], 257, [f"mine-{number}"]) for number in range(8)]


def test_the_vendors_own_description(server, folder):
    """Lists all 257 connections with pages of 25, and filters, through a client generated from the vendor's own description"""
    generate(folder, f"openapi-python-client generate --path {VENDOR} --output-path vendor_client --meta none --overwrite")
    client = importlib.import_module("vendor_client.client").Client(
        base_url=server.url, httpx_args={"auth": ("FULLKEY", "full-secret")}
    )
    models = importlib.import_module("vendor_client.models")
    operation = importlib.import_module("vendor_client.api.connections_sqlv_1.list_sqlv_1_connections")
    place = (ORGANIZATION, "env-257")
    names, pages = everything(lambda **arguments: operation.sync(*place, client=client, **arguments), 25)
    assert (len(set(names)), pages) == (257, 11)
    kind = models.ListSqlv1ConnectionsSpecConnectionType.PINECONE
    page = operation.sync(*place, client=client, spec_connection_type=kind)
    assert {connection.spec.connection_type.value for connection in page.data} == {"PINECONE"}
    assert {connection.spec.auth_data.data for connection in page.data} == {"<REDACTED>"}
