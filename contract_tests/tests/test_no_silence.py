"""No check is silent where the connector has the ability: without a case, it fails."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from lab import installed

from prism_contract_tests import ledger
from prism_contract_tests.apart import _read, certify_apart
from prism_contract_tests.check import CHECKS, Check
from prism_contract_tests.choice import Choice
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.runner import Run
from prism_contract_tests.target import Target
from prism_core.discovery.diagnosis import find

EVERY = {
    "exchanges-scrubbed", "exchanges-documented", "exchanges-fresh", "money-no-float",
    "fault-bounded", "secrets-nowhere", "flows-pure", "parse-error-pure",
}  # fmt: skip
"""They take every exchange that there is, whatever it shows; exchanges-complete asks for those."""
ONLY_IF_SHOWN = {
    "declines-are-results": "exchanges-complete asks for the outcomes that are declared",
    "pending-not-final": "exchanges-complete asks for the outcomes that are declared",
    "error-answers": "the errors may all be exchanges of their own",
    "pending-everywhere": "exchanges-complete asks for the outcomes that are declared",
    "money-read": "an answer need not tell an amount",
    "answer-null-link": "an answer may name an id within a link only",
    "events-asked": "an event that is signed need not be looked up",
    "events-reply": "few processors test an endpoint",
    "redirect-not-paid": "a challenge need not be a page; with Redirect it is, and must be shown",
}
CHANGES = {"answer-about-another", "unknown-status"}
"""An answer to a change may only acknowledge it; authorize and lookups always tell."""
SENDING = {"errors-reach-caller", "not-sent", "timeout-unknown"}
"""An event that is signed is read without a request."""
EVENTS = "prism_acme/exchanges/handle_event"
NO_EVENTS = {f"{EVENTS}/success.json": None, f"{EVENTS}/payment.json": None}


def operations(check: Check, target: Target) -> set[str]:
    """The operations for which it owes something."""
    return {re.split(r"[/. ]", case)[0] for case in check.owed(target)}


def lost(target: Target, operation: str, fewer: list[Exchange]) -> list[str]:
    """The checks that owe nothing for an operation any more, with fewer exchanges."""
    before = {one.id for one in CHECKS.values() if operation in operations(one, target)}
    bare = msgspec.structs.replace(target, exchanges=fewer)
    after = {one.id for one in CHECKS.values() if operation in operations(one, bare)}
    needed = before - after - EVERY - set(ONLY_IF_SHOWN)
    if operation == "handle_event":
        needed -= SENDING
    if operation not in ("authorize", "get_payment"):
        needed -= CHANGES
    return sorted(needed - {"answer-about-another"} if operation == "authorize" else needed)


@pytest.mark.parametrize("over", [None, "reference_sealed"])
def test_no_check_is_lost_with_the_exchanges_of_an_operation(
    tmp_path: Path, over: str | None
) -> None:
    """Where there is none, where it is labelled otherwise, and where it sends nothing."""
    with installed(tmp_path, over=over) as name:
        target = Run(name).target
        for operation in target.operations:
            others = [one for one in target.exchanges if one.operation != operation]
            own = target.of(operation)
            other = [msgspec.structs.replace(one, kind="other") for one in own]
            unsent = [msgspec.structs.replace(one, steps=[], grants=[]) for one in own]
            unsent = unsent if operation != "handle_event" else []
            for fewer in ([], other, unsent):
                found = lost(target, operation, [*others, *fewer])
                assert found == [], (operation, [one.kind for one in fewer])


def test_a_lookup_whose_answer_names_nothing_is_noticed(tmp_path: Path) -> None:
    """Such an exchange cannot show that an answer about another payment is refused."""
    with installed(tmp_path) as name:
        target = Run(name).target
        for exchange in target.of("get_payment"):
            exchange.request["connector_transaction_id"] = "pay_of_another_page"
        found = CHECKS["answer-about-another"].absent(target)
        assert found == ["get_payment/(no case)"]


def test_a_handler_that_no_event_shows_is_not_certified(tmp_path: Path) -> None:
    """Each check of events fails and says which exchange to add, also in a process apart, whose
    report is audited: one that leaves the failure out is found out."""
    with installed(tmp_path, files=NO_EVENTS) as name:
        report = certify_apart(name, None, False, lambda done, of, last: None)
        failed = {(one.check, one.case): one.message for one in report.failed}
        for check in ("forged", "without-secret", "in-time", "signed", "named"):
            assert (
                "no exchange of kind success" in failed[f"events-{check}", "handle_event/(no case)"]
            )
        entry = ("events-signed", "handle_event/(no case)")
        kept = [one for one in report.findings if (one.check, one.case) != entry]
        changed = msgspec.structs.replace(report, findings=kept)
        problems = ledger.audit(_read(find(name), report), changed, Choice())
    assert problems == ["events-signed is not in the report for handle_event/(no case)"]


def test_the_failure_says_what_to_add(tmp_path: Path) -> None:
    """Where there is a success, and it is not the one that the check needs."""
    with installed(tmp_path) as name:
        run = Run(name)
        for exchange in run.target.of("capture"):
            exchange.request.pop("amount", None)
        finding = run.execute(("money-moved", "capture/(no case)"))
    assert finding.verdict == "failed"
    assert finding.message == (
        "no exchange of capture can be checked: add a success whose request has an amount"
    )
