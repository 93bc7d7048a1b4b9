"""Flows as connectors write them: with several requests, with none, with a bug."""

from __future__ import annotations

from typing import Any

import pytest
from support import Install, Server, acme_source

from prism_core import (
    Address,
    ConnectorBug,
    CustomerClient,
    InvalidRequest,
    MalformedResponse,
    NotFound,
    PaymentStatus,
    Prism,
    TransportError,
)
from prism_core.runtime import retries
from prism_core.runtime.bugs import OVERHEARD

from .samples import GOOD, options
from .shapes import small


def test_a_flow_may_send_several_requests(
    plugin: Any, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A flow that needs two calls yields twice, may catch an error and go on; if the second
    call never leaves, the outcome is unknown, because the first was done."""
    monkeypatch.setattr(retries, "FIRST_PAUSE", 0.001)
    old = "        body = yield from account.fetch(asked, CustomerBody)\n"
    new = (
        old
        + "        try:\n"
        + "            yield account.get('/missing')\n"
        + "        except Exception as e:\n"
        + "            assert type(e).__name__ == 'NotFound'\n"
        + "        asked = account.post('/last')\n"
        + old
    )
    plugin("acme", acme_source((old, new)))
    server.answer(200, {"id": "first"}).answer(404).answer(200, {"id": "third"})
    with CustomerClient("acme", **options(server)) as customers:
        created = customers.create(merchant_customer_id="u", address=Address(city="Paris"))
        assert created.connector_customer_id == "third"
        assert [attempt.path for attempt in created.attempts] == ["/customers", "/missing", "/last"]

        server.answers[:] = []
        server.answer(200, {"id": "first"}).answer(404).act(lambda handler: close(server))
        with pytest.raises(Exception, match="acme") as caught:
            customers.create(merchant_customer_id="u")
    assert caught.value.outcome == "unknown"


def close(server: Server) -> None:
    raise ConnectionResetError


def test_a_connector_may_refuse_or_answer_without_sending(plugin: Any, server: Server) -> None:
    """A connector's own InvalidRequest before sending arrives as such; a result that needed no
    request is a result."""
    line = '        asked = account.get("/payments/{}", request.connector_transaction_id)\n'
    early = (
        "        from prism_core import InvalidRequest, PaymentStatus\n"
        "        if request.connector_transaction_id == 'known':\n"
        "            return Payment(status=PaymentStatus.PENDING)\n"
        "        raise InvalidRequest('Acme ids begin with pay_', field='x')\n"
    )
    plugin("acme", acme_source((line, early + line)))
    with Prism("acme", api_key="k", base_url=server.url) as prism:
        with pytest.raises(InvalidRequest, match="begin with pay_") as caught:
            prism.payments.get(connector_transaction_id="x")
        known = prism.payments.get(connector_transaction_id="known")
    assert caught.value.outcome == "not_sent"
    assert (known.status, known.status_code, known.attempts) == (PaymentStatus.PENDING, 0, ())
    assert server.seen == []


LOOKED_UP = 'asked = account.get("/payments/{}", request.connector_transaction_id)\n'
PARSED = "problem = response.decode(Problem)"
BUGS = {
    "yields what is no request": (LOOKED_UP, f"{LOOKED_UP}        yield '/payments'\n"),
    "returns nothing": (LOOKED_UP, f"{LOOKED_UP}        yield asked\n        return None\n"),
    "fails before sending": (LOOKED_UP, f"{LOOKED_UP}        {{}}['x']\n"),
    "parse_error returns a string": ("return None  # no error", "return 'x'"),
    "parse_error fails": (PARSED, "problem = {}['x']"),
    "parse_error decodes": (PARSED, "problem = account.decode(response, Problem)"),
}


@pytest.mark.parametrize("bug", BUGS)
def test_a_connectors_bug_is_named_and_hides_nothing(plugin: Any, server: Server, bug: str) -> None:
    """A connector that fails is reported as such, with whether anything was sent."""
    plugin("acme", acme_source(BUGS[bug]))
    server.answer(200, GOOD).answer(404)
    wanted = MalformedResponse if bug == "parse_error decodes" else ConnectorBug
    with Prism("acme", api_key="k", base_url=server.url) as prism:
        with pytest.raises(wanted) as caught:
            prism.payments.get(connector_transaction_id="pay_1")
        assert caught.value.outcome == ("unknown" if server.seen else "not_sent")
        assert caught.value.__cause__ is caught.value.__context__ is None
        if bug.startswith("parse_error"):
            later = ConnectorBug if bug == "parse_error returns a string" else NotFound
            with pytest.raises(later):
                prism.payments.get(connector_transaction_id="pay_1")


ENDLESS = """capture:
while True:
    try:
        yield account.post("/{}", request.connector_transaction_id)
    except Exception:
        pass
"""


def test_a_listener_hears_the_connectors_own_exception(plugin: Any, server: Server) -> None:
    """The contract kit is one: it shows its author the text that applications never see."""
    plugin("acme", acme_source(BUGS["fails before sending"]))
    heard: list[Exception] = []
    token = OVERHEARD.set(heard)
    with Prism("acme", api_key="k", base_url=server.url) as prism, pytest.raises(ConnectorBug):
        prism.payments.get(connector_transaction_id="pay_1")
    OVERHEARD.reset(token)
    assert [repr(error) for error in heard] == ["KeyError('x')"]


def test_a_flow_that_never_gives_up_ends_with_the_time(plugin: Install, server: Server) -> None:
    """It is told once that the time is up. What it has sent before may have been done."""
    server.answer(500, {})
    with small(plugin, server, ENDLESS) as prism, pytest.raises(TransportError) as caught:
        prism.payments.capture(connector_transaction_id="pay_1", timeout=0.3)
    assert caught.value.outcome == "unknown"
