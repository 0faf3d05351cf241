def test_fails_on_purpose(account):
    """Takes another API's name for the size of a page."""
    page = account.services.list(account_id=account.id, extra_query={"limit": 10})
    assert len(page.result) == 10
