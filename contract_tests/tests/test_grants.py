"""The checks of access tokens: an honest connector with tokens passes, broken ones are caught."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from lab import HONEST, installed

from prism_contract_tests.check import CHECKS
from prism_contract_tests.runner import Run

# The honest account with a client id and secret in place of its key; every request of every
# operation goes through `authorized`, and what is beneath stays as it is.
ACCOUNT = (
    "class HonestAccount(Account, frozen=True, kw_only=True):\n"
    '    """An account at Honest."""\n\n'
    "    api_key: Secret\n",
    "from prism_core import OAuthAccount, PrismError\n\n\n"
    "class HonestAccount(OAuthAccount, frozen=True, kw_only=True):\n"
    '    """An account at Honest."""\n\n'
    '    token_path = "/token"\n',
)
HEADERS = (
    "    def headers(self) -> Mapping[str, str]:\n"
    '        """Bearer authentication."""\n'
    "        return bearer(self.api_key)\n"
)
WRAPPED = """
import functools


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


for name in Honest.info.sends:
    setattr(Honest, name, with_tokens(getattr(Honest, name)))
connector = Honest()
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
        from prism_core import bearer
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


def connector(folder: Path, broken: str = "") -> Path:
    """The honest connector with access tokens, and with a part of its account broken."""
    made = folder / "tokens"
    shutil.copytree(HONEST, made, ignore=shutil.ignore_patterns("__pycache__"))
    module = made / "prism_honest" / "__init__.py"
    source = module.read_text()
    for old, new in (ACCOUNT, (HEADERS, broken), ("\nconnector = Honest()\n", WRAPPED)):
        assert old in source
        source = source.replace(old, new)
    module.write_text(source)
    exchanges = made / "prism_honest" / "exchanges"
    for path in exchanges.glob("*/*.json"):
        exchange: dict[str, Any] = json.loads(path.read_text())
        del exchange["account"]
        for step in exchange["steps"]:
            step["request"]["headers"]["authorization"] = "Bearer access_example"
        path.write_text(json.dumps(exchange))
    account = {"client_id": "shop", "client_secret": "secret_example"}
    usual = {"account": account, "grants": [GRANT]}
    (exchanges / "defaults.json").write_text(json.dumps(usual))
    return made


def failures(folder: Path, broken: str = "", check: str = "") -> list[str]:
    with installed(folder, source=connector(folder, broken)) as name:
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
    source = connector(tmp_path)
    file = source / "prism_honest/exchanges/create_customer/success.json"
    exchange = json.loads(file.read_text())
    steps = exchange["steps"]
    refused = {"request": dict(steps[0]["request"]), "response": {"status": 401}}
    exchange |= {"steps": [refused, *steps], "grants": [GRANT, dict(GRANT)]}
    exchange[place][1]["request"] = {**exchange[place][1]["request"], "path": "/other"}
    file.write_text(json.dumps(exchange))
    with installed(tmp_path, source=source) as name:
        found = Run(name).execute(("exchange-request", "create_customer/success"))
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
