#!/usr/bin/env python3
"""Runs the files of the image as a container would, without a container engine, and looks at what they do.

    python3 Image/check.py Dockerfile .build/image

What is run, as whom and with which variables, is read from the last stage of the Dockerfile. The root is read-only and has nothing but the
image's files, /proc and /dev/urandom, which engines add; the process is number 1 of its own, has no capabilities that it did not bring, and a network
of its own with nothing but the loopback device. It takes a superuser to do all that.
"""

import contextlib
import fcntl
import json
import os
import pathlib
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request

LIMIT = 25_000_000
"""How many bytes the image may have."""
PATIENCE = 10
"""Seconds until something has to have happened."""

LISTS = [
    ("/v1/a4a5d4098fb4474fa22cd05f897d6b99/vpc-endpoint-services/4189d3c2-8882-4871-a3c2-d380272eed88/connections", "X-Auth-Token: any"),
    ("/v2/77b6a44cba5143ab91d13ab9a8ff44fd/apigw/instances/eddc4d25480b4cd6b512f270a1b8b341/vpc-endpoint/connections", "X-Auth-Token: any"),
    ("/api/atlas/v1.0/groups/5356823b3794dee37132bb7b/peers", "Authorization: Bearer any"),
    ("/sql/v1/organizations/9bb441c4-edef-46ac-8a41-c49e44a3fd9a/environments/env-123/connections", "Authorization: Bearer any"),
    ("/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/connectivity/directory/services", "Authorization: Bearer any"),
]
SERVICES = "/client/v4/accounts/{}/connectivity/directory/services"
BODY = {"name": "mine", "type": "http", "host": {"ipv4": "10.0.0.1", "network": {"tunnel_id": "0191dce4-9ab4-7fce-b660-8e5dec5172da"}}}


class Stage:
    """The last stage of a Dockerfile."""

    def __init__(self, path):
        text = path.read_text().replace("\\\n", " ")
        lines = [line.split(maxsplit=1) for line in text.splitlines() if line.strip() and not line.startswith("#")]
        last = max(index for index, line in enumerate(lines) if line[0] == "FROM")
        self.lines = [(name, value) for name, value in lines[last:]]
        # Engines set the first one as well.
        self.variables = {"PATH": os.environ["PATH"]} | dict(word.split("=", 1) for value in self.all("ENV") for word in shlex.split(value))
        self.user, self.group = (int(number) for number in self.one("USER").split(":"))
        self.entry = json.loads(self.one("ENTRYPOINT"))
        self.command = json.loads(self.one("CMD"))
        self.health = json.loads(self.one("HEALTHCHECK").split("CMD", 1)[1])
        self.signal = signal.Signals[self.one("STOPSIGNAL")]

    def all(self, name):
        return [value for found, value in self.lines if found == name]

    def one(self, name):
        (value,) = self.all(name)
        return value


class Container:
    """The image's program, running in its root."""

    def __init__(self, stage, root, *options, mounts=()):
        self.stage = stage
        self.place = pathlib.Path(tempfile.mkdtemp())
        script = [f"mount --bind {root} {self.place}", "mount -o remount,bind,ro " + str(self.place)]
        script += [f"mount --bind {source} {self.place}/{target}" for source, target in mounts]
        # Where engines mount them as well.
        script += [f"mount -t proc proc {self.place}/proc", f"mount --bind /dev/urandom {self.place}/dev/urandom"]
        self.inside = ["chroot", f"--userspec={stage.user}:{stage.group}", str(self.place)]
        words = self.inside + stage.entry + (list(options) or stage.command)
        script.append("exec " + shlex.join(words))
        unshared = ["unshare", "--mount", "--pid", "--fork", "/bin/sh", "-ec", "\n".join(script)]
        self.process = subprocess.Popen(
            unshared, env=stage.variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def __enter__(self):
        end = time.monotonic() + PATIENCE
        while self.healthy():
            if self.process.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"never healthy: {self.process.communicate() if self.process.poll() is not None else ''}")
            time.sleep(0.02)
        return self

    def __exit__(self, *_):
        # A program that changes who it runs as is not killed with who started it.
        if self.process.poll() is None:
            with contextlib.suppress(IndexError, FileNotFoundError):
                os.kill(self.first, signal.SIGKILL)
            self.process.kill()
        self.process.communicate()
        self.place.rmdir()

    @property
    def first(self):
        """The number outside of what is number 1 inside."""
        return int(pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()[0])

    def healthy(self):
        """The exit code of the health check, run inside as engines do."""
        with contextlib.suppress(IndexError, FileNotFoundError):
            entered = ["nsenter", "--mount", "--pid", f"--target={self.first}"]
            done = subprocess.run(entered + self.inside + self.stage.health, env=self.stage.variables, capture_output=True, timeout=PATIENCE)
            return done.returncode
        return 1

    def ask(self, path, header="Authorization: Bearer any", body=None):
        name, value = header.split(": ")
        headers = {name: value, "Content-Type": "application/json"}
        request = urllib.request.Request(f"http://127.0.0.1:4747{path}", json.dumps(body).encode() if body else None, headers)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)

    def stop(self):
        """Stops it as engines do; its exit code, how long that took, and what it said."""
        began = time.monotonic()
        os.kill(self.first, self.stage.signal)
        said = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, time.monotonic() - began, said


CHECKS = []


def check(function):
    """Runs a check, whose first line says what holds."""
    CHECKS.append(function)
    return function


@check
def small(stage, root, work):
    """It has at most 25 MB, and no library but those in the program"""
    size = sum(file.stat().st_size for file in root.rglob("*") if file.is_file())
    libraries = subprocess.run(["ldd", root / "patchbay"], capture_output=True, text=True, check=False)
    assert "not a dynamic executable" in libraries.stdout + libraries.stderr, libraries
    assert size <= LIMIT, size
    return f"{size / 1e6:.1f} MB"


@check
def answers(stage, root, work):
    """It becomes healthy, and lists from all five APIs, by a user without rights and with a root that cannot be written to"""
    with Container(stage, root) as container:
        status = pathlib.Path(f"/proc/{container.first}/status").read_text()
        assert f"Uid:\t{stage.user}\t{stage.user}" in status and "CapEff:\t0000000000000000" in status, status
        assert "NSpid:" in status and status.split("NSpid:")[1].split("\n")[0].split()[-1] == "1", status
        for path, header in LISTS:
            assert container.ask(path, header), path
        code, seconds, said = container.stop()
        assert code == 0 and said[0] == "Listening on http://0.0.0.0:4747\nReady.\n", (code, said)
        return f"stopped after {seconds:.2f} s"


@check
def own_seeds(stage, root, work):
    """Seeds that are mounted at /seeds are served in place of those in the image"""
    (work / "seeds/cloudflare").mkdir(parents=True)
    (work / "seeds/cloudflare/mine.json").write_text('{"accounts": [{"id": "mine"}]}')
    with Container(stage, root, mounts=[(work / "seeds", "seeds")]) as container:
        tenants = container.ask("/_patchbay/tenants")["tenants"]
        assert [tenant["parameters"] for tenant in tenants] == [{"account_id": "mine"}], tenants


@check
def no_seeds(stage, root, work):
    """A folder without seeds at /seeds is an error, and not the seeds of the image"""
    (work / "empty").mkdir()
    container = Container(stage, root, mounts=[(work / "empty", "seeds")])
    try:
        said = container.process.communicate(timeout=PATIENCE)
        assert container.process.returncode == 3 and "/seeds" in said[1], said
    finally:
        container.__exit__()


@check
def store(stage, root, work):
    """What is written to /data is there after a restart"""
    data = work / "data"
    data.mkdir()
    os.chown(data, stage.user, stage.group)
    path = SERVICES.format("023e105f4ecef8ad9ca31a8372d0c353")
    for expected in [1, 2]:
        with Container(stage, root, "--store", "/data/store.db", mounts=[(data, "data")]) as container:
            assert container.ask(path)["result_info"]["total_count"] == expected
            if expected == 1:
                container.ask(path, body=BODY)
            assert container.stop()[0] == 0


def raise_loopback():
    """Turns on the only device of the network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        request = struct.pack("16sh14x", b"lo", 0x1)
        fcntl.ioctl(sock, 0x8914, request)


def main():
    if os.geteuid():
        sys.exit("This takes a superuser: it makes namespaces and changes the root")
    if "PATCHBAY_IMAGE_CHECK" not in os.environ:
        os.environ["PATCHBAY_IMAGE_CHECK"] = "1"
        os.execvp("unshare", ["unshare", "--net", "--mount", sys.executable, *sys.argv])
    raise_loopback()
    stage = Stage(pathlib.Path(sys.argv[1]))
    work = pathlib.Path(tempfile.mkdtemp())
    try:
        root = work / "root"
        shutil.copytree(sys.argv[2], root)
        # What engines put there.
        (root / "proc").mkdir()
        (root / "dev").mkdir()
        (root / "dev/urandom").touch()
        for function in CHECKS:
            note = function(stage, root, work)
            print(f"{function.__doc__}{f' ({note})' if note else ''}")
    finally:
        shutil.rmtree(work)
    print(f"{len(CHECKS)} passed, 0 failed")


main()
