"""What the worker does: charges what is due, and what the processor tells. Each task can be run
again, at any time: a message comes twice, and a worker dies in the middle."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from prism_core import ChargeRecurringRequest, Event, MandateStatus, Prism
from shop.models import Charge, Subscription

prism = Prism.from_env("sandbox", card_numbers=False, max_retries=settings.RETRIES)
REPEAT_HOURS = max(min(prism.key_hours("charge_recurring") or 0, 24) - 1, 1 / 6)
"""For how long a try is repeated: a day at most, and an hour less than the processor keeps its key,
for clocks. If nobody knows how long that is, ten minutes."""


# docs: renew
@shared_task
def renew() -> None:
    """Every few minutes: what is due, and what is still open."""
    for one in Charge.objects.filter(open=True):
        charge.delay(one.id)
    due = Subscription.objects.filter(status=MandateStatus.ACTIVE, due__lte=timezone.now())
    for subscription in due.exclude(charge__open=True):
        charge.delay(subscription.start().id)


# docs: charge
@shared_task
def charge(name: str) -> None:
    """Makes one try, or looks it up. An error leaves it open: `renew` comes back to it, with the
    key that it had, as long as processors know keys. A message can be older than that."""
    one = Charge.objects.get(id=name)
    known = one.payment and one.payment.get("connector_transaction_id")
    if not one.open:
        return
    if known:
        Charge.note(prism.payments.get(connector_transaction_id=known))
    elif (timezone.now() - one.made).total_seconds() / 3600 < REPEAT_HOURS:
        Charge.note(prism.recurring.charge(ChargeRecurringRequest.from_dict(one.request)))


# docs: hear
@shared_task
def hear(stored: dict[str, Any]) -> None:
    """Stores what an event tells. A second time, or late, it changes nothing."""
    event = Event.from_dict(stored)
    if event.mandate is not None:
        Subscription.note(event.mandate)
    if event.payment is not None:
        Charge.note(event.payment)
