"""The account at Braintree: its API key, and the merchant account of each currency."""

from prism_core import ErrorKind, GraphqlAccount, InvalidRequest, Money, Secret, basic

HOST = "braintree-api.com/graphql"


class BraintreeAccount(GraphqlAccount, frozen=True, kw_only=True):
    """https://developer.paypal.com/braintree/graphql/guides/making_api_calls

    The public key names the private one, and stands in the answer to Braintree's test of a webhook.
    A payment has the currency of its merchant account and names none:
    `merchant_accounts` has one for each currency, such as "USD=shop_usd EUR=shop_eur".
    `customer_field` is the custom field, made in the Control Panel, that holds your own id of a
    customer: Braintree's GraphQL API has no field for it. `ach_mandate` is the text with which
    your customers agree to debits of a US bank account.
    """

    public_key: str
    private_key: Secret
    merchant_accounts: str
    customer_field: str = "merchant_customer_id"
    ach_mandate: str | None = None

    urls = {"SANDBOX": f"https://payments.sandbox.{HOST}", "PRODUCTION": f"https://payments.{HOST}"}
    # https://developer.paypal.com/braintree/graphql/integration_guides/idempotency
    idempotency_field = "variables.input.apiRequestKey"
    error_class = "errorClass"
    # https://developer.paypal.com/braintree/graphql/guides/making_api_calls#errors; after an
    # INTERNAL error nobody knows. VALIDATION can also be about a key that is in use: errors.py.
    error_kinds = {
        "AUTHENTICATION": ErrorKind.AUTHENTICATION,
        "AUTHORIZATION": ErrorKind.AUTHENTICATION,
        "NOT_FOUND": ErrorKind.NOT_FOUND,
        "NOT_IMPLEMENTED": ErrorKind.INVALID_REQUEST,
        "UNSUPPORTED_CLIENT": ErrorKind.INVALID_REQUEST,
        "RESOURCE_LIMIT": ErrorKind.RATE_LIMITED,
        "VALIDATION": ErrorKind.INVALID_REQUEST,
        "SERVICE_AVAILABILITY": ErrorKind.UNAVAILABLE,
    }

    def headers(self) -> dict[str, str]:
        """The API key, and the version: from 2021-02-01 on, countries have two letters."""
        return {**basic(self.public_key, self.private_key), "braintree-version": "2024-08-01"}

    def merchant_account(self, money: Money) -> str:
        """https://developer.paypal.com/braintree/graphql/reference/types/transaction-input:
        the merchant account determines the currency."""
        known = dict(one.partition("=")[::2] for one in self.merchant_accounts.split())
        if not known.get(money.currency):
            raise InvalidRequest(
                f"merchant_accounts has no merchant account for {money.currency}", field="amount"
            )
        return known[money.currency]
