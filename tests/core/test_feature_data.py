"""Fields of the caller's own in the body of the processor's request."""

from __future__ import annotations

from typing import Any

import pytest
from support import Install, Server

from prism_core import ConnectorError, InvalidRequest, Secret
from prism_core.schema.payments import AuthorizeRequest

from .shapes import AUTHORIZE, order, small

FORM = AUTHORIZE.replace("json=form", "form=form")
LISTED = FORM.replace(
    '"city": None if to is None else to.city', '"lines": [{"price": 9}], "owner": {"name": "Ada"}'
)
LOOKED_UP = AUTHORIZE.replace(
    "body = yield", 'yield account.get("/rates", query={"a": "b"})\nbody = yield'
)


@pytest.mark.parametrize("flow", [AUTHORIZE, LOOKED_UP])
def test_more_fields_reach_the_body(plugin: Install, server: Server, flow: str) -> None:
    """Of the request that makes the payment, also inside what Prism sends; never of a lookup."""
    server.answer(200, {"id": "pay_1"}).answer(200, {"id": "pay_1"})
    data = {"channel": "WEB", "risk": {"level": 3, "words": ["a", None, True]}}
    with small(plugin, server, flow) as prism:
        prism.payments.authorize(**order(connector_feature_data=data))
        assert prism.supports("authorize", "connector_feature_data")
    sent = server.seen[-1].json
    assert (sent["channel"], sent["risk"]) == ("WEB", data["risk"])
    assert sent["ref"] == "order_1"


def test_more_fields_go_into_an_object_that_is_sent(plugin: Install, server: Server) -> None:
    server.answer(200, {"id": "pay_1"})
    flow = AUTHORIZE.replace('"city": None if to is None else to.city', '"to": {"a": 1}')
    with small(plugin, server, flow) as prism:
        more = {"to": {"b": {"c": 2}}, "last": True}
        prism.payments.authorize(**order(connector_feature_data=more))
    assert server.seen[0].json["to"] == {"a": 1, "b": {"c": 2}}
    assert server.seen[0].json["last"] is True


def test_an_amount_keeps_its_digits_beside_more_fields(plugin: Install, server: Server) -> None:
    """A processor that takes JSON numbers gets them as the connector wrote them."""
    server.answer(200, {"id": "pay_1"})
    prices = '"price": msgspec.Raw(b"92233720368547758.07"), "tax": msgspec.Raw(b"10.00")'
    flow = AUTHORIZE.replace('"city": None if to is None else to.city', prices)
    with small(plugin, server, flow) as prism:
        prism.payments.authorize(**order(connector_feature_data={"channel": "WEB"}))
    assert b'"price":92233720368547758.07,"tax":10.00,' in server.seen[0].body
    assert server.seen[0].json["channel"] == "WEB"


def test_more_fields_of_a_form(plugin: Install, server: Server) -> None:
    server.answer(200, {"id": "pay_1"})
    data = {"radar": {"session": "rse_1"}, "channel": "a b"}
    with small(plugin, server, FORM) as prism:
        prism.payments.authorize(**order(connector_feature_data=data))
    assert server.seen[0].body.endswith(b"radar[session]=rse_1&channel=a+b")


@pytest.mark.parametrize(
    ("flow", "data", "taken"),
    [
        (AUTHORIZE, {"amount": 1}, "amount"),
        (
            AUTHORIZE.replace('"city": None if to is None else to.city', '"to": {"a": 1}'),
            {"to": {"b": 2, "a": 3}},
            "to.a",
        ),
        (AUTHORIZE, {"Amount": 1}, "Amount"),
        (FORM, {"amount": 1}, "amount"),
        (FORM, {"AMOUNT": 1}, "AMOUNT"),
        # Servers read these as the amount, too, or as one more line to pay.
        (FORM, {"amount": {"value": 1}}, "amount[value]"),
        (FORM, {"amount": [1]}, "amount[0]"),
        (LISTED, {"lines": {"1": {"price": 5}}}, "lines[1][price]"),
        (LISTED, {"lines": [{"quantity": 2}]}, "lines[0][quantity]"),
        (LISTED, {"lines": "x"}, "lines"),
        (LISTED, {"owner": {"name": {"first": "x"}}}, "owner[name][first]"),
    ],
)
def test_what_prism_sends_is_never_replaced(
    plugin: Install, server: Server, flow: str, data: dict[str, Any], taken: str
) -> None:
    with small(plugin, server, flow) as prism, pytest.raises(InvalidRequest) as caught:
        prism.payments.authorize(**order(connector_feature_data=data))
    assert caught.value.field == "connector_feature_data"
    assert caught.value.message.startswith(f"connector_feature_data cannot have {taken}:")
    assert server.seen == []


def test_a_field_beside_others_of_a_mapping_is_added(plugin: Install, server: Server) -> None:
    server.answer(200, {"id": "pay_1"})
    with small(plugin, server, LISTED) as prism:
        prism.payments.authorize(**order(connector_feature_data={"owner": {"age": 3}, "x": None}))
    assert server.seen[0].body.endswith(b"&owner[age]=3")


def test_a_form_has_no_null_in_a_list(plugin: Install, server: Server) -> None:
    with small(plugin, server, FORM) as prism, pytest.raises(InvalidRequest, match="None in a l"):
        prism.payments.authorize(**order(connector_feature_data={"words": ["a", None]}))
    assert server.seen == []


def test_what_the_caller_changes_afterwards_is_not_sent() -> None:
    """Another thread may still have it, and what is sent was checked."""
    words: list[Any] = ["a"]
    request = AuthorizeRequest(**order(connector_feature_data={"words": words}))
    words.append(object())
    assert request.connector_feature_data == {"words": ["a"]}


def _nested(times: int) -> dict[str, Any]:
    return {"a": _nested(times - 1)} if times else {}


_CYCLE: dict[str, Any] = {}
_CYCLE["a"] = [_CYCLE]


def test_what_is_given_is_private(plugin: Install, server: Server) -> None:
    """Processors quote it; it may be personal."""
    declines = "if response.status_code == 400: return ErrorAnswer(details=ErrorDetails("
    declines += "connector=ConnectorDetails(message=response.json()['message'])))"
    server.answer(400, {"message": "who is ada-of-london?"})
    data = {"risk": {"words": [{"name": "ada-of-london"}]}}
    with (
        small(plugin, server, AUTHORIZE, declines=declines) as prism,
        pytest.raises(ConnectorError) as caught,
    ):
        prism.payments.authorize(**order(connector_feature_data=data))
    assert "london" not in str(caught.value)


@pytest.mark.parametrize(
    "data",
    [
        *(_nested(21), _nested(500), _CYCLE),
        *({"amount[value]": 1}, {"[amount]": 1}, {" amount": 1}, {"amount\n": 1}, {"": 1}),
        *({"a": 2**70}, {"a": ["\ud800"]}, {"\ud800": 1}, {"a": Secret("x")}, {"a": 0.5}),
    ],
)
def test_what_is_no_json_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest) as caught:
        AuthorizeRequest(**order(connector_feature_data=data))
    assert caught.value.field == "connector_feature_data"


def test_a_request_without_a_body_takes_none(plugin: Install, server: Server) -> None:
    flow = AUTHORIZE.replace(", json=form", "")
    said = "the processor's request has no body for it"
    with small(plugin, server, flow) as prism, pytest.raises(InvalidRequest, match=said):
        prism.payments.authorize(**order(connector_feature_data={"a": 1}))
    assert server.seen == []


def test_an_account_may_take_none(plugin: Install, server: Server) -> None:
    """Where the order of the fields matters, say."""
    account = "takes_feature_data = False"
    with small(plugin, server, AUTHORIZE, account=account) as prism:
        with pytest.raises(InvalidRequest, match="Small cannot take connector_feature_data"):
            prism.payments.authorize(**order(connector_feature_data={"a": 1}))
        assert not prism.supports("authorize", "connector_feature_data")
    assert server.seen == []


def test_what_no_request_had_is_told(plugin: Install, server: Server) -> None:
    """A flow that only looks up has no request to add the fields to."""
    flow = AUTHORIZE.replace('account.post("/payments", json=form)', 'account.get("/payments")')
    server.answer(200, {"id": "pay_1"})
    with small(plugin, server, flow) as prism:
        paid = prism.payments.authorize(**order(connector_feature_data={"a": 1}))
    assert paid.not_sent == ("connector_feature_data",)
