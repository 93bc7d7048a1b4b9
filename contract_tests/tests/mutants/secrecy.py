"""Mutants that the checks of secrets kill."""

from __future__ import annotations

from lab import Mutant, around_authorize

_CUSTOMER = "        body = account.decode(response, CustomerBody)\n"
_ACCOUNT_HEADERS = "        return bearer(self.api_key)\n"

MUTANTS = [
    Mutant(
        "logs the card number",
        "secrets-nowhere",
        "    assert isinstance(method, Card)\n",
        "    assert isinstance(method, Card)\n"
        "    import logging\n"
        '    logging.getLogger("honest").debug("paying with %s", method.number.reveal())\n',
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
        "        if response.decode(CustomerBody) is None:\n"
        '            logging.getLogger("honest").warning("cannot read %s", response.body)\n'
        + _CUSTOMER,
    ),
    around_authorize(
        "quotes the beginning of the key in an exception",
        "secrets-nowhere",
        "except ConnectorError:\n"
        "            start = account.api_key.reveal()[:-3]\n"
        '            raise ConnectorError(f"is {start}... the right key?") from None',
    ),
    around_authorize(
        "hangs the card on the exception",
        "secrets-nowhere",
        "except TransportError as error:\n"
        "            error.card = _card(request.payment_method)\n"
        '            error.number = error.card["number"].reveal()\n'
        "            raise",
    ),
    Mutant(
        "shows the key in the account's repr",
        "account-masked",
        _ACCOUNT_HEADERS,
        f"{_ACCOUNT_HEADERS}\n"
        "    def __repr__(self) -> str:\n"
        '        return f"HonestAccount({self.api_key.reveal()})"\n',
    ),
    Mutant(
        "declares a passphrase as a plain text",
        "account-masked",
        "    api_key: Secret\n",
        '    api_key: Secret\n    passphrase: str = ""\n',
    ),
]
