"""Compares what a lookup finds at the processor with what the shop's own table expects."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec

from prism_batch.items import Outcome
from prism_batch.outcomes import LONGEST
from prism_batch.tables import State
from prism_core import Money

_AMOUNTS = ("amount", "captured_amount", "authorized_amount")
"""Where a payment's amount is, if the processor reports it there."""


class _Expected(msgspec.Struct):
    status: str | None = None
    amount: Money | None = None


class _Row(msgspec.Struct):
    expected: _Expected | None = None


def compared(outcome: Outcome, fields: bytes, result: Any) -> Outcome:
    """The outcome of a lookup, with all differences from what its row expects as its error."""
    if b'"expected":' not in fields:
        return outcome
    expected = msgspec.json.decode(fields, type=_Row, strict=False).expected
    found = [] if expected is None else _differences(expected, result)
    if outcome.state is State.DONE and outcome.error is not None:
        found.append(outcome.error)
    return replace(outcome, error="; ".join(found)[:LONGEST] or None)


def with_amount(outcome: Outcome, amount: Money | None, found: Any) -> Outcome:
    """The outcome of a row that a lookup found, with the difference from the amount asked for."""
    if amount is None or outcome.error is not None:
        return outcome
    return replace(outcome, error=_other_amount(amount, found))


def _differences(expected: _Expected, result: Any) -> list[str]:
    found = []
    status = str(result.status.value)
    if expected.status is not None and expected.status.upper() != status:
        found.append(f"status is {status}, not {expected.status.upper()}")
    if expected.amount is not None and (other := _other_amount(expected.amount, result)):
        found.append(other)
    return found


def _other_amount(expected: Money, result: Any) -> str | None:
    amounts = (getattr(result, name, None) for name in _AMOUNTS)
    amount = next((one for one in amounts if one is not None), None)
    if amount == expected:
        return None
    return f"amount is {'not reported' if amount is None else amount}, not {expected}"
