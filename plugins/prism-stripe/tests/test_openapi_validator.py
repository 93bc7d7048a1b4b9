"""The judge judged: what a request may not be, and that our own samples are as Stripe's document.

All of it needs the document beside the repository; without it, this module is skipped.
"""

from __future__ import annotations

from typing import Any

import pytest

from prism_contract_tests.judging import Judge
from prism_core import HttpRequest

from . import samples
from .stripe_openapi import DOCUMENT, FORM, StripeDocument, stripe_document

if stripe_document() is None:
    pytest.skip(
        f"{'/'.join(DOCUMENT.parts[-3:])} is not beside the repository: "
        "no request was held against it",
        allow_module_level=True,
    )

API = "https://api.stripe.com/v1"
INTENTS, CUSTOMERS = f"{API}/payment_intents", f"{API}/customers"


@pytest.fixture
def document() -> StripeDocument:
    """The document."""
    found = stripe_document()
    assert found is not None
    return found


@pytest.fixture
def headers(document: StripeDocument) -> dict[str, str]:
    """The headers of a request that is right."""
    return {
        "Authorization": "Bearer sk_test_12345",
        "Stripe-Version": document.version,
        "Content-Type": FORM,
    }


GOOD = (
    b"amount=1000&currency=usd&confirm=true&payment_method_types%5B0%5D=card&off_session=true"
    b"&shipping[name]=Ada&shipping[address][line1]=Here&metadata[a]=1"
)


def test_a_request_that_is_right_has_no_violation(
    document: StripeDocument, headers: dict[str, str]
) -> None:
    """Integers, booleans, arrays and nested objects are read from brackets, encoded or not."""
    assert document.violations("POST", INTENTS, headers, GOOD) == []


def test_a_query_that_is_right_has_no_violation(
    document: StripeDocument, headers: dict[str, str]
) -> None:
    """A GET's query is read as a form is."""
    url = f"{INTENTS}/pi_1?expand%5B0%5D=latest_charge"
    assert document.violations("GET", url, headers) == []


@pytest.mark.parametrize(
    ("more", "named"),
    [
        (b"&colour=red", "colour"),
        (b"&shipping[colour]=red", "colour"),
        (b"&shipping[address][line3]=red", "line3"),
        (b"&payment_method_data[type]=card&payment_method_data[card][pin]=1", "card"),
        (b"&payment_method_data[type]=card&payment_method_data[billing_details][x]=1", "'x'"),
        (b"&payment_method_options[card][three_d]=any", "payment_method_options"),
    ],
)
def test_an_unknown_property_is_caught(
    document: StripeDocument, headers: dict[str, str], more: bytes, named: str
) -> None:
    """A property that Stripe does not name is a violation at every level."""
    (problem,) = document.violations("POST", INTENTS, headers, GOOD + more)
    assert named in problem


@pytest.mark.parametrize(
    "more",
    [
        b"&capture_method=MANUAL",
        b"&setup_future_usage=never",
        b"&payment_method_options[card][request_three_d_secure]=please",
        b"&payment_method_data[type]=cash",
        b"&statement_descriptor_suffix=" + b"x" * 23,
        b"&application_fee_amount=10.5",
        b"&use_stripe_sdk=True",
        b"&expand[1]=latest_charge",
        b"&metadata[a%5Bb%5D]=1",
        b"&metadata[[a]=1",
        b"&amount=2000",
    ],
)
def test_a_wrong_value_is_caught(
    document: StripeDocument, headers: dict[str, str], more: bytes
) -> None:
    """Enumerations, lengths, types, arrays, nesting, brackets and repeated keys are checked."""
    assert len(document.violations("POST", INTENTS, headers, GOOD + more)) == 1


def test_a_missing_required_property_is_caught(
    document: StripeDocument, headers: dict[str, str]
) -> None:
    """What Stripe requires must be there, in nested objects too."""
    assert len(document.violations("POST", INTENTS, headers, b"amount=1000")) == 1
    bare = b"amount=1000&currency=usd&shipping[name]=Ada"
    assert "address" in document.violations("POST", INTENTS, headers, bare)[0]


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("POST", f"{API}/payment_intent"),
        ("PUT", INTENTS),
        ("POST", "https://api.stripe.com/payment_intents"),
        ("GET", f"{INTENTS}/pi_1/../../customers"),
        ("GET", f"{INTENTS}/"),
    ],
)
def test_a_wrong_path_or_method_is_caught(
    document: StripeDocument, headers: dict[str, str], method: str, url: str
) -> None:
    """Only the operations that Stripe documents exist."""
    assert "no such operation" in document.violations(method, url, headers)[0]


@pytest.mark.parametrize("query", ["expand=latest_charge", "colour=red", "expand[1]=a"])
def test_a_wrong_query_is_caught(
    document: StripeDocument, headers: dict[str, str], query: str
) -> None:
    """Query parameters are checked as strictly as bodies."""
    assert len(document.violations("GET", f"{INTENTS}/pi_1?{query}", headers)) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"Authorization": "Basic x"},
        {"Authorization": ""},
        {"Stripe-Version": "2020-08-27"},
        {"Content-Type": "application/json"},
    ],
)
def test_a_wrong_header_is_caught(
    document: StripeDocument, headers: dict[str, str], changes: dict[str, str]
) -> None:
    """Authentication, API version and content type are part of a valid request."""
    problems = document.violations("POST", CUSTOMERS, {**headers, **changes}, b"name=Ada")
    assert len(problems) == 1


def test_every_request_built_in_a_test_reaches_the_judge(
    judge: Judge, document: StripeDocument
) -> None:
    """A request is judged because it was built, whether or not anybody sends it."""
    HttpRequest("POST", f"{API}/nowhere", {})
    another = Judge(document.violations)
    another.built, judge.built = judge.built, []
    (problem,) = another.verdict()
    assert "no such operation" in problem


@pytest.mark.parametrize(
    ("schema", "body"),
    [
        ("customer", samples.customer()),
        ("payment_intent", samples.intent()),
        ("payment_intent", samples.uncaptured()),
        ("payment_intent", samples.redirecting()),
        ("error", samples.error(code="parameter_missing", param="amount")),
        ("error", samples.decline(decline_code="insufficient_funds")),
    ],
)
def test_the_samples_are_answers_that_stripe_could_give(
    document: StripeDocument, schema: str, body: dict[str, Any]
) -> None:
    assert document.answer_problems(schema, body) == []


def test_a_sample_that_is_wrong_is_caught(document: StripeDocument) -> None:
    """The check of the samples can fail."""
    assert document.answer_problems("payment_intent", samples.intent(amount="1000"))
    assert document.answer_problems("payment_intent", samples.intent(status=None))
