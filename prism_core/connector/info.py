"""ConnectorInfo: the facts that a connector declares, beyond the operations it implements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from prism_core.connector.account import Account
from prism_core.schema.payment_methods import Card, Token
from prism_core.schema.status import CaptureMethod


class ConnectorInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What a connector can send, which the core checks before anything leaves; and what it should
    be known for (`outcomes`, `exponents`, `docs`, `notes`), which the contract checks and the
    documentation shows. `exponents` is for the connector's own `Money.to_wire` and `from_wire`.

    `sends` names, for each operation implemented, the request fields that the connector can
    send. It is a list of what works, not of what does not, so that a field which the schema
    gains later is refused by today's connectors and never dropped in silence. `leaves_out`
    names descriptive fields that the processor has no place for: a caller may give them, and
    the result's `not_sent` says that they went nowhere.
    """

    display_name: str
    account: type[Account]
    docs: str
    """The processor's API reference."""
    sends: Mapping[str, Sequence[str]]
    leaves_out: Mapping[str, Sequence[str]] = {}
    lacks: Mapping[str, str] = {}
    """Operations that the processor does not have: why, and what to do instead, as a sentence."""
    keeps_customers: bool = True
    """Whether the processor has customer objects. Where it has none, a payment is linked by the
    caller's own `merchant_customer_id`, given as `connector_customer_id`."""
    payment_methods: tuple[type[Card] | type[Token], ...] = (Card, Token)
    capture_methods: tuple[CaptureMethod, ...] = (CaptureMethod.AUTOMATIC, CaptureMethod.MANUAL)
    outcomes: tuple[str, ...] = ("decline", "pending", "authentication_required")
    """What authorizing can come to, besides success; the contract wants an exchange of each."""
    exponents: Mapping[str, int] = {}
    """Currencies that the processor counts with another number of decimals than ISO 4217."""
    unique_customers: bool = False
    """Whether the processor itself keeps a second customer with the same `merchant_customer_id`
    from being made, or finds the first one at once."""
    key_hours: int | None = None
    """How many hours the processor keeps an idempotency key at least, where it says so."""
    captures_add_up: bool = True
    """Whether `captured_amount` after a capture counts what was captured before, too; False where
    it is what this capture took, which is compared with what was asked, then."""
    accepts_non_luhn: bool = False
    """Whether card numbers with a wrong check digit are sent on (some test numbers have one)."""
    notes: tuple[str, ...] = ()
    """What else a user should know, a sentence each."""
