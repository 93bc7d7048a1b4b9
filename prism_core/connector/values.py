"""Values that many connectors make in the same way: of the caller's for a request (metadata with
ids, names, words of a table, JSON in a text), and of an answer for a result."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET

from prism_core.connector.bodies import decoder
from prism_core.errors import InvalidRequest
from prism_core.schema.base import Request
from prism_core.schema.customers import CreateCustomerRequest, UpdateCustomerRequest
from prism_core.schema.later_status import MandateStatus
from prism_core.schema.nulls import nullable
from prism_core.schema.payments import Payment
from prism_core.schema.recurring import Mandate
from prism_core.schema.secrets import Secret, reveal
from prism_core.schema.stored import PaymentMethodInfo, PaymentMethodStored, StoredPaymentMethod

T = TypeVar("T")


def without_nones(values: Mapping[str, T | None]) -> dict[str, T]:
    """The entries that have a value. A JSON body and a form leave None out by themselves: this is
    for `RedirectionData`, say, or for an object that is not sent if it is empty."""
    return {name: value for name, value in values.items() if value is not None}


def metadata_with(metadata: Mapping[str, str] | None, **ids: str | None) -> dict[str, str] | None:
    """The caller's metadata, and ids that are kept there. None if there is neither."""
    return {**(metadata or {}), **without_nones(ids)} or None


def metadata_with_id(request: Request, **more: str | None) -> dict[str, str]:
    """The metadata of a request, with its own id by the name of that field, such as
    `merchant_transaction_id`: for a processor that has no field for it."""
    own: dict[str, str | None] = {request.reference_field: request.reference}
    return metadata_with(getattr(request, "metadata", None), **own, **more) or {}


def kept_id(metadata: object, name: str) -> str | None:
    """An id that `metadata_with` has put into the metadata, read from an answer's (in its shape,
    `metadata: Any = None`), as `nullable` gives it. Others may have put there what they like: what
    is no text is no id."""
    found = metadata.get(name, UNSET) if isinstance(metadata, dict) else UNSET
    return nullable(found) if found is None or isinstance(found, str) else None


def split_name(name: str) -> tuple[str, str | None]:
    """First and last name of a name in one line, split at its last space. A name of one word is the
    first, and there is no last."""
    first, _, last = name.strip().rpartition(" ")
    return (first.rstrip(), last) if first else (last, None)


def two_names(
    request: CreateCustomerRequest | UpdateCustomerRequest,
) -> tuple[str | None, str | None]:
    """A customer's first and last name, as `split_name` splits `name`, for a processor with a field
    for each that keeps what an update does not name: there one word is refused, because the last
    name would stay another person's."""
    first, last = split_name(request.name) if request.name else (None, None)
    if isinstance(request, UpdateCustomerRequest) and first and not last:
        raise InvalidRequest(
            "the processor has a first and a last name, and an old last name would stay: give both",
            field="name",
        )
    return first, last


def translated(field: str, value: str, table: Mapping[Any, T]) -> T:
    """The processor's word for a value that the caller gave in `field`. The keys of the table are
    texts or members of an enumeration, such as `PaymentMethodType`. Raises `InvalidRequest` with
    `field` if the value is not in it."""
    if value not in table:
        raise InvalidRequest(
            f"{field} cannot be {value} here; it can be {', '.join(table)}", field=field
        )
    return table[value]


def json_in(text: str | Secret, field: str, shape: type[T]) -> T:
    """The JSON in a text that the caller gave in `field`, such as a wallet's payload, as `shape` (a
    msgspec Struct or `dict[str, Any]`); a number with a point in it is a `Decimal`. Raises
    `InvalidRequest` with `field` if it is none."""
    try:
        return decoder(shape).decode(reveal(text))
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        pass  # the exception may quote the text: no traceback shall show it
    raise InvalidRequest(f"a text in {field} is not the JSON expected", field=field)


def full_name(first: str | None, last: str | None) -> str | None:
    """The name in one line; None if there is none."""
    return " ".join(filter(None, (first, last))) or None


def unix_seconds(time: object) -> int | None:
    """A time of an answer as Unix seconds: a `datetime`, or a text such as
    2026-11-30T13:53:18+01:00. None for everything else, and for a time without a zone: that of this
    machine is not the processor's."""
    try:
        found = datetime.fromisoformat(time) if isinstance(time, str) else time
    except ValueError:
        return None
    return int(found.timestamp()) if isinstance(found, datetime) and found.tzinfo else None


def stored_payment_method(
    info: PaymentMethodInfo | None, payment_method_id: str, customer_id: str | None
) -> StoredPaymentMethod:
    """A stored payment method: what an answer tells about it, its id, and its customer."""
    return StoredPaymentMethod(
        **msgspec.structs.asdict(info or PaymentMethodInfo()),
        connector_payment_method_id=payment_method_id,
        connector_customer_id=customer_id,
    )


def stored_result(known: StoredPaymentMethod, own_id: str | None = None) -> PaymentMethodStored:
    """The result of `tokenize`: what is now stored, with its ids. `own_id` is the caller's own, if
    the answer repeats it."""
    return PaymentMethodStored(
        connector_payment_method_id=known.connector_payment_method_id,
        connector_customer_id=known.connector_customer_id,
        merchant_payment_method_id=own_id,
        payment_method=known,
    )


_SAME = (
    *("connector_mandate_id", "connector_payment_method_id", "connector_customer_id"),
    *("connector_transaction_id", "connector_order_id", "network_transaction_id"),
    *("payment_method", "amount", "redirection_data", "error"),
)


def mandate_of_payment(payment: Payment, status: MandateStatus, **others: Any) -> Mandate:
    """The mandate that a first payment gives: its status, what the payment's answer tells, and
    `others`, the fields of the mandate that are not as in the payment. The caller's own id of the
    mandate was sent as that of the payment."""
    same = {name: getattr(payment, name) for name in _SAME}
    own_id = {"merchant_mandate_id": payment.merchant_transaction_id}
    return Mandate(status=status, **{**same, **own_id, **others})
