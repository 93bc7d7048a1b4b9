"""A value that may be null can lead to a refusal before a change; a value for the browser's library
may stand in an answer as a text of JSON."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from prism_contract_tests.check import Failed
from prism_contract_tests.checks.hooks import _values_read
from prism_contract_tests.exchange import Exchange, Step, WireRequest, WireResponse
from prism_contract_tests.optional import excusing
from prism_core import InvalidRequest

SESSION = '{"merchantSessionIdentifier":"session_example"}'


def exchange(answer: dict[str, Any], **more: Any) -> Exchange:
    step = Step(
        request=WireRequest(method="GET", path="/holds/hold_1"),
        response=WireResponse(status=200, json=answer),
    )
    known: dict[str, Any] = {
        "operation": "refund",
        "kind": "success",
        "documentation": "",
        "request": {},
    }
    return Exchange(**known, steps=[step], **more)


@pytest.mark.parametrize(("changed", "is_fine"), [(False, True), (True, False)])
def test_what_may_be_null_may_be_a_reason_to_refuse(changed: bool, is_fine: bool) -> None:
    """Nothing is captured yet: the refund is refused after a lookup, and never after a change."""
    place = "steps[0].response.json.transfer"
    given = exchange({"transfer": None}, optional={place: "null until it is captured"})
    tape = SimpleNamespace(seen=[SimpleNamespace(changes=changed)])
    trial: Any = SimpleNamespace(
        exchange=given,
        step=0,
        status=200,
        lost="unknown",
        damaged=SimpleNamespace(path=("transfer",)),
        ended=SimpleNamespace(error=InvalidRequest("nothing is captured yet"), tape=tape),
    )
    assert (excusing(given, lambda _: "wrong")(trial) is None) is is_fine


def test_a_value_for_the_page_is_found_in_a_text_of_json() -> None:
    made = exchange({"session_details": SESSION})
    assert SESSION not in json.dumps(made.steps[0].response.json)
    _values_read(made, {"merchantSession": SESSION})
    with pytest.raises(Failed):
        _values_read(made, {"merchantSession": "another"})
