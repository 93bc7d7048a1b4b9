"""Mutants that the checks of secrets kill."""

from __future__ import annotations

from lab import Mutant, around_authorize

_CUSTOMER = "        body = yield from account.fetch(asked, CustomerBody)\n"
_ACCOUNT_HEADERS = "        return bearer(self.api_key)\n"
_PAID = "        return payment_of(account.decode(response, PaymentBody))\n"
_JUDGING = (
    "\n"
    "    def __post_init__(self) -> None:\n"
    "        super().__post_init__()\n"
    '        if not self.api_key.reveal().startswith("key_"):\n'
    "            from prism_core import ConfigurationError\n"
)

MUTANTS = [
    Mutant(
        "logs the card number",
        "secrets-nowhere",
        "    assert isinstance(method, Card)\n",
        "    assert isinstance(method, Card)\n"
        "    import logging\n"
        '    logging.getLogger("acme").debug("paying with %s", method.number.reveal())\n',
    ),
    Mutant(
        "prints the customer",
        "secrets-nowhere",
        _CUSTOMER,
        f'        print("created", request.email)\n{_CUSTOMER}',
    ),
    Mutant(
        "logs the answer that it cannot read",
        "secrets-nowhere",
        _CUSTOMER,
        "        import logging\n"
        "        response = yield asked\n"
        "        if response.decode(CustomerBody) is None:\n"
        '            logging.getLogger("acme").warning("cannot read %s", response.body)\n'
        "        body = account.decode(response, CustomerBody)\n",
    ),
    around_authorize(
        "quotes the beginning of the key in an exception",
        "secrets-nowhere",
        "except ConnectorError:\n"
        "            start = account.api_key.reveal()[:-3]\n"
        '            raise ConnectorError(f"is {start}... the right key?") from None',
    ),
    around_authorize(
        "tells a part of the key as the id of the request",
        "secrets-nowhere",
        "except ConnectorError as refused:\n"
        '            refused.request_id = f"req_{account.api_key.reveal()[4:-2]}"\n'
        "            raise",
    ),
    Mutant(
        "tells the beginning of a header that quotes the key",
        "secrets-nowhere",
        "                connector=ConnectorDetails(code=problem.code, message=problem.message)\n",
        "                connector=ConnectorDetails(\n"
        '                    code=problem.code, message=response.headers.get("acme-request")[:24]\n'
        "                )\n",
    ),
    around_authorize(
        "hangs the card on the exception",
        "secrets-nowhere",
        "except TransportError as error:\n"
        "            error.card = card_fields(request.payment_method)\n"
        '            error.number = error.card["number"].reveal()\n'
        "            raise",
    ),
    Mutant(
        "shows the key in the account's repr",
        "account-masked",
        _ACCOUNT_HEADERS,
        f"{_ACCOUNT_HEADERS}\n"
        "    def __repr__(self) -> str:\n"
        '        return f"AcmeAccount({self.api_key.reveal()})"\n',
    ),
    Mutant(
        "shows rich the key",
        "account-masked",
        _ACCOUNT_HEADERS,
        f"{_ACCOUNT_HEADERS}\n"
        "    def __rich_repr__(self):\n"
        '        return [("api_key", self.api_key.reveal())]\n',
    ),
    Mutant(
        "shows rich the card",
        "secrets-nowhere",
        _PAID,
        "        global Shown\n"
        "        number = request.payment_method.number.reveal()\n\n"
        "        class Shown(Payment, frozen=True, kw_only=True):\n"
        "            def __rich_repr__(self):\n"
        '                return [("card", number)]\n\n'
        "            def __repr__(self):\n"
        '                return "Shown()"\n\n'
        "        paid = payment_of(account.decode(response, PaymentBody))\n"
        "        return Shown(**{name: getattr(paid, name) for name in paid.__struct_fields__})\n",
    ),
    Mutant(
        "quotes the key that it refuses",
        "account-refusals-masked",
        _ACCOUNT_HEADERS,
        f"{_ACCOUNT_HEADERS}{_JUDGING}"
        '            raise ConfigurationError(f"{self.api_key.reveal()} is no key")\n',
    ),
    Mutant(
        "reveals the key before it refuses it",
        "account-refusals-masked",
        _ACCOUNT_HEADERS,
        f"{_ACCOUNT_HEADERS}{_JUDGING}"
        "            key = self.api_key.reveal()\n"
        '            raise ConfigurationError(f"a key has no {len(key)} characters")\n',
    ),
    Mutant(
        "fails on a key that it does not know",
        "account-refusals-masked",
        _ACCOUNT_HEADERS,
        f"{_ACCOUNT_HEADERS}{_JUDGING}            raise KeyError(self.api_key.reveal())\n",
    ),
    Mutant(
        "declares a passphrase as a plain text",
        "account-masked",
        "    api_key: Secret\n",
        '    api_key: Secret\n    passphrase: str = ""\n',
    ),
]
