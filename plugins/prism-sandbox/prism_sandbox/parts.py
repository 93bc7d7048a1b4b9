"""Parts of the requests that several operations send: payment methods, addresses, circumstances,
words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from prism_core import (
    Ach,
    Address,
    ApplePay,
    AuthenticationData,
    AuthenticationType,
    AuthorizeRequest,
    Bacs,
    Becs,
    BrowserInfo,
    Card,
    CreateOrderRequest,
    CustomerAcceptance,
    CustomerDetails,
    GooglePay,
    InvalidRequest,
    Money,
    NetworkToken,
    OrderLine,
    PaymentMethod,
    Redirect,
    SdkToken,
    Secret,
    Sepa,
    Token,
)
from prism_core.schema.base import Schema
from prism_sandbox.words import wallet_word


def method_of(method: PaymentMethod) -> dict[str, Any]:
    """What to pay with, as the sandbox takes it."""
    match method:
        case Card():
            return {"type": "card", **_card(method), "cvc": method.cvc}
        case NetworkToken():
            return {"type": "network_token", **_card(method), **_network(method)}
        case Token():
            return {"type": "token", "token": method.token}
        case SdkToken():
            kind = lower(method.payment_method_type)
            return {"type": "sdk_token", "token": method.token, "method": kind}
        case ApplePay() | GooglePay():
            return _wallet(method)
        case Redirect():
            return {
                "type": "redirect",
                "method": lower(method.payment_method_type),
                "bank_name": method.bank_name,
                "code": method.code,
            }
        case _:
            return _debit(method)


def is_test_token(method: PaymentMethod | None) -> bool:
    """Whether it stands for a test card, of which the sandbox stores a new one each time."""
    return isinstance(method, Token) and Secret(method.token).reveal().startswith("tok_")


def address_of(address: Address | None) -> dict[str, Any] | None:
    """An address in the sandbox's words."""
    if address is None:
        return None
    return {
        "first_name": address.first_name,
        "last_name": address.last_name,
        "line1": address.line1,
        "line2": address.line2,
        "line3": address.line3,
        "city": address.city,
        "state": address.state,
        "zip_code": address.zip_code,
        "country": address.country_alpha2_code,
        "email": address.email,
        "phone": address.phone_number,
    }


def person_of(customer: CustomerDetails | None) -> dict[str, Any] | None:
    """The customer's data, where no customer is stored."""
    if customer is None:
        return None
    return {"name": customer.name, "email": customer.email, "phone": customer.phone}


def about(request: AuthorizeRequest | CreateOrderRequest) -> dict[str, Any]:
    """What a payment and an order have in common."""
    return {
        "reference": request.merchant_transaction_id,
        "order_reference": request.merchant_order_id,
        "amount": request.amount.minor_amount,
        "currency": request.amount.currency,
        "customer": request.connector_customer_id,
        "person": person_of(request.customer),
        "capture": request.capture_method.lower(),
        "three_d_secure": three_d_secure(request.auth_type),
        "setup_future_usage": lower(request.setup_future_usage),
        "return_url": request.return_url,
        "cancel_url": request.cancel_url,
        "webhook_url": request.webhook_url,
        "locale": request.locale,
        "statement_descriptor_suffix": request.statement_descriptor_suffix,
        "description": request.description,
        "order_details": lines_of(request.order_details),
        "billing_address": address_of(request.billing_address),
        "shipping_address": address_of(request.shipping_address),
        "browser": browser_of(request.browser_info),
        "metadata": request.metadata,
    }


def browser_of(browser: BrowserInfo | None) -> dict[str, Any] | None:
    """The customer's browser, by the schema's names."""
    return None if browser is None else _all_of(browser, BrowserInfo)


def acceptance_of(acceptance: CustomerAcceptance | None) -> dict[str, Any] | None:
    """That the customer agreed, and how."""
    if acceptance is None:
        return None
    return {
        "type": lower(acceptance.acceptance_type),
        "accepted_at": acceptance.accepted_at,
        "ip_address": acceptance.ip_address,
        "user_agent": acceptance.user_agent,
    }


def authentication_of(done: AuthenticationData | None) -> dict[str, Any] | None:
    """3-D Secure that was done elsewhere, by the schema's names."""
    return None if done is None else _all_of(done, AuthenticationData)


def _all_of(value: Schema, kind: type[Schema]) -> dict[str, Any]:
    return {name: getattr(value, name) for name in kind.__struct_fields__}


def lines_of(lines: Iterable[OrderLine] | None) -> list[dict[str, Any]] | None:
    """The lines of an order, whose amounts are in the payment's currency."""
    return None if lines is None else [_line(one) for one in lines]


def three_d_secure(auth_type: object) -> str | None:
    """Whether a challenge is demanded."""
    if auth_type is None:
        return None
    return "required" if auth_type is AuthenticationType.THREE_DS else "none"


def mit_category(category: str | None) -> str | None:
    """Why the merchant starts a payment, in the sandbox's spelling."""
    return None if category is None else category.lower().removesuffix("_mit")


def needs_customer(request: AuthorizeRequest | CreateOrderRequest) -> None:
    """A method is stored for somebody; a stored one, given as a token, may have its customer."""
    method = getattr(request, "payment_method", None)
    if request.setup_future_usage is None:
        return
    if is_test_token(method):
        raise InvalidRequest(
            "the sandbox stores a new card for each payment by a test token, so that Token would "
            "name two: give it as SdkToken, or leave setup_future_usage out",
            field="setup_future_usage",
        )
    if request.connector_customer_id is None and not isinstance(method, Token):
        raise InvalidRequest(
            "the sandbox stores a payment method for later only for a customer: give "
            "connector_customer_id, or leave setup_future_usage out",
            field="connector_customer_id",
        )


def lower(value: str | None) -> str | None:
    """A word of the schema in the sandbox's spelling."""
    return None if value is None else value.lower()


def given(**values: str | None) -> dict[str, str]:
    """Query parameters: those that there are."""
    return {name: value for name, value in values.items() if value is not None}


def part(amount: Money | None) -> dict[str, Any]:
    """The part of the money that is meant; nothing means all of it."""
    if amount is None:
        return {}
    return {"amount": amount.minor_amount, "currency": amount.currency}


def _card(card: Card | NetworkToken) -> dict[str, Any]:
    return {
        "number": card.number,
        "exp_month": card.exp_month,
        "exp_year": card.exp_year,
        "holder_name": card.holder_name,
    }


def _network(token: NetworkToken) -> dict[str, Any]:
    return {
        "cryptogram": token.cryptogram,
        "eci": token.eci,
        "source": None if token.source is None else wallet_word(token.source),
        "network": token.network,
        "token_requestor_id": token.token_requestor_id,
    }


def _wallet(wallet: ApplePay | GooglePay) -> dict[str, Any]:
    if isinstance(wallet, GooglePay):
        return {"type": "google_pay", "token": wallet.token, "card_network": wallet.card_network}
    return {
        "type": "apple_pay",
        "payment_data": wallet.payment_data,
        "transaction_identifier": wallet.transaction_identifier,
        "display_name": wallet.display_name,
        "network": wallet.network,
    }


def _debit(account: Sepa | Ach | Bacs | Becs) -> dict[str, Any]:
    own: dict[str, Any]
    match account:
        case Sepa():
            return {"type": "sepa", "iban": account.iban, "holder_name": account.holder_name}
        case Ach():
            own = {
                "type": "ach",
                "routing_number": account.routing_number,
                "account_type": lower(account.account_type),
                "holder_type": lower(account.holder_type),
            }
        case Bacs():
            own = {"type": "bacs", "sort_code": account.sort_code}
        case Becs():
            own = {"type": "becs", "bsb_number": account.bsb_number}
    holder = account.holder_name
    return {**own, "account_number": account.account_number, "holder_name": holder}


def _line(line: OrderLine) -> dict[str, Any]:
    tax = line.total_tax_amount
    return {
        "name": line.product_name,
        "quantity": line.quantity,
        "amount": line.amount.minor_amount,
        "tax_amount": None if tax is None else tax.minor_amount,
        "tax_rate": None if line.tax_rate is None else str(line.tax_rate),
        "product_id": line.product_id,
        "description": line.description,
        "category": line.category,
        "image_url": line.product_img_link,
        "product_type": line.product_type,
        "tax_code": line.product_tax_code,
        "unit": line.unit_of_measure,
    }
