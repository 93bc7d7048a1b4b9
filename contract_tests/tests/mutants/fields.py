"""Mutants that the checks of the request's fields kill."""

from __future__ import annotations

from lab import LOOKS_UP, Mutant

_PLACE = "    return {name: getattr(address, name) for name in Address.__struct_fields__}\n"
_CREATES = '        asked = account.post(\n            "/customers",\n'
_ASKED = "        payment, amount = request.connector_transaction_id, request.amount\n"
_KNOWN = (
    '        known = yield from account.fetch(account.get("/payments/{}", payment), PaymentBody)\n'
)
_METADATA = '"metadata": request.metadata,'

MUTANTS = [
    Mutant(
        "drops the email",
        "fields-sent",
        '"email": request.email,',
        '"email": request.email and None,',
        case="create_customer.email",
    ),
    Mutant(
        "declares no room for an email",
        "fields-sent",
        "exponents=EXPONENTS,",
        'exponents=EXPONENTS,\n        limits={"email": 10},',
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
        '"take": request.capture_method is not None,',
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
        "refuses an email that is not the sandbox's",
        "fields-sent",
        _CREATES,
        "        from prism_core import InvalidRequest\n"
        "        if request.email and not request.email.endswith('@example.com'):\n"
        '            raise InvalidRequest("no emails here", field="email")\n' + _CREATES,
        case="create_customer.email",
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
        '"cvc": method.cvc,',
        '"cvc": method.cvc and None,',
    ),
    Mutant(
        "drops the card's holder",
        "payment-method-kinds",
        '"holder": method.holder_name,',
        '"holder": method.holder_name and None,',
    ),
    Mutant(
        "takes the month of a card for January",
        "payment-method-kinds",
        '"month": method.exp_month,',
        '"month": 1,',
    ),
    Mutant(
        "reads the amount after its lookup",
        "fields-early",
        _ASKED + _KNOWN,
        _ASKED.replace(", amount", "").replace(", request.amount", "")
        + _KNOWN
        + "        amount = request.amount\n",
        case="capture",
    ),
    Mutant(
        "reads what its exchange does not give after its lookup",
        "fields-early",
        'order = {"amount": amount and amount.to_wire(EXPONENTS)}',
        'order = {"amount": amount and amount.to_wire(EXPONENTS), '
        '"ref": request.merchant_capture_id}',
        case="capture",
    ),
]
