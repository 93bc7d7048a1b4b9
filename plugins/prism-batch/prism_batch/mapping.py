"""From the columns of a row to the JSON of a request, and the checks before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

import msgspec

from prism_batch.operations import Operation
from prism_batch.problems import InvalidInput, sentence
from prism_batch.sources import Row, as_text
from prism_core import InvalidRequest, Money
from prism_core.runtime.card_numbers import holds_card_number
from prism_core.schema.checks import is_identifier
from prism_core.schema.status import PaymentStatus

_OF_THE_BATCH = frozenset({"idempotency_key", "timeout", "max_retries"})
_MONEY = ("amount", "currency", "minor_amount")
_DIGITS = re.compile("0|[1-9][0-9]*")
EXPECTED = "expected"
"""Columns `expected.status`, `expected.amount` and so on are compared with what a lookup finds."""


class Columns:
    """The mapping of an input's columns to the fields of an operation.

    `renamed` names the field of a column ("" leaves it out), `fixed` has fields that are the same
    in every row, and `plain` columns may look like card numbers. `usual` is as `renamed`, for
    columns that need not be there."""

    def __init__(
        self,
        operation: Operation,
        renamed: Mapping[str, str],
        fixed: Mapping[str, str],
        plain: Sequence[str] = (),
        usual: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._operation, self._fixed = operation, dict(fixed)
        self._renamed, self._needed = {**usual, **renamed}, tuple(renamed)
        self._plain = frozenset(plain)
        self._fields: dict[str, tuple[str, ...]] = {}
        self._columns = {self._path(field): "--set" for field in fixed}
        for field in self._renamed.values():
            if field:
                self._path(field)
        for name, text in fixed.items():
            self._refuse_card(f"--set {name}", text)

    def identity(self) -> str:
        """The same for the same mapping: it is a part of a job's id."""
        return repr((sorted(self._renamed.items()), sorted(self._fixed.items())))

    def read(self, row: Row) -> tuple[str, bytes]:
        """A row's reference and its request as JSON. Raises `InvalidRequest`, whose message repeats
        no value."""
        values: dict[str, Any] = {}
        for name, text in self._fixed.items():
            _put(values, self._path(name), text)
        for column, value in row.items():
            path = self._fields.get(column)
            if path is None:
                path = self._fields[column] = self._path_of(column)
            if path and value is not None:
                text = value if type(value) is str else as_text(value, column)
                if column not in self._plain:
                    self._refuse_card(f"column {column}", text)
                _put(values, path, text)
        _join_money(values)
        if EXPECTED in values:
            _join_money(values[EXPECTED])
            _refuse_other_status(values[EXPECTED].get("status"))
        return self._reference(values), msgspec.json.encode(values)

    def refuse_unused(self, source: str) -> None:
        """Refuses names of `--map` that no row had: without its column, a field would be missing
        at the processor, and nobody would know."""
        if missing := [column for column in self._needed if column not in self._fields]:
            raise InvalidInput(
                f"{source} has no column {', '.join(missing)}, which --map names. Nothing was sent"
            )

    def _refuse_card(self, where: str, value: Any) -> None:
        if type(value) is str:
            if len(value) > 12 and holds_card_number(value):
                raise InvalidRequest(
                    f"{where} holds a card number. Card numbers do not belong into files: use "
                    "stored payment methods or mandates. If a column has other numbers that look "
                    "like them, give --plain COLUMN"
                )
        elif isinstance(value, list):
            self._refuse_card(where, msgspec.json.encode(value).decode())

    def _reference(self, values: Mapping[str, Any]) -> str:
        """Your own id of the row; of a lookup, the id that it looks up."""
        found = values.get(self._operation.reference_field)
        if found is None:
            ids = (value for name, value in values.items() if name.endswith("_id"))
            found = next(ids, None)
        if not isinstance(found, str):
            raise InvalidRequest(f"{self._operation.reference_field} is missing: it names the row")
        if not is_identifier(found):
            raise InvalidRequest(
                f"{self._operation.reference_field} must be an id of 1 to 255 characters on one "
                "line, no space around it"
            )
        return found

    def _path_of(self, column: str) -> tuple[str, ...]:
        field = self._renamed.get(column, column)
        if not field:
            return ()
        try:
            path = self._path(field)
            other = self._columns.setdefault(path, f"column {column}")
            if other != f"column {column}":
                raise InvalidInput(f"{other} and column {column} both give {field}")
            return path
        except InvalidInput as error:
            raise InvalidInput(
                f"{sentence(error.message)} Map it with --map {column}=FIELD, or leave it out with "
                f"--map {column}="
            ) from None

    def _path(self, field: str) -> tuple[str, ...]:
        first, *rest = field.split(".")
        known = [*self._operation.request.__struct_fields__, *_MONEY, EXPECTED]
        if first not in known or first in _OF_THE_BATCH:
            meant = _meant(first, known)
            raise InvalidInput(f"{field} is no field of {self._operation.name}{meant}")
        if first == "payment_method" and rest not in (["token"], ["type"]):
            raise InvalidInput(
                "of payment methods, only stored ones can be in a file: payment_method.token"
            )
        if first == EXPECTED and self._operation.changes:
            raise InvalidInput("expected values are for lookups, such as payments.get")
        return (first, *rest)


def _meant(name: str, known: Sequence[str]) -> str:
    """The field that a mistyped name may mean: never the processor's id in place of your own."""
    other = {"merchant": "connector_", "connector": "merchant_"}
    for owner in get_close_matches(name.partition("_")[0], other, 1):
        known = [one for one in known if not one.startswith(other[owner])]
    near = get_close_matches(name, known, 1)
    return f"; did you mean {near[0]}?" if near else ""


def _put(values: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for name in path[:-1]:
        values = values.setdefault(name, {})
        if not isinstance(values, dict):
            raise InvalidInput(f"{name} has a value and parts")
    if isinstance(values.get(path[-1]), dict):
        raise InvalidInput(f"{path[-1]} has a value and parts")
    values[path[-1]] = value


def _refuse_other_status(status: Any) -> None:
    if status is not None and str(status).upper() not in PaymentStatus.__members__:
        raise InvalidRequest(
            "the expected status is none of Prism's, such as CHARGED or VOIDED: write it so, or "
            "leave the column out with --map",
            field="status",
        )


def _join_money(values: dict[str, Any]) -> None:
    """`amount` and `currency`, or `minor_amount` and `currency`, as one amount."""
    currency = values.pop("currency", None)
    minor, amount = values.pop("minor_amount", None), values.get("amount")
    if isinstance(amount, str) or minor is not None:
        if currency is None or (isinstance(amount, str) and minor is not None):
            raise InvalidRequest(
                "an amount is amount and currency, or minor_amount and currency", field="amount"
            )
        if minor is None:
            assert isinstance(amount, str)
            minor = Money.from_decimal(amount, currency).minor_amount
        values["amount"] = {"minor_amount": minor, "currency": currency}
    elif currency is not None:
        raise InvalidRequest("currency needs an amount", field="currency")
    if isinstance(amount := values.get("amount"), dict):
        minor = amount.get("minor_amount", 0)
        if not isinstance(minor, int) and not _DIGITS.fullmatch(str(minor)):
            raise InvalidRequest(
                "minor_amount is a whole number of minor units in plain digits: 1290 is 12.90 EUR",
                field="amount",
            )
    method = values.get("payment_method")
    if isinstance(method, dict):
        method.setdefault("type", "token")
        if method["type"] != "token":
            raise InvalidRequest("a payment method in a file is a token", field="payment_method")
