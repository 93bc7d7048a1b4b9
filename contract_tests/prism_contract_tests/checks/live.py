"""Checks of the behaviour at a live server.

They have cases only when the user names a server and credentials. What a server approves and
declines with is in `[tool.prism.contract.live]` of the plugin's pyproject.toml.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

from prism_contract_tests.check import Failed, check, each_asking
from prism_contract_tests.live_calls import approved, built, customer, data, done, payment, run
from prism_contract_tests.report import Evidence
from prism_contract_tests.scrub import secret_names
from prism_contract_tests.target import Target
from prism_contract_tests.variations import basis, takes_key
from prism_core import AuthenticationError, PrismError

_HELD = ("AUTHORIZED", "CHARGED")
_FAILED = ("AUTHORIZATION_FAILED", "FAILURE", "ROUTER_DECLINED")


def when_live(
    cases: Callable[[Target], Iterable[str]], *needed: str
) -> Callable[[Target], list[str]]:
    """The cases, if there is a server to try them on and the operations that they need."""

    def found(target: Target) -> list[str]:
        if target.live is None or not set(needed) <= set(target.operations):
            return []
        return list(cases(target))

    return found


def only(operation: str) -> Callable[[Target], list[str]]:
    """One case: this operation."""
    return lambda target: [operation]


@check(
    "live-create-customer",
    since="2026.11",
    cases=when_live(only("create_customer"), "create_customer"),
    why="Only the processor's server shows whether it accepts what its documentation says.",
    how="Compare what was sent with the processor's log for the request id.",
)
def live_create_customer(target: Target, case: str) -> int:
    """A customer is created at the server, and the result has both ids."""
    asked = customer(target)
    made = done(target, case, asked)
    if not made.connector_customer_id or made.merchant_customer_id != asked.merchant_customer_id:
        raise Failed("the result does not have both ids", Evidence(got=repr(made)))
    return 1


@check(
    "live-authorize",
    since="2026.11",
    cases=when_live(only("authorize"), "authorize"),
    why="The merchant cannot find a payment again that is not linked to its customer.",
    how="Send connector_customer_id, and return the customer and amount that the server names.",
)
def live_authorize(target: Target, case: str) -> int:
    """A payment is authorized or charged at the server, linked to the customer created for it, with
    the requested amount."""
    linked = {}
    if "create_customer" in target.operations:
        created = done(target, "create_customer", customer(target))
        linked = {"connector_customer_id": created.connector_customer_id}
    made = done(target, case, payment(target, approved(target), **linked))
    if made.status.value not in _HELD:
        raise Failed(f"it is {made.status.value}", Evidence(got=repr(made)))
    asked = linked.get("connector_customer_id")
    if made.discrepancies or made.connector_customer_id not in (None, asked):
        raise Failed("it is not the payment that was asked for", Evidence(got=repr(made)))
    return 1


@check(
    "live-decline",
    since="2026.11",
    cases=when_live(only("authorize"), "authorize"),
    why="After success, a decline is the most frequent answer.",
    how="Return a Payment with a failed status and the error's details. In "
    "[tool.prism.contract.live], `decline` is what is declined; if that depends on the amount, "
    "`decline_amount` is one; if on other fields, `decline_fields` has them.",
)
def live_decline(target: Target, case: str) -> int:
    """If the server declines a payment, the call returns a result with a failed status and an
    error."""
    known = data(target)
    method = known.decline or approved(target)
    asked = payment(target, method, amount=known.decline_amount, **known.decline_fields)
    made = done(target, case, asked)
    if made.status.value not in _FAILED or made.error is None:
        raise Failed(f"it is {made.status.value}, with no failure", Evidence(got=repr(made)))
    return 1


def _challenged(target: Target) -> list[str]:
    declared = target.settings.live
    return ["authorize"] if declared is not None and declared.challenge is not None else []


@check(
    "live-challenge",
    since="2026.11",
    cases=when_live(_challenged, "authorize"),
    why="Only the processor's server shows where it sends a customer who must authenticate.",
    how="Return AUTHENTICATION_PENDING with redirection_data, made of the answer.",
)
def live_challenge(target: Target, case: str) -> int:
    """A payment that the server challenges waits for the customer, and says where to send them."""
    method = data(target).challenge
    assert method is not None
    made = done(target, case, payment(target, method, return_url="https://shop.example/back"))
    if made.status.value != "AUTHENTICATION_PENDING" or made.redirection_data is None:
        raise Failed(f"it is {made.status.value}, with no page", Evidence(got=repr(made)))
    return 1


@check(
    "live-get-payment",
    since="2026.11",
    cases=when_live(only("get_payment"), "authorize", "get_payment"),
    why="After a timeout, a merchant can only look the payment up.",
    how="Build the Payment of a lookup and of authorize with the same function.",
)
def live_get_payment(target: Target, case: str) -> int:
    """A payment that was authorized at the server is found, with the same status, amount and
    ids."""
    made = done(target, "authorize", payment(target, approved(target)))
    asked = {"connector_transaction_id": made.connector_transaction_id}
    found = done(target, case, built(case, asked))
    for name in ("connector_transaction_id", "status", "amount", "connector_customer_id"):
        if getattr(found, name) != getattr(made, name):
            raise Failed(
                f"{name} is another than when it was authorized",
                Evidence(expected=repr(made), got=repr(found)),
            )
    return 1


def _keyed(target: Target) -> list[str]:
    """Operations that create a customer or move money, if the processor honours keys."""
    makes = ("create_customer", "authorize", "capture", "refund")
    successes = {name: target.success(name) for name in makes if name in target.operations}
    return [name for name, one in successes.items() if one and takes_key(target, one)]


@check(
    "live-same-key-once",
    since="2026.11",
    cases=when_live(_keyed),
    why="A repeated call must not pay twice.",
    how="Set the right idempotency_header in the account.",
)
def live_same_key_once(target: Target, case: str) -> int:
    """The same request with the same idempotency key, sent twice, creates one object at the
    server."""
    key = f"contract-{uuid4()}"
    asked = _mutation(target, case, key)
    ids = [_connector_id(done(target, case, asked)) for _ in range(2)]
    if ids[0] is None or ids[0] != ids[1]:
        raise Failed("the second call made another one", Evidence(expected=ids[0], got=ids[1]))
    return 2


def _mutation(target: Target, operation: str, key: str) -> Any:
    """A request of an operation that changes something, for objects just created at the server."""
    if operation == "create_customer":
        return customer(target, key)
    if operation == "authorize":
        return payment(target, approved(target), key)
    capture = "AUTOMATIC" if operation == "refund" else "MANUAL"
    paid = done(target, "authorize", payment(target, approved(target), capture_method=capture))
    fields = {
        **basis(target, operation).request,
        "connector_transaction_id": paid.connector_transaction_id,
        "idempotency_key": key,
    }
    if "amount" in fields:
        fields["amount"] = {**fields["amount"], "currency": data(target).currency}
    return built(operation, fields)


def _connector_id(result: Any) -> str | None:
    names = ("connector_refund_id", "connector_transaction_id", "connector_customer_id")
    return next((getattr(result, name) for name in names if getattr(result, name, None)), None)


@check(
    "live-authentication-error",
    since="2026.11",
    cases=when_live(each_asking),
    why="A user must see at once that the credentials are wrong, and not the request.",
    how="Map the answer to ErrorKind.AUTHENTICATION in parse_error.",
)
def live_authentication_error(target: Target, case: str) -> int:
    """Credentials that the server does not know raise AuthenticationError."""
    wrong = dict.fromkeys(secret_names(target.connector.info.account), "no_such_credential")
    try:
        result = run(target, case, _any(target, case), **wrong)
    except AuthenticationError:
        return 1
    except PrismError as error:
        raise Failed(
            f"it ended in {type(error).__name__}", Evidence(got=f"{error} ({error.outcome})")
        ) from None
    raise Failed("it came to a result", Evidence(got=repr(result)))


def _any(target: Target, operation: str) -> Any:
    """Some request of an operation."""
    if operation == "create_customer":
        return customer(target)
    if operation == "authorize":
        return payment(target, approved(target))
    return basis(target, operation).build()
