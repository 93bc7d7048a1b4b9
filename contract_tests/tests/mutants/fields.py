"""Mutants that the checks of the request's fields kill."""

from __future__ import annotations

from lab import Mutant

_METADATA = '"metadata": request.metadata,'

MUTANTS = [
    Mutant(
        "drops the email",
        "fields-sent",
        '                "email": request.email,\n',
        case="create_customer.email",
    ),
    Mutant(
        "sends the first name only",
        "fields-sent",
        '"name": request.name,',
        '"name": request.name.split()[0] if request.name else None,',
        case="create_customer.name",
    ),
    Mutant(
        "always captures",
        "fields-sent",
        '"take": request.capture_method is CaptureMethod.AUTOMATIC,',
        '"take": True,',
        case="authorize.capture_method",
    ),
    Mutant(
        "takes off_session=False for its opposite",
        "fields-sent",
        '"off_session": request.off_session,',
        '"off_session": None if request.off_session is None else True,',
        case="authorize.off_session",
    ),
    Mutant(
        "sends the keys of the metadata only",
        "fields-sent",
        _METADATA,
        '"metadata": list(request.metadata or ()),',
        case="create_customer.metadata",
    ),
    Mutant(
        "always charges in US dollars",
        "fields-sent",
        '"currency": request.amount.currency,',
        '"currency": "USD",',
        case="authorize.amount",
    ),
    Mutant(
        "looks the same payment up each time",
        "fields-sent",
        'segment(request.connector_transaction_id or "")',
        'segment("pay_1")',
        case="get_payment.connector_transaction_id",
    ),
    Mutant(
        "refuses a field that it declares",
        "fields-sent",
        "connector = Acme()",
        "from prism_core import InvalidRequest\n"
        "def refuse(request):\n"
        "    if request.name is not None:\n"
        '        raise InvalidRequest("no names here", field="name")\n'
        "    return None\n"
        "as_it_is = Acme.create_customer\n"
        "def create_customer(self, request, account):\n"
        "    refuse(request)\n"
        "    return (yield from as_it_is(self, request, account))\n"
        "Acme.create_customer = hookimpl(create_customer)\n"
        "connector = Acme()",
        case="create_customer.name",
    ),
    Mutant(
        "declares an address and drops its third line",
        "fields-sent",
        "connector = Acme()",
        "import msgspec\n"
        "Acme.info = msgspec.structs.replace(\n"
        "    Acme.info,\n"
        '    sends={**Acme.info.sends, "authorize": (\n'
        '        *Acme.info.sends["authorize"], "billing_address")},\n'
        ")\n"
        "def _card(method, as_it_is=_card):\n"
        "    import sys\n"
        '    address = sys._getframe(1).f_locals["request"].billing_address\n'
        "    kept = {} if address is None else address.to_dict()\n"
        '    kept.pop("line3", None)\n'
        '    return {**as_it_is(method), "address": kept}\n'
        "connector = Acme()",
        case="authorize.billing_address",
    ),
    Mutant(
        "declares an address and drops its country",
        "fields-sent",
        "connector = Acme()",
        "import msgspec\n"
        "Acme.info = msgspec.structs.replace(\n"
        "    Acme.info,\n"
        '    sends={**Acme.info.sends, "authorize": (\n'
        '        *Acme.info.sends["authorize"], "billing_address")},\n'
        ")\n"
        "def _card(method, as_it_is=_card):\n"
        "    import sys\n"
        '    address = sys._getframe(1).f_locals["request"].billing_address\n'
        "    kept = {} if address is None else address.to_dict()\n"
        '    kept.pop("country_alpha2_code", None)\n'
        '    return {**as_it_is(method), "address": kept}\n'
        "connector = Acme()",
        case="authorize.billing_address",
    ),
    Mutant(
        "refuses a part of an address without naming it",
        "fields-sent",
        "connector = Acme()",
        "from prism_core import InvalidRequest\n"
        "import msgspec\n"
        "Acme.info = msgspec.structs.replace(\n"
        "    Acme.info,\n"
        '    sends={**Acme.info.sends, "authorize": (\n'
        '        *Acme.info.sends["authorize"], "billing_address")},\n'
        ")\n"
        "def _card(method, as_it_is=_card):\n"
        "    import sys\n"
        '    address = sys._getframe(1).f_locals["request"].billing_address\n'
        "    if address is not None and address.line3 is not None:\n"
        '        raise InvalidRequest("no third line here")\n'
        "    kept = {} if address is None else address.to_dict()\n"
        '    return {**as_it_is(method), "address": kept}\n'
        "connector = Acme()",
        case="authorize.billing_address",
    ),
    Mutant(
        "says that it sends every field there is",
        "fields-refused",
        "connector = Acme()",
        "class Everything(dict):\n"
        "    def __getitem__(self, name):\n"
        "        from prism_core.connector.hookspecs import request_type\n"
        "        fields = request_type(name).__struct_fields__\n"
        "        return [one for one in fields if one != 'idempotency_key']\n"
        "import msgspec\n"
        "Acme.info = msgspec.structs.replace(\n"
        "    Acme.info, sends=Everything(Acme.info.sends)\n"
        ")\n"
        "connector = Acme()",
        case="create_customer",
    ),
    Mutant(
        "declares tokens and can send none",
        "payment-method-kinds",
        "payment_methods=(Card,),",
        'payment_methods=(Card, __import__("prism_core").Token),',
    ),
    Mutant(
        "drops the card's security code",
        "payment-method-kinds",
        '        "cvc": method.cvc,\n',
    ),
    Mutant(
        "drops the card's holder",
        "payment-method-kinds",
        '        "holder": method.holder_name,\n',
    ),
    Mutant(
        "takes the month of a card for January",
        "payment-method-kinds",
        '"month": method.exp_month,',
        '"month": 1,',
    ),
    Mutant(
        "says that it leaves the name out, and sends it",
        "fields-left-out",
        '        sends={\n            "create_customer": (\n'
        '                "merchant_customer_id", "name", ',
        '        leaves_out={"create_customer": ("name",)},\n'
        '        sends={\n            "create_customer": (\n'
        '                "merchant_customer_id", ',
        case="create_customer.name",
    ),
]
