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
    def auth_flow(self, request):
        from prism_core import PrismError, bearer
        try:
            return (yield from super().auth_flow(request))
        except PrismError:
            request.headers.update(bearer("none"))
            return (yield request)
"""
NEVER_ANEW = """
    def auth_flow(self, request):
        grant = yield self._token_request()
        return (yield self._signed(request, grant))
"""
FOR_EVER = """
    def auth_flow(self, request):
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
        exchange["grants"] = [GRANT] if exchange["steps"] else []
        for step in exchange["steps"]:
            step["request"]["headers"]["authorization"] = "Bearer access_example"
        found[path.relative_to(REFERENCE).as_posix()] = json.loads(json.dumps(exchange))
    return found


def refused_twice(success: dict[str, Any]) -> dict[str, Any]:
    """The exchange of a request that is refused, with its token and with a new one."""
    (step,) = success["steps"]
    refused = {"status": 401, "json": {"code": "key_invalid"}}
    error = {"type": "AuthenticationError", "outcome": "rejected", "code": "key_invalid"}
    changes = {
        "kind": "authentication_error",
        "grants": [GRANT] * 2,
        "steps": [{**step, "response": refused}] * 2,
        "error": error,
    }
    kept = {name: one for name, one in success.items() if name != "result"}
    return json.loads(json.dumps({**kept, **changes}))  # type: ignore[no-any-return]


def granted(
    folder: Path, broken: str = "", exchanges: dict[str, Any] | None = None
) -> AbstractContextManager[str]:
    """The reference connector with access tokens, and with a part of its account broken."""
    files = {name: json.dumps(one) for name, one in (exchanges or with_tokens()).items()}
    headers = "        return {}\n"
    changes = (*WITH_TOKENS, (headers, headers + broken))
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
    exchanges, folder = with_tokens(), "prism_acme/exchanges/create_customer"
    twice = exchanges[f"{folder}/refused.json"] = refused_twice(exchanges[f"{folder}/success.json"])
    twice[place][1]["request"]["path"] = "/other"
    with granted(tmp_path, exchanges=exchanges) as name:
        found = Run(name).execute(("exchange-request", "create_customer/refused"))
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
