"""What became of a call: results, declines, errors, retries; over real HTTP on loopback."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from support import ACME, Server

from prism_core import (
    AuthenticationError,
    Card,
    Conflict,
    ConnectorBug,
    ConnectorError,
    InvalidRequest,
    MalformedResponse,
    Money,
    NotFound,
    PaymentStatus,
    Prism,
    PrismError,
    RateLimited,
    Token,
    TransportError,
    Unavailable,
    driver,
)

CARD = Card("4242424242424242", 12, 2090, "123")
ASKED: dict[str, Any] = {
    "merchant_transaction_id": "order_1",
    "amount": Money(1000, "USD"),
    "payment_method": CARD,
    "connector_customer_id": "cus_1",
    "capture_method": "MANUAL",
}
GOOD = {"id": "pay_1", "state": "ok", "ref": "order_1", "customer": "cus_1", "authorized": 1000}


@pytest.fixture
def prism(acme: str, server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Prism]:
    """A client of the test connector at the scripted server, with short pauses."""
    monkeypatch.setattr(driver, "FIRST_PAUSE", 0.001)
    with Prism(acme, api_key="key_secret", base_url=server.url, timeout=5) as client:
        yield client


def test_a_result_carries_what_the_caller_needs(prism: Prism, server: Server) -> None:
    """Ids, status, amounts, request id, HTTP status, idempotency key and the raw answer."""
    server.answer(201, GOOD, {"Acme-Request": "req_1"})
    payment = prism.payments.authorize(**ASKED, idempotency_key="mine")
    assert payment.status is PaymentStatus.AUTHORIZED
    assert payment.merchant_transaction_id == "order_1"
    assert payment.connector_transaction_id == "pay_1"
    assert payment.connector_customer_id == "cus_1"
    assert payment.authorized_amount == payment.amount == Money(1000, "USD")
    assert (payment.status_code, payment.request_id) == (201, "req_1")
    assert payment.idempotency_key == "mine" == server.seen[0].headers["acme-key"]
    assert payment.discrepancies == ()
    assert payment.response.json()["id"] == "pay_1"
    assert payment.response_headers["acme-request"] == "req_1"
    (attempt,) = payment.attempts
    assert (attempt.method, attempt.path, attempt.status_code) == ("POST", "/payments", 201)
    assert server.seen[0].headers["authorization"] == "Bearer key_secret"
    assert b"number=4242424242424242" in server.seen[0].body


def test_a_raw_answer_is_in_no_repr_and_no_pickle(prism: Prism, server: Server) -> None:
    """The raw body is reachable from the result, and goes nowhere by itself."""
    import pickle

    server.answer(200, {**GOOD, "extra": "raw-secret"})
    payment = prism.payments.authorize(**ASKED)
    assert "raw-secret" not in repr(payment)
    assert "raw-secret" not in str(payment.to_dict())
    again = pickle.loads(pickle.dumps(payment))
    assert again == payment
    assert again.response is None
    assert again.response_headers == {}


def test_callers_ids_are_echoed_unchanged(prism: Prism, server: Server) -> None:
    """The caller's id comes back even where the processor says nothing or something else."""
    server.answer(200, {"id": "cus_9"}).answer(200, {"id": "cus_9", "ref": "user_43"})
    assert prism.customers.create(merchant_customer_id="user_42").discrepancies == ()
    changed = prism.customers.create(merchant_customer_id="user_42")
    assert changed.merchant_customer_id == "user_42"
    (found,) = changed.discrepancies
    assert (found.field, found.asked, found.reported) == (
        "merchant_customer_id", "user_42", "user_43",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "fields"),
    [
        ({"amount": 999}, ["amount"]),
        ({"currency": "EUR", "authorized": None}, ["amount"]),
        ({"customer": "cus_2"}, ["connector_customer_id"]),
        ({"ref": "order_2"}, ["merchant_transaction_id"]),
        ({"authorized": 900}, ["authorized_amount"]),
        ({"authorized": 900, "state": "part"}, []),
        ({"customer": None, "ref": None}, []),
    ],
)
def test_what_differs_from_what_was_asked_is_surfaced(
    prism: Prism, server: Server, answer: dict[str, Any], fields: list[str]
) -> None:
    """A differing amount, currency, customer or id fills `discrepancies`."""
    server.answer(200, {**GOOD, **answer})
    payment = prism.payments.authorize(**ASKED)
    assert [found.field for found in payment.discrepancies] == fields


@pytest.mark.parametrize(
    ("answer", "fields"),
    [
        ({"state": "paid", "captured": 1000}, ["capture_method"]),
        ({"state": "paid", "captured": 200000}, ["captured_amount", "capture_method"]),
        ({"state": "paid", "captured": 500}, ["captured_amount", "capture_method"]),
        ({"capturable": 500}, []),
        ({"capturable": 1001}, ["capturable_amount"]),
        ({"captured": 0}, []),
    ],
)
def test_money_held_or_taken_otherwise_is_surfaced(
    prism: Prism, server: Server, answer: dict[str, Any], fields: list[str]
) -> None:
    """Too much, too little or too early: money that moved otherwise than asked is shown."""
    server.answer(200, {**GOOD, **answer})
    payment = prism.payments.authorize(**ASKED)
    assert [found.field for found in payment.discrepancies] == fields


def test_a_lookup_compares_its_id(prism: Prism, server: Server) -> None:
    """A lookup that is answered with another payment says so."""
    server.answer(200, GOOD)
    assert prism.payments.get(connector_transaction_id="pay_1").discrepancies == ()
    other = prism.payments.get(connector_transaction_id="pay_2")
    assert [found.field for found in other.discrepancies] == ["connector_transaction_id"]
    assert other.idempotency_key is None


def test_a_decline_is_a_result(prism: Prism, server: Server) -> None:
    """A decline comes back as a status with the processor's words, without personal data."""
    message = "no money on 4242424242424242"
    server.answer(402, {"code": "nsf", "kind": "DECLINED", "message": message})
    payment = prism.payments.authorize(**ASKED)
    assert payment.status is PaymentStatus.AUTHORIZATION_FAILED
    assert payment.error is not None
    assert payment.error.connector is not None
    assert payment.error.connector.code == "nsf"
    assert payment.error.connector.message == "no money on **********"
    assert payment.status_code == 402


def test_a_decline_keeps_its_codes_whoever_is_declined(prism: Prism, server: Server) -> None:
    """A cardholder whose name is a code, or a CVC that is one, changes no code; text is cleaned."""
    server.answer(402, {"code": "DECLINED", "kind": "DECLINED", "message": "123 Declined said no"})
    card = Card("4242424242424242", 12, 2090, "123", "DECLINED")
    payment = prism.payments.authorize(**{**ASKED, "payment_method": card})
    assert payment.error is not None
    assert payment.error.connector is not None
    assert payment.error.connector.code == "DECLINED"
    assert payment.error.connector.message == "********** ********** said no"


def test_a_decline_whose_body_says_paid_makes_no_sense(plugin: Any, server: Server) -> None:
    """An answer that declines and claims money at once is malformed, never a paid result."""
    source = ACME.read_text().replace(
        "Payment(status=PaymentStatus.AUTHORIZATION_FAILED,",
        "Payment(status=PaymentStatus.CHARGED,",
    )
    plugin("acme", source)
    server.answer(402, {"code": "nsf", "kind": "DECLINED"})
    with (
        Prism("acme", api_key="k", base_url=server.url) as prism,
        pytest.raises(MalformedResponse, match="declines, and its body says") as caught,
    ):
        prism.payments.authorize(**ASKED)
    assert caught.value.outcome == "unknown"


def test_a_server_failure_is_no_decline(prism: Prism, server: Server) -> None:
    """A 5xx is unknown, whatever its body is taken for."""
    server.answer(500, {"code": "nsf", "kind": "DECLINED"})
    with pytest.raises(Unavailable) as caught:
        prism.payments.authorize(**ASKED, max_retries=0)
    assert caught.value.outcome == "unknown"


def test_only_payments_are_declined(prism: Prism, server: Server) -> None:
    """Where a result has no room for a decline, it is a refusal like any other."""
    server.answer(402, {"code": "nsf", "kind": "DECLINED", "message": "no"})
    with pytest.raises(ConnectorError, match="nsf: no") as caught:
        prism.customers.create(merchant_customer_id="user_42")
    assert caught.value.outcome == "rejected"


@pytest.mark.parametrize(
    ("status", "body", "error", "outcome"),
    [
        (400, {"code": "bad", "kind": "INVALID_REQUEST"}, ConnectorError, "rejected"),
        (200, {"code": "bad", "kind": "CONFLICT"}, Conflict, "rejected"),
        (200, {"code": "busy", "kind": "CONFLICT", "unknown": True}, Conflict, "unknown"),
        (200, {"code": "down", "kind": "UNAVAILABLE"}, Unavailable, "unknown"),
        (401, None, AuthenticationError, "rejected"),
        (403, b"<html>", AuthenticationError, "rejected"),
        (404, None, NotFound, "rejected"),
        (408, None, ConnectorError, "unknown"),
        (408, {"code": "slow"}, ConnectorError, "unknown"),
        (409, None, Conflict, "rejected"),
        (418, b"", ConnectorError, "rejected"),
        (429, None, RateLimited, "rejected"),
        (500, None, Unavailable, "unknown"),
        (502, b"<html>bad gateway</html>", Unavailable, "unknown"),
        (500, {"code": "x", "kind": "OTHER"}, Unavailable, "unknown"),
        (302, None, MalformedResponse, "unknown"),
        (200, b"<html>", MalformedResponse, "unknown"),
        (200, b"", MalformedResponse, "unknown"),
        (200, {"id": 3, "state": "ok"}, MalformedResponse, "unknown"),
        (200, {**GOOD, "currency": "XXX"}, MalformedResponse, "unknown"),
        (200, {**GOOD, "id": ""}, MalformedResponse, "unknown"),
    ],
)
def test_every_answer_ends_in_the_right_error(
    prism: Prism, server: Server, status: int, body: Any, error: type[PrismError], outcome: str
) -> None:
    """Each kind of bad answer raises its type, and says truly what may have been done."""
    server.answer(status, body, {"Acme-Request": "req_1", "location": "https://evil.example"})
    with pytest.raises(error) as caught:
        prism.payments.authorize(**ASKED, idempotency_key="mine", max_retries=0)
    failure = caught.value
    assert failure.outcome == outcome
    assert failure.idempotency_key == "mine"
    assert failure.merchant_id == "order_1"
    assert (failure.connector, failure.operation) == ("acme", "payments.authorize")
    assert [attempt.status_code for attempt in failure.attempts] == [status]
    assert getattr(failure, "request_id", "") == "req_1"
    assert getattr(failure, "status_code", 0) == status


@pytest.mark.parametrize("first", [500, 429, 503])
def test_a_passing_failure_is_retried_with_the_same_key(
    prism: Prism, server: Server, first: int
) -> None:
    """A processor that honours the key gets the same request again, and the result says so."""
    server.answer(first).answer(200, GOOD)
    payment = prism.payments.authorize(**ASKED)
    keys = {seen.headers["acme-key"] for seen in server.seen}
    assert keys == {payment.idempotency_key}
    assert len({seen.body for seen in server.seen}) == 1
    assert [attempt.status_code for attempt in payment.attempts] == [first, 200]


def test_each_call_has_a_key_of_its_own(prism: Prism, server: Server) -> None:
    """Without a key from the caller two calls never share one."""
    server.answer(200, GOOD)
    keys = {prism.payments.authorize(**ASKED).idempotency_key for _ in range(3)}
    assert len(keys) == 3
    assert None not in keys


@pytest.mark.parametrize(("retryable", "tries"), [(True, 3), (False, 1), (None, 1)])
def test_a_connector_can_say_whether_a_retry_helps(
    prism: Prism, server: Server, retryable: bool | None, tries: int
) -> None:
    """What `parse_error` says of retrying is followed, up to `max_retries`."""
    server.answer(409, {"code": "busy", "kind": "CONFLICT", "retryable": retryable})
    with pytest.raises(Conflict):
        prism.payments.authorize(**ASKED)
    assert len(server.seen) == tries


def test_retries_end(prism: Prism, server: Server) -> None:
    """After `max_retries` repetitions the last error is raised with every attempt in it."""
    server.answer(500)
    with pytest.raises(Unavailable) as caught:
        prism.payments.authorize(**ASKED)
    assert [attempt.status_code for attempt in caught.value.attempts] == [500, 500, 500]


def test_retry_after_is_honoured_or_given_up(prism: Prism, server: Server) -> None:
    """A wait that fits in the timeout is kept; one that does not ends the call at once."""
    server.answer(429, None, {"Retry-After": "0"}).answer(429, None, {"Retry-After": "60"})
    with pytest.raises(RateLimited) as caught:
        prism.payments.authorize(**ASKED)
    assert len(caught.value.attempts) == 2


def test_a_lookup_is_retried_freely(prism: Prism, server: Server) -> None:
    """A GET changes nothing, so it is repeated without a key."""
    server.answer(500).answer(200, GOOD)
    assert len(prism.payments.get(connector_transaction_id="pay_1").attempts) == 2


def test_a_post_without_an_honoured_key_is_never_repeated(
    acme: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the processor honours no key, a POST that may have been done is sent once only."""
    monkeypatch.setattr(driver, "FIRST_PAUSE", 0.001)
    server.answer(500)
    with Prism(acme, api_key="k", base_url=server.url) as prism:
        monkeypatch.setattr(type(prism._engine.account), "idempotency_header", None)
        with pytest.raises(Unavailable) as caught:
            prism.payments.authorize(**ASKED)
        with pytest.raises(InvalidRequest, match="cannot send idempotency_key"):
            prism.payments.authorize(**ASKED, idempotency_key="mine")
    assert len(server.seen) == 1
    assert caught.value.idempotency_key is None


def refused_url() -> str:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        return f"http://127.0.0.1:{closed.getsockname()[1]}"


def test_a_refused_connection_was_not_sent(acme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing was sent the error says so, and a POST is tried again all the same."""
    monkeypatch.setattr(driver, "FIRST_PAUSE", 0.001)
    with (
        Prism(acme, api_key="k", base_url=refused_url()) as prism,
        pytest.raises(TransportError) as caught,
    ):
        prism.payments.authorize(**ASKED)
    assert caught.value.outcome == "not_sent"
    assert len(caught.value.attempts) == 3


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def test_silence_after_sending_is_unknown(prism: Prism, server: Server) -> None:
    """A timeout after sending is unknown, and carries the key to repeat or look up with."""
    server.answer(200, GOOD, delay=1)
    with pytest.raises(TransportError, match="no answer in time") as caught:
        prism.payments.authorize(**ASKED, timeout=0.2)
    assert caught.value.outcome == "unknown"
    assert caught.value.idempotency_key == server.seen[0].headers["acme-key"]


def test_a_lost_connection_is_unknown_and_retried_with_the_key(
    prism: Prism, server: Server
) -> None:
    """A connection lost after sending is repeated with the same key, and then succeeds."""
    server.act(hang_up).answer(200, GOOD)
    payment = prism.payments.authorize(**ASKED)
    assert payment.attempts[0].failure == "no answer (RemoteProtocolError)"
    assert len({seen.headers["acme-key"] for seen in server.seen}) == 1


def test_doubt_is_not_lost_on_the_way(prism: Prism, server: Server) -> None:
    """After an attempt that may have been done, a later plain refusal is still unknown."""
    server.act(hang_up).answer(401)
    with pytest.raises(AuthenticationError) as caught:
        prism.payments.authorize(**ASKED)
    assert caught.value.outcome == "unknown"


TWICE = """        response = yield account.post(
            "/payments", form=form, idempotency_key=request.idempotency_key
        )
"""


@pytest.mark.parametrize(
    ("between", "answers", "outcome"),
    [
        ("yield account.post('/more')", [(200, GOOD), (429, None)], "unknown"),
        ("yield account.post('/more')", [(200, GOOD), (401, None)], "unknown"),
        ("raise InvalidRequest('x')", [(200, GOOD)], "unknown"),
        ("raise UnsupportedOperation('x')", [(200, GOOD)], "unknown"),
    ],
)
def test_what_an_earlier_request_did_is_not_forgotten(
    plugin: Any, server: Server, between: str, answers: list[Any], outcome: str
) -> None:
    """When a flow fails after the processor has answered a request that changes something, the
    outcome is unknown, whatever the failure is by itself."""
    imported = "    AuthorizeRequest,\n    InvalidRequest,\n    UnsupportedOperation,\n"
    source = ACME.read_text().replace("    AuthorizeRequest,\n", imported, 1)
    assert TWICE in source
    plugin("acme", source.replace(TWICE, f"{TWICE}        {between}\n"))
    for status, body in answers:
        server.answer(status, body)
    with (
        Prism("acme", api_key="k", base_url=server.url, max_retries=0) as prism,
        pytest.raises(PrismError) as caught,
    ):
        prism.payments.authorize(**ASKED)
    assert caught.value.outcome == outcome


@pytest.mark.parametrize(
    ("first", "outcome"),
    [("account.post('/token')", "unknown"), ("account.post('/token', changes=False)", "rejected")],
)
def test_fetching_a_token_changes_nothing(
    plugin: Any, server: Server, first: str, outcome: str
) -> None:
    """A post that is said to change nothing does not make a later refusal uncertain."""
    source = ACME.read_text()
    plugin("acme", source.replace(TWICE, f"        yield {first}\n{TWICE}"))
    server.answer(200, {}).answer(401)
    with (
        Prism("acme", api_key="k", base_url=server.url) as prism,
        pytest.raises(AuthenticationError) as caught,
    ):
        prism.payments.authorize(**ASKED)
    assert caught.value.outcome == outcome


def test_a_flow_is_told_what_the_whole_exchange_came_to(plugin: Any, server: Server) -> None:
    """A flow that catches an error sees "unknown" when any attempt is, and its own lookup that
    finds nothing does not turn that into a refusal."""
    source = ACME.read_text()
    lookup = (
        "        from prism_core import NotFound, PrismError\n"
        "        try:\n"
        "            response = yield account.post('/payments', form=form)\n"
        "        except PrismError as error:\n"
        "            assert error.outcome == 'unknown'\n"
        "            yield account.get('/payments')\n"
        "            raise NotFound('not there') from None\n"
    )
    plugin("acme", source.replace(TWICE, lookup))
    server.act(hang_up).answer(200, [])
    with (
        Prism("acme", api_key="k", base_url=server.url) as prism,
        pytest.raises(NotFound) as caught,
    ):
        prism.payments.authorize(**ASKED)
    assert caught.value.outcome == "unknown"


def test_a_key_that_is_not_on_the_wire_allows_no_retry(plugin: Any, server: Server) -> None:
    """A request made by hand without the key's header is sent once, whatever it says."""
    source = ACME.read_text().replace(
        "    HttpResponse,\n", "    HttpRequest,\n    HttpResponse,\n"
    )
    by_hand = (
        "        response = yield HttpRequest(\n"
        "            'POST', f'{account.base_url}/payments', {}, b'', request.idempotency_key\n"
        "        )\n"
    )
    plugin("acme", source.replace(TWICE, by_hand))
    server.act(hang_up)
    with (
        Prism("acme", api_key="k", base_url=server.url) as prism,
        pytest.raises(TransportError),
    ):
        prism.payments.authorize(**ASKED)
    assert len(server.seen) == 1


def test_an_interrupted_call_leaves_its_key_in_the_log(
    prism: Prism, server: Server, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl+C in mid-call logs a warning with the minted key, so that the payment can be found."""
    server.answer(200, GOOD)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("prism_core.transport.SyncTransport.send", interrupt)
    with pytest.raises(KeyboardInterrupt):
        prism.payments.authorize(**ASKED, idempotency_key="mine")
    (record,) = caplog.records
    assert record.getMessage() == (
        "acme payments.authorize order_1: interrupted, outcome unknown; idempotency key mine"
    )


def test_a_call_that_begins_too_late_is_not_sent(prism: Prism, server: Server) -> None:
    """When no time is left before the request goes out, nothing is sent."""
    with pytest.raises(TransportError, match="time was up") as caught:
        prism.payments.authorize(**ASKED, timeout=1e-9)
    assert caught.value.outcome == "not_sent"
    assert server.seen == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"payment_method": Token("tok_1")}, "Acme takes Card here, not Token"),
        ({"capture_method": "SCHEDULED"}, "captures AUTOMATIC, MANUAL, not SCHEDULED"),
        ({"description": "x"}, "cannot send description"),
        ({"payment_method": Card("4242424242424242", 1, 2020, "123")}, "card is expired"),
        ({"payment_method": Card("4242424242424241", 1, 2090, "123")}, "check digit"),
    ],
)
def test_what_a_connector_cannot_send_is_refused(
    prism: Prism, server: Server, changes: dict[str, Any], words: str
) -> None:
    """A field, method or card that would be dropped or surely refused never leaves."""
    with pytest.raises(InvalidRequest, match=words) as caught:
        prism.payments.authorize(**{**ASKED, **changes})
    assert caught.value.field
    assert server.seen == []


def test_a_lookup_by_an_id_that_is_not_taken_names_the_other(prism: Prism, server: Server) -> None:
    """A processor that finds nothing by your own id says which id it takes; what a lookup needs
    not at all is to be left out."""
    with pytest.raises(InvalidRequest) as caught:
        prism.payments.get(merchant_transaction_id="order_1")
    words = "Acme does not find a payment by merchant_transaction_id: give connector_transaction_id"
    assert words in str(caught.value)
    with pytest.raises(InvalidRequest, match="cannot send merchant_refund_id with get_refund"):
        prism.refunds.get(connector_refund_id="re_1", merchant_refund_id="return_1")
    assert server.seen == []


DECODED = "return payment_of(account.decode(response, Body))  # the lookup's"
PARSED = "problem = response.decode(Problem)"
BUGS = {
    "yields what is no request": ("response = yield account.get(", "response = yield str("),
    "returns nothing": (DECODED, "return None"),
    "fails before sending": ("key = request.connector_transaction_id", "key = {}['x']"),
    "parse_error returns a string": ("return None  # no error", "return 'x'"),
    "parse_error fails": (PARSED, "problem = {}['x']"),
    "parse_error decodes": (PARSED, "problem = account.decode(response, Problem)"),
}


@pytest.mark.parametrize("bug", BUGS)
def test_a_connectors_bug_is_named_and_hides_nothing(plugin: Any, server: Server, bug: str) -> None:
    """A connector that fails is reported as such, with whether anything was sent."""

    old, new = BUGS[bug]
    source = ACME.read_text().replace(
        'segment(request.connector_transaction_id or "")',
        "segment(request.connector_transaction_id or '')",
    )
    assert old in source
    plugin("acme", source.replace(old, new))
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


def test_a_connector_may_refuse_or_answer_without_sending(plugin: Any, server: Server) -> None:
    """A connector's own InvalidRequest before sending arrives as such; a result that needed no
    request is a result."""
    source = ACME.read_text()
    line = '        key = request.connector_transaction_id or ""\n'
    assert line in source
    early = (
        "        if request.connector_transaction_id == 'known':\n"
        "            return Payment(status=PaymentStatus.PENDING)\n"
        "        from prism_core import InvalidRequest\n"
        "        raise InvalidRequest('Acme ids begin with pay_', field='x')\n"
    )
    plugin("acme", source.replace(line, early + line))
    with Prism("acme", api_key="k", base_url=server.url) as prism:
        with pytest.raises(InvalidRequest, match="begin with pay_") as caught:
            prism.payments.get(connector_transaction_id="x")
        known = prism.payments.get(connector_transaction_id="known")
    assert caught.value.outcome == "not_sent"
    assert (known.status, known.status_code, known.attempts) == (PaymentStatus.PENDING, 0, ())
    assert server.seen == []


def test_one_log_record_tells_how_a_call_ended(
    prism: Prism, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    """The log names operation, connector, id, status and duration, and nothing else."""
    caplog.set_level(logging.INFO, "prism_core")
    server.answer(200, GOOD).answer(401)
    prism.payments.authorize(**ASKED)
    with pytest.raises(AuthenticationError):
        prism.customers.create(merchant_customer_id="user_42", email="ada@example.com")
    first, second = (record.getMessage() for record in caplog.records)
    assert first.startswith("acme payments.authorize order_1: AUTHORIZED in 0.")
    assert second.startswith("acme customers.create user_42: AuthenticationError in 0.")
