"""Honest connectors of processors with pages alone."""

from __future__ import annotations

from honest import Honest
from lab import REFERENCE, WITH_PAGES

_AT = "prism_acme/exchanges/"
_REDIRECT = (WITH_PAGES / _AT / "authorize/ideal.json").read_text()
_CAPTURE = (REFERENCE / _AT / "capture/success.json").read_text()
_ORDERS = ("debit-refused", "order-declined", "order-paid")
_OTHERS = ("decline", "pending", "authentication-required")
_METHODS = ("sdk-token", "sepa", "apple-pay", "blik", "ideal")

_PUBLIC = """{
  "operation": "create_client_token",
  "kind": "success",
  "documentation": "https://acme.example/docs/library",
  "account": {"api_key": "key_example"},
  "request": {},
  "steps": [],
  "result": {"sdk": {"public_key": "pk_example"}}
}
"""

HONEST = [
    Honest(
        "sends every customer to a page, which is the best that can come of a payment",
        (
            (
                "pages.py",
                "payment_methods=(Card, SdkToken, ApplePay, Redirect, Sepa),",
                'payment_methods=(Redirect,),\n        outcomes=("authentication_required",),',
            ),
            (
                "pages.py",
                "(PaymentMethodType.IDEAL, PaymentMethodType.BLIK)",
                "(PaymentMethodType.IDEAL,)",
            ),
            (
                "pages.py",
                '            "keep": request.setup_future_usage,\n'
                '            "browser": browser(request.browser_info),\n'
                '            "proof": proof(request.authentication_data),\n',
                "",
            ),
            ("pages.py", ', "bank": method.bank_name, "code": method.code}', "}"),
            ("pages.py", "    @hookimpl\n    def create_order", "    def no_order"),
            (
                "errors.json",
                '{"like": "authorize/decline"}',
                '{"status": 402, "json": {"id": "pay_1", "state": "refused", "error": "no_funds"}}',
            ),
        ),
        (
            (
                f"{_AT}authorize/success.json",
                _REDIRECT.replace('"kind": "authentication_required"', '"kind": "success"'),
            ),
            (f"{_AT}capture/success.json", _CAPTURE),
        ),
        (
            *(f"{_AT}authorize/{name}.json" for name in (*_OTHERS, *_METHODS)),
            *(f"{_AT}get_payment/{name}.json" for name in _ORDERS),
            f"{_AT}handle_event/debit-paid.json",
            f"{_AT}create_order/success.json",
        ),
        pages=True,
    ),
    Honest(
        "gives its library the public key alone, without a request",
        (
            (
                "__init__.py",
                "    @hookimpl\n    def get_payment(",
                "    @hookimpl\n"
                "    def create_client_token(self, request, account):\n"
                "        from prism_core import ClientToken\n"
                "\n"
                "        yield from ()\n"
                '        return ClientToken(sdk={"public_key": "pk_example"})\n'
                "\n"
                "    @hookimpl\n"
                "    def get_payment(",
            ),
        ),
        ((f"{_AT}create_client_token/success.json", _PUBLIC),),
    ),
]
