"""`events.handle` returns each event as the class of its kind, in which nothing is missing."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from prism_core import (
    Dispute,
    DisputeStatus,
    Event,
    EventKind,
    Mandate,
    MandateStatus,
    Payment,
    PaymentStatus,
    Refund,
    RefundStatus,
)
from prism_core.runtime.webhooks import of_its_kind
from prism_core.schema import events

WHOLE: dict[EventKind, tuple[type[Event], dict[str, Any]]] = {
    EventKind.PAYMENT: (events.PaymentEvent, {"payment": Payment(status=PaymentStatus.CHARGED)}),
    EventKind.REFUND: (
        events.RefundEvent,
        {"refund": Refund(status=RefundStatus.REFUND_SUCCESS)},
    ),
    EventKind.MANDATE: (events.MandateEvent, {"mandate": Mandate(status=MandateStatus.ACTIVE)}),
    EventKind.DISPUTE: (
        events.DisputeEvent,
        {"dispute": Dispute(status=DisputeStatus.DISPUTE_OPENED)},
    ),
    EventKind.CUSTOMER: (events.CustomerEvent, {"connector_customer_id": "cus_1"}),
    EventKind.PAYMENT_METHOD: (
        events.PaymentMethodEvent,
        {"connector_payment_method_id": "pm_1"},
    ),
    EventKind.UNKNOWN: (events.UnknownEvent, {}),
}


@pytest.mark.parametrize("kind", EventKind)
def test_an_event_is_of_the_class_of_its_kind(kind: EventKind) -> None:
    """With all that the connector told, in the other events of the webhook, too."""
    cls, fields = WHOLE[kind]
    told = Event(kind=kind, event_type="t", connector_event_id="evt_1", created_at=1, **fields)
    whole = of_its_kind(Event(kind=EventKind.UNKNOWN, event_type="u", others=(told,)))
    (made,) = whole.others
    assert (type(whole), type(made)) == (events.UnknownEvent, cls)
    assert made.to_dict() == told.to_dict()
    assert pickle.loads(pickle.dumps(made)) == made


@pytest.mark.parametrize("kind", [kind for kind, (_, fields) in WHOLE.items() if fields])
def test_what_does_not_tell_its_object_is_unknown(kind: EventKind) -> None:
    """Its ids stay, and no code that was written for payments meets a None."""
    made = of_its_kind(Event(kind=kind, event_type="t", connector_transaction_id="pay_1"))
    assert made.connector_transaction_id == "pay_1"
    if kind is not EventKind.DISPUTE:
        assert (type(made), made.kind) == (events.UnknownEvent, EventKind.UNKNOWN)


def test_a_dispute_is_one_whatever_its_status() -> None:
    """A status that the connector does not know must not hide that money is disputed: the ids say
    which payment it is, and the status that a person must look."""
    told = Event(
        kind=EventKind.DISPUTE,
        event_type="t",
        connector_transaction_id="pay_1",
        connector_dispute_id="du_1",
    )
    made = of_its_kind(told)
    assert isinstance(made, events.DisputeEvent)
    assert made.dispute == Dispute(
        status=DisputeStatus.DISPUTE_UNRESOLVED,
        connector_transaction_id="pay_1",
        connector_dispute_id="du_1",
    )


def test_type_checkers_know_every_class() -> None:
    """`AnyEvent` has all of them: else a new kind would escape `assert_never`."""
    assert {cls for cls, _ in WHOLE.values()} == set(events.AnyEvent.__args__)
    assert set(WHOLE) == set(EventKind)
