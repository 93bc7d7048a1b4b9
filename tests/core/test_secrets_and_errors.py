"""Secrets are masked everywhere; errors carry facts, pickle, and hold no secret."""

from __future__ import annotations

import copy
import json
import pickle

import pytest

import prism_core
from prism_core import (
    ConnectorDetails,
    ConnectorError,
    CustomerCreated,
    ErrorDetails,
    InvalidRequest,
    PrismError,
    Secret,
    TransportError,
    UnifiedCode,
    unified_error,
)
from prism_core.schema.secrets import reveal

TREE = [
    error
    for error in vars(prism_core).values()
    if isinstance(error, type) and issubclass(error, PrismError)
]


def test_a_secret_is_masked_wherever_it_is_printed() -> None:
    """repr, str, format and the repr of what holds it show a mask."""
    secret = Secret("sk_test_1")
    for shown in (
        repr(secret),
        str(secret),
        f"{secret}",
        f"{secret:>12}",
        repr([secret]),
    ):
        assert "sk_test" not in shown
        assert "***" in shown
    assert secret.reveal() == reveal(secret) == reveal("sk_test_1")
    assert Secret(secret) == secret


def test_a_secret_compares_copies_and_stays() -> None:
    """Secrets work in sets and copies, differ from strings, and cannot be changed or pickled."""
    secret = Secret("a")
    assert {secret, Secret("a")} == {secret}
    assert secret != Secret("b")
    assert secret != "a"
    assert copy.deepcopy([secret])[0] is copy.copy(secret) is secret
    assert secret
    assert len(secret) == 1
    assert not Secret("")
    with pytest.raises(AttributeError):
        secret._text = "b"
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(secret)
    with pytest.raises(TypeError):
        json.dumps(secret)


@pytest.mark.parametrize("cls", TREE, ids=lambda cls: cls.__name__)
def test_every_error_pickles_and_copies_whole(cls: type[PrismError]) -> None:
    """An error sent between processes keeps its type, message and facts."""
    error = cls("it broke")
    error.idempotency_key, error.outcome = "key_1", "unknown"
    error.completed = CustomerCreated(connector_customer_id="cus_1")
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(again) is cls
        assert str(again) == again.message == "it broke"
        assert again.__dict__ == error.__dict__


@pytest.mark.parametrize("cls", TREE, ids=lambda cls: cls.__name__)
def test_every_error_is_drawn_in_the_tree(cls: type[PrismError]) -> None:
    """The tree in the module's docstring shows every error, so that a reader can trust it."""
    assert prism_core.errors.__doc__ is not None
    assert f"-- {cls.__name__} " in prism_core.errors.__doc__ or cls is PrismError


def test_errors_say_what_became_of_the_operation() -> None:
    """By default configuration and request errors sent nothing, and server failures are unknown."""
    assert InvalidRequest("x").outcome == "not_sent"
    assert ConnectorError("x").outcome == "rejected"
    assert prism_core.Unavailable("x").outcome == "unknown"
    assert prism_core.MalformedResponse("x").outcome == "unknown"
    assert TransportError("x", outcome="not_sent").outcome == "not_sent"
    assert not ConnectorError("x").retryable  # a connector's own error is repeated by nobody


def test_errors_as_json() -> None:
    """`to_dict` of every kind of error is JSON, with the processor's words where it has them."""
    details = ErrorDetails(
        unified=unified_error(UnifiedCode.EXPIRED_CARD), connector=ConnectorDetails(code="x")
    )
    error = ConnectorError("no", details=details, status_code=400, request_id="req_1")
    said = json.loads(json.dumps(error.to_dict()))
    assert said["details"]["unified"]["code"] == "EXPIRED_CARD"
    assert said["request_id"] == "req_1"
    assert json.loads(json.dumps(InvalidRequest("no", field="email").to_dict()))["field"] == "email"


def test_every_unified_code_has_its_sentences() -> None:
    """Each unified code comes with a description and a word on what to tell the customer."""
    for code in UnifiedCode:
        found = unified_error(code)
        assert found.code is code
        assert found.description.endswith(".")
        assert found.user_guidance_message.endswith(".")
