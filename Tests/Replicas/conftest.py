"""Three release programs with the same seeds, nginx before them, and what the manifests say of them."""

import contextlib
import http.client
import json
import os
import pathlib

import pytest
import yaml

from programs import BOTH, Nginx, Patchbay, Server, free_port

ROOT = pathlib.Path(__file__).parent.parent.parent
PROGRAM = os.environ["PATCHBAY"]
MANIFESTS = ROOT / "deploy/kubernetes"


class Front(Server):
    """nginx with several programs behind it; `balance` says which of them a request goes to, in turn where it is empty."""

    def __init__(self, folder, ports, balance="", maps=""):
        port = free_port()
        user = "user root;" if os.getuid() == 0 else ""
        places = " ".join(f"{kind}_temp_path {folder}/temporary;" for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"])
        servers = " ".join(f"server 127.0.0.1:{each};" for each in ports)
        (folder / "nginx.conf").write_text(
            f"daemon off; worker_processes 1; {user} pid {folder}/pid; error_log {folder}/errors;\n"
            "events { worker_connections 1024; }\n"
            f"http {{ access_log off; {places}\n{maps}\n"
            f" upstream replicas {{ {balance} {servers} }}\n"
            f" server {{ listen 127.0.0.1:{port}; add_header X-Replica $upstream_addr always;\n"
            "  location / { proxy_pass http://replicas; proxy_http_version 1.1; proxy_set_header Host $http_host; } } }\n"
        )
        super().__init__(["nginx", "-e", f"{folder}/errors", "-c", f"{folder}/nginx.conf"], BOTH, port)

    await_ready = Nginx.await_ready


class Client:
    """Asks a port for what somebody would ask that host."""

    def __init__(self, port, host=None):
        self.port = port
        self.host = host or f"127.0.0.1:{port}"
        self.replicas = []
        """Who answered, the first one first, where the front says so."""

    def ask(self, target, headers=None, method="GET", body=None):
        """Status, headers and content of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with contextlib.closing(connection):
            headers = {"Host": self.host, "Content-Type": "application/json"} | (headers or {})
            connection.request(method, target, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            self.replicas.append(answer.getheader("X-Replica"))
            return answer.status, answer.headers, answer.read()

    def json(self, target, headers=None, method="GET", body=None):
        """What an answer holds, which has to be a good one."""
        status, _, content = self.ask(target, headers, method, body)
        assert status in (200, 201), f"{method} {target}: {status} {content.decode()}"
        return json.loads(content)


@contextlib.contextmanager
def replicas(*options):
    """The ports of three programs that were started alike."""
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(Patchbay(PROGRAM, *options, cores=BOTH)).port for _ in range(3)]


def manifests(name):
    """The objects of a manifest by their kind; the first one of each."""
    found = {}
    for each in yaml.safe_load_all((MANIFESTS / name).read_text()):
        found.setdefault(each["kind"], each)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A place for one nginx."""
    return tmp_path_factory.mktemp("nginx")
