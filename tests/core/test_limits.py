"""The limits of a processor: values that it has no room for are refused before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest
from support import Install, Server

from prism_core import Address, InvalidRequest, MetadataLimits, Token, at_most

from .shapes import AUTHORIZE, CREATE, order, small

LIMITS = """
        needs={"create_customer": ("email",)},
        metadata=MetadataLimits(
            entries=2, key=Limit(4), value=Limit(6, shortest=2), reserved=("ref",)
        ),
        limits={
            "name": 5,
            "create_customer.description": 8,
            "description": 3,
            "address.city": Limit(4, characters="[A-Z]", said="capitals"),
            "idempotency_key": 7,
            "phone": 3,
            "merchant_customer_id": Limit(9, pattern="user_[1-9]+", said="characters as in user_1"),
        },
"""
LIMITED = CREATE.replace(
    "body =",
    "about = [request.name, request.description, request.metadata, request.email]\n"
    "about.append(request.merchant_customer_id)\n"
    "about.append(request.address.city if request.address else None)\nbody =",
)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, None),
        ({"name": "abcdef"}, "name has up to 5 characters at Small"),
        ({"description": "abcdefgh"}, None),
        ({"description": "abcdefghi"}, "description has up to 8 characters at Small"),
        ({"phone": "+12025550123"}, None),
        ({"address": {"city": "PARIS"}}, "address.city has up to 4 capitals at Small"),
        ({"address": {"city": "Rom"}}, "address.city has up to 4 capitals at Small"),
        ({"address": {"city": "ROM"}}, None),
        ({"idempotency_key": "12345678"}, "idempotency_key has up to 7 characters at Small"),
        ({"email": None}, "Small needs email with create_customer; give it"),
        ({"metadata": {"a": "12", "b": "12", "c": "12"}}, "metadata has up to 2 keys"),
        ({"metadata": {"abcde": "12"}}, "each has up to 4 characters"),
        ({"merchant_customer_id": "user_0"}, "has up to 9 characters as in user_1 at Small"),
        ({"metadata": {"a": "1"}}, "each has 2 to 6 characters"),
        ({"metadata": {"ref": "12"}}, "metadata must not use the key 'ref'"),
        ({"metadata": {"a": "12"}}, None),
        ({"metadata": {}}, None),
    ],
)
def test_what_the_processor_has_no_room_for_is_refused(
    plugin: Install, server: Server, given: dict[str, Any], said: str | None
) -> None:
    """By field, by part, by operation; before anything is sent, with the field's name. What is
    left out (the phone) is not judged."""
    server.answer(200, {"id": "cus_1"})
    fields: dict[str, Any] = {
        "merchant_customer_id": "user_1",
        "email": "a@b.example",
        "idempotency_key": "short",
        **given,
    }
    if "address" in fields:
        fields["address"] = Address(**fields["address"])
    with small(plugin, server, LIMITED, info=LIMITS) as prism:
        if said is None:
            assert prism.customers.create(**fields)
            return
        with pytest.raises(InvalidRequest) as caught:
            prism.customers.create(**fields)
    assert said in caught.value.message
    assert caught.value.field == (next(iter(given)))
    assert server.seen == []


def test_a_token_that_is_too_long_is_refused_and_not_shown(plugin: Install, server: Server) -> None:
    """The limit of a part of one kind of payment method says nothing of the others."""
    server.answer(200, {"id": "pay_1"})
    with small(plugin, server, AUTHORIZE, info='limits={"payment_method.token": 8}') as prism:
        with pytest.raises(InvalidRequest, match=r"payment_method\.token has up to 8") as caught:
            prism.payments.authorize(**order(payment_method=Token("tok_123456789")))
        assert "tok_" not in str(caught.value)
        assert prism.payments.authorize(**order()).connector_transaction_id == "pay_1"


def test_a_part_that_is_too_long_is_named_with_its_field() -> None:
    """The message says which part of a field it is; the error's field is the request's own."""
    assert at_most(3, "returned.payload", "abc") == "abc"
    with pytest.raises(InvalidRequest, match=r"returned\.payload has up to 3 characters") as caught:
        at_most(3, "returned.payload", "abcd")
    assert caught.value.field == "returned"


def test_only_what_is_documented_of_metadata_is_limited() -> None:
    """A processor that names no limits takes any metadata, but for the connector's own keys."""
    limits = MetadataLimits(reserved=("ref",))
    assert limits.problem({"a" * 100: "b" * 1000} | {str(n): "" for n in range(100)}) is None
    assert limits.problem({"ref": "12"}) == "must not use the key 'ref'"
