import confluent_sql
import httpx
import pytest
from confluent_sql.exceptions import OperationalError, StatementNotFoundError

ORGANIZATION = "00000000-0000-4000-8000-000000000257"


def connect(server, key="FULLKEY", secret="full-secret", environment="env-257", organization=ORGANIZATION, **options):
    return confluent_sql.connect(
        endpoint=server.url,
        flink_api_key=key,
        flink_api_secret=secret,
        environment_id=environment,
        organization_id=organization,
        **options,
    )


def refusal(call):
    with pytest.raises(OperationalError) as refused:
        call()
    return refused.value.http_status_code, str(refused.value)


def test_infers_the_organization_of_a_global_key(setup):
    """Infers the organization that a global key belongs to"""
    assert setup.connection.organization_id == ORGANIZATION


def test_asks_which_organization(server):
    """Asks which organization is meant where a key sees several"""
    connection = confluent_sql.connect(
        endpoint=server.url,
        controlplane_endpoint=server.url,
        global_api_key="FULLKEY",
        global_api_secret="full-secret",
        environment_id="env-257",
        organization_id="",
    )
    assert "Multiple organizations" in refusal(lambda: connection.organization_id)[1]


def test_lists_statements(setup):
    """Lists statements, of which there are none, narrowed by label, compute pool and name, with pages of one"""
    connection = setup.connection
    assert connection.list_statements() == []
    assert connection.list_statements(page_size=1) == []
    assert connection.list_statements(label="daily", compute_pool_id="lfcp-1", name_contains="a") == []


def test_finds_no_statement(setup):
    """Raises StatementNotFoundError for a statement that is read or stopped; deleting it is no error"""
    connection = setup.connection
    for call in (connection.get_statement, connection.stop_statement):
        with pytest.raises(StatementNotFoundError) as missing:
            call("my-statement")
        assert missing.value.statement_name == "my-statement"
    connection.delete_statement("my-statement")


def test_sends_a_token(server):
    """Sends a token of an identity provider in place of a key"""
    connection = confluent_sql.connect(
        endpoint=server.url,
        external_access_token="full-token",
        identity_pool_id="pool-123",
        environment_id="env-257",
        organization_id=ORGANIZATION,
    )
    assert connection.list_statements() == []


def test_sends_a_token_that_was_handed_out(server):
    """Sends a token of `/api/access_tokens`"""
    answer = httpx.post(server.url + "/api/access_tokens", json={}, auth=("FULLKEY", "full-secret"))
    connection = confluent_sql.connect(
        endpoint=server.url,
        external_access_token=answer.json()["token"],
        identity_pool_id="pool-123",
        environment_id="env-257",
        organization_id=ORGANIZATION,
    )
    assert connection.list_statements() == []


def test_tells_why_it_was_refused(server):
    """Raises OperationalError with status and detail for 401, 403, 404 and 405"""
    detail = "Valid authentication credentials must be provided"
    assert refusal(connect(server, secret="wrong").list_statements) == (401, f"error sending request '401' - {detail}")
    status, text = refusal(connect(server, "DENIEDKEY", "denied-secret").list_statements)
    assert (status, "'DENIEDKEY' is not allowed" in text) == (403, True)
    status, text = refusal(connect(server, environment="env-nope").list_statements)
    assert (status, "Environment env-nope does not exist" in text) == (404, True)
    with connect(server).closing_cursor() as cursor:
        assert refusal(lambda: cursor.execute("SELECT 1"))[0] == 405


def test_outlives_a_limit(server):
    """Lists at the second attempt after one 429"""
    fault = server.fault(api="confluent", error=429, retryAfter=1, when={"first": 1})
    assert connect(server).list_statements() == []
    assert [request["status"] for request in server.requests(api="confluent")] == [429, 200]
    assert fault.counts == (2, 1)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_repeats_after_errors(server, status):
    """Repeats what it reads three times after 429, 500, 502, 503 and 504, then raises OperationalError"""
    fault = server.fault(api="confluent", error=status, retryAfter=1)
    assert refusal(connect(server).list_statements)[0] == status
    assert fault.counts == (4, 4)


@pytest.mark.parametrize(
    "end",
    [{"connection": "reset"}, {"connection": "empty"}, {"connection": "garbage"}, {"truncate": {"bytes": 10}}],
    ids=["reset", "empty", "garbage", "truncated"],
)
def test_repeats_after_lost_answers(server, end):
    """Repeats what it reads three times after a reset connection, no answer, garbage and half an answer, then raises OperationalError"""
    fault = server.fault(api="confluent", when={"first": 5}, **end)
    connection = connect(server)
    assert refusal(connection.list_statements)[0] is None
    assert fault.counts == (4, 4)
    assert connection.list_statements() == []
    assert fault.counts == (6, 5)


def test_time_out(server):
    """Raises OperationalError for an answer that is late, and does not ask again"""
    fault = server.fault(api="confluent", delay={"milliseconds": 1500})
    status, text = refusal(connect(server, http_timeout_secs=0.5).list_statements)
    assert (status, "timed out" in text) == (None, True)
    assert fault.counts == (1, 1)


def test_repeats_no_deletion(server):
    """Raises OperationalError for a deletion that fails, and does not repeat it"""
    fault = server.fault(api="confluent", error=503)
    assert refusal(lambda: connect(server).delete_statement("my-statement"))[0] == 503
    assert fault.counts == (1, 1)


def test_tenants(server, crowd):
    """Eight list at once in organizations of their own, made as copies of a seeded one; one is struck by faults, and outlives them"""

    def life(number, tenant):
        return connect(server, organization=tenant.id).list_statements()

    assert crowd("confluent", ORGANIZATION, life, error=503, when={"first": 2}) == [[]] * 8
