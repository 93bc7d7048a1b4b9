"""Checks of what is sent: ids, links, idempotency keys, credentials; `fields.py` has the rest."""

from __future__ import annotations

from urllib.parse import urlsplit

import msgspec

from prism_contract_tests.check import Failed, changes_something, check, each_asking, each_mutation
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.on_wire import texts
from prism_contract_tests.replay import Ended, answers_of, call
from prism_contract_tests.report import Evidence
from prism_contract_tests.tape import Answer
from prism_contract_tests.target import Target
from prism_contract_tests.values import fresh
from prism_contract_tests.variations import (
    KEY,
    attempt,
    basis,
    key_of,
    opened,
    refusal,
    replaced,
    same,
    sent,
    shown,
    takes_key,
)
from prism_core import ConfigurationError, HttpRequest, HttpResponse, Secret
from prism_core.connector.operations import request_type, result_type

_HEADERS = {"content-type": "application/json", "retry-after": "0"}
_BUSY, _LIMITED = HttpResponse(500, _HEADERS, b"{}"), HttpResponse(429, _HEADERS, b"{}")


def _each_with_caller_id(target: Target) -> list[str]:
    """Operations that send the caller's id; those that make something always do."""
    return [name for name in target.operations if _caller_field(name) in target.sends(name)]


def _each_echoing(target: Target) -> list[str]:
    """Of these, the ones that change something and whose result carries the id."""
    return [
        name
        for name in _each_with_caller_id(target)
        if changes_something(name) and _caller_field(name) in result_type(name).__struct_fields__
    ]


def _caller_field(operation: str) -> str:
    return request_type(operation).reference_field


@check(
    "caller-ids-sent",
    since="2026.11",
    cases=_each_with_caller_id,
    why="If an outcome is unknown, the payment is found by the caller's own id.",
    how="Send it as the processor's reference field, or as metadata.",
)
def caller_ids_sent(target: Target, case: str) -> int:
    """The caller's own id is in an HTTP request, unchanged."""
    exchange, field = basis(target, case), _caller_field(case)
    given = fresh(exchange.build().reference or "order_1")
    requests = sent(attempt(target, exchange, {field: given}), f"{field} was changed")
    if not any(given in text for text in texts(requests)):
        raise Failed(
            f"{field} is not sent", Evidence(request=shown(requests, exchange), expected=given)
        )
    return 1


@check(
    "caller-ids-echoed",
    since="2026.11",
    cases=_each_echoing,
    why="The application finds its order by the id in the result.",
    how="Do not change the id when it is sent or returned, and do not change the request.",
)
def caller_ids_echoed(target: Target, case: str) -> int:
    """The result has the caller's own id unchanged, and no discrepancy if the processor returns
    it."""
    exchange, field = basis(target, case), _caller_field(case)
    request = exchange.build()
    old = request.reference or ""
    given = fresh(old)
    changed = replaced(request, **{field: given})
    answers = [_swapped(step.response.answer(), old, given) for step in exchange.steps]
    ended = call(target, case, changed, answers, exchange.account)
    if ended.result is None:
        raise Failed(f"with another {field} the success fails", Evidence(got=ended.said()))
    evidence = Evidence(expected=f"{field}={given}", got=ended.said())
    if getattr(ended.result, field) != given or changed.reference != given:
        raise Failed(f"{field} comes back changed", evidence)
    if any(one.field == field for one in ended.result.discrepancies):
        raise Failed(f"{field} is echoed by the processor, and reported otherwise", evidence)
    return 1


def _swapped(answer: HttpResponse, old: str, new: str) -> HttpResponse:
    quoted, wanted = msgspec.json.encode(old), msgspec.json.encode(new)
    return HttpResponse(answer.status_code, answer.headers, answer.body.replace(quoted, wanted))


def _linking(target: Target) -> list[str]:
    return [one for one in target.operations if "connector_customer_id" in target.sends(one)]


@check(
    "customer-linked",
    since="2026.11",
    cases=_linking,
    why="A payment that is not linked to its customer is missing from the customer's history, and "
    "their card cannot be used again.",
    how="Send connector_customer_id in the processor's field for the customer's id.",
)
def customer_linked(target: Target, case: str) -> int:
    """The given connector_customer_id is in an HTTP request; if none is given, none is sent."""
    exchange = basis(target, case)
    old = getattr(exchange.build(), "connector_customer_id", None) or "cust_1"
    given = fresh(old)
    linked = sent(
        attempt(target, exchange, {"connector_customer_id": given}), "a customer is given"
    )
    if given not in texts(linked):
        evidence = Evidence(request=shown(linked, exchange), expected=given)
        raise Failed("connector_customer_id is not sent", evidence)
    fields = {one.name: one for one in msgspec.structs.fields(request_type(case))}
    if fields["connector_customer_id"].required or case == "get_customer":
        return 1  # the customer is what the operation is about
    alone = attempt(target, exchange, {"connector_customer_id": None})
    if old in texts(alone.tape.seen):  # nothing is sent where only public keys are told
        raise Failed("a customer is sent where none is given", Evidence(expected="no customer"))
    return 2


@check(
    "idempotency-key",
    since="2026.11",
    cases=each_mutation,
    why="The key prevents a repeated request from charging twice. Without it, or with a new key "
    "per attempt, the customer is charged twice.",
    how="Set idempotency_header or idempotency_field in the account. Leave adding the key and "
    "repeating to the core. Where the processor honours no key, give the request keyed=False, and "
    'say so in the exchange: `"no_key": "why"`. Where a key is taken, that is red.',
)
def idempotency_key(target: Target, case: str) -> int:
    """The key is sent where the account declares it, and returned in the result. If the core
    repeats the request, the request and its key are identical. The flow itself repeats nothing, and
    each of its requests has its own key."""
    exchange = basis(target, case)
    if all(step.request.method == "GET" for step in exchange.steps):
        return 1  # it only asks
    honours = target.connector.info.account.honours_keys()
    if honours:
        _without_key(target, case)
    if not takes_key(target, exchange):
        _not_repeated(target, exchange, None, retries=1)
        return 1
    for given in (KEY, None):
        _repeated(target, exchange, given)
    survives = target.connector.info.account.keys_survive_5xx
    _not_repeated(target, exchange, KEY, retries=0 if survives else 1)
    return 3


def _without_key(target: Target, operation: str) -> None:
    """Fails for a `no_key` without a reason, or that is not true, or against `key_hours`, and if no
    operation takes a key."""
    found, zero = target.of(operation, "success"), f'key_hours_of={{"{operation}": 0}}'
    if {one.no_key is None for one in found} == {False} and target.key_hours(operation) != 0:
        raise Failed(f"key_hours tells of a key, and no exchange takes one: declare {zero}")
    for exchange in found:
        if exchange.no_key is not None:
            if not exchange.no_key.strip():
                raise Failed(f"{exchange.name}: no_key gives no reason")
            ended = _run(target, exchange, KEY, answers_of(exchange), 0)
            refused = refusal(ended)
            if refused is None or refused.field != "idempotency_key":
                raise Failed(f"{exchange.name} says no_key, and takes a key; give keyed=False")
    successes = filter(None, map(target.success, each_mutation(target)))
    if not any(takes_key(target, one) for one in successes):
        raise Failed("the account declares an idempotency key, and no operation takes one")


def _run(
    target: Target, exchange: Exchange, key: str | None, answers: list[Answer], retries: int
) -> Ended:
    asked = replaced(exchange.build(), idempotency_key=key)
    return call(target, exchange.operation, asked, answers, exchange.account, max_retries=retries)


def _position(target: Target, exchange: Exchange, key: str | None) -> int:
    """Which request must not be made twice: the first with a key, without keys the last."""
    honours = takes_key(target, exchange)
    requests = sent(_run(target, exchange, key, answers_of(exchange), 0), "the success was asked")
    keys = [key_of(target, one) if honours else None for one in requests]
    keyed = [one for one in keys if one is not None]
    if len({*keyed}) < len(keyed):
        raise Failed("two requests carry the same key", Evidence(request=shown(requests, exchange)))
    changing = [one for one in requests if one.changes]
    if not honours and changing:
        return requests.index(changing[-1])
    if keyed:
        return keys.index(keyed[0])
    raise Failed(
        "no request carries the idempotency key; if the processor honours none here, say no_key",
        Evidence(request=shown(requests, exchange), expected=key or "(one that the core makes)"),
    )


def _repeated(target: Target, exchange: Exchange, given: str | None) -> None:
    index = _position(target, exchange, given)
    answers = answers_of(exchange)
    answers.insert(index, _BUSY if target.connector.info.account.keys_survive_5xx else _LIMITED)
    ended = _run(target, exchange, given, answers, 1)
    requests: list[HttpRequest] = ended.tape.seen[index : index + 2]
    evidence = Evidence(request=shown(requests, exchange), got=ended.said())
    keys = [key_of(target, request) for request in requests]
    if given is not None and given != keys[0]:
        evidence.expected, evidence.got = given, keys[0]
        raise Failed("the caller's idempotency key is not the one sent", evidence)
    if len(requests) < 2 or ended.result is None:
        raise Failed("a 5xx (or 429) and then a success, with a key, failed", evidence)
    if keys[0] != keys[1] or not same(requests[:1], requests[1:]):
        raise Failed("the repeated request is another than the first", evidence)
    if ended.result.idempotency_key != keys[0]:
        evidence.expected, evidence.got = keys[0], ended.result.idempotency_key
        raise Failed("the key in the result is not the one sent", evidence)


def _not_repeated(target: Target, exchange: Exchange, key: str | None, retries: int) -> None:
    index = _position(target, exchange, key)
    answers = [*answers_of(exchange)[:index], _BUSY, *answers_of(exchange)[index:]]
    ended = _run(target, exchange, key, answers, retries)
    repeats = [one for one in ended.tape.seen[index + 1 :] if one.changes or key_of(target, one)]
    if repeats or ended.result is not None:
        evidence = Evidence(request=shown(ended.tape.seen, exchange), got=ended.said())
        raise Failed("after a 500 the connector sends again, where the core does not", evidence)


@check(
    "credentials-sent",
    since="2026.11",
    cases=each_asking,
    why="URLs are in the logs of every machine on the way, and a key that is sent to another host "
    "is lost.",
    how="Build every request with account.get and account.post, and put credentials into "
    "headers().",
)
def credentials_sent(target: Target, case: str) -> int:
    """The account's secrets are sent, never in a URL, and every request goes to the account's
    own base_url."""
    exchange = basis(target, case)
    account = {**exchange.account, "base_url": "https://kit.example"}
    secrets = _secrets(target, account)
    requests = _requests(target, exchange, account)
    for request in requests:
        parts = urlsplit(request.url)
        if (parts.scheme, parts.netloc) != ("https", "kit.example"):
            evidence = Evidence(expected="kit.example", got=parts.netloc)
            raise Failed("a request goes to another host than the account's base_url", evidence)
        inside = texts([HttpRequest("GET", request.url, {})])
        exposed = [name for name, secret in secrets.items() if any(secret in t for t in inside)]
        if exposed:
            raise Failed(f"the URL of {request.method} {case} holds {', '.join(exposed)}")
    changed = {**account, **{name: fresh(secret) for name, secret in secrets.items()}}
    try:
        others = _requests(target, exchange, changed)
    except ConfigurationError:  # an account type may know its keys' form better than the kit
        return len(requests)
    if secrets and same(requests, others):
        raise Failed(f"{', '.join(secrets)}: other credentials make the same requests")
    return 2 * len(requests)


def _requests(target: Target, exchange: Exchange, account: dict[str, str]) -> list[HttpRequest]:
    request = exchange.build()
    if "idempotency_key" in request.__struct_fields__:
        honours = takes_key(target, exchange)
        request = replaced(request, idempotency_key=KEY if honours else None)
    ended = call(target, exchange.operation, request, answers_of(exchange), account)
    sent(ended, "the success was asked")
    everything: list[HttpRequest] = ended.tape.everything
    return everything


def _secrets(target: Target, account: dict[str, str]) -> dict[str, str]:
    given = opened(target, account)
    values = {name: getattr(given, name) for name in given.__struct_fields__}
    return {name: one.reveal() for name, one in values.items() if isinstance(one, Secret)}
