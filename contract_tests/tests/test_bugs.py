"""The text of a connector's own exception is shown to its author, and not to an application."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from small import small

from prism_contract_tests.runner import Run
from prism_core import ConnectorBug, Prism

FAILING = ("connector_customer_id=body.id", 'connector_customer_id={"ac": 1}[body.id]')
PARSING = ("problem = response.decode(Problem)", 'problem = {}["problem"]')


def found(folder: Path, change: tuple[str, str], check: str, case: str) -> str:
    """What a check got."""
    with small(folder, change) as name:
        run = Run(name)
        finding = run.execute((check, case))
    assert finding.evidence is not None
    return str(finding.evidence.got)


def test_the_text_of_the_exception_is_shown(tmp_path: Path) -> None:
    """Which key was missing, on which line."""
    got = found(tmp_path, FAILING, "exchange-result", "create_customer/success")
    assert "ConnectorBug" in got
    assert "failed with KeyError in create_customer, line " in got
    assert "\nKeyError: 'cust_1'" in got


def test_that_of_parse_error_is_shown_too(tmp_path: Path) -> None:
    """An application gets the error by its status; the author reads why there is no code."""
    got = found(tmp_path, PARSING, "error-answers", "create_customer/errors:key-invalid")
    assert got.startswith("AuthenticationError (unknown)")
    assert got.endswith("\nKeyError: 'problem'")


def test_an_application_never_sees_it(tmp_path: Path) -> None:
    answer = httpx.Response(201, json={"id": "ac_private", "reference": "u"})
    transport = httpx.MockTransport(lambda _: answer)
    with (
        small(tmp_path, FAILING) as name,
        Prism(name, api_key="k", transport=transport) as prism,
        pytest.raises(ConnectorBug) as caught,
    ):
        prism.customers.create(merchant_customer_id="u")
    assert "failed with KeyError" in str(caught.value)
    assert "ac_private" not in f"{caught.value!r} {vars(caught.value)} {caught.value.__cause__}"
