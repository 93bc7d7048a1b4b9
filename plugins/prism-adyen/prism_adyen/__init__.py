"""Adyen: payments by Checkout v71, as https://docs.adyen.com/api-explorer/Checkout/71 describes
them."""

from __future__ import annotations

from prism_adyen.account import AdyenAccount
from prism_adyen.errors import error_answer
from prism_adyen.events import Events
from prism_adyen.methods import REDIRECTS
from prism_adyen.orders import Orders
from prism_adyen.payment_methods import PaymentMethods
from prism_adyen.payments import Payments
from prism_adyen.recurring import Recurring
from prism_adyen.refunds import Refunds
from prism_adyen.shapes import EXPONENTS
from prism_core import (
    Ach,
    ApplePay,
    Bacs,
    Becs,
    Card,
    ConnectorInfo,
    ErrorAnswer,
    GooglePay,
    HttpResponse,
    Limit,
    MetadataLimits,
    Redirect,
    SdkToken,
    Sepa,
    Token,
    hookimpl,
)

__all__ = ["EXPONENTS", "Adyen", "AdyenAccount", "connector"]

_SHOPPER = ("connector_customer_id",)
_OWN_IDS_OF = ("transaction", "capture", "void", "refund", "authorization", "mandate")
_ADDRESSES = ("billing_address", "shipping_address")


class Adyen(Payments, Orders, PaymentMethods, Recurring, Refunds, Events):
    """The connector. Each file has the operations of its name; who pays is in `customers.py`, with
    what in `methods.py`, how in `circumstances.py`, and what comes back in `answers.py`,
    `errors.py` and `shapes.py`."""

    info = ConnectorInfo(
        display_name="Adyen",
        account=AdyenAccount,
        docs="https://docs.adyen.com/api-explorer/Checkout/71/overview",
        keeps_customers=False,
        needs={
            "authorize": ("return_url",), "capture": ("amount",), "refund": ("amount",),
            "tokenize": _SHOPPER, "delete_payment_method": _SHOPPER, "revoke_mandate": _SHOPPER,
            "setup_recurring": ("return_url", *_SHOPPER), "create_order": ("return_url",),
            "charge_recurring": _SHOPPER, "get_mandate": (*_SHOPPER, "connector_mandate_id"),
        },
        payment_methods=(
            Card, Token, SdkToken, ApplePay, GooglePay, Redirect, Sepa, Ach, Bacs, Becs,
        ),
        payment_methods_of={"tokenize": (Card, SdkToken)},
        payment_method_types=tuple(REDIRECTS),
        # https://docs.adyen.com/development-resources/testing/test-card-numbers: the form in which
        # Adyen takes test cards in place of encrypted ones.
        sdk_token_example=(  # noqa: S106 - nothing secret
            '{"type":"scheme","encryptedCardNumber":"test_4111111111111111",'
            '"encryptedExpiryMonth":"test_03","encryptedExpiryYear":"test_2030",'
            '"encryptedSecurityCode":"test_737"}'
        ),
        limits={
            "idempotency_key": 64, **{f"merchant_{of}_id": 80 for of in _OWN_IDS_OF},
            "connector_customer_id": Limit(256, shortest=3),
            "payment_method.Token.token": 64, "connector_mandate_id": 64, "return_url": 8000,
            "merchant_order_id": 1000,
            "statement_descriptor_suffix": Limit(
                22, characters=r"[A-Za-z0-9 .,'_?+*/-]",
                said="letters, digits, spaces and . , ' _ - ? + * /",
            ),
            **{f"{of}.{part}": 3000 for of in _ADDRESSES for part in ("line1", "line2", "city")},
            **{f"{of}.state": 1000 for of in _ADDRESSES},
        },
        # https://docs.adyen.com/api-explorer/Checkout/71/post/payments#request-metadata
        metadata=MetadataLimits(entries=20, key=Limit(20), value=Limit(80, shortest=0)),
        capture_reports_total=False,
        unsupported={
            "create_customer": "Adyen stores no customers: authorize with your own "
            "merchant_customer_id as connector_customer_id, which Adyen calls shopperReference, "
            "or use checkout, which does so.",
            "get_customer": "Adyen stores no customers, only payment methods for your own id: "
            "list these with payment_methods.list.",
            "update_customer": "Adyen stores no customers: give name, email and phone with each "
            "payment, in its field customer.",
            "delete_customer": "Adyen stores no customers: delete their payment methods with "
            "payment_methods.delete.",
            **dict.fromkeys(
                ("get_payment", "get_refund"),
                "Adyen has no lookup: it reports changes of payments and refunds by webhook. The "
                "same call with the same idempotency_key returns the first answer; an order is "
                "asked about by payments.complete.",
            ),
        },
        exponents=EXPONENTS,
        key_hours=7 * 24,
        notes=(
            "connector_customer_id is your own id of the shopper, without personal data. A Token "
            "is a storedPaymentMethodId, and needs the shopper for whom it was stored.",
            "AUTOMATIC capture gives CAPTURE_INITIATED: Adyen confirms the capture by webhook.",
            "statement_descriptor_suffix is appended to the account's descriptor, if the account "
            "is set up for that; otherwise it replaces the descriptor.",
            "NO_THREE_DS requests no authentication: if the law requires one, Adyen declines.",
            "A capture and a refund need an amount, because there is no lookup of the rest.",
            "Captures, voids, refunds and increments give CAPTURE_INITIATED, VOID_INITIATED, "
            "REFUND_PENDING and PENDING, with the amounts received. A webhook reports the end.",
            "An increment needs a payment that was authorized with "
            "request_incremental_authorization, and so with capture_method MANUAL.",
            "A payment that the customer must authenticate has no connector_transaction_id yet: "
            "complete it by its merchant_transaction_id, and store the id that is returned.",
            "complete sends redirectResult, payload, threeDSResult and similar from returned. An "
            "answer about another payment than the given one is a MalformedResponse.",
            "With a complete browser_info and its origin, 3-D Secure can be done in your page "
            "(native); without, THREE_DS requests it on a page to which the customer is sent.",
            "An SdkToken is JSON.stringify(state.data.paymentMethod) of Drop-in or a Component. An "
            "action for the library is the text in redirection_data.sdk['action'].",
            "A bank debit is PENDING, whatever Adyen's first result code is; the event CAPTURE is "
            "CHARGED, and a return is the event CHARGEBACK, with charged_back_amount.",
            "An order is a session. complete asks what became of it, with the sessionResult that "
            "the return URL or the library got; there is no other lookup.",
            "Adyen signs nothing that says whether an event is an order's: set refused_status to "
            "PAYMENT_METHOD_AWAITED where you create orders and receive events.",
            "A Token and a mandate are looked up before they are paid with: Adyen wants the type.",
            "A part of an address that is not given is sent as N/A, and the country as ZZ.",
            "A connector_mandate_id is the storedPaymentMethodId, which recurring.revoke deletes; "
            "of a bank account it comes by webhook, once the first debit is settled.",
            "An event has only what Adyen signs: no reason of a failure, no time, no shopper; for "
            "a capture, void or refund no merchant_transaction_id, but connector_transaction_id.",
            "CHARGED in an event means one successful capture of captured_amount.",
        ),
    )  # fmt: skip

    @hookimpl
    def parse_error(self, response: HttpResponse, account: AdyenAccount) -> ErrorAnswer | None:
        """https://docs.adyen.com/development-resources/error-codes; a refusal is no error."""
        return error_answer(response)


connector = Adyen()
