"""The pages, and the address to which the processor sends its events."""

from __future__ import annotations

import logging
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from prism_core import MandateStatus, PrismError, SdkToken
from shop.models import Charge, Subscription
from shop.tasks import hear, prism, renew

logger = logging.getLogger(__name__)


# docs: subscribe
def page(request: HttpRequest) -> HttpResponse:
    """The form, with what the processor's library in it needs."""
    sdk = prism.payment_methods.create_client_token().sdk
    return render(request, "page.html", {"sdk": sdk, "price": settings.PRICE})


@require_POST
def subscribe(request: HttpRequest) -> HttpResponse:
    """The permission to charge, given by the token of the page. It is stored nowhere."""
    name = f"sub-{uuid4().hex[:16]}"
    try:
        customer = prism.customers.create(merchant_customer_id=name, email=request.POST["email"])
        Subscription.objects.create(id=name, customer=customer.connector_customer_id)
        back = reverse("back", args=[name])
        mandate = prism.recurring.setup(
            merchant_mandate_id=name,
            connector_customer_id=customer.connector_customer_id,
            payment_method=SdkToken(request.POST["token"]),
            return_url=request.build_absolute_uri(back),
            idempotency_key=name,
        )
    except PrismError as error:  # if its outcome is unknown, an event tells it later
        logger.warning("%s: %s", name, error)
        said = {"said": error.customer_message}
        return render(request, "page.html", said, status=error.http_status)
    Subscription.note(mandate)
    bank = mandate.redirection_data and mandate.redirection_data.uri
    return redirect(bank or back)


# docs: back
def back(request: HttpRequest, name: str) -> HttpResponse:
    """The customer comes back. The processor is asked: a browser proves nothing."""
    found = get_object_or_404(Subscription, id=name)
    if found.status == MandateStatus.MANDATE_PENDING and found.mandate:
        returned = {key: str(value) for key, value in request.GET.items()}
        mandate = prism.recurring.complete(
            connector_mandate_id=found.mandate, merchant_mandate_id=name, returned=returned
        )
        Subscription.note(mandate)
        found.refresh_from_db()
    if found.status == MandateStatus.ACTIVE:
        renew.delay()
    last = Charge.objects.filter(subscription=found).last()
    return render(request, "page.html", {"said": f"{found.status} {last.status if last else ''}"})


# docs: events
@csrf_exempt
def events(request: HttpRequest) -> HttpResponse:
    """The processor's webhooks: verified at once, and handled by the worker."""
    try:
        event = prism.events.handle(request)
    except PrismError as error:
        logger.warning("a webhook: %s", error)
        return HttpResponse(status=error.http_status)
    for one in (event, *event.others):
        hear.delay(one.to_dict())
    return HttpResponse(event.reply or "")


urlpatterns = [path("", page), path("subscribe", subscribe), path("events", events)]
urlpatterns += [path("subscriptions/<name>", back, name="back")]
