"""What the clients of Huawei Cloud do when something goes wrong: they share their core, and so these tests.

A folder's test file has a fixture `sdk` that says which client it is: `api`, the name of its API here; `internal_error`, the code of that
API's 500; `lister(server, **options)`, a list by a client with options of its configuration; `total(answer)`, how many rows there are.
"""

import pytest
import requests
from huaweicloudsdkcore.exceptions.exceptions import (
    ClientRequestException,
    ConnectionException,
    ServerResponseException,
    ServiceResponseException,
)
from huaweicloudsdkcore.retry.backoff_strategy import BackoffStrategies


def is_error(answer, error):
    return error is not None


def test_repeats_nothing_by_itself(server, sdk):
    """Raises its own error for 429, 500 and 503 after one request, with status and code"""
    cases = [(429, "429", ClientRequestException), (500, sdk.internal_error, ServerResponseException), (503, "503", ServerResponseException)]
    for status, code, kind in cases:
        fault = server.fault(api=sdk.api, error=status)
        with pytest.raises(kind) as raised:
            sdk.lister(server).invoke()
        assert (raised.value.status_code, raised.value.error_code) == (status, code)
        assert fault.counts == (1, 1)


def test_retry_times(server, sdk):
    """Repeats with `retry_times` what it reads after 429, when Retry-After is over"""
    fault = server.fault(api=sdk.api, error=429, retryAfter=1, when={"first": 1})
    assert sdk.total(sdk.lister(server, retry_times=2).invoke()) == 257
    assert server.gaps(api=sdk.api)[0] >= 1
    assert fault.counts == (2, 1)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_with_retry(server, sdk, status):
    """Repeats with `with_retry` as long as its condition says, and gives up with its own error after as many times as it may"""
    fault = server.fault(api=sdk.api, error=status, when={"first": 5})
    with pytest.raises(ServiceResponseException) as raised:
        sdk.lister(server).with_retry(is_error, 2, BackoffStrategies.NONE).invoke()
    assert raised.value.status_code == status
    assert fault.counts == (3, 3)
    assert sdk.total(sdk.lister(server).with_retry(is_error, 2, BackoffStrategies.RANDOM_JITTER).invoke()) == 257
    assert fault.counts == (6, 5)


@pytest.mark.parametrize(
    "end",
    [{"connection": "reset"}, {"connection": "empty"}, {"connection": "garbage"}, {"delay": {"milliseconds": 1500}}],
    ids=["reset", "empty", "garbage", "late"],
)
def test_lost_answers(server, sdk, end):
    """Raises ConnectionException for a reset connection, no answer, garbage and a late answer; `with_retry` repeats"""
    fault = server.fault(api=sdk.api, when={"first": 2}, **end)
    with pytest.raises(ConnectionException):
        sdk.lister(server, timeout=0.5).invoke()
    assert sdk.total(sdk.lister(server, timeout=0.5).with_retry(is_error, 2, BackoffStrategies.NONE).invoke()) == 257
    assert fault.counts == (3, 2)


def test_half_an_answer(server, sdk):
    """Fails with ChunkedEncodingError of requests on half an answer, which `with_retry` does not repeat"""
    fault = server.fault(api=sdk.api, truncate={"bytes": 100})
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        sdk.lister(server).with_retry(is_error, 2, BackoffStrategies.NONE).invoke()
    assert fault.counts == (1, 1)
