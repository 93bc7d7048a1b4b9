"""A processor that repeats what it was sent: in ids, redirects, codes, headers and differences."""

from __future__ import annotations

import json
import logging
import pickle
import time
from collections.abc import Iterator
from typing import Any

import pytest
from rich.pretty import pretty_repr
from support import Install, Server, acme_source

from prism_core import (
    AsyncPrism,
    Card,
    ConnectorError,
    HandleEventRequest,
    MalformedResponse,
    Money,
    Payment,
    Prism,
    PrismError,
)
from prism_core.discovery.loading import load
from prism_core.schema.secrets import MASK

NUMBER = "4000056655665556"
KEY = "sk_live_51secret"
SPELLED = [
    NUMBER,
    "4000 0566 5566 5556",
    "4000-0566-5566-5556",
    "4000.0566.5566.5556",
    "4000/0566/5566/5556",
    "4000_0566_5566_5556",
    "4000%200566%205566%205556",
    "4000&nbsp;0566&nbsp;5566&nbsp;5556",
    "4000\u00a00566\u00a05566\u00a05556",
    "\uff14\uff10\uff10\uff10\uff10\uff15\uff16\uff16\uff15\uff15\uff16\uff16\uff15\uff15\uff15\uff16",
    f"99{NUMBER}1",
]
# The test connector with everything that a payment can hold, given by the answer.
TELLING = (
    (
        "    captured: int | None = None\n",
        "    captured: int | None = None\n    more: dict[str, str] = {}\n"
        "    sent_to: dict[str, str] | None = None\n    other: dict[str, str] = {}\n",
    ),
    (
        "        redirection_data=None if body.page is None else RedirectionData(uri=body.page),\n",
        "        **body.more,\n"
        "        discrepancies=tuple(Discrepancy(n, '', it) for n, it in body.other.items()),\n"
        "        redirection_data=None if body.sent_to is None else RedirectionData(\n"
        "            uri=body.sent_to.get('uri'), html=body.sent_to.get('html'),\n"
        "            form=body.sent_to, sdk=body.sent_to),\n",
    ),
    ("import msgspec\n", "import msgspec\nfrom prism_core.schema.base import Discrepancy\n"),
)
ASKED: dict[str, Any] = {
    "merchant_transaction_id": "order_1",
    "amount": Money(1000, "USD"),
    "payment_method": Card(NUMBER, 12, 2090, "100", "Grace Hopper"),
}


@pytest.fixture
def prism(plugin: Install, server: Server) -> Iterator[Prism]:
    plugin("acme", acme_source(*TELLING))
    with Prism("acme", api_key=KEY, base_url=server.url, timeout=5, max_retries=0) as client:
        yield client


def digits_of(text: str) -> str:
    return "".join(str(int(char)) for char in text if char.isdecimal())


def told(value: Payment | PrismError) -> str:
    """All that a result or an error says, whoever asks."""
    fields = [value.__dict__] if isinstance(value, PrismError) else []
    if isinstance(value, Payment):
        fields = [getattr(value, name) for name in value.__struct_fields__]
    shown = f"{value!r} {value} {pretty_repr(value)} {value.to_dict()}"
    return f"{shown} {fields} {pickle.dumps(value, 0)!r}"


@pytest.mark.parametrize(
    "place",
    [
        "id",
        "customer",
        "ref",
        "network_transaction_id",
        "avs_code",
        "cvc_code",
        "uri",
        "html",
        "form",
    ],
)
def test_the_card_number_comes_back_in_no_part_of_a_payment(
    prism: Prism, server: Server, place: str
) -> None:
    """Whichever field of its answer the processor puts the card's number into, and however it
    writes it: the result has a mask there. A card number is no usable id."""
    for spelled in SPELLED:
        answer: dict[str, Any] = {"id": "pay_1", "state": "ok"}
        if place in ("id", "customer", "ref"):
            answer[place] = f"x{spelled}y"
        elif place in ("uri", "html", "form"):
            url = f"https://acme.example/3ds?card={spelled}"
            answer["state"] = "challenge"
            answer["sent_to"] = {place: url.replace(" ", "+").replace("\u00a0", "%C2%A0")}
        else:
            answer["more"] = {place: f"x{spelled}y"}
        server.answer(200, answer)
        try:
            ended: Payment | PrismError = prism.payments.authorize(**ASKED)
        except MalformedResponse as error:  # an answer about another order
            ended = error
        assert isinstance(ended, MalformedResponse) == (place == "ref")
        assert NUMBER not in digits_of(told(ended)), spelled
        assert MASK in told(ended)


@pytest.mark.parametrize("status", [200, 400, 402, 409, 500])
@pytest.mark.parametrize("secret", [NUMBER, KEY])
def test_headers_bring_no_card_number_and_no_key_back(
    prism: Prism, server: Server, status: int, secret: str
) -> None:
    """The request's id is the processor's own word: with a card number or the key in it, it is
    masked in results and in errors."""
    body = {"id": "pay_1", "state": "ok"} if status == 200 else {"code": "bad", "message": "no"}
    server.answer(status, body, headers={"Acme-Request": f"req_{secret}"})
    try:
        found: Any = prism.payments.authorize(**ASKED)
    except ConnectorError as error:
        found = error
    assert found.request_id == "req_**********"
    assert secret not in told(found)


def test_a_difference_is_reported_without_the_card_number(prism: Prism, server: Server) -> None:
    """What the processor reports otherwise is told: ids and amounts as they are, even where the
    security code is "100" and a person is called like an id; a sentence about the customer
    without them."""
    said = {
        "connector_refund_id": ("Grace", "Grace"),
        "connector_mandate_id": ("60198765432101", "60198765432101"),
        "connector_dispute_id": (f"no {NUMBER}", f"no {MASK}"),
        "connector_customer_id": ("no Grace Hopper\n", f"no {MASK} "),
        "connector_event_id": (NUMBER, MASK),
        "currency": ("4000.0566.5566.5556\x85", f"{MASK} "),
    }
    other = {name: reported for name, (reported, _) in said.items()}
    server.answer(200, {"id": "pay_1", "state": "ok", "amount": 10000, "other": other})
    found = {one.field: one.reported for one in prism.payments.authorize(**ASKED).discrepancies}
    assert found.pop("amount") == "100.00 USD"
    assert found == {name: kept for name, (_, kept) in said.items()}


def test_what_an_id_must_be_stays_as_it_is(prism: Prism, server: Server) -> None:
    """Ids, codes and redirects that repeat nothing come back letter by letter, long numbers and
    the customer's name among them."""
    to = {"uri": "https://acme.example/3ds?id=1&n=%41", "html": "<p>\n60198765432101 Zoë</p>"}
    more = {"network_transaction_id": "123456789012345", "avs_code": "Y", "cvc_code": "M"}
    server.answer(200, {"id": "60198765432101", "state": "challenge", "sent_to": to, "more": more})
    server.answer(200, {"id": "grace_hopper_1", "state": "ok", "more": {"cvc_code": "grace"}})
    payment = prism.payments.authorize(**ASKED)
    assert payment.connector_transaction_id == "60198765432101"
    assert payment.network_transaction_id == "123456789012345"
    assert (payment.avs_code, payment.cvc_code) == ("Y", "M")
    data = payment.redirection_data
    assert data is not None
    assert (data.uri, data.html, data.form, data.sdk) == (to["uri"], to["html"], to, to)
    again = prism.payments.authorize(**ASKED)
    assert (again.connector_transaction_id, again.cvc_code) == ("grace_hopper_1", "grace")


@pytest.mark.parametrize(
    ("said", "kept"),
    [("100", MASK), ("no match for 100", "no match for **********"), ("M 1000", "M 1000"),
     (f"checked {NUMBER}", "checked **********"), ("Grace Hopper: no", "**********: no"),
     (f"key_{KEY}", "key_**********"), ("no\nmatch", "no match")],
)  # fmt: skip
def test_the_codes_of_checks_are_cleaned(
    prism: Prism, server: Server, said: str, kept: str
) -> None:
    """What the checks of address and security code came to has no security code in it."""
    server.answer(200, {"id": "pay_1", "state": "ok", "more": {"avs_code": said, "cvc_code": said}})
    payment = prism.payments.authorize(**ASKED)
    assert (payment.avs_code, payment.cvc_code) == (kept, kept)


def test_a_processor_writes_one_line_into_the_log(
    prism: Prism, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    """Line breaks, colours and reversed letters of a processor forge no record, wherever they
    stand: in messages, codes and ids."""
    evil = "x\r\nERROR:root:\x1b[31mpaid\u2028twice\x85\u202e"
    caplog.set_level(logging.DEBUG)
    server.answer(400, {"code": evil, "message": evil}, headers={"Acme-Request": "req\x85\x1b[1m"})
    server.answer(200, {"id": "pay_1", "state": "ok", "more": {"network_transaction_id": evil}})
    with pytest.raises(ConnectorError) as caught:
        prism.payments.authorize(**ASKED)
    payment = prism.payments.authorize(**ASKED)
    connector = caught.value.details.connector
    assert connector is not None
    texts = [caught.value.message, connector.code, connector.message, caught.value.request_id]
    for text in [*texts, payment.network_transaction_id, *caplog.messages]:
        assert text is not None
        assert text.isprintable()
        assert len(text.splitlines()) <= 1
    assert payment.network_transaction_id == "x  ERROR:root:paid twice "


def test_the_path_of_a_later_request_is_cleaned(plugin: Install, server: Server) -> None:
    """Where the processor's id leads to the next request, the attempts show no card number, in
    a result and in an error."""
    again = (
        "        return payment_of(account.decode(response, PaymentBody))\n\n    @hookimpl\n"
        "    def get_payment(",
        "        key = account.decode(response, PaymentBody).id\n"
        '        response = yield account.get("/payments/{}", key)\n'
        "        return payment_of(account.decode(response, PaymentBody))\n\n    @hookimpl\n"
        "    def get_payment(",
    )
    plugin("acme", acme_source(again))
    server.answer(200, {"id": f"pay_{NUMBER}", "state": "ok"})
    server.answer(200, {"id": "pay_1", "state": "ok"})
    server.answer(200, {"id": f"pay_{NUMBER}", "state": "ok"})
    server.answer(404, {"code": "none"})
    with Prism("acme", api_key=KEY, base_url=server.url, max_retries=0) as client:
        payment = client.payments.authorize(**ASKED)
        with pytest.raises(PrismError) as caught:
            client.payments.authorize(**ASKED)
    for ended in (payment, caught.value):
        assert [one.path for one in ended.attempts] == ["/payments", "/payments/pay_**********"]


def test_a_stored_card_tells_its_last_four_digits_and_no_more(prism: Prism, server: Server) -> None:
    """A processor that answers a card's number in place of its id or its last digits."""
    server.answer(200, {"id": f"card_{NUMBER}", "last_four": NUMBER})
    kept = prism.payment_methods.tokenize(payment_method=ASKED["payment_method"])
    assert kept.connector_payment_method_id == "card_**********"
    assert kept.payment_method is not None
    assert kept.payment_method.connector_payment_method_id == "card_**********"
    assert kept.payment_method.last_four is None


def test_an_event_is_cleaned_to_the_bottom(acme: str) -> None:
    """What hangs on an event is cleaned as a result is: its kind stays one line that can be read,
    and no card number or key comes with its payment. What the processor wrote into its headers
    too, such as the kind of the event, is no private value."""
    body = {
        "id": f"evt_{KEY}",
        "type": f"payment.updated\u2028{NUMBER}",
        "payment": {"id": "pay_1", "state": "ok", "customer": f"cus_{KEY}"},
    }
    with Prism(acme, api_key=KEY, webhook_secret="whsec_1234567890") as prism:
        for kind, shown in ((body["type"], f"payment.updated {MASK}"), ("payment.paid",) * 2):
            raw = json.dumps({**body, "type": kind}).encode()
            headers = {**signed(prism, raw), "acme-event": "payment.paid"}
            event = prism.events.handle(body=raw, headers=headers)
            assert event.event_type == shown
            assert event.connector_event_id == f"evt_{MASK}"
            assert event.payment is not None
            assert event.payment.connector_customer_id == f"cus_{MASK}"
            assert event.payment.connector_transaction_id == "pay_1"
            assert f"event_type='{shown}'" in repr(event)
            assert KEY not in f"{event.to_dict()} {pickle.dumps(event)!r}"


def signed(prism: Prism, body: bytes) -> dict[str, str]:
    """The headers that Acme would send with a body."""
    request = HandleEventRequest(body=body, headers={}, received_at=int(time.time()))
    hook = load("acme").hooks["sign_event"]
    return dict(hook(request=request, account=prism._engine.account))


@pytest.mark.anyio
async def test_the_async_client_cleans_the_same(plugin: Install, server: Server) -> None:
    plugin("acme", acme_source(*TELLING))
    server.answer(200, {"id": f"pay_{NUMBER}", "state": "ok"})
    server.answer(400, {"code": "bad", "message": f"no {NUMBER}\n"})
    async with AsyncPrism("acme", api_key=KEY, base_url=server.url, max_retries=0) as client:
        payment = await client.payments.authorize(**ASKED)
        with pytest.raises(ConnectorError, match=r"bad: no \*{10} $") as caught:
            await client.payments.authorize(**ASKED)
    assert payment.connector_transaction_id == "pay_**********"
    assert NUMBER not in told(payment) + told(caught.value)
