import json
import shlex
import subprocess

import pytest


def curl(command, *further):
    result = subprocess.run(
        [*shlex.split(command), "--silent", "--show-error", "--fail-with-body", *further],
        capture_output=True,
        text=True,
        timeout=20,
    )
    return result.returncode, result.stdout


def commands(setup):
    return setup.text.strip().split("\n")


def test_lists_from_all_five_apis(setup):
    """Lists from all five APIs"""
    totals = []
    for command in commands(setup):
        code, text = curl(command)
        assert code == 0, text
        body = json.loads(text)
        counts = [
            body.get("total_count"),
            body.get("total"),
            body.get("totalCount"),
            body.get("metadata", {}).get("total_size"),
            body.get("result_info", {}).get("total_count"),
        ]
        totals += [count for count in counts if count is not None]
    assert totals == [257, 257, 129, 257, 257]


def test_answers_the_digest_challenge_of_atlas(setup):
    """Answers the Digest challenge of Atlas; a wrong private key gets 401"""
    digest = commands(setup)[2]
    assert curl(digest)[0] == 0
    code, text = curl(digest.replace("full-private-key", "wrong"))
    assert code == 22
    assert json.loads(text)["error"] == 401


def test_follows_pages_by_their_links(setup):
    """Follows Confluent's metadata.next and Atlas's next link to the end"""
    url = commands(setup)[3].split()[-1] + "?page_size=100"
    names = []
    while url:
        body = json.loads(curl(f"curl --user FULLKEY:full-secret '{url}'")[1])
        names += [item["name"] for item in body["data"]]
        url = body["metadata"]["next"]
    assert len(set(names)) == len(names) == 257

    url = commands(setup)[2].split()[-1] + "?itemsPerPage=50"
    ids = []
    while url:
        body = json.loads(curl(f"curl --digest --user fullkey:full-private-key '{url}'")[1])
        ids += [item["id"] for item in body["results"]]
        url = next((link["href"] for link in body["links"] if link["rel"] == "next"), None)
    assert len(set(ids)) == len(ids) == 129


def parts(setup, number):
    """The command of a list, and its address apart."""
    words = commands(setup)[number].split()
    return shlex.join(shlex.split(" ".join(words[:-1]))), words[-1]


def answer(command, url, *further):
    code, text = curl(f"{command} '{url}'", *further)
    assert code == 0, text
    return json.loads(text) if text else None


def test_filters_and_sorts(setup):
    """Filters by status, provider, type; sorts by time"""
    command, url = parts(setup, 0)
    rows = answer(command, url + "?status=rejected&sort_key=updated_at&sort_dir=asc&limit=1000")["connections"]
    assert rows and {row["status"] for row in rows} == {"rejected"}
    assert [row["updated_at"] for row in rows] == sorted(row["updated_at"] for row in rows)
    command, url = parts(setup, 1)
    assert answer(command, url + "?status=rejected")["total"] == len(rows)
    command, url = parts(setup, 2)
    assert answer(command, url + "?providerName=GCP")["totalCount"] == 64
    command, url = parts(setup, 3)
    assert {row["spec"]["connection_type"] for row in answer(command, url + "?spec.connection_type=OPENAI")["data"]} == {
        "OPENAI"
    }
    command, url = parts(setup, 4)
    assert {row["type"] for row in answer(command, url + "?type=tcp")["result"]} == {"tcp"}


def test_life_of_an_endpoint(setup):
    """Creates a VPC endpoint, accepts its connection, and deletes it"""
    command, url = parts(setup, 0)
    project = url.split("/vpc-endpoint-services")[0]
    service = url.split("/")[-2]
    body = {"endpoint_service_id": service, "vpc_id": "33333333-3333-4333-8333-333333333333"}
    body["subnet_id"] = "44444444-4444-4444-8444-444444444444"
    endpoint = answer(command, f"{project}/vpc-endpoints", "--json", json.dumps(body))
    assert endpoint["status"] == "creating"
    one = f"{project}/vpc-endpoints/{endpoint['id']}"
    state = answer(command, one)["status"]
    if state == "pendingAcceptance":
        accept = {"action": "receive", "endpoints": [endpoint["id"]]}
        answer(command, f"{url}/action", "--json", json.dumps(accept))
    assert answer(command, one)["status"] == "accepted"
    assert answer(command, f"{url}?id={endpoint['id']}")["total_count"] == 1
    answer(command, one, "--request", "DELETE")
    assert curl(f"{command} '{one}'")[0] == 22
    assert answer(command, f"{url}?id={endpoint['id']}")["total_count"] == 0


def test_life_of_a_peer(setup, server):
    """Creates a peer of Atlas with Digest, which sends the body again behind the challenge; it is accepted, and deleted"""
    command, url = parts(setup, 2)
    container = answer(command, url)["results"][0]["containerId"]
    body = {"containerId": container, "accepterRegionName": "us-west-1", "awsAccountId": "111122223333"}
    body |= {"routeTableCidrBlock": "10.200.0.0/16", "vpcId": "vpc-0123456789abcdef0"}
    peer = answer(command, url, "--json", json.dumps(body))
    one = f"{url}/{peer['id']}"
    assert answer(command, one)["statusName"] == "PENDING_ACCEPTANCE"
    path = [url.split("/")[-2], peer["id"]]
    server.post("/_patchbay/transitions", {"api": "atlas", "collection": "peers", "path": path, "event": "accept"})
    assert answer(command, one)["statusName"] == "AVAILABLE"
    answer(command, one, "--request", "DELETE")
    code, text = curl(f"{command} '{one}'")
    assert (code, json.loads(text)["errorCode"]) == (22, "PEER_NOT_FOUND")


def test_life_of_a_connection(setup):
    """Creates, replaces and deletes a connection of Confluent; its secret is in no answer"""
    command, url = parts(setup, 3)
    secret = {"kind": "PlaintextProvider", "data": "s3cr3t"}
    spec = {"connection_type": "OPENAI", "endpoint": "https://api.openai.com/v1", "auth_data": secret}
    made = answer(command, url, "--json", json.dumps({"name": "mine", "spec": spec}))
    change = json.dumps({"name": "mine", "spec": {"auth_data": secret}})
    changed = answer(command, f"{url}/mine", "--request", "PUT", "--json", change)
    assert changed["metadata"]["resource_version"] != made["metadata"]["resource_version"]
    assert "s3cr3t" not in json.dumps([made, changed, answer(command, f"{url}/mine")])
    answer(command, f"{url}/mine", "--request", "DELETE")
    assert curl(f"{command} '{url}/mine'")[0] == 22


def test_life_of_a_service(setup):
    """Creates, replaces and deletes a service of Cloudflare; a name that is taken is refused"""
    command, url = parts(setup, 4)
    host = {"ipv4": "10.9.9.9", "network": {"tunnel_id": "0191dce4-9ab4-7fce-b660-8e5dec5172da"}}
    body = {"name": "mine", "type": "http", "host": host}
    service = answer(command, url, "--json", json.dumps(body))["result"]
    code, text = curl(f"{command} '{url}'", "--json", json.dumps(body))
    assert (code, json.loads(text)["errors"][0]["code"]) == (22, 5101)
    one = f"{url}/{service['service_id']}"
    change = json.dumps(body | {"name": "yours"})
    assert answer(command, one, "--request", "PUT", "--json", change)["result"]["name"] == "yours"
    answer(command, one, "--request", "DELETE")
    code, text = curl(f"{command} '{one}'")
    assert (code, json.loads(text)["errors"][0]["code"]) == (22, 5104)


def test_names_the_error_of_each_api(setup):
    """Gets each vendor's own error for an unknown path, in the vendor's own envelope"""
    envelopes = ["error_code", "error_code", "errorCode", "errors", "errors"]
    for number, member in enumerate(envelopes):
        command, url = parts(setup, number)
        code, text = curl(f"{command} '{url}/nowhere/at/all'")
        assert code == 22
        assert member in json.loads(text)


APIS = ["vpcep", "apig", "atlas", "confluent", "cloudflare"]


def each_api(setup):
    return zip(APIS, commands(setup))


def test_repeats_after_a_limit(setup, server):
    """Repeats with `--retry` after 429 of each API, when Retry-After is over; Digest's challenge is neither struck nor counted"""
    for api, command in each_api(setup):
        fault = server.fault(api=api, error=429, retryAfter=1, when={"first": 1})
        assert curl(command, "--retry", "3")[0] == 0
        assert fault.counts == (2, 1)
        requests = [request for request in server.requests(api=api) if request["status"] != 401]
        assert [request["status"] for request in requests] == [429, 200]
        assert max(server.gaps(api=api)) >= 1


def test_gives_up(setup, server):
    """Gives up on 503 of each API after as many repetitions as it may make"""
    for api, command in each_api(setup):
        fault = server.fault(api=api, error=503)
        assert curl(command, "--retry", "1")[0] == 22
        assert fault.counts == (2, 2)


@pytest.mark.parametrize(
    "end, code",
    [
        ({"connection": "empty"}, 52),
        ({"connection": "reset"}, 56),
        ({"connection": "garbage"}, 1),
        ({"truncate": {"bytes": 100}}, 18),
    ],
    ids=["empty", "reset", "garbage", "truncated"],
)
def test_lost_answers(setup, server, end, code):
    """Ends with a code of its own for no answer, a reset connection, garbage and half an answer, of each API"""
    for api, command in each_api(setup):
        fault = server.fault(api=api, **end)
        assert curl(command)[0] == code
        # The answer to Digest's challenge goes over a connection that was in use: curl tries a new one.
        again = api == "atlas" and code in (52, 56)
        assert fault.counts == ((2, 2) if again else (1, 1))


def test_repeats_after_anything(setup, server):
    """Repeats with `--retry-all-errors` after a reset connection"""
    fault = server.fault(api="cloudflare", connection="reset", when={"first": 1})
    assert curl(commands(setup)[4], "--retry", "1", "--retry-all-errors")[0] == 0
    assert fault.counts == (2, 1)


def test_time_out(setup, server):
    """Ends with 28 when an answer is later than `--max-time`"""
    for api, command in each_api(setup):
        fault = server.fault(api=api, delay={"milliseconds": 1500})
        assert curl(command, "--max-time", "0.5")[0] == 28
        assert fault.counts == (1, 1)


def test_created_and_not_told(setup, server):
    """Is told that the name is taken when it creates again what was created behind an answer that was lost"""
    command, url = parts(setup, 3)
    spec = {"connection_type": "OPENAI", "endpoint": "https://api.openai.com/v1"}
    spec["auth_data"] = {"kind": "PlaintextProvider", "data": "s3cr3t"}
    body = json.dumps({"name": "mine", "spec": spec})
    server.fault(api="confluent", error=503, after=True, when={"first": 1})
    code, text = curl(f"{command} '{url}'", "--json", body, "--retry", "1", "--retry-delay", "1")
    assert (code, json.loads(text[text.rindex('{"errors"'):])["errors"][0]["code"]) == (22, "resource_already_exists")
    assert answer(command, f"{url}/mine")["name"] == "mine"


def test_tenants_of_all_apis(setup, tenant):
    """Lists from all five APIs in tenants that are copies of a seeded one"""
    for api, command in each_api(setup):
        source = command.split("/")[{"atlas": -2, "confluent": -4, "vpcep": -4, "apig": -6, "cloudflare": -4}[api]]
        own = tenant(api, source)
        code, text = curl(command.replace(source, own.id, 1))
        assert (code, bool(json.loads(text))) == (0, True)
        assert [request["status"] for request in own.requests()][-1] == 200


def test_tenants(setup, crowd):
    """Eight live at once in accounts of their own, made as copies of a seeded one; one is struck by a fault, and outlives it"""
    command, url = parts(setup, 4)
    account = "00000000000000000000000000000257"

    def life(number, tenant):
        own = url.replace(account, tenant.id)
        host = {"ipv4": "10.9.9.9", "network": {"tunnel_id": "0191dce4-9ab4-7fce-b660-8e5dec5172da"}}
        body = {"name": f"mine-{number}", "type": "http", "host": host}
        code, text = curl(f"{command} '{own}'", "--json", json.dumps(body), "--retry", "1")
        assert code == 0, text
        services = answer(command, own)["result"]
        one = next(service["service_id"] for service in services if service["name"] == body["name"])
        change = json.dumps(body | {"name": f"yours-{number}"})
        answer(command, f"{own}/{one}", "--request", "PUT", "--json", change)
        answer(command, f"{own}/{services[0]['service_id']}", "--request", "DELETE")
        names = [service["name"] for service in answer(command, own)["result"]]
        return len(names), [name for name in names if name.startswith(("mine", "yours"))]

    lives = crowd("cloudflare", account, life, error=503, when={"first": 1})
    assert lives == [(257, [f"yours-{number}"]) for number in range(8)]
