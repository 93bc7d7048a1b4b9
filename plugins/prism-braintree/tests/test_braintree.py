"""What the contract does not know of Braintree. `pytest` runs these tests and the contract."""

from prism_core import HttpResponse, Secret

from prism_braintree import BraintreeAccount, connector


def test_a_proxys_page_is_no_answer_of_the_processor() -> None:
    """So nobody believes that it refused the payment."""
    page = HttpResponse(502, {}, b"<html>Bad gateway</html>")
    account = BraintreeAccount(api_key=Secret("key_example"))
    assert connector.parse_error(page, account) is None
