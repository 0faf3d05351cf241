"""The program runs with what the manifests say: seeds as a ConfigMap brings them, variables, probes, a store that outlives it."""

import os
import subprocess

import pytest
from conftest import MANIFESTS, PROGRAM, Client, manifests
from programs import BOTH, Server

ACCOUNT = "/client/v4/accounts/0000000000000000000000000000a001/connectivity/directory/services"
BEARER = {"Authorization": "Bearer any"}


class Pod(Server):
    """The container of a manifest: its variables, with its mounts in a folder, on loopback."""

    def __init__(self, folder, container):
        (folder / "data").mkdir(exist_ok=True)
        variables = {each["name"]: each["value"] for each in container["env"]}
        assert variables["PATCHBAY_HOST"] == "0.0.0.0"
        variables |= {"PATCHBAY_HOST": "127.0.0.1", "PATCHBAY_PORT": "0"}
        for mount in container["volumeMounts"]:
            path = mount["mountPath"]
            for name, value in variables.items():
                if value == path or value.startswith(path + "/"):
                    variables[name] = f"{folder}{value}"
        command = ["env", "-i", *(f"{name}={value}" for name, value in variables.items()), PROGRAM, "serve"]
        super().__init__(command, BOTH)

    def await_ready(self):
        listening, ready = self.process.stdout.readline(), self.process.stdout.readline()
        assert ready == "Ready.\n"
        self.port = int(listening.rpartition(":")[2])


def template(name):
    """What a manifest says of its pods."""
    return manifests(name)["Deployment"]["spec"]["template"]["spec"]


def mounted(folder, volume):
    """The seeds of a ConfigMap, laid out as the kubelet does it: folders that are links to those of a folder with a dotted name."""
    data = manifests("seeds.yaml")["ConfigMap"]["data"]
    seeds, version = folder / "seeds", "..2026_01_02_03_04_05.1234567890"
    for item in volume["configMap"]["items"]:
        path = seeds / version / item["path"]
        path.parent.mkdir(parents=True)
        path.write_text(data[item["key"]])
        (seeds / path.parent.name).symlink_to(f"..data/{path.parent.name}")
    (seeds / "..data").symlink_to(version)
    assert len(volume["configMap"]["items"]) == len(data)
    return seeds


@pytest.mark.parametrize("name", ["patchbay.yaml", "stateful.yaml"])
def test_the_container_serves_the_seeds_and_answers_its_probes(tmp_path, name):
    spec = template(name)
    seeds = mounted(tmp_path, spec["volumes"][0])
    assert subprocess.run([PROGRAM, "seed", "check", seeds], stdout=subprocess.DEVNULL, timeout=20).returncode == 0
    container = spec["containers"][0]
    with Pod(tmp_path, container) as pod:
        # A kubelet asks by the address of the pod.
        kubelet = Client(pod.port, "10.244.1.17:4747")
        for probe in ["startupProbe", "readinessProbe", "livenessProbe"]:
            assert kubelet.ask(container[probe]["httpGet"]["path"], {"User-Agent": "kube-probe/1.34"})[0] == 200
        # Who is in the cluster, by the name of the Service.
        service = manifests(name)["Service"]["metadata"]["name"]
        client = Client(pod.port, f"{service}:4747")
        assert [each["name"] for each in client.json(ACCOUNT, BEARER)["result"]] == ["web"]
        assert len({each["api"] for each in client.json("/_patchbay/tenants")["tenants"]}) == 5


def test_the_store_outlives_the_pod(tmp_path):
    spec = template("stateful.yaml")
    mounted(tmp_path, spec["volumes"][0])
    host = {"ipv4": "127.0.0.1", "network": {"tunnel_id": "00000000-0000-4000-8000-00000000b001"}}
    with Pod(tmp_path, spec["containers"][0]) as pod:
        Client(pod.port).json(ACCOUNT, BEARER, "POST", {"name": "mine", "type": "http", "host": host})
    with Pod(tmp_path, spec["containers"][0]) as pod:
        names = [each["name"] for each in Client(pod.port).json(ACCOUNT, BEARER)["result"]]
        assert sorted(names) == ["mine", "web"]


@pytest.mark.parametrize("name", ["patchbay.yaml", "stateful.yaml"])
def test_the_container_may_do_no_more_than_it_needs(name):
    """What the restricted standard for pods asks for, and a root that is not written to"""
    spec = template(name)
    pod, container = spec["securityContext"], spec["containers"][0]["securityContext"]
    assert pod["runAsNonRoot"] and pod["runAsUser"] == 65532 and pod["seccompProfile"]["type"] == "RuntimeDefault"
    assert container == {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
    # Variables of a Service called patchbay would be taken for flags.
    assert spec["enableServiceLinks"] is False and spec["automountServiceAccountToken"] is False
    assert manifests(name)["Service"]["spec"]["selector"].items() <= manifests(name)["Deployment"]["spec"]["template"]["metadata"]["labels"].items()


def test_the_page_names_each_manifest():
    """README.md"""
    page = (MANIFESTS / "README.md").read_text()
    assert [each for each in os.listdir(MANIFESTS) if each.endswith(".yaml") and each not in page] == []
