"""The checks of access tokens: an honest connector with tokens passes, broken ones are caught."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from lab import installed
from support import REFERENCE, WITH_TOKENS

from prism_contract_tests.check import CHECKS
from prism_contract_tests.runner import Run

WRAPPED = """
import functools

from prism_core import PrismError


def with_tokens(hook):
    @functools.wraps(hook)
    def flow(self, request, account):
        steps = hook(self, request, account)
        try:
            asked = next(steps)
            while True:
                try:
                    answer = yield from account.authorized(asked)
                except PrismError as error:
                    asked = steps.throw(error)
                else:
                    asked = steps.send(answer)
        except StopIteration as stop:
            return stop.value

    return flow


for name in Acme.info.sends:
    setattr(Acme, name, with_tokens(getattr(Acme, name)))
connector = Acme()
"""
GRANT = {
    "request": {
        "method": "POST",
        "path": "/token",
        "headers": {"authorization": "Basic c2hvcDpzZWNyZXRfZXhhbXBsZQ=="},
        "form": {"grant_type": "client_credentials"},
    },
    "response": {"status": 200, "json": {"access_token": "access_example", "expires_in": 3600}},
}
ANY_TOKEN = """
    def authorized(self, request):
        from prism_core import PrismError, bearer
        try:
            return (yield from super().authorized(request))
        except PrismError:
            request.headers.update(bearer("none"))
            return (yield request)
"""
NEVER_ANEW = """
    def authorized(self, request):
        grant = yield self._token_request()
        return (yield self._signed(request, grant))
"""
FOR_EVER = """
    def authorized(self, request):
        from prism_core import AuthenticationError
        grant = None
        for _ in range(5):
            grant = yield self._token_request(refused=grant)
            try:
                return (yield self._signed(request, grant))
            except AuthenticationError as error:
                last = error
        raise last
"""


def with_tokens() -> dict[str, dict[str, Any]]:
    """The exchanges of the reference connector, where it has access tokens."""
    found = {}
    for path in REFERENCE.glob("prism_acme/exchanges/*/*.json"):
        exchange = json.loads(path.read_text())
        exchange["account"] |= {"client_id": "shop", "client_secret": "secret_example"}
        del exchange["account"]["api_key"]
        twice = 2 if exchange["kind"] == "authentication_error" else 1
        exchange["steps"] *= twice
        exchange["grants"] = [GRANT] * twice if exchange["steps"] else []
        for step in exchange["steps"]:
            step["request"]["headers"]["authorization"] = "Bearer access_example"
        found[path.relative_to(REFERENCE).as_posix()] = json.loads(json.dumps(exchange))
    return found


def granted(
    folder: Path, broken: str = "", exchanges: dict[str, Any] | None = None
) -> AbstractContextManager[str]:
    """The reference connector with access tokens, and with a part of its account broken."""
    files = {name: json.dumps(one) for name, one in (exchanges or with_tokens()).items()}
    headers = "        return {}\n"
    changes = (*WITH_TOKENS, (headers, headers + broken), ("\nconnector = Acme()\n", WRAPPED))
    return installed(folder, changes=changes, files=files)


def failures(folder: Path, broken: str = "", check: str = "") -> list[str]:
    with granted(folder, broken) as name:
        run = Run(name)
        found = [run.execute(one) for one in run.owed if one[0].startswith(check)]
    assert found
    return [f"{one.check} on {one.case}: {one.message}" for one in found if one.verdict != "passed"]


def test_a_connector_with_access_tokens_is_certified(tmp_path: Path) -> None:
    """Every check holds for a connector whose calls share a token; its fetching counts for none
    of the operation's own requests."""
    assert failures(tmp_path) == []


@pytest.mark.parametrize("place", ["grants", "steps"])
def test_a_difference_says_in_which_request(tmp_path: Path, place: str) -> None:
    """Where an exchange has several requests, a path begins with the place in its file."""
    exchanges = with_tokens()
    file = "prism_acme/exchanges/create_customer/authentication-error.json"
    exchanges[file][place][1]["request"]["path"] = "/other"
    with granted(tmp_path, exchanges=exchanges) as name:
        found = Run(name).execute(("exchange-request", "create_customer/authentication-error"))
    assert found.evidence is not None
    assert (found.evidence.differences or "").startswith(f"{place}[1].request.path: expected ")
    assert "\n" not in (found.evidence.differences or "")


@pytest.mark.parametrize(
    ("broken", "killer"),
    [
        (ANY_TOKEN, "grant-faults"),
        (NEVER_ANEW, "grant-renewed"),
        (FOR_EVER, "grant-renewed"),
    ],
    ids=["sends without a token", "never fetches anew", "fetches anew for ever"],
)
def test_the_checks_kill_their_mutants(tmp_path: Path, broken: str, killer: str) -> None:
    """An account that mishandles its tokens is caught by the check for that."""
    assert failures(tmp_path, broken, killer)
    assert {name for name in CHECKS if name.startswith("grant-")} == {
        "grant-faults",
        "grant-renewed",
    }
