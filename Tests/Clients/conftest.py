"""Fixtures for all clients, and the record of what works."""

import concurrent.futures
import datetime
import itertools
import json
import os
import pathlib
import subprocess
import threading
import time
import tomllib
import types
import urllib.error
import urllib.parse
import urllib.request

import pytest

PROGRAM = os.environ["PATCHBAY"]
RESULTS = pathlib.Path(os.environ["PATCHBAY_CLIENT_RESULTS"])
USUAL_FLAGS = ["--auth", "known"]
DOCUMENTED = "http://127.0.0.1:4747"


class Server:
    """The release program on a free port, with the bundled seeds."""

    def __init__(self, flags, folder):
        self._flags = flags
        self._folder = folder
        self._count = 0
        self._process = None
        self.url = ""
        self._start()

    def restart(self, *flags):
        """Starts anew, with further flags."""
        self.stop()
        self._flags = self._flags + list(flags)
        self._start()

    def _start(self):
        self._count += 1
        ready = self._folder / f"url-{self._count}"
        log = open(self._folder / f"log-{self._count}", "wb")
        self._process = subprocess.Popen(
            [PROGRAM, "--port", "0", "--ready-file", str(ready), *self._flags],
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
        for _ in range(1000):
            if ready.exists() and ready.read_text().endswith("\n"):
                self.url = ready.read_text().strip()
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.01)
        raise RuntimeError(f"the server did not start: see {log.name}")

    def stop(self):
        self._process.terminate()
        self._process.wait(timeout=20)

    def get(self, path):
        return self._call("GET", path)

    def put(self, path, body):
        return self._call("PUT", path, body)

    def post(self, path, body):
        return self._call("POST", path, body)

    def delete(self, path):
        return self._call("DELETE", path)

    def fault(self, name="fault", tenant=None, **members):
        """Puts a fault in force: everybody's, or that of one tenant."""
        scope = {"tenant": tenant, "api": members.get("api")} if tenant else {}
        path = f"/_patchbay/faults/{name}?{urllib.parse.urlencode(scope)}"
        self.put(path, members)
        return Fault(self, path)

    def requests(self, **filters):
        """What the journal holds, the oldest first."""
        return self.get("/_patchbay/requests?" + urllib.parse.urlencode(filters))["requests"]

    def gaps(self, **filters):
        """The seconds between one request and the next one, as the journal has them."""
        times = [datetime.datetime.fromisoformat(request["time"]) for request in self.requests(**filters)]
        return [(after - before).total_seconds() for before, after in zip(times, times[1:])]

    def _call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.code} {error.read().decode()}") from error


class Fault:
    """A fault in force."""

    def __init__(self, server, path):
        self._server = server
        self._path = path

    @property
    def counts(self):
        """How many requests it has looked at, and how many of them it has struck."""
        state = self._server.get(self._path)
        return state["seen"], state["fired"]

    def end(self):
        self._server.delete(self._path)


def description(folder):
    """What `client.toml` says."""
    return tomllib.loads((folder / "client.toml").read_text())


@pytest.fixture
def client(request):
    """What `client.toml` of the test's folder says."""
    return description(request.path.parent)


@pytest.fixture
def server(client, tmp_path):
    """A server of the test's own."""
    server = Server(client.get("serve", USUAL_FLAGS), tmp_path)
    yield server
    server.stop()


@pytest.fixture
def setup(client, server):
    """The names that the documented lines define, or their text."""
    text = client["setup"].replace(DOCUMENTED, server.url)
    if client["language"] != "python":
        return types.SimpleNamespace(text=text)
    names = {}
    exec(compile(text, "the lines in client.toml", "exec"), names)
    return types.SimpleNamespace(**names)


class Tenant:
    """A tenant that a test has to itself: a copy of one of the seeds under a label."""

    def __init__(self, server, api, label, source):
        self._server = server
        self.api = api
        self.label = label
        lists = server.put(f"/_patchbay/tenants/{label}", {"api": api} | ({"from": source} if source else {}))["tenants"]
        # Its identifier, as the API's paths have it, and all parameters that lead to its first list.
        self.id = lists[0]["tenant"]
        self.parameters = lists[0]["parameters"]

    def fault(self, name="fault", **members):
        """Puts a fault in force that strikes nobody else."""
        return self._server.fault(name, tenant=self.id, **{"api": self.api, **members})

    def requests(self, **filters):
        """What the journal holds of it."""
        return self._server.requests(tenant=self.id, api=self.api, **filters)


@pytest.fixture
def tenant(server):
    """Makes tenants: `tenant("atlas")` copies the first one of the seeds, `tenant("atlas", GROUP)` that one."""
    count = itertools.count(1)
    return lambda api, source=None: Tenant(server, api, f"{api}-{next(count)}", source)


@pytest.fixture
def crowd(server, tenant):
    """Lets tenants live at the same time, a thread each: `crowd("atlas", GROUP, life, error=503, when={"first": 2})`.

    Each is a copy of one of the seeds; `life(number, tenant)` is what it does. The first one has a fault. Each has its own requests in the journal, only
    the first one is struck, and the one of the seeds stays as it was. Returns what the lives return.
    """

    def live(api, source, life, size=8, **fault):
        tenants = [tenant(api, source) for _ in range(size)]
        before = server.get(f"/_patchbay/tenants/{source}")
        fault = tenants[0].fault(**fault)
        together = threading.Barrier(size)

        def one(number):
            together.wait()
            return life(number, tenants[number])

        with concurrent.futures.ThreadPoolExecutor(size) as pool:
            results = list(pool.map(one, range(size)))
        for each in tenants:
            requests = each.requests()
            assert requests and all(each.id in request["parameters"].values() for request in requests)
            assert sum(len(request["faults"]) for request in requests) == (fault.counts[1] if each is tenants[0] else 0)
        assert fault.counts[1] > 0
        assert server.get(f"/_patchbay/tenants/{source}") == before
        return results

    return live


_outcomes = {}


def _sentence(item):
    text = (item.function.__doc__ or "").strip().split("\n")[0].rstrip(".")
    text = text or item.originalname.removeprefix("test_").replace("_", " ")
    return text[0].upper() + text[1:]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    case = item.callspec.id if hasattr(item, "callspec") else ""
    cases = _outcomes.setdefault(_sentence(item), {})
    if report.failed:
        cases[case] = "failed"
    elif report.skipped:
        cases[case] = "skipped: " + str(call.excinfo.value)
    elif report.when == "call":
        cases.setdefault(case, "works")
    return report


def pytest_sessionfinish(session):
    RESULTS.write_text(json.dumps(_outcomes, indent=1) + "\n")
