#!/usr/bin/env python3
"""Runs what compose.yaml says, without an engine: the image's files as a container, every other command as it stands there.

    python3 Image/compose.py Dockerfile .build/image compose.yaml [compose.tls.yaml]

Names of services lead to the loopback device, and a command's files are where the service has them mounted, in a root of its own that is made of this
machine's. The client starts when what it depends on is healthy.
"""

import contextlib
import os
import pathlib
import shlex
import subprocess
import sys
import time

import yaml
from container import PATIENCE, Container, Stage, isolate, rooted

EXPECTED = ["vpcep: 2", "apig: 1", "atlas: 1", "confluent: 1", "cloudflare: 1"]


def merged(files):
    """The services of several files, the later ones over the earlier ones."""
    services = {}
    for file in files:
        for name, service in yaml.safe_load(pathlib.Path(file).read_text())["services"].items():
            into = services.setdefault(name, {})
            for key, value in service.items():
                old = into.get(key)
                into[key] = old | value if isinstance(old, dict) else old + value if isinstance(old, list) else value
    return services


def mounts(service, work):
    """Where on this machine what is mounted comes from, and where the service has it."""
    for volume in service.get("volumes", []):
        source, target = volume.split(":")[:2]
        if not source.startswith("."):
            source = work / source
            source.mkdir(exist_ok=True)
        yield pathlib.Path(source).resolve(), target


def native(name, services, work):
    """The command that runs a service in a root of its own, which is this machine's with the service's files in it, and its variables."""
    service = services[name]
    layer = work / name
    layer.mkdir()
    root = layer / "root"
    script = [f"mount -t tmpfs tmpfs {layer}", f"mkdir {layer}/upper {layer}/work {root}"]
    script += [f"mount -t overlay overlay -o lowerdir=/,upperdir={layer}/upper,workdir={layer}/work {root}"]
    script += [f"mount --rbind /{folder} {root}/{folder}" for folder in ["proc", "dev"]]
    script += [f"echo 127.0.0.1 localhost {' '.join(services)} > {root}/etc/hosts"]
    for source, target in mounts(service, work):
        place = f"{root}{target}"
        make = f"mkdir -p {place}" if source.is_dir() else f"mkdir -p $(dirname {place}) && touch {place}"
        script += [make, f"mount --bind {source} {place}"]
    script.append(f"exec chroot {root} " + shlex.join(service["command"]))
    # As the image of the proxy has it.
    variables = {"PATH": os.environ["PATH"], "HOME": "/", "XDG_DATA_HOME": "/data"} | service.get("environment", {})
    return ["unshare", "--mount", "/bin/sh", "-ec", "\n".join(script)], variables


@contextlib.contextmanager
def running(services, work):
    """The proxy, if there is one, when it answers."""
    if "tls" not in services:
        yield
        return
    command, variables = native("tls", services, work)
    with subprocess.Popen(command, env=variables, stderr=subprocess.DEVNULL) as proxy:
        try:
            end = time.monotonic() + PATIENCE
            # This machine does not know the service's name.
            test = ["curl", "-sfk", "--resolve", "tls:443:127.0.0.1", "-o", "/dev/null", services["tls"]["healthcheck"]["test"][-1]]
            while subprocess.run(test, check=False).returncode:
                if proxy.poll() is not None or time.monotonic() > end:
                    sys.exit("the proxy is never healthy")
                time.sleep(0.1)
            yield
        finally:
            proxy.terminate()


def main():
    isolate()
    stage = Stage(pathlib.Path(sys.argv[1]))
    services = merged(sys.argv[3:])
    with rooted(sys.argv[2]) as (root, work):
        own = services["patchbay"]
        options = own.get("command", [])
        inside = [(source, target.lstrip("/")) for source, target in mounts(own, work)]
        with Container(stage, root, *options, mounts=inside, variables=own.get("environment", {})), running(services, work):
            command, variables = native("client", services, work)
            done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=PATIENCE, check=False)
        if done.returncode or done.stdout.splitlines() != EXPECTED:
            sys.exit(f"the client ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        print(f"{' '.join(sys.argv[3:])}: {', '.join(EXPECTED)}")


main()
