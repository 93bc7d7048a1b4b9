"""Clients that were opened without card numbers: what is refused, and what is not."""

from __future__ import annotations

from typing import Any

import pytest
from support import Install, Server

from prism_core import (
    Ach,
    InvalidRequest,
    NetworkToken,
    PaymentMethod,
    Prism,
    SdkToken,
    Token,
)
from prism_core.runtime.card_numbers import field_with_card_number
from prism_core.schema.payments import AuthorizeRequest

from .shapes import AUTHORIZE, order, source


@pytest.mark.parametrize("token", ["{no JSON: 4242", "[1, null, true]", "tok_4242424242424242"])
def test_what_is_no_card_number_is_sent(plugin: Install, server: Server, token: str) -> None:
    """A client without card numbers takes any other token, and fields of every kind."""
    plugin("small", source(AUTHORIZE, info="payment_methods=(Token,)"))
    server.answer(200, {"id": "pay_1"})
    more = {"list": [None, True, {"text": "a", "number": 12}]}
    asked = order(payment_method=Token(token), connector_feature_data=more)
    with Prism("small", base_url=server.url, card_numbers=False) as prism:
        prism.payments.authorize(**asked)
    assert server.seen[0].json["token"] == token
    assert server.seen[0].json["list"] == more["list"]


@pytest.mark.parametrize(
    "method", [order()["payment_method"], NetworkToken("4111111111111111", 12, 2090)]
)
def test_a_client_without_card_numbers_refuses_them(
    plugin: Install, server: Server, method: Any
) -> None:
    """A server that must not see card data says so once; a stored card and a token still pay."""
    plugin("small", _source())
    server.answer(200, {"id": "pay_1"})
    with Prism("small", base_url=server.url, card_numbers=False) as prism:
        with pytest.raises(InvalidRequest, match="opened with card_numbers=False"):
            prism.payments.authorize(**order(payment_method=method))
        assert server.seen == []
        prism.payments.authorize(**order(payment_method=Token("t_1")))
    assert len(server.seen) == 1


def _source() -> str:
    without_cvc = AUTHORIZE.replace('    card["cvc"] = method.cvc\n', "")
    return source(without_cvc, info="payment_methods=(Card, Token, NetworkToken)")


def test_a_network_token_expires_and_has_no_check_digit(plugin: Install, server: Server) -> None:
    plugin("small", _source())
    old, new = (NetworkToken("4111111111111112", 1, year) for year in (2020, 2090))
    with Prism("small", base_url=server.url) as prism:
        with pytest.raises(InvalidRequest, match="expired"):
            prism.payments.authorize(**order(payment_method=old))
        server.answer(200, {"id": "pay_1"})
        assert prism.payments.authorize(**order(payment_method=new)).status_code == 200


NUMBERS = ["4242424242424242", "4242 4242 4242 4242"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        *(({"payment_method": SdkToken(one)}, "payment_method") for one in NUMBERS),
        ({"payment_method": Token(NUMBERS[0])}, "payment_method"),
        ({"payment_method": SdkToken("x", verification_token=NUMBERS[0])}, "payment_method"),
        ({"payment_method": SdkToken('{"a":[{"b":4242424242424242}]}')}, "payment_method"),
        ({"payment_method": SdkToken('{"a":"\\u0034242424242424242"}')}, "payment_method"),
        ({"payment_method": SdkToken('{"a":"{\\"b\\":4242424242424242}"}')}, "payment_method"),
        ({"connector_feature_data": {"card": {"number": NUMBERS[0]}}}, "connector_feature_data"),
        ({"connector_feature_data": {"card": [int(NUMBERS[0])]}}, "connector_feature_data"),
    ],
)
def test_a_card_number_is_found_where_it_hides(
    plugin: Install, server: Server, more: dict[str, Any], field: str
) -> None:
    """Of a client without card numbers, wherever a shop may put one."""
    given = {"payment_method": SdkToken("x"), **more}
    plugin("small", source(AUTHORIZE, info="payment_methods=(Card, Token, SdkToken)"))
    with (
        Prism("small", base_url=server.url, card_numbers=False) as prism,
        pytest.raises(InvalidRequest, match="card number") as caught,
    ):
        prism.payments.authorize(**order(**given))
    assert caught.value.field == field
    assert "4242" not in str(caught.value)
    assert server.seen == []


@pytest.mark.parametrize(
    "method",
    [
        Token("8415718415172204"),
        SdkToken("tok4242424242424242"),
        Ach(NUMBERS[0], "110000000", "Ada"),
    ],
)
def test_an_id_or_a_bank_account_is_no_card_number(method: PaymentMethod) -> None:
    assert field_with_card_number(AuthorizeRequest(**order(payment_method=method))) is None
