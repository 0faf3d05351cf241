import datetime

import pytest

HOST = {"ipv4": "127.0.0.1", "network": {"tunnel_id": "0191dce4-9ab4-7fce-b660-8e5dec5172da"}}


def create(account, name):
    return account.services.create(account_id=account.id, name=name, type="http", host=HOST)


def test_lists_to_the_end(account):
    found = list(account.services.list(account_id=account.id, per_page=100))
    assert len({service.service_id for service in found}) == 257


def test_asks_for_pages_of_100(account, tenant):
    list(account.services.list(account_id=account.id, per_page=100))
    page = {"operation": "connectivity-services-list", "parameters": {"per_page": "100"}, "status": 200}
    # Three pages have services, and the client asks for one more.
    tenant.post("requests/verify", {"request": page, "count": 4})


def test_repeats_what_was_too_much(account, tenant):
    tenant.put("faults/busy", {"error": 429, "retryAfter": 1, "when": {"first": 1}})
    assert len(account.services.list(account_id=account.id).result) == 257
    tenant.post("requests/verify", {"inOrder": [{"status": 429}, {"status": 200}], "adjacent": True})


def test_has_the_time_that_the_test_says(account, tenant):
    tenant.put("clock", {"now": "2030-01-02T03:04:05Z", "frozen": True})
    created = create(account, "clock")
    tenant.post("clock/advance", {"seconds": 86400})
    changed = account.services.update(
        created.service_id, account_id=account.id, name="clock-2", type="http", host=HOST
    )
    assert changed.created_at == datetime.datetime(2030, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
    assert changed.updated_at - changed.created_at == datetime.timedelta(days=1)


@pytest.mark.parametrize("name", ["one", "other"])
def test_sees_its_own(account, name):
    """At the same time with `pytest -n 2`: each creates ten, and never sees those of the other one."""
    for count in range(1, 11):
        create(account, f"{name}-{count}")
        found = {service.name for service in account.services.list(account_id=account.id)}
        assert len(found) == 257 + count
        assert {f"{name}-{number}" for number in range(1, count + 1)} < found
