"""The image's program in a container that is made by hand: what engines do, as far as the program can tell."""

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

PATIENCE = 10
"""Seconds until something has to have happened."""


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

    def __init__(self, stage, root, *options, mounts=(), variables=()):
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
            unshared, env=stage.variables | dict(variables), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
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


@contextlib.contextmanager
def rooted(image):
    """A root with the image's files and the folders that engines put there, and a folder for whatever else is needed."""
    work = pathlib.Path(tempfile.mkdtemp())
    try:
        root = work / "root"
        shutil.copytree(image, root)
        (root / "proc").mkdir()
        (root / "dev").mkdir()
        (root / "dev/urandom").touch()
        yield root, work
    finally:
        shutil.rmtree(work)


def isolate():
    """Goes on in a network of its own, with nothing but the loopback device, and with mounts that nobody else sees."""
    if os.geteuid():
        sys.exit("This takes a superuser: it makes namespaces and changes the root")
    if "PATCHBAY_ISOLATED" not in os.environ:
        os.environ["PATCHBAY_ISOLATED"] = "1"
        os.execvp("unshare", ["unshare", "--net", "--mount", sys.executable, *sys.argv])
    raise_loopback()


def raise_loopback():
    """Turns on the only device of the network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        request = struct.pack("16sh14x", b"lo", 0x1)
        fcntl.ioctl(sock, 0x8914, request)
