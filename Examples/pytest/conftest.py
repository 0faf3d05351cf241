"""A Patchbay for all tests, and a tenant of it for each."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import types
import urllib.error
import urllib.request
import zlib

import pytest
from cloudflare import Cloudflare

SHOWN = 10
"""How many of the last requests the report of a test that fails shows."""
SOURCE = {"api": "cloudflare", "from": "00000000000000000000000000000257"}
"""What each test gets a copy of: the seeded account with 257 services."""


@pytest.fixture(scope="session")
def patchbay():
    """The address of a server: that of `patchbay exec`, or one that is started here, on a free port."""
    if url := os.environ.get("PATCHBAY_URL"):
        yield url
        return
    program = shutil.which(os.environ.get("PATCHBAY", "patchbay"))
    if not program:
        pytest.exit("There is no patchbay on the PATH; PATCHBAY may say where it is.", returncode=2)
    process = subprocess.Popen([program, "--port", "0", "--log-level", "error"], stdout=subprocess.PIPE, text=True)
    try:
        listening, ready = process.stdout.readline(), process.stdout.readline()
        assert ready == "Ready.\n", f"{program} did not start"
        yield listening.removeprefix("Listening on ").strip()
    finally:
        process.terminate()
        process.wait(timeout=20)


class Tenant:
    """The account that a test has to itself, and calls of the control plane that are about it."""

    def __init__(self, url, label):
        self.url, self.label = url, label
        made = self._call("PUT", f"tenants/{label}", SOURCE)
        self.id = made["tenants"][0]["tenant"]

    def get(self, what):
        __tracebackhide__ = True
        return self._call("GET", f"{what}?tenant={self.id}")

    def put(self, what, body):
        __tracebackhide__ = True
        return self._call("PUT", f"{what}?tenant={self.id}", body)

    def post(self, what, body):
        __tracebackhide__ = True
        return self._call("POST", f"{what}?tenant={self.id}", body)

    def drop(self):
        self._call("DELETE", f"tenants/{self.label}")

    def account(self):
        """What it was asked, and what was wrong with that, a line for each."""
        asked = self.get("requests")["requests"]
        lines = [f"{each['method']} {each['path']}{'?' + each['query'] if each['query'] else ''} -> {each['status']}" for each in asked[-SHOWN:]]
        if len(asked) > SHOWN:
            lines.insert(0, f"the last {SHOWN} of {len(asked)} requests:")
        return lines, [each["says"] for each in self.get("diagnostics")["findings"]]

    def _call(self, method, path, body=None):
        __tracebackhide__ = True
        request = urllib.request.Request(
            f"{self.url}/_patchbay/{path}", method=method, data=None if body is None else json.dumps(body).encode()
        )
        if token := os.environ.get("PATCHBAY_ADMIN_TOKEN"):
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            # Says what is wrong; of a verification, what came nearest to what was expected.
            problem = json.load(error)["detail"]
        raise AssertionError(f"{method} /_patchbay/{path}: {problem}")


@pytest.fixture
def tenant(patchbay, request):
    """A tenant of the test's own, which no other test sees; the same identifier at each run."""
    name = re.sub("[^A-Za-z0-9_]+", "-", request.node.name)[:50]
    tenant = Tenant(patchbay, f"{name}-{zlib.crc32(request.node.nodeid.encode()):08x}")
    yield tenant
    with contextlib.suppress(AssertionError):
        # Gone already, when the test has dropped it or reset everything.
        tenant.drop()


@pytest.fixture
def account(patchbay, tenant):
    """What the tests are about: a client, here the vendor's, and the account that it works with."""
    client = Cloudflare(base_url=f"{patchbay}/client/v4", api_token="any")
    return types.SimpleNamespace(id=tenant.id, services=client.connectivity.directory.services)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Adds to the report of a test that fails what its tenant was asked, and what was wrong with that."""
    report = yield
    tenant = item.funcargs.get("tenant")
    if report.when == "call" and report.failed and tenant:
        # A report that fails would end the whole run: the test may have dropped its tenant, or the server be gone.
        try:
            asked, found = tenant.account()
        except (AssertionError, OSError) as error:
            asked, found = [f"nobody knows any more: {error}"], []
        report.sections.append(("Patchbay was asked", "\n".join(asked)))
        report.sections.append(("Patchbay's diagnostics", "\n".join(found)))
    return report
