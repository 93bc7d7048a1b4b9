"""Acme with every operation that the core has."""

from __future__ import annotations

import msgspec

from . import Acme
from .customers import Customers
from .payment_methods import PaymentMethods
from .payments import Payments
from .recurring import Recurring
from .refunds import Refunds


class WholeAcme(Acme, Customers, Payments, Refunds, PaymentMethods, Recurring):
    """The connector."""

    info = msgspec.structs.replace(Acme.info, needs={"setup_recurring": ("payment_method",)})


connector = WholeAcme()
