"""Requests and results as types of Pydantic and FastAPI: fields of models, bodies and answers of
endpoints, an OpenAPI document; and nothing secret in what they answer."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Annotated, Any

import pytest
from fastapi import Body, FastAPI
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator
from pydantic import BaseModel, TypeAdapter, ValidationError

from prism_core import (
    AuthorizeRequest,
    Card,
    Event,
    EventKind,
    Money,
    Payment,
    PaymentMethod,
    PaymentStatus,
    SdkToken,
    Secret,
    Token,
)

PAID = Payment(status=PaymentStatus.CHARGED, amount=Money(1050, "USD"))
ASKED = {
    "merchant_transaction_id": "order_1",
    "amount": {"minor_amount": 1050, "currency": "USD"},
    "payment_method": {"type": "token", "token": "pm_1"},
}
NUMBER: Any = {"number": "4242424242424242", "exp_month": 1, "exp_year": 2090, "cvc": "737"}
CARD = {"type": "card", **NUMBER}


class Order(BaseModel):
    """A model of an application."""

    number: int
    total: Money
    payment: Payment | None = None
    paid_with: PaymentMethod | None = None


app = FastAPI()


@app.post("/pay")
def pay(request: Annotated[AuthorizeRequest, Body()]) -> Payment:
    return Payment(status=PaymentStatus.CHARGED, amount=request.amount)


@app.post("/echo")
def echo(request: Annotated[AuthorizeRequest, Body()]) -> AuthorizeRequest:
    return request


@app.post("/orders")
def order(order: Order) -> Order:
    return order


@pytest.fixture(scope="module")
def shop() -> TestClient:
    return TestClient(app, raise_server_exceptions=False)


def test_a_field_of_a_model_comes_back_as_it_was() -> None:
    """By JSON, and in Python, where the value stays the value."""
    model = Order(number=1, total=Money(1050, "USD"), payment=PAID, paid_with=Token("pm_1"))
    assert Order.model_validate_json(model.model_dump_json()) == model
    assert model.model_dump()["payment"] is PAID
    assert Order(**model.model_dump()) == model
    assert Order.model_validate({"number": 1, "total": {"minor_amount": 1, "currency": "USD"}})


def test_an_endpoint_takes_a_request_and_answers_with_a_result(shop: TestClient) -> None:
    answer = shop.post("/pay", json=ASKED)
    assert answer.status_code == 200
    assert Payment.from_dict(answer.json()) == PAID
    stored = {"number": 1, "total": ASKED["amount"], "payment": PAID.to_dict()}
    assert shop.post("/orders", json=stored).json() == {**stored, "paid_with": None}


@pytest.mark.parametrize(
    ("wrong", "place", "said"),
    [
        ({"amount": {"minor_amount": 1.5, "currency": "USD"}}, ["amount", "minor_amount"], "float"),
        ({"payment_method": {**CARD, "exp_month": 13}}, ["payment_method", "exp_month"], "1 to 12"),
        ({"colour": "red"}, ["colour"], "is no field of AuthorizeRequest"),
    ],
)
def test_a_wrong_request_is_answered_with_its_place_alone(
    shop: TestClient, wrong: dict[str, Any], place: list[str], said: str
) -> None:
    """FastAPI answers with the input, which may be a card: it is not there to answer with."""
    answer = shop.post("/pay", json={**ASKED, **wrong})
    assert answer.status_code == 422
    (problem,) = answer.json()["detail"]
    assert problem["loc"] == ["body", *place]
    assert said in problem["msg"]
    assert "4242" not in answer.text
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(PaymentMethod).validate_python({**CARD, "exp_month": 13})
    assert "4242" not in f"{refused.value} {refused.value.errors()} {refused.value.json()}"


def test_no_answer_has_a_secret(shop: TestClient) -> None:
    """An endpoint that answers with a card fails; with a stored payment method's id it does not."""
    assert shop.post("/echo", json=ASKED).json() == {**ASKED, "capture_method": "AUTOMATIC"}
    answer = shop.post("/echo", json={**ASKED, "payment_method": CARD})
    assert answer.status_code == 500
    assert "4242" not in answer.text
    with pytest.raises(ValueError, match=r"Card\.number is secret"):
        TypeAdapter(Card).dump_json(Card(**NUMBER))
    model = Order(number=1, total=Money(1, "USD"), paid_with=SdkToken("pm_once"))
    assert "pm_once" not in f"{model!r} {model.model_dump()}"
    with pytest.raises(ValueError, match=r"serialize unknown type.*SdkToken"):
        model.model_dump_json()


@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_an_openapi_document_describes_every_field(shop: TestClient, mode: Any) -> None:
    """What is written fits the schema, which has the meanings and knows the types of payment
    methods; an event holds other events."""
    schemas = shop.get("/openapi.json").json()["components"]["schemas"]
    assert schemas["Money"]["required"] == ["minor_amount", "currency"]
    assert schemas["Token"]["properties"]["type"]["const"] == "token"
    assert "minor units" in json.dumps(schemas["AuthorizeRequest-Input"]["properties"]["amount"])
    event = Event(kind=EventKind.PAYMENT, event_type="paid", payment=PAID)
    for value in (event, Event(kind=EventKind.UNKNOWN, event_type="x", others=(event,))):
        schema = TypeAdapter(Event).json_schema(mode=mode)
        Draft202012Validator(schema).validate(value.to_dict())
    assert not Draft202012Validator(schema).is_valid({"kind": "PAYMENT"})


def test_a_secret_is_a_setting() -> None:
    """A key of an application's settings is read from a text, and written by nobody."""
    read = TypeAdapter(Secret)
    assert read.validate_python("sk_test_1") == read.validate_python(Secret("sk_test_1"))
    assert read.dump_python(Secret("sk_test_1")) == Secret("sk_test_1")
    with pytest.raises(ValueError, match="is not written"):
        read.dump_json(Secret("sk_test_1"))
    with pytest.raises(ValidationError, match="a Secret holds a string") as refused:
        read.validate_python(4242424242)
    assert "4242" not in str(refused.value)
    assert read.json_schema()["type"] == "string"


def test_the_core_imports_none_of_it() -> None:
    """Neither Pydantic nor babel is needed, or imported with the package."""
    code = "import sys, prism_core; print({'pydantic', 'pydantic_core', 'babel'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_card_is_taken_from_python() -> None:
    assert TypeAdapter(PaymentMethod).validate_python(CARD) == Card(
        "4242424242424242", 1, 2090, "737"
    )
