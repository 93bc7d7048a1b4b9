"""The checks of live servers: the sandbox against its own, Stripe against localstripe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from lab import Mutant, installed
from msgspec.structs import replace
from servers import answering, localstripe, stripe_token

from prism_contract_tests import ledger
from prism_contract_tests.check import CHECKS
from prism_contract_tests.report import Finding
from prism_contract_tests.runner import Run
from prism_contract_tests.scripted import Server
from prism_contract_tests.target import open_target
from prism_core.runtime import flows
from prism_sandbox.server import running

pytestmark = pytest.mark.once

LIVE = [name for name in CHECKS if name.startswith("live-")]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[str]:
    """The address of a sandbox server."""
    with running() as url:
        yield url


@pytest.fixture(scope="module")
def stripe() -> Iterator[str]:
    """The address of a localstripe."""
    with localstripe() as url:
        yield url


def tried(name: str, live: Mapping[str, Any]) -> tuple[Run, list[Finding]]:
    """A run of the live checks alone, and what they find."""
    run = Run(name, live=dict(live))
    return run, [run.execute(entry) for entry in run.owed if entry[0] in LIVE]


def unhappy(found: list[Finding]) -> list[tuple[str, str, str]]:
    """The checks that did not pass, with their cases and verdicts."""
    return [(one.check, one.case, one.verdict) for one in found if one.verdict != "passed"]


def test_the_sandbox_does_all_of_it(sandbox: str) -> None:
    """The sandbox connector passes every live check against its own server."""
    _, found = tried("sandbox", {"base_url": sandbox, "api_key": "sandbox_live"})
    assert unhappy(found) == []
    assert {one.check for one in found} == set(LIVE)


@pytest.mark.parametrize("given", ["pm_card_visa", "a token of its own"])
def test_stripe_does_all_that_localstripe_can(stripe: str, given: str) -> None:
    """prism-stripe passes against localstripe, with what localstripe lacks declared, strictly."""
    live: dict[str, Any] = {"base_url": stripe, "api_key": "sk_test_12345"}
    if given != "pm_card_visa":
        live["token"] = stripe_token(stripe, "4242424242424242")["token"]
        live["decline"] = stripe_token(stripe, "4000000000000341")
    run, found = tried("stripe", live)
    lacking = {(check, verdict) for check, _, verdict in unhappy(found)}
    assert lacking == {("live-same-key-once", "excepted")}
    owed = [entry for entry in run.owed if entry[0] in LIVE]
    settings = run.target.settings
    of_live = [one for one in settings.exceptions if one.check in LIVE]
    alone = replace(run.target, settings=replace(settings, exceptions=of_live))
    assert ledger.balance(alone, owed, owed, found) == []


def test_without_a_server_nothing_is_owed() -> None:
    """The live checks have no cases until the user names a server."""
    target = open_target("sandbox")
    assert [list(CHECKS[name].cases(target)) for name in LIVE] == [[] for _ in LIVE]


HELD = {"id": "pay_1", "state": "ok", "amount": 1000, "currency": "USD", "customer": "cust_1"}
REFUSED = {**HELD, "state": "refused", "error": "no_funds", "customer": None}
PERSON = {"id": "cust_1", "ref": None}
CARD = {"type": "card", "number": "4242424242424242", "exp_month": 12, "exp_year": 2090}
GIVEN = {
    "api_key": "key_x",
    "card": {**CARD, "cvc": "123"},
    "decline": {**CARD, "cvc": "123"},
    "challenge": {**CARD, "cvc": "123"},
}


def verdict(
    folder: Path, check: str, case: str, *answers: tuple[int, Any], mutant: Mutant | None = None
) -> tuple[str, str]:
    """What a live check says of the reference connector where a server gives these answers."""
    given = [(status, {}, body) for status, body in answers]
    with installed(folder, mutant) as name, answering(*given) as url:
        found = Run(name, live={**GIVEN, "base_url": url}).execute((check, case))
        return found.verdict, found.message


@pytest.mark.parametrize(
    ("check", "case", "good", "bad"),
    [
        ("live-create-customer", "create_customer", [(201, PERSON)], [(400, {"code": "no"})]),
        (
            "live-authorize",
            "authorize",
            [(201, PERSON), (201, HELD)],
            [(201, PERSON), (201, {**HELD, "customer": "cust_2"})],
        ),
        ("live-decline", "authorize", [(402, REFUSED)], [(201, {**HELD, "customer": None})]),
        (
            "live-challenge",
            "authorize",
            [(201, {**HELD, "state": "challenge", "page": "https://acme.example/3ds"})],
            [(201, HELD)],
        ),
        (
            "live-get-payment",
            "get_payment",
            [(201, HELD), (200, HELD)],
            [(201, HELD), (200, {**HELD, "amount": 999})],
        ),
        (
            "live-same-key-once",
            "authorize",
            [(201, HELD), (201, HELD)],
            [(201, HELD), (201, {**HELD, "id": "pay_2"})],
        ),
        ("live-authentication-error", "get_payment", [(401, {"code": "no"})], [(200, HELD)]),
    ],
)
def test_every_live_check_can_fail(
    tmp_path: Path, check: str, case: str, good: list[Any], bad: list[Any]
) -> None:
    """Each passes where the server behaves, and fails where it, or the connector, does not."""
    assert verdict(tmp_path, check, case, *good) == ("passed", "")
    assert verdict(tmp_path, check, case, *bad)[0] == "failed"


def test_a_connector_that_sends_its_key_wrongly_is_killed(sandbox: str) -> None:
    """A connector that drops the idempotency key makes two payments, and is caught at it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            flows, "place_key", lambda _, request, key: setattr(request, "idempotency_key", key)
        )
        _, found = tried("sandbox", {"base_url": sandbox, "api_key": "sandbox_live"})
    assert {(check, verdict) for check, _, verdict in unhappy(found)} == {
        ("live-same-key-once", "failed")
    }
    assert {"create_customer", "authorize"} <= {case for _, case, _ in unhappy(found)}


def test_a_decline_can_depend_on_the_amount(tmp_path: Path) -> None:
    """With `decline_amount`, the method that is approved is declined with that amount."""
    live = {**GIVEN, "decline": None, "decline_amount": 5100, "amount": 700}
    server = Server().answer(402, REFUSED, {"content-type": "application/json"})
    server.answer(201, {**HELD, "amount": 700}, {"content-type": "application/json"})
    with installed(tmp_path) as name:
        run = Run(name, live={**live, "base_url": server.url})
        declined = run.execute(("live-decline", "authorize"))
        found = run.execute(("live-get-payment", "get_payment"))
    server.close()
    assert (declined.verdict, found.verdict) == ("passed", "passed")
    assert [one.json["amount"] for one in server.seen if one.method == "POST"] == [5100, 700]


def test_live_data_without_a_decline_is_said_to_be_incomplete(tmp_path: Path) -> None:
    with installed(tmp_path) as name:
        run = Run(name, live={**GIVEN, "decline": None, "base_url": "http://127.0.0.1:1"})
        found = run.execute(("live-decline", "authorize"))
    assert "it needs decline, decline_amount or decline_fields" in found.message


def test_a_decline_can_depend_on_another_field(tmp_path: Path) -> None:
    """Authorize.Net declines by the zip code."""
    fields = {"return_url": "https://shop.example/declined"}
    server = Server().answer(402, REFUSED, {"content-type": "application/json"})
    with installed(tmp_path) as name:
        live = {**GIVEN, "decline": None, "decline_fields": fields, "base_url": server.url}
        found = Run(name, live=live).execute(("live-decline", "authorize"))
    server.close()
    assert found.verdict == "passed", found.message
    assert server.seen[-1].json["return_url"].endswith("declined")


def test_where_only_a_person_can_pay_it_says_so(tmp_path: Path) -> None:
    """The payments of such a server are not passed over in silence."""
    with installed(tmp_path) as name:
        live = {"api_key": "key_x", "page": "Choose Paid.", "base_url": "http://127.0.0.1:1"}
        found = Run(name, live=live).execute(("live-get-payment", "get_payment"))
    assert found.verdict == "failed"
    assert f"`prism try {name}` takes you there" in found.message
