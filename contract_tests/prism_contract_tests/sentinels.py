"""Sentinels: what stands in an exchange for its secrets, and is found wherever it shows."""

from __future__ import annotations

import re
import typing
from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from prism_contract_tests.check import Failed
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target
from prism_core import Account, HttpResponse, Secret
from prism_core.connector.account import credential_names
from prism_core.schema.base import Request

# What is put in place of the exchange's own data. The number passes the Luhn check.
_MARK = "Zq7Xk9Sentinel"
_PLANTED = {
    "number": "4539148803436467",
    "cvc": "7391",
    "code": "839217",
    "iban": "DE44718392540663917284",
    "account_number": "71839254",
    "routing_number": "318392549",
    "sort_code": "483917",
    "bsb_number": "483917",
    "cryptogram": f"{_MARK}AAAAAAAAAAAAA=",
    "cavv": f"{_MARK}AAAAAAAAAAAAA=",
    "ip_address": "203.0.113.177",
    "name": "Zoltanna Quixwell",
    "holder_name": "Zoltanna Quixwell",
    "first_name": "Zoltanna",
    "last_name": "Quixwell",
    "email": "zq.sentinel@example.com",
    "phone": "+4915799983117",
    "phone_number": "+4915799983117",
    "line1": "Quixwell Lane 4711",
    "line2": "Flat Quixwell",
    "line3": "Quixwell House",
}
_OPAQUE = ("token", "verification_token", "payment_data", "device_data")
"""What only the processor can read: its sentinel has the form of the exchange's own."""
_WORDS = re.compile(r"(?i)(type|descriptor|version|brand)$")
"""The names in such a JSON text whose values are no secrets, and that connectors may look at."""
CARD_NUMBER, IBAN, ACCOUNT_NUMBER = "the card number", "the IBAN", "the account number"
NUMBERS = frozenset({CARD_NUMBER, IBAN, ACCOUNT_NUMBER})
"""What is masked even in an id that a processor made of it."""
_GAP = r"[\W_]{0,3}"


def _word(first: str, rest: str, not_beside: str = r"\w") -> re.Pattern[str]:
    """These digits as a word of their own. The first one stands before the look back at what is
    before it, because `re` finds that form many times as fast."""
    return re.compile(rf"{first}(?<!{not_beside}{first}){rest}(?!{not_beside})")


# How each is recognized: cut short or reformatted, it is a leak all the same.
_FOUND_BY = {
    "a credential or token": re.compile(_MARK),
    CARD_NUMBER: re.compile(_GAP.join("539148803436")),
    IBAN: re.compile(_GAP.join("9254066391")),
    ACCOUNT_NUMBER: _word("7", _GAP + _GAP.join("1839254")),
    "the routing number": _word("3", r"1839254\d"),
    "the sort code": _word("4", "8-?39-?17"),
    "the code of an app": _word("8", "39[ -]?217"),
    "the CVC": _word("7", "391", r"[\w.]"),
    "the IP address": re.compile(r"203\.0\.113\.177"),
    "a name or address": re.compile("Zoltanna|Quixwell"),
    "the email address": re.compile(r"zq\.sentinel"),
    "the phone number": re.compile("15799983117"),
}


class Plant(msgspec.Struct):
    """An exchange with sentinels for secrets: its account and request, and what stands for what."""

    exchange: Exchange
    account: dict[str, str]
    request: Request
    swapped: dict[str, str]

    @property
    def echo(self) -> str:
        """A sentence that quotes everything, as careless processors do."""
        quoted = [*self.swapped.values()]
        if _PLANTED["number"] in quoted:  # written as processors and people write it
            quoted += ["4539.1488.0343.6467", "4539\u00a01488\u00a00343\u00a06467"]
        if _PLANTED["iban"] in quoted:
            quoted.append(" ".join(re.findall(".{1,4}", _PLANTED["iban"])))
        return f"we got {' and '.join(dict.fromkeys(quoted))} from you"

    @property
    def credentials(self) -> list[str]:
        """What stands for the credentials of the account."""
        return [value for value in self.account.values() if _MARK in value]

    def answers(self) -> list[HttpResponse]:
        """The exchange's answers, quoting the sentinels where they quoted the exchange's data."""
        return [_requoted(step.response.answer(), self.swapped) for step in self.exchange.steps]


def planted(target: Target, exchange: Exchange) -> Plant:
    """The exchange with a sentinel in place of each credential, card and personal datum."""
    swapped: dict[str, str] = {}
    account = dict(exchange.account)
    for name in secret_fields(target.connector.info.account):
        if name in account:
            swapped[account[name]] = account[name] = _like(account[name], len(swapped))
    request = _personal(exchange.request, swapped)
    built = msgspec.structs.replace(exchange, request=request).build()
    return Plant(exchange, account, built, swapped)


def _like(credential: str, number: int) -> str:
    """A sentinel with the prefix (`sk_test_`) that tells what the credential is."""
    prefix = re.match(r"(?:[A-Za-z]+[_-])*", credential)
    return f"{prefix.group() if prefix else ''}{_MARK}{number:04}"


def mistyped(plant: Plant, name: str) -> list[object]:
    """A credential as people get it wrong: cut, with something pasted beside it, of another
    type. Each has the sentinel in it."""
    typed = plant.account[name]
    return [
        *(f"{typed}\n", f" {typed}", f"{typed}\u2028{typed}", f"https://{typed}", f"{typed}/é"),
        *(_MARK, f"sk_live_{_MARK}", f"sk_test_{_MARK}", typed.encode(), [typed]),
    ]


URLS = [f"https://user:{_MARK}@host.example", f"http://{_MARK}.example", f"https://h/?{_MARK}"]
"""Base URLs that are refused, with a sentinel where a password may be."""


def _personal(value: Any, swapped: dict[str, str], key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _personal(entry, swapped, name) for name, entry in value.items()}
    if isinstance(value, str) and key in _OPAQUE:
        swapped[value] = sentinel = _opaque(value)
        return sentinel
    if isinstance(value, str) and key in _PLANTED:
        swapped[value] = _PLANTED[key]
        return _PLANTED[key]
    return value


def _opaque(value: str) -> str:
    """A sentinel of the same form: with the same prefix, or a JSON object with it in each text."""
    if value[:1] != "{":
        return _like(value, 0)
    parts = msgspec.json.decode(value)
    texts = {
        name: part if _WORDS.search(name) or not isinstance(part, str) else f"{_MARK}0000"
        for name, part in parts.items()
    }
    return msgspec.json.encode(texts).decode()


def _requoted(answer: HttpResponse, swapped: Mapping[str, str]) -> HttpResponse:
    body = answer.body
    for old, new in swapped.items():
        if len(old) > 4:
            body = body.replace(old.encode(), new.encode())
    return HttpResponse(answer.status_code, answer.headers, body)


def secret_fields(account: type[Account]) -> list[str]:
    """The credentials of an account type that are declared as `Secret`."""
    hints = typing.get_type_hints(account)
    return [
        name
        for name in credential_names(account)
        if hints[name] is Secret or Secret in typing.get_args(hints[name])
    ]


def quotes(text: str) -> bool:
    """Whether a text has anything of what was planted."""
    return any(pattern.search(text) for pattern in _FOUND_BY.values())


def look(label: str, texts: Mapping[str, str], only: Collection[str] = tuple(_FOUND_BY)) -> None:
    """Fails where one of these texts, by place, has anything of what was planted, or of the things
    named."""
    for place, text in texts.items():
        for what, pattern in _FOUND_BY.items():
            match = pattern.search(text)
            if match is not None and what in only:
                near = text[max(0, match.start() - 60) : match.end() + 20]
                raise Failed(
                    f"after {label}, {what} is in {place}",
                    Evidence(got=f"...{_masked(near)}..."),
                )


def _masked(text: str) -> str:
    for what, pattern in _FOUND_BY.items():
        text = pattern.sub(f"<{what}>", text)
    return text
