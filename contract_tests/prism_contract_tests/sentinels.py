"""Sentinels: what stands in an exchange for its secrets, and is found wherever it shows."""

from __future__ import annotations

import re
import typing
from collections.abc import Mapping
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
    "token": f"tok_{_MARK}",
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
CARD_NUMBER = "the card number"
# How each is recognized: cut short or reformatted, it is a leak all the same.
_FOUND_BY = {
    "a credential": re.compile(_MARK),
    CARD_NUMBER: re.compile(r"[\W_]{0,3}".join("539148803436")),
    "the CVC": re.compile(r"(?<![\w.])7391(?![\w.])"),
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
        return f"we got {' and '.join(dict.fromkeys(quoted))} from you"

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
    if isinstance(value, str) and key in _PLANTED:
        swapped[value] = _PLANTED[key]
        return _PLANTED[key]
    return value


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


def look(label: str, texts: Mapping[str, str], only: str | None = None) -> None:
    """Fails where one of these texts, by place, has anything of what was planted, or the one
    thing named."""
    for place, text in texts.items():
        for what, pattern in _FOUND_BY.items():
            match = pattern.search(text)
            if match is not None and only in (None, what):
                near = text[max(0, match.start() - 60) : match.end() + 20]
                raise Failed(
                    f"after {label}, {what} is in {place}",
                    Evidence(got=f"...{_masked(near)}..."),
                )


def _masked(text: str) -> str:
    for what, pattern in _FOUND_BY.items():
        text = pattern.sub(f"<{what}>", text)
    return text
