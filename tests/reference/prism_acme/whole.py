"""Acme with every operation that the core has."""

from __future__ import annotations

from . import Acme
from .customers import Customers
from .payment_methods import PaymentMethods
from .payments import Payments
from .recurring import Recurring
from .refunds import Refunds


class WholeAcme(Acme, Customers, Payments, Refunds, PaymentMethods, Recurring):
    """The connector."""


connector = WholeAcme()
