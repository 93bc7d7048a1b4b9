"""The exchanges of a new plugin: those of the draft in templates/plugin, to be filled in with what
the processor's documentation says."""

from __future__ import annotations

import hmac
import json
from typing import Any
from urllib.parse import parse_qsl

from prism_contract_tests.shapes import KINDS, OUTERMOST, WAYS, Shape, documents, waits
from prism_core import bearer
from prism_core.connector.bodies import form_body

KEY, SECRET, AT = "key_example", "whsec_example", 1790000000
_ASKED = {
    "merchant_transaction_id": "order_1001",
    "amount": {"minor_amount": 1000, "currency": "USD"},
}
_PAID = {
    "connector_transaction_id": "payment_1",
    "merchant_transaction_id": "order_1001",
    "connector_customer_id": "customer_1",
    "amount": {"minor_amount": 1000, "currency": "USD"},
}
_PAGE = "https://pay.example/payment_1"


def exchanges(shape: Shape) -> dict[str, dict[str, Any]]:
    """Every file of the folder `exchanges`, by its path there."""
    first, *others = shape.ordered
    found = {
        "defaults.json": {"$schema": _schema("Defaults", 2), "account": _account(shape)},
        "errors.json": {"$schema": _schema("Errors", 2), **_errors(shape)},
        "create_customer/success.json": _customer(shape),
        "authorize/success.json": _authorize(shape, first, "success"),
        "get_payment/success.json": _get_payment(shape),
    }
    for name in others:
        found[f"authorize/{name.lower()}.json"] = _authorize(shape, name, KINDS[waits(name)])
    for name in shape.debits:
        for status in ("paid", "failed"):
            path = f"get_payment/{name.lower()}-{status}.json"
            found[path] = _get_payment(shape, name, status)
    if shape.webhooks == "fetched":
        found["handle_event/success.json"] = _fetched(shape)
    elif shape.webhooks == "signed":
        found |= {f"handle_event/{name}.json": one for name, one in _signed(shape).items()}
    return found


def _schema(kind: str, depth: int) -> str:
    return f"{'../' * depth}exchange.schema.json" + (f"#/$defs/{kind}" if kind else "")


def _account(shape: Shape) -> dict[str, str]:
    signed = {"webhook_secret": SECRET} if shape.webhooks == "signed" else {}
    return {"api_key": KEY, **signed}


def _exchange(
    operation: str, kind: str, request: dict[str, Any], steps: list[Any], result: dict[str, Any]
) -> dict[str, Any]:
    return {
        "$schema": _schema("", 3),
        "operation": operation,
        "kind": kind,
        "documentation": "",
        "request": request,
        "steps": steps,
        "result": result,
    }


def _sent(shape: Shape, operation: str, path: str, fields: dict[str, Any]) -> dict[str, Any]:
    """The request of a draft's operation, as the style writes it."""
    headers = bearer(KEY)
    if shape.style == "graphql":
        variables = fields if operation == "get_payment" else {"input": fields}
        body = {"query": documents(shape)[operation], "variables": variables}
        return {"method": "POST", "path": "/graphql", "headers": headers, "json": body}
    if operation == "get_payment":
        return {"method": "GET", "path": path, "headers": headers}
    body = {"json": fields}
    if shape.style == "form":
        body = {"form": dict(parse_qsl(form_body(fields).decode()))}
    return {"method": "POST", "path": path, "headers": headers, **body}


def _answered(shape: Shape, operation: str, fields: dict[str, Any]) -> dict[str, Any]:
    is_plain = shape.style != "graphql"
    return {
        "status": 201 if is_plain and operation != "get_payment" else 200,
        "json": fields if is_plain else {"data": {OUTERMOST[operation]: fields}},
    }


def _customer(shape: Shape) -> dict[str, Any]:
    asked = {"merchant_customer_id": "user_42", "name": "Ada Lovelace", "email": "ada@example.com"}
    fields = {"reference": "user_42", "name": "Ada Lovelace", "email": "ada@example.com"}
    answer = {"id": "customer_1", "reference": "user_42"}
    step = {
        "request": _sent(shape, "create_customer", "/customers", fields),
        "response": _answered(shape, "create_customer", answer),
    }
    result = {
        "connector_customer_id": "customer_1",
        "merchant_customer_id": "user_42",
        "status": "ACTIVE",
    }
    return _exchange("create_customer", "success", asked, [step], result)


def _amount(shape: Shape) -> Any:
    return "10.00" if shape.style == "graphql" else 1000


def _payment(shape: Shape, name: str) -> dict[str, Any]:
    """The payment in an answer."""
    status = {1: "redirect", 2: "pending"}.get(waits(name), "authorized")
    answer = {
        "id": "payment_1",
        "status": status,
        "amount": _amount(shape),
        "currency": "USD",
        "reference": "order_1001",
        "customer": "customer_1",
    }
    more = {"redirect": _PAGE} if status == "redirect" else {}
    return {**answer, **more, **({"method": name.lower()} if name in shape.debits else {})}


_STATUSES = {"redirect": "AUTHENTICATION_PENDING", "pending": "PENDING", "authorized": "AUTHORIZED"}


def _authorize(shape: Shape, name: str, kind: str) -> dict[str, Any]:
    way, answer = WAYS[name], _payment(shape, name)
    capture = "AUTOMATIC" if name in shape.debits else "MANUAL"
    back = (
        {"return_url": "https://shop.example/back"} if "Redirect" in shape.payment_methods else {}
    )
    asked = {
        **_ASKED,
        "payment_method": way.given,
        "connector_customer_id": "customer_1",
        "capture_method": capture,
        **back,
    }
    fields = {
        "reference": "order_1001",
        "amount": _amount(shape),
        "currency": "USD",
        "customer": "customer_1",
        "capture": capture == "AUTOMATIC",
        **way.sent,
        **back,
    }
    step = {
        "request": _sent(shape, "authorize", "/payments", fields),
        "response": _answered(shape, "authorize", answer),
    }
    result = {"status": _STATUSES[answer["status"]], **_PAID}
    if answer["status"] == "redirect":
        result["redirection_data"] = {"uri": _PAGE}
    if name in shape.debits:
        result["payment_method"] = {"payment_method_type": name.upper()}
    return _exchange("authorize", kind, asked, [step], result)


def _get_payment(shape: Shape, name: str = "", status: str = "authorized") -> dict[str, Any]:
    answer = {**_payment(shape, name), "status": status}
    if name:
        answer["method"] = name.lower()
    step = {
        "request": _sent(shape, "get_payment", "/payments/payment_1", {"id": "payment_1"}),
        "response": _answered(shape, "get_payment", answer),
    }
    word = {"authorized": "AUTHORIZED", "paid": "CHARGED", "failed": "FAILURE"}[status]
    result: dict[str, Any] = {"status": word, **_PAID}
    if name:
        result["payment_method"] = {"payment_method_type": name.upper()}
    kind = "success" if status == "authorized" else "other"
    return _exchange("get_payment", kind, {"connector_transaction_id": "payment_1"}, [step], result)


def _fetched(shape: Shape) -> dict[str, Any]:
    """A webhook with no more than the payment's id, which is looked up."""
    request = {
        "body": "id=payment_1",
        "headers": {"content-type": "application/x-www-form-urlencoded"},
    }
    payment = {"status": "AUTHORIZED", **_PAID}
    result = {"kind": "PAYMENT", "event_type": "payment.authorized", "payment": payment}
    return _exchange("handle_event", "success", request, [{"like": "get_payment/success"}], result)


def _signed(shape: Shape) -> dict[str, dict[str, Any]]:
    """A webhook with the payment and a signature; one with another's signature, and one that is
    signed and has no type."""
    body = json.dumps({"id": "event_1", "type": "payment.updated", "payment": _payment(shape, "")})
    result = {
        "kind": "PAYMENT",
        "event_type": "payment.updated",
        "connector_event_id": "event_1",
        "payment": {"status": "AUTHORIZED", **_PAID},
    }
    genuine = _exchange("handle_event", "success", _received(body, SECRET), [], result)
    forged = {**genuine, "kind": "authentication_error", "request": _received(body, "another")}
    senseless = {**genuine, "kind": "validation_error", "request": _received("{}", SECRET)}
    for one, error in ((forged, "EventRejected"), (senseless, "MalformedResponse")):
        del one["result"]
        outcome = "rejected" if one is forged else "unknown"
        one["error"] = {"type": error, "outcome": outcome}
    return {"success": genuine, "forged": forged, "senseless": senseless}


def _received(body: str, secret: str) -> dict[str, Any]:
    signed = hmac.digest(secret.encode(), f"{AT}.{body}".encode(), "sha256").hex()
    return {"body": body, "headers": {"signature": f"{AT}.{signed}"}, "received_at": AT + 5}


def _errors(shape: Shape) -> dict[str, Any]:
    """The answers that say what went wrong, each once, by its name."""
    kinds = {
        "key-refused": (401, "bad_key", "AuthenticationError"),
        "request-refused": (400, "bad_field", "ConnectorError"),
        "not-found": (404, "not_found", "NotFound"),
    }
    found: dict[str, Any] = {
        name: {
            "documentation": "",
            **({"operations": ["get_payment"]} if name == "not-found" else {}),
            "answer": _error(shape, status, code),
            "error": {"type": error, "outcome": "rejected", "code": code},
        }
        for name, (status, code, error) in kinds.items()
    }
    found["low-balance"] = {
        "documentation": "",
        "operations": ["authorize"],
        "answer": _error(shape, 402, "low_balance"),
        "decline": {"unified": "INSUFFICIENT_FUNDS", "code": "low_balance"},
    }
    return found


def _error(shape: Shape, status: int, code: str) -> dict[str, Any]:
    if shape.style != "graphql":
        return {"status": status, "json": {"code": code, "message": "Refused"}}
    error = {"message": "Refused", "extensions": {"code": code}}
    return {"status": 200, "json": {"errors": [error], "data": None}}
