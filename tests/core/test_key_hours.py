"""For how long an idempotency key is kept, asked before a long run: as the connector declares it;
and where the flow can send none."""

from __future__ import annotations

import math

import pytest
from support import Install, Server

from prism_core import ConfigurationError

from .shapes import CREATE, small

HOURS = 'key_hours=24, key_hours_of={"capture": 1080.0, "void": float("inf")}'
CHANGES = """capture:
yield account.post("/captures", json={})

void:
yield account.get("/payments")
yield account.post("/voids", json={}, keyed=False)

refund:
yield account.post("/refunds", json={}, keyed=False)

update_customer:
if account.environment:
    raise InvalidRequest("not today", field="connector_customer_id")
yield account.post("/customers", json={})

delete_customer:
if account.environment:
    raise RuntimeError("this sample shows nothing")
yield account.delete("/customers")

get_payment:
yield account.get("/payments")
"""
FLOWS = tuple(f"{flow.strip()}\n" for flow in CHANGES.split("\n\n"))


@pytest.mark.parametrize(
    ("operation", "hours"),
    [
        ("create_customer", 24),
        ("capture", 1080.0),
        ("void", math.inf),  # a lookup comes first: a key that cannot be sent is refused after it
        ("refund", 0.0),
        ("update_customer", 24),
        ("delete_customer", 24),
        ("get_payment", 0.0),  # it changes nothing
        ("authorize", 0.0),  # not implemented
    ],
)
def test_hours_are_those_of_the_operation(
    plugin: Install, server: Server, operation: str, hours: float
) -> None:
    """Who repeats a call later than that pays twice."""
    with small(plugin, server, CREATE, *FLOWS, info=HOURS) as prism:
        assert prism.key_hours(operation) == hours
    assert server.seen == []


def test_an_unknown_time_is_not_no_key(plugin: Install, server: Server) -> None:
    """Where the documentation does not say how long, the key still protects a call that is repeated
    at once."""
    with small(plugin, server, CREATE) as prism:
        assert prism.key_hours("create_customer") is None


def test_a_processor_without_keys_keeps_them_for_no_time(plugin: Install, server: Server) -> None:
    """Whatever its connector declares."""
    without = "idempotency_header = None"
    with small(plugin, server, CREATE, account=without, info="key_hours=24") as prism:
        assert prism.key_hours("create_customer") == 0.0


def test_a_key_in_a_body_that_has_no_place_for_it_does_not_count(
    plugin: Install, server: Server
) -> None:
    """The key is set where a body is JSON."""
    place = 'idempotency_header = None\n    idempotency_field = "key.value"'
    with small(plugin, server, CREATE, account=place, info="key_hours=24") as prism:
        assert prism.key_hours("create_customer") == 0.0


def test_an_operation_that_does_not_exist_has_no_time(plugin: Install, server: Server) -> None:
    """A misspelt name must not look like an operation without keys."""
    with small(plugin, server, CREATE) as prism, pytest.raises(ConfigurationError, match="no oper"):
        prism.key_hours("customers.create")
