"""ConnectorInfo: the facts that a connector declares, beyond the operations it implements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from prism_core.connector.account import Account
from prism_core.connector.limits import Limit, MetadataLimits
from prism_core.schema.base import Schema
from prism_core.schema.method_types import PaymentMethodType
from prism_core.schema.payment_methods import Card, Token
from prism_core.schema.status import CaptureMethod


class ConnectorInfo(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Facts about a connector. The core checks some before it sends anything (`needs`, `limits`,
    `metadata`, `refuses`, `payment_methods`, `capture_methods`, `currencies`); the contract checks
    others and the documentation shows them (`outcomes`, `docs`, `notes`). `exponents` is for the
    connector's own calls of `Money.to_wire`, `to_decimal` and `from_wire`.

    The fields that a connector sends are not declared: the core notes which fields its flow reads.
    A field that is given and not read is refused before anything is changed at the processor. If
    it is descriptive (`Request.descriptive`), it is left out and named in the result's `not_sent`.
    """

    display_name: str
    """The processor's name, as it writes it."""
    account: type[Account]
    """The account type, which declares the credentials."""
    docs: str
    """The URL of the processor's API reference."""
    needs: Mapping[str, Sequence[str]] = {}
    """By operation: the optional fields that the processor requires."""
    limits: Mapping[str, int | Limit] = {}
    """The maximum number of characters, or a `Limit`, by field (`"description"`), by part of a
    field (`"billing_address.city"`; of one class `"payment_method.Token.token"`), or by field of
    one operation (`"authorize.description"`, which overrides the others). Only fields that the flow
    reads are checked."""
    metadata: MetadataLimits | None = None
    """The processor's limits for metadata."""
    refuses: Mapping[str, Sequence[str]] = {}
    """By operation: the descriptive fields that are refused, not left out, if they are given and
    not read."""
    unsupported: Mapping[str, str] = {}
    """By operation that the processor does not have: a sentence that says why, and what to do
    instead."""
    keeps_customers: bool = True
    """Whether the processor stores customers. If not, a payment is linked by the caller's own
    `merchant_customer_id`, given as `connector_customer_id`."""
    payment_methods: tuple[type[Schema], ...] = (Card, Token)
    """The classes of `prism_core.schema.payment_methods` that can be paid with; the contract needs
    an exchange of each."""
    payment_methods_of: Mapping[str, tuple[type[Schema], ...]] = {}
    """The same by operation, for those that take others than `payment_methods`."""
    sdk_token_example: str = "tok_example"  # noqa: S105 - nothing secret
    """An `SdkToken` in the form that the processor's library gives. Flows are run with it, unsent,
    to find the fields that they read."""
    payment_method_types: tuple[PaymentMethodType, ...] = ()
    """What a `Redirect` may name; the contract needs an exchange of each."""
    capture_methods: tuple[CaptureMethod, ...] = (CaptureMethod.AUTOMATIC, CaptureMethod.MANUAL)
    """Those that the processor has; the core refuses the others."""
    outcomes: tuple[str, ...] = ("decline", "pending", "authentication_required")
    """The results of `authorize` besides success; the contract needs an exchange of each."""
    exponents: Mapping[str, int] = {}
    """By currency: the number of decimals, if the processor uses another one than ISO 4217."""
    currencies: tuple[str, ...] = ()
    """The currencies that the processor takes, the usual one first, if it does not take all of ISO
    4217. An amount in another one is refused before anything is sent."""
    unique_customers: bool = False
    """Whether the processor prevents a second customer with the same `merchant_customer_id`, or
    finds the first one immediately."""
    key_hours: float | None = None
    """The minimum number of hours for which the processor stores an idempotency key, if known;
    `math.inf` if it stores them for ever. `prism.key_hours(...)` also sees where it takes none."""
    key_hours_of: Mapping[str, float] = {}
    """The same by operation, for those whose keys it stores for another time than `key_hours`."""
    capture_reports_total: bool = True
    """Whether `captured_amount` after a capture is the total of all captures. If False, it is the
    amount of this capture alone, and the core compares it with the amount asked for."""
    accepts_non_luhn: bool = False
    """Whether card numbers with a wrong check digit are sent (some test numbers have one)."""
    notes: tuple[str, ...] = ()
    """Other facts for users, one sentence each."""

    def takes(self, operation: str) -> tuple[type[Schema], ...]:
        """The classes of payment methods that an operation takes."""
        return self.payment_methods_of.get(operation, self.payment_methods)
