import json
import shlex
import subprocess


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
