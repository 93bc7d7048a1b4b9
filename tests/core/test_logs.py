"""Log records: one line each, with the same facts as fields, and no private data."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from support import Install, Server, acme_source

from prism_core import PaymentStatus, Prism, PrismError, SdkToken
from prism_core.connector.extensions import EndInfo
from prism_core.schema.secrets import MASK

from .samples import ASKED, GOOD, hang_up
from .test_events import BODY, genuine

FIELDS = {"connector", "operation", "reference", *EndInfo.__struct_fields__} - {"ids"}


def fields(record: logging.LogRecord) -> dict[str, Any]:
    """The fields that Prism adds."""
    return {name: value for name, value in vars(record).items() if name.startswith("prism_")}


def test_a_record_has_the_facts_as_fields(
    prism: Prism, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    """For formatters that write JSON: plain values; the ids by the names that results have."""
    caplog.set_level(logging.INFO, "prism_core")
    server.answer(200, GOOD, headers={"Acme-Request": "req_1"})
    payment = prism.payments.authorize(**ASKED)
    (record,) = caplog.records
    found = fields(record)
    assert record.levelno == logging.INFO
    assert 0 < found.pop("prism_seconds") < 5
    assert json.loads(json.dumps(found)) == {
        "prism_connector": "acme",
        "prism_operation": "payments.authorize",
        "prism_reference": "order_1",
        "prism_outcome": "ok",
        "prism_status": "AUTHORIZED",
        "prism_error": None,
        "prism_unified_code": None,
        "prism_status_code": 200,
        "prism_request_id": "req_1",
        "prism_idempotency_key": payment.idempotency_key,
        "prism_attempts": 1,
        "prism_merchant_transaction_id": "order_1",
        "prism_connector_transaction_id": "pay_1",
        "prism_connector_customer_id": "cus_1",
    }


def test_every_record_has_the_same_fields(
    prism: Prism, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    """A format that names one works for every record; only the ids differ."""
    caplog.set_level(logging.INFO, "prism_core")
    server.answer(200, []).answer(404, {"code": "gone", "kind": "NOT_FOUND"})
    prism.payment_methods.list(connector_customer_id="cus_1")
    with pytest.raises(PrismError):
        prism.payments.get(connector_transaction_id="pay_1")
    for record in caplog.records:
        assert {f"prism_{name}" for name in FIELDS} <= set(fields(record))
    first, second = caplog.records
    assert first.getMessage().startswith("acme payment_methods.list cus_1: done in 0.")
    assert second.getMessage().startswith("acme payments.get pay_1: NotFound in 0.")


def test_a_decline_is_information(
    prism: Prism, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    """With why, in Prism's own codes: it is nothing to wake anybody for."""
    caplog.set_level(logging.INFO, "prism_core")
    server.answer(200, {"id": "pay_1", "state": "refused", "error": "no_funds"})
    prism.payments.authorize(**ASKED)
    (record,) = caplog.records
    assert record.levelno == logging.INFO
    found = fields(record)
    assert (found["prism_outcome"], found["prism_status"]) == ("declined", "AUTHORIZATION_FAILED")
    assert found["prism_unified_code"] == "INSUFFICIENT_FUNDS"


@pytest.mark.parametrize("level", [logging.INFO, logging.WARNING])
def test_an_unknown_outcome_is_a_warning_with_the_key(
    prism: Prism, server: Server, caplog: pytest.LogCaptureFixture, level: int
) -> None:
    """Also where only warnings are wanted, as by default: the key finds or repeats the payment."""
    caplog.set_level(level, "prism_core")
    server.act(hang_up)
    with pytest.raises(PrismError):
        prism.payments.authorize(**ASKED, idempotency_key="mine", max_retries=0)
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    start, _, end = record.getMessage().partition(" in 0.")
    assert start == "acme payments.authorize order_1: TransportError"
    assert end.endswith("1 attempts, outcome unknown; idempotency key mine")
    assert fields(record)["prism_idempotency_key"] == "mine"


def test_a_status_that_nobody_knows_is_a_warning_too(
    prism: Prism, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    """A result that is neither success nor failure must be looked at as well."""
    server.answer(200, {**GOOD, "state": "unheard of"})
    assert prism.payments.authorize(**ASKED).status is PaymentStatus.UNRESOLVED
    (record,) = caplog.records
    assert "order_1: UNRESOLVED in 0." in record.getMessage()
    assert ", outcome unknown; idempotency key " in record.getMessage()


def test_a_webhook_is_named_by_its_id(acme: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "prism_core")
    with Prism(acme, api_key="key", webhook_secret="whsec_1") as prism:
        prism.events.handle(body=BODY, headers=genuine(prism))
    (record,) = caplog.records
    assert record.getMessage().startswith("acme events.handle evt_1: CHARGED in 0.")
    assert vars(record)["prism_connector_transaction_id"] == "pay_1"


def test_one_line_stays_one_line(
    plugin: Install, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    """What would break or hide a line is escaped, in the text and in the fields: in an id of the
    caller's, and in the name of a connector."""
    caplog.set_level(logging.INFO, "prism_core")
    name = "acme\u2028evil\x1b[2J"
    plugin("acme", acme_source())
    server.answer(200, {"id": "cus_1"})
    with Prism("acme", api_key="key", base_url=server.url) as prism:
        object.__setattr__(prism._engine, "connector", _renamed(prism._engine.connector, name))
        prism.customers.create(merchant_customer_id="user\u200b42")
    (record,) = caplog.records
    assert record.getMessage().startswith(
        r"acme\u2028evil\x1b[2J customers.create user\u200b42: ACTIVE"
    )
    assert record.getMessage().isprintable()
    texts = [value for value in fields(record).values() if isinstance(value, str)]
    assert all(map(str.isprintable, texts))
    assert vars(record)["prism_merchant_customer_id"] == r"user\u200b42"


@pytest.mark.parametrize(
    ("said", "shown"),
    [("Grace Hopper", MASK), ("grace@navy.example", MASK), ("cGF5XzE=", "cGF5XzE=")],
)
def test_a_processors_id_is_shown_if_it_looks_like_one(
    prism: Prism, server: Server, caplog: pytest.LogCaptureFixture, said: str, shown: str
) -> None:
    """A name or an address that a processor repeats where an id belongs is masked, in results and
    errors; the caller's own ids are as they were given."""
    caplog.set_level(logging.INFO, "prism_core")
    headers = {"Acme-Request": said}
    body = {**GOOD, "id": said, "ref": "the order"}
    server.answer(200, body, headers=headers).answer(404, headers=headers)
    prism.payments.authorize(**{**ASKED, "merchant_transaction_id": "the order"})
    with pytest.raises(PrismError):
        prism.payments.authorize(**ASKED, max_retries=0)
    good, bad = map(fields, caplog.records)
    assert good["prism_connector_transaction_id"] == shown
    assert good["prism_request_id"] == bad["prism_request_id"] == shown
    assert good["prism_merchant_transaction_id"] == "the order"
    assert bad["prism_status_code"] == 404


def test_no_token_is_in_a_record(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    """Some processors make the token of a page the id of the payment method that they keep, which
    the result has: whoever has it can charge the customer."""
    caplog.set_level(logging.INFO, "prism_core")
    paid = {"id": "pay_1", "status": "captured", "amount": 1000, "currency": "USD"}
    server.answer(201, {**paid, "payment_method": "tok_browser"})
    token = SdkToken("tok_browser")
    with Prism("sandbox", api_key="sandbox_key", base_url=server.url) as prism:
        payment = prism.payments.authorize(**{**ASKED, "payment_method": token})
    assert payment.connector_payment_method_id == "tok_browser"
    (record,) = caplog.records
    assert fields(record)["prism_connector_payment_method_id"] == MASK
    assert "tok_browser" not in str(vars(record))


def _renamed(connector: Any, name: str) -> Any:
    given = {field: getattr(connector, field) for field in connector.__struct_fields__}
    return type(connector)(**{**given, "name": name})
