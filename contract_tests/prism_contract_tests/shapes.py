"""Shapes of processors that `prism new` knows: how bodies are written, how webhooks are verified,
and what is paid with. The draft speaks to a processor that does not exist."""

from __future__ import annotations

from typing import Any, NamedTuple

STYLES = ("json", "form", "graphql")
WEBHOOKS = ("none", "signed", "fetched")


class Way(NamedTuple):
    """A class of payment methods: one as an exchange gives it, what the draft sends of it, and the
    draft's code for that: an expression, or one for each member."""

    given: dict[str, Any]
    sent: dict[str, Any]
    code: str | dict[str, str]


_CODE = {"number": "method.number", "month": "method.exp_month", "year": "method.exp_year"}
_CARD = {"number": "4242424242424242", "exp_month": 3, "exp_year": 2090}
_SENT = {"number": "4242424242424242", "month": 3, "year": 2090}
_SIGNED = '{"version":"EC_v1","data":"ZGF0YQ==","signature":"c2lnbmVk","header":{}}'
_ACCOUNT = {"account_number": "000123456789", "holder_name": "Ada Lovelace"}

WAYS: dict[str, Way] = {
    "Card": Way(
        {"type": "card", **_CARD, "cvc": "123", "holder_name": "Ada Lovelace"},
        {"card": {**_SENT, "cvc": "123", "holder": "Ada Lovelace"}},
        {**_CODE, "cvc": "method.cvc", "holder": "method.holder_name"},
    ),
    "Token": Way({"type": "token", "token": "stored_1"}, {"stored": "stored_1"}, "method.token"),
    "SdkToken": Way(
        {"type": "sdk_token", "token": "tok_example"}, {"source": "tok_example"}, "method.token"
    ),
    "ApplePay": Way(
        {"type": "apple_pay", "payment_data": _SIGNED},
        {"apple_pay": _SIGNED},
        "method.payment_data",
    ),
    "GooglePay": Way(
        {"type": "google_pay", "token": '{"signature":"c2ln","signedMessage":"{}"}'},
        {"google_pay": '{"signature":"c2ln","signedMessage":"{}"}'},
        "method.token",
    ),
    "NetworkToken": Way(
        {"type": "network_token", **_CARD, "cryptogram": "AgAAAAAABk4DWZ4C28yUQAAAAAA="},
        {"network_token": {**_SENT, "cryptogram": "AgAAAAAABk4DWZ4C28yUQAAAAAA="}},
        {**_CODE, "cryptogram": "method.cryptogram"},
    ),
    "Redirect": Way(
        {"type": "redirect", "payment_method_type": "IDEAL"},
        {"method": "ideal"},
        "method.payment_method_type.lower()",
    ),
    "Sepa": Way(
        {"type": "sepa", "iban": "DE89370400440532013000", "holder_name": "Ada Lovelace"},
        {"sepa": {"iban": "DE89370400440532013000", "holder": "Ada Lovelace"}},
        {"iban": "method.iban", "holder": "method.holder_name"},
    ),
    "Ach": Way(
        {"type": "ach", **_ACCOUNT, "routing_number": "110000000"},
        {
            "ach": {
                "account": "000123456789",
                "routing": "110000000",
                "holder": "Ada Lovelace",
                "kind": "checking",
                "owner": "personal",
            }
        },
        {
            "account": "method.account_number",
            "routing": "method.routing_number",
            "holder": "method.holder_name",
            "kind": "method.account_type.lower()",
            "owner": "method.holder_type.lower()",
        },
    ),
    "Bacs": Way(
        {"type": "bacs", **_ACCOUNT, "account_number": "00012345", "sort_code": "108800"},
        {"bacs": {"account": "00012345", "sort": "108800", "holder": "Ada Lovelace"}},
        {
            "account": "method.account_number",
            "sort": "method.sort_code",
            "holder": "method.holder_name",
        },
    ),
    "Becs": Way(
        {"type": "becs", **_ACCOUNT, "account_number": "000123456", "bsb_number": "000000"},
        {"becs": {"account": "000123456", "bsb": "000000", "holder": "Ada Lovelace"}},
        {
            "account": "method.account_number",
            "bsb": "method.bsb_number",
            "holder": "method.holder_name",
        },
    ),
}
"""By class of the schema, in the order in which the draft asks for them."""
DEBITS = ("Sepa", "Ach", "Bacs", "Becs")

OUTERMOST = {
    "create_customer": "createCustomer",
    "authorize": "createPayment",
    "get_payment": "payment",
}


"""By operation: the field that a GraphQL document of the draft asks for."""


class Shape(NamedTuple):
    """What was asked for."""

    style: str = "json"
    webhooks: str = "none"
    payment_methods: tuple[str, ...] = ("Card",)

    @property
    def debits(self) -> tuple[str, ...]:
        """The bank debits among the payment methods."""
        return tuple(one for one in self.payment_methods if one in DEBITS)

    @property
    def ordered(self) -> tuple[str, ...]:
        """The payment methods, and first those that pay at once: the success of authorize is made
        of the first one."""
        return tuple(sorted(self.payment_methods, key=waits))

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The results of authorize besides a paid success that the draft has exchanges of."""
        found = sorted({waits(one) for one in self.ordered} - {0})
        return ("decline", *(KINDS[one] for one in found))


KINDS = ("success", "authentication_required", "pending")


def waits(name: str) -> int:
    """For what the first answer waits: for nothing, for the customer, or for a bank."""
    return (name == "Redirect") + 2 * (name in DEBITS)


def documents(shape: Shape) -> dict[str, str]:
    """The GraphQL documents of the draft, by operation. Each selects what the draft decodes."""
    payment = "id status amount currency reference customer redirect"
    payment += " method" if shape.debits else ""
    asked = {
        "create_customer": ("mutation CreateCustomer($input: CustomerInput!)", "id reference"),
        "authorize": ("mutation CreatePayment($input: PaymentInput!)", payment),
        "get_payment": ("query GetPayment($id: ID!)", payment),
    }
    return {
        name: f"\n{head} {{\n  {OUTERMOST[name]}({_GIVEN[name]}) {{ {fields} }}\n}}\n"
        for name, (head, fields) in asked.items()
    }


_GIVEN = {
    "create_customer": "input: $input",
    "authorize": "input: $input",
    "get_payment": "id: $id",
}
_ALWAYS = """AuthorizeRequest ConnectorInfo CreateCustomerRequest CustomerCreated
ErrorAnswer ErrorKind Flow GetPaymentRequest HttpResponse Money Nullable Payment
PaymentStatus RedirectionData Secret UnifiedCode UnsupportedOperation bearer decline_details
hookimpl nullable"""
_BY_STYLE = {"graphql": "GraphqlAccount needs"}
_BY_WEBHOOKS = {
    "none": "",
    "signed": "Event EventKind HandleEventRequest",
    "fetched": "Event EventKind EventRejected HandleEventRequest expect_same",
}


def imported(shape: Shape) -> list[str]:
    """The names that the draft of a shape imports from the core, in their usual order."""
    found = f"{_ALWAYS} {_BY_WEBHOOKS[shape.webhooks]}".split()
    found += _BY_STYLE.get(shape.style, "Account ConnectorDetails ErrorDetails").split()
    found += shape.payment_methods
    found += ["PaymentMethod"] if len(shape.payment_methods) > 1 else []
    found += ["PaymentMethodInfo", "PaymentMethodType"] if shape.debits else []
    found += ["PaymentMethodType"] if "Redirect" in shape.payment_methods else []
    return sorted(set(found), key=lambda name: (name[0].islower(), name))


def standard(shape: Shape) -> list[str]:
    """The lines that import from the standard library."""
    lines = {
        "from collections.abc import Mapping": shape.webhooks == "signed",
        "from typing import Any": len(shape.payment_methods) > 1,
    }
    return [line for line, is_used in lines.items() if is_used]
