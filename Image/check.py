#!/usr/bin/env python3
"""Runs the files of the image as a container would, without a container engine, and looks at what they do.

    python3 Image/check.py Dockerfile .build/image

What is run, as whom and with which variables, is read from the last stage of the Dockerfile. The root is read-only and has nothing but the
image's files, /proc and /dev/urandom, which engines add; the process is number 1 of its own, has no capabilities that it did not bring, and a network
of its own with nothing but the loopback device. It takes a superuser to do all that.
"""

import os
import pathlib
import subprocess
import sys

from container import PATIENCE, Container, Stage, isolate, rooted

LIMIT = 25_000_000
"""How many bytes the image may have."""

LISTS = [
    ("/v1/a4a5d4098fb4474fa22cd05f897d6b99/vpc-endpoint-services/4189d3c2-8882-4871-a3c2-d380272eed88/connections", "X-Auth-Token: any"),
    ("/v2/77b6a44cba5143ab91d13ab9a8ff44fd/apigw/instances/eddc4d25480b4cd6b512f270a1b8b341/vpc-endpoint/connections", "X-Auth-Token: any"),
    ("/api/atlas/v1.0/groups/5356823b3794dee37132bb7b/peers", "Authorization: Bearer any"),
    ("/sql/v1/organizations/9bb441c4-edef-46ac-8a41-c49e44a3fd9a/environments/env-123/connections", "Authorization: Bearer any"),
    ("/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/connectivity/directory/services", "Authorization: Bearer any"),
]
SERVICES = "/client/v4/accounts/{}/connectivity/directory/services"
BODY = {"name": "mine", "type": "http", "host": {"ipv4": "10.0.0.1", "network": {"tunnel_id": "0191dce4-9ab4-7fce-b660-8e5dec5172da"}}}


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


def main():
    isolate()
    stage = Stage(pathlib.Path(sys.argv[1]))
    with rooted(sys.argv[2]) as (root, work):
        for function in CHECKS:
            note = function(stage, root, work)
            print(f"{function.__doc__}{f' ({note})' if note else ''}", flush=True)
    print(f"{len(CHECKS)} passed, 0 failed")


main()
