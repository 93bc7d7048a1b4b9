"""Mutants of the reference connector with pages: ways to pay without a card number, and orders."""

from __future__ import annotations

from lab import Mutant

_PAGES = "prism_acme/pages.py"
_ANSWERS = "prism_acme/answers.py"
_EXCHANGES = "prism_acme/exchanges"
_STATUS = "        status=STATES.get(body.state, PaymentStatus.UNRESOLVED),\n"
_KEEP = '"keep": request.setup_future_usage,\n            "browser"'
_PAYS = 'yield from account.fetch(account.post("/payments", json=order), PaymentBody)'
_IDEAL = '"go": method.payment_method_type,'


def _mutant(
    name: str,
    killer: str,
    old: str,
    new: str | None,
    file: str = _PAGES,
    case: str | None = None,
) -> Mutant:
    return Mutant(name, killer, old, new, file=file, case=case, pages=True)


def _without(exchange: str, killer: str, case: str | None = None) -> Mutant:
    name = f"{killer}: shows no {exchange}"
    return _mutant(name, killer, "", None, f"{_EXCHANGES}/{exchange}.json", case)


MUTANTS = [
    _mutant(
        "calls an order failed after a declined try",
        "order-stays-open",
        _STATUS,
        "        status=PaymentStatus.AUTHORIZATION_FAILED\n"
        "        if body.error\n"
        "        else STATES.get(body.state, PaymentStatus.UNRESOLVED),\n",
        _ANSWERS,
    ),
    _without("get_payment/order-declined", "order-stays-open"),
    _mutant(
        "calls a payment paid whose customer is still to be sent to the bank",
        "redirect-not-paid",
        '"challenge": PaymentStatus.AUTHENTICATION_PENDING',
        '"challenge": PaymentStatus.CHARGED',
        _ANSWERS,
        "authorize/ideal",
    ),
    _mutant(
        "calls an order failed that is not paid yet",
        "redirect-not-paid",
        '"open": PaymentStatus.PAYMENT_METHOD_AWAITED',
        '"open": PaymentStatus.FAILURE',
        _ANSWERS,
        "create_order/success",
    ),
    _mutant(
        "calls a debit paid that the bank has not answered",
        "delayed-not-paid",
        '"waiting": PaymentStatus.PENDING',
        '"waiting": PaymentStatus.CHARGED',
        _ANSWERS,
        "Sepa",
    ),
    _mutant(
        "never learns that a debit was paid",
        "delayed-not-paid",
        '"paid": PaymentStatus.CHARGED',
        '"paid": PaymentStatus.PENDING',
        _ANSWERS,
        "Sepa",
    ),
    _without("get_payment/debit-refused", "delayed-not-paid", "Sepa"),
    _without("handle_event/debit-paid", "delayed-not-paid", "Sepa"),
    _mutant(
        "loses the id of the payment method that it keeps",
        "future-usage-kept",
        "connector_payment_method_id=nullable(body.method)",
        "connector_payment_method_id=None",
        _ANSWERS,
        "authorize",
    ),
    _mutant(
        "keeps no payment method but cards and tokens, and says nothing",
        "future-usage-kept",
        _KEEP,
        '"keep": (None, request.setup_future_usage)[\n'
        "                isinstance(request.payment_method, (Card, SdkToken))\n"
        '            ],\n            "browser"',
        case="authorize",
    ),
    _without("get_payment/order-paid", "future-usage-kept", "create_order"),
    _mutant(
        "adds the caller's fields to a request that pays nothing",
        "feature-data",
        f"        paid = {_PAYS}\n",
        '        yield from account.fetch(account.post("/quotes", json={}), PaymentBody)\n'
        f"        paid = {_PAYS}\n",
        case="authorize",
    ),
    _mutant(
        "has a body that takes no fields",
        "feature-data",
        'account.post("/orders", json=order)',
        'account.post("/orders", json=[order])',
        case="create_order",
    ),
    _without("authorize/sepa", "exchanges-complete", "authorize"),
    _without("authorize/blik", "exchanges-complete", "authorize"),
    _mutant(
        "debits the same account each time",
        "payment-method-kinds",
        '"iban": method.iban',
        '"iban": method.iban and "DE89370400440532013000"',
        case="authorize",
    ),
    _mutant(
        "sends every customer to the same bank",
        "payment-method-kinds",
        _IDEAL,
        '"go": method.payment_method_type and "IDEAL",',
        case="authorize",
    ),
    _mutant(
        "drops the code that the customer read",
        "payment-method-kinds",
        '"code": method.code',
        '"code": method.code and None',
        case="authorize",
    ),
    _mutant(
        "pays with any token of a page",
        "payment-method-kinds",
        '{"sdk": method.token}',
        '{"sdk": method.token and "sdk_example1"}',
        case="authorize",
    ),
    _mutant(
        "reads the network of a wallet and drops it",
        "payment-method-kinds",
        '"network": method.network',
        '"network": method.network and None',
        case="authorize",
    ),
    _mutant(
        "refuses every wallet's payment but the exchange's",
        "payment-method-kinds",
        "    if isinstance(method, ApplePay):\n",
        "    if isinstance(method, ApplePay):\n"
        "        from prism_core import InvalidRequest\n"
        "        signed = method.payment_data.reveal()\n"
        '        if "EC_v1" not in signed or signed.count("ZXhhbXBsZQ") != 2:\n'
        '            raise InvalidRequest("not this", field="payment_method")\n',
        case="authorize",
    ),
    *(
        _mutant(
            f"logs {what}",
            "secrets-nowhere",
            "    if isinstance(method, SdkToken):\n",
            "    import logging\n"
            f"    if isinstance(method, {kind}):\n"
            f'        logging.getLogger("acme").info("with %s", method.{part}.reveal()[:-2])\n'
            "    if isinstance(method, SdkToken):\n",
            case=case,
        )
        for what, kind, part, case in (
            ("the token of a page", "SdkToken", "token", "authorize/sdk-token"),
            ("a wallet's payment", "ApplePay", "payment_data", "authorize/apple-pay"),
            ("the bank account", "Sepa", "iban", "authorize/sepa"),
        )
    ),
    _mutant(
        "logs the code that the customer read",
        "secrets-nowhere",
        "    if isinstance(method, Redirect):\n",
        "    if isinstance(method, Redirect):\n"
        "        import logging\n"
        '        logging.getLogger("acme").info("with %s", method.code and method.code.reveal())\n',
        case="authorize/blik",
    ),
    *(
        _mutant(
            f"prints {what}",
            "secrets-nowhere",
            f"    return {of} and {{",
            f"    print({of} and {of}.{shown})\n    return {of} and {{",
            case="authorize/sdk-token",
        )
        for what, of, shown in (
            ("the proof of 3-D Secure", "data", "cavv.reveal()"),
            ("what tells the device", "info", "device_data.reveal()"),
            ("the customer's address", "info", "ip_address"),
        )
    ),
    _mutant(
        "drops the proof of 3-D Secure",
        "fields-sent",
        '"cavv": data.cavv',
        '"cavv": data.cavv and None',
        case="authorize.authentication_data",
    ),
    _mutant(
        "takes every screen for the same",
        "fields-sent",
        '"width": info.screen_width',
        '"width": info.screen_width and 1',
        case="authorize.browser_info",
    ),
    _mutant(
        "sells one piece of everything",
        "fields-sent",
        '"pieces": one.quantity',
        '"pieces": one.quantity and 1',
        case="create_order.order_details",
    ),
    _mutant(
        "offers cards, whatever the shop asks for",
        "fields-sent",
        '"offer": request.payment_method_types',
        '"offer": request.payment_method_types and ["CARD"]',
        case="create_order.payment_method_types",
    ),
    _mutant(
        "speaks one language",
        "fields-sent",
        '"language": request.locale',
        '"language": request.locale and "de-DE"',
        case="create_order.locale",
    ),
    _mutant(
        "makes the id of an order up",
        "results-whole",
        "connector_transaction_id=body.id",
        'connector_transaction_id="pay_1"',
        _ANSWERS,
        "create_order",
    ),
    _mutant(
        "publishes somebody's IBAN",
        "exchanges-scrubbed",
        "DE89370400440532013000",
        "DE44718392540663917284",
        f"{_EXCHANGES}/authorize/sepa.json",
    ),
    _mutant(
        "publishes a wallet's payment",
        "exchanges-scrubbed",
        "ZXhhbXBsZQ==",
        "Kk3pZ9vQm2XtR8sLwB5yNc7HdJfA1gEu4TzK0qWx",
        f"{_EXCHANGES}/authorize/apple-pay.json",
    ),
    _mutant(
        "opens a page of the shop's own like the processor's",
        "fields-sent",
        '"language": request.locale,',
        '"language": request.locale,\n            "x": (None, None)[request.hosted],',
        case="create_order.hosted",
    ),
]
