"""What the shop stores: subscriptions, and each try to charge one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from prism_core import (
    ChargeRecurringRequest,
    Mandate,
    MandateStatus,
    Payment,
    PaymentStatus,
    TryAgain,
)

MONTH = timedelta(days=30)
WAIT = {TryAgain.SOON: timedelta(hours=1), TryAgain.LATER: timedelta(days=7)}
# docs: subscription


class Subscription(models.Model):
    """A customer's subscription, and the permission to charge for it."""

    id: models.CharField[str, str] = models.CharField(max_length=40, primary_key=True)
    customer: models.CharField[str, str] = models.CharField(max_length=255)
    mandate: models.CharField[str | None, str | None] = models.CharField(max_length=255, null=True)
    status: models.CharField[str, str] = models.CharField(max_length=30, default="MANDATE_PENDING")
    due: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(
        null=True, default=timezone.now
    )
    tries: models.IntegerField[int, int] = models.IntegerField(default=0)

    @classmethod
    def note(cls, mandate: Mandate) -> None:
        """Stores how a permission stands; what comes twice or late moves nothing back."""
        with transaction.atomic():
            found = cls.objects.select_for_update().filter(id=mandate.merchant_mandate_id).first()
            if found is not None:
                found.status = MandateStatus(found.status).advance(mandate.status)
                found.mandate = mandate.connector_mandate_id or found.mandate
                found.save()

    def start(self) -> Charge:
        """The next try, stored before it is made. Its id is its idempotency key, and is made of
        what is due: however often and late it is asked for, it is one charge."""
        name = f"{self.id}-{self.due:%y%m%d%H%M%S}-{self.tries}"
        request = ChargeRecurringRequest(
            merchant_transaction_id=name,
            amount=settings.PRICE,
            connector_mandate_id=self.mandate or "",
            connector_customer_id=self.customer,
            idempotency_key=name,
        )
        values = {"subscription": self, "request": request.to_dict()}
        return Charge.objects.get_or_create(id=name, defaults=values)[0]

    def move_on(self, payment: Payment) -> None:
        """The next month after a payment. After a decline, another try if that can help; else the
        customer must give another card."""
        self.tries += 1
        wait = payment.error and WAIT.get(payment.error.try_again)
        if payment.status.is_paid:
            self.due, self.tries = timezone.now() + MONTH, 0
        else:
            self.due = timezone.now() + wait if wait and self.tries < 4 else None
        self.save()


# docs: charge
class Charge(models.Model):
    """One try to charge for a subscription: the request, and what became of it."""

    id: models.CharField[str, str] = models.CharField(max_length=50, primary_key=True)
    subscription: models.ForeignKey[Subscription, Subscription] = models.ForeignKey(
        Subscription, on_delete=models.PROTECT
    )
    made: models.DateTimeField[datetime, datetime] = models.DateTimeField(auto_now_add=True)
    request: models.JSONField[Any, Any] = models.JSONField()
    payment: models.JSONField[Any, Any] = models.JSONField(null=True)
    status: models.CharField[str, str] = models.CharField(max_length=40, default="STARTED")
    open: models.BooleanField[bool, bool] = models.BooleanField(default=True)

    @classmethod
    def note(cls, payment: Payment) -> None:
        """Stores how a payment stands, and moves its subscription on, once."""
        with transaction.atomic():
            both = cls.objects.select_for_update().select_related("subscription")
            found = both.filter(id=payment.merchant_transaction_id).first()
            if found is None or not found.open:
                return
            status = PaymentStatus(found.status).advance(payment.status)
            found.status, found.payment = status, payment.to_dict()
            found.open = not (status.is_paid or status.is_failed)
            found.save()
            if not found.open:
                found.subscription.move_on(payment)
