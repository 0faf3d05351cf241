import json
import os
import pathlib
import subprocess
import tempfile

import pytest

SOURCE = pathlib.Path(__file__).with_name("main.go").read_text()
SERVICE = "00000000-0000-4000-8000-000000000257"
CONNECTIONS = f"vpc-endpoint-services/{SERVICE}/connections"


class Program:
    """The program around the documented lines, which may be changed before it is built."""

    def __init__(self, lines, folder):
        (folder / "main.go").write_text(SOURCE.replace("\t// The lines in client.toml.\n", lines))
        environment = os.environ | {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": ""}
        subprocess.run(["go", "build", "-o", "client", "main.go"], cwd=folder, env=environment, check=True, timeout=300)
        self._process = subprocess.Popen(
            [folder / "client"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def answer(self, line):
        """What one line on standard input gives: `answer`, or `error` (its type in Go) and `message`."""
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def __call__(self, line):
        answer = self.answer(line)
        assert "error" not in answer, answer
        return answer["answer"]

    def error(self, line):
        return self.answer(line)["error"]

    def stop(self):
        self._process.stdin.close()
        self._process.wait(timeout=10)


@pytest.fixture
def program(setup, tmp_path):
    """Builds and starts the program: `program(old=new)` with texts in the lines replaced."""
    started = []

    def start(replacements=()):
        lines = setup.text
        for old, new in replacements:
            assert old in lines
            lines = lines.replace(old, new)
        folder = pathlib.Path(tempfile.mkdtemp(dir=tmp_path))
        one = Program(lines, folder)
        started.append(one)
        return one

    yield start
    for one in started:
        one.stop()


def test_logs_in_with_a_password(program, server):
    """Logs in with a password, finds its project and, in the catalogue, the service"""
    client = program()
    assert client("endpoint") == f"{server.url}/v1/00000000000000000000000000000257/"
    assert client("project")["id"] == "00000000000000000000000000000257"
    assert "00000000000000000000000000000257" in [project["id"] for project in client("projects")]


def test_logs_in_with_a_token(program):
    """Logs in with a token that another log-in gave"""
    token = program()("token")
    client = program([('Username:         "full"', f'TokenID: "{token}"'), ('Password:         "full-password",', ""),
                      ('DomainName:       "patchbay",', ""), ("AllowReauth:      true", "AllowReauth: false")])
    assert len(client(f"list {SERVICE} limit=500")) == 1


def test_lists_through_the_pager(program):
    """Lists 257 connections through its pager, 10 and 100 at a time"""
    client = program()
    pages = client(f"list {SERVICE} limit=100")
    assert [len(page) for page in pages] == [100, 100, 57]
    assert len({identifier for page in pages for identifier in page}) == 257
    assert [len(page) for page in client(f"list {SERVICE} ")] == [10] * 25 + [7]


def test_filters_and_sorts(program):
    """Filters by status, sorts by created_at in both directions"""
    client = program()
    rejected = client(f"GET {CONNECTIONS}?status=rejected&limit=500")
    assert {row["status"] for row in rejected["connections"]} == {"rejected"}
    assert 0 < rejected["total_count"] < 257
    for direction in ("asc", "desc"):
        rows = client(f"GET {CONNECTIONS}?sort_key=created_at&sort_dir={direction}&limit=500")["connections"]
        times = [row["created_at"] for row in rows]
        assert times == sorted(times, reverse=direction == "desc")


@pytest.mark.parametrize("wrong, error", [
    (("full-password", "wrong"), "gophercloud.ErrDefault401"),
    (('"full"', '"nobody"'), "gophercloud.ErrDefault401"),
])
def test_is_refused_with_a_typed_error(program, wrong, error):
    """Fails to log in with a wrong password or name: ErrDefault401"""
    assert program([wrong]).error("token") == error


def test_typed_errors(program):
    """Knows 400, 403 and 404 as ErrDefault400, ErrDefault403 and ErrDefault404"""
    client = program()
    assert client.error(f"GET {CONNECTIONS}?limit=wrong") == "gophercloud.ErrDefault400"
    missing = "vpc-endpoint-services/00000000-0000-4000-8000-00000000dead/connections"
    assert client.error(f"GET {missing}") == "gophercloud.ErrDefault404"
    reader = program([('"full"', '"readonly"'), ("full-password", "readonly-password")])
    row = reader(f"GET {CONNECTIONS}?limit=1")["connections"][0]["id"]
    action = f'POST {CONNECTIONS}/action {{"action":"reject","endpoints":["{row}"]}}'
    assert reader.error(action) == "gophercloud.ErrDefault403"


def test_logs_in_again_by_itself(program, server):
    """Logs in again by itself when its token has run out"""
    client = program()
    before = client("token")
    server.post("/_patchbay/clock/advance", {"seconds": 25 * 3600})
    assert client(f"GET {CONNECTIONS}?limit=1")["total_count"] == 257
    assert client("token") != before


def test_rejects_and_accepts_a_connection(program):
    """Rejects a pending connection, accepts it, and polls until it is accepted"""
    client = program()
    row = client(f"GET {CONNECTIONS}?status=pendingAcceptance&limit=1")["connections"][0]["id"]
    for action, state in (("reject", "rejected"), ("receive", "accepted")):
        client(f'POST {CONNECTIONS}/action {{"action":"{action}","endpoints":["{row}"]}}')
        states = []
        while not states or (states[-1] != state and len(states) < 10):
            states.append(client(f"GET {CONNECTIONS}?id={row}")["connections"][0]["status"])
        assert states[-1] == state


def test_life_of_an_endpoint(program):
    """Creates a VPC endpoint, polls until it waits, accepts it, and deletes it, until it answers ErrDefault404"""
    client = program()
    body = {"endpoint_service_id": SERVICE, "vpc_id": "33333333-3333-4333-8333-333333333333"}
    body["subnet_id"] = "44444444-4444-4444-8444-444444444444"
    endpoint = client("POST vpc-endpoints " + json.dumps(body))
    assert endpoint["status"] == "creating"
    one = f"vpc-endpoints/{endpoint['id']}"
    if client(f"GET {one}")["status"] == "pendingAcceptance":
        client(f'POST {CONNECTIONS}/action {{"action":"receive","endpoints":["{endpoint["id"]}"]}}')
    assert client(f"GET {one}")["status"] == "accepted"
    assert client(f"GET {CONNECTIONS}?id={endpoint['id']}")["total_count"] == 1
    client(f"DELETE {one}")
    assert client.error(f"GET {one}") == "gophercloud.ErrDefault404"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_repeats_nothing_by_itself(program, server, status):
    """Knows 429, 500 and 503 as ErrDefault429, ErrDefault500 and ErrDefault503, and repeats nothing"""
    client = program()
    fault = server.fault(api="vpcep", error=status, retryAfter=1)
    assert client.error(f"GET {CONNECTIONS}?limit=1") == f"gophercloud.ErrDefault{status}"
    assert fault.counts == (1, 1)


def test_lost_answers(program, server):
    """Fails on a reset connection, no answer, garbage and half an answer; the next request works"""
    client = program()
    for end in [
        {"connection": "reset"}, {"connection": "empty"}, {"connection": "garbage"}, {"truncate": {"bytes": 100}},
    ]:
        fault = server.fault(api="vpcep", **end)
        assert client.error(f"GET {CONNECTIONS}?limit=1")
        seen, fired = fault.counts
        # What Go repeats by itself is read over a connection that was in use.
        assert seen == fired > 0
        fault.end()
        assert client(f"GET {CONNECTIONS}?limit=1")["total_count"] == 257


def test_tenants(program, server, crowd):
    """Four log in at once to projects of their own, made as copies of a seeded one, and live there; one is struck, and goes on"""
    project = "00000000000000000000000000000257"

    def life(number, tenant):
        client = program([(f'TenantID:         "{project}"', f'TenantID: "{tenant.id}"')])
        body = {"endpoint_service_id": SERVICE, "vpc_id": "33333333-3333-4333-8333-333333333333"}
        body["subnet_id"] = "44444444-4444-4444-8444-444444444444"
        errors = []
        for _ in range(3):
            made = client.answer("POST vpc-endpoints " + json.dumps(body))
            if "error" not in made:
                break
            errors.append(made["error"])
        mine = made["answer"]["id"]
        client(f'POST {CONNECTIONS}/action {{"action":"reject","endpoints":["{mine}"]}}')
        state = client(f"GET {CONNECTIONS}?id={mine}")["connections"][0]["status"]
        client(f"DELETE vpc-endpoints/{client('POST vpc-endpoints ' + json.dumps(body))['id']}")
        return errors, state, client(f"GET {CONNECTIONS}?limit=1")["total_count"]

    lives = crowd("vpcep", project, life, size=4, error=503, when={"first": 2})
    assert lives == [(["gophercloud.ErrDefault503"] * 2 if number == 0 else [], "rejected", 258) for number in range(4)]
