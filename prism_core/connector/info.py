"""ConnectorInfo: the facts that a connector declares, beyond the operations it implements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from prism_core.connector.account import Account
from prism_core.connector.limits import Limit, MetadataLimits
from prism_core.schema.payment_methods import Card, Token
from prism_core.schema.status import CaptureMethod


class ConnectorInfo(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What the core checks before anything leaves (`needs`, `limits`, `metadata`, `refuses`,
    `payment_methods`, `capture_methods`), and what the contract checks and the documentation
    shows (`outcomes`, `docs`, `notes`). `exponents` is for the connector's own `Money.to_wire` and
    `from_wire`.

    Which fields a connector sends is not declared: the core notes which of them its flow reads. A
    field that is given and not read is refused before anything is changed at the processor, or
    left out and named in the result's `not_sent` where it only describes (`Request.descriptive`).
    """

    display_name: str
    account: type[Account]
    docs: str
    """The processor's API reference."""
    needs: Mapping[str, Sequence[str]] = {}
    """Operation to the optional fields that the processor cannot do it without."""
    limits: Mapping[str, int | Limit] = {}
    """What the processor has room for, by field (`"description"`), by part of a field
    (`"billing_address.city"`), or by field of one operation (`"authorize.description"`, which
    wins): the most characters, or a `Limit`. What is read of a request is checked, nothing else."""
    metadata: MetadataLimits | None = None
    """What the processor has room for in metadata."""
    refuses: Mapping[str, Sequence[str]] = {}
    """Operation to the descriptive fields that must be refused, rather than left out, when they
    are given and not read."""
    unsupported: Mapping[str, str] = {}
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
