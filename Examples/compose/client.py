"""Lists from all five APIs, as a service would that is under test: the address comes from its environment."""

import json
import os
import urllib.request

URL = os.environ["PATCHBAY_URL"]
TOKEN, BEARER = {"X-Auth-Token": "any"}, {"Authorization": "Bearer any"}
LISTS = {
    "vpcep": ("/v1/11111111111111111111111111111111/vpc-endpoint-services/22222222-2222-4222-8222-222222222222/connections", TOKEN, "connections"),
    "apig": ("/v2/33333333333333333333333333333333/apigw/instances/44444444444444444444444444444444/vpc-endpoint/connections", TOKEN, "connections"),
    "atlas": ("/api/atlas/v1.0/groups/666666666666666666666666/peers", BEARER, "results"),
    "confluent": ("/sql/v1/organizations/99999999-9999-4999-8999-999999999999/environments/env-mine/connections", BEARER, "data"),
    "cloudflare": ("/client/v4/accounts/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/connectivity/directory/services", BEARER, "result"),
}

for api, (path, headers, rows) in LISTS.items():
    with urllib.request.urlopen(urllib.request.Request(URL + path, headers=headers), timeout=10) as answer:
        print(f"{api}: {len(json.load(answer)[rows])}", flush=True)
