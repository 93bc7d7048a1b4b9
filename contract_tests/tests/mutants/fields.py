"""Mutants that the checks of the request's fields kill."""

from __future__ import annotations

from lab import LOOKS_UP, Mutant

_PLACE = "    return {name: getattr(address, name) for name in Address.__struct_fields__}\n"
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
        LOOKS_UP,
        LOOKS_UP.replace("_id)", '_id and "pay_1")'),
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
        "reads an address and drops its third line",
        "fields-sent",
        _PLACE,
        _PLACE.replace("return", "place =") + '    place.pop("line3")\n    return place\n',
        case="create_customer.address",
    ),
    Mutant(
        "reads an address and drops its country",
        "fields-sent",
        _PLACE,
        _PLACE.replace("return", "place =")
        + '    place.pop("country_alpha2_code")\n    return place\n',
        case="create_customer.address",
    ),
    Mutant(
        "refuses a part of an address without naming it",
        "fields-sent",
        _PLACE,
        "    from prism_core import InvalidRequest\n"
        "    if address.line3 is not None:\n"
        '        raise InvalidRequest("no third line here")\n' + _PLACE,
        case="create_customer.address",
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
]
