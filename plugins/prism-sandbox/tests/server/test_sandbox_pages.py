"""The pages of orders and banks: what a customer does there, and what nobody else can."""

from __future__ import annotations

import threading
import time
from typing import Any

import httpx
import pytest

from .conftest import Pay

GOOD = {
    "type": "card",
    "number": "4242 4242 4242 4242",
    "exp_month": "12",
    "exp_year": "2090",
    "cvc": "123",
}
BACK = "http://127.0.0.1:9/back?shop=1"


def order(client: httpx.Client, **more: Any) -> dict[str, Any]:
    body = {"amount": 1000, "currency": "EUR", "reference": "order_7", "return_url": BACK, **more}
    made: dict[str, Any] = client.post("/v1/orders", json=body).json()
    return made


def state(client: httpx.Client, made: dict[str, Any]) -> tuple[str, str]:
    now = client.get(f"/v1/orders/{made['id']}").json()
    return now["status"], now["payment"]["status"]


def submit(client: httpx.Client, url: str, **form: str) -> httpx.Response:
    """What a browser sends when a form of a page is sent."""
    found = client.get(url).text.split('name="token" value="')[1].split('"')[0]
    own = {"Origin": str(client.base_url).rstrip("/")}
    return client.post(url, data={"token": found, **form}, headers=own)


def test_a_card_pays_an_order_and_leads_back(client: httpx.Client) -> None:
    """With the ids that the shop looks the payment up by. A second try finds it paid."""
    made = order(client)
    done = submit(client, made["url"], **GOOD)
    back = httpx.URL(done.headers["location"])
    assert (done.status_code, str(back.copy_with(query=None))) == (303, "http://127.0.0.1:9/back")
    wanted = {"shop": "1", "order": made["id"], "payment": made["payment"]["id"]}
    assert dict(back.params) == wanted | {"reference": "order_7"}
    assert state(client, made) == ("complete", "captured")
    assert "paid already" in client.get(made["url"]).text


def test_a_failed_try_leaves_the_order_open(client: httpx.Client) -> None:
    """A decline, a mistyped number and a failed challenge: the page says why, and can be tried
    again. Nothing of what was typed is on it."""
    made = order(client)
    declined = submit(client, made["url"], **GOOD | {"number": "4000000000000002"})
    assert (declined.status_code, "declined the payment" in declined.text) == (402, True)
    assert state(client, made) == ("open", "requires_payment_method")
    mistyped = submit(client, made["url"], **GOOD | {"number": "4242424242424241"})
    assert (mistyped.status_code, "check digit" in mistyped.text) == (400, True)
    assert "4242" not in mistyped.text
    asked = submit(client, made["url"], **GOOD | {"number": "4000002500003155"})
    failed = submit(client, asked.headers["location"], result="fail")
    assert str(made["url"]).endswith(failed.headers["location"])
    assert "did not pass" in client.get(made["url"]).text
    submit(client, made["url"], **GOOD)
    assert state(client, made) == ("complete", "captured")
    assert client.get(f"/v1/orders/{made['id']}").json()["payment"]["decline"] is None


@pytest.mark.parametrize(
    ("result", "status", "place"),
    [
        ("approve", ("complete", "captured"), "/back"),
        ("decline", ("open", "requires_payment_method"), "/pay/"),
        ("later", ("open", "requires_action"), "/back"),
    ],
)
def test_a_bank(client: httpx.Client, result: str, status: tuple[str, str], place: str) -> None:
    """Who comes back without having decided leaves the order as it is; the bank's page still
    takes the answer."""
    made = order(client)
    bank = submit(client, made["url"], type="ideal").headers["location"]
    back = submit(client, bank, result=result)
    assert place in back.headers["location"]
    assert state(client, made) == status
    if result == "later":
        submit(client, bank, result="approve")
        assert state(client, made) == ("complete", "captured")


def test_another_try_ends_the_one_at_the_bank(client: httpx.Client) -> None:
    """So that an order is never paid twice."""
    made = order(client)
    bank = submit(client, made["url"], type="eps").headers["location"]
    submit(client, made["url"], **GOOD)
    late = client.post(bank, data={"result": "approve"})
    assert late.status_code in (403, 409)
    assert "already completed" in client.get(bank).text
    assert client.get(f"/v1/orders/{made['id']}").json()["payment"]["amount_captured"] == 1000


def test_two_tries_at_once_pay_once(client: httpx.Client) -> None:
    made = order(client, hosted=False)
    url = str(client.base_url).rstrip("/")
    answers = []

    def attempt() -> None:
        body = {"client_secret": made["client_secret"], "payment_method": METHOD}
        header = {"Authorization": "Bearer pk_sandbox_t"}
        answers.append(httpx.post(f"{url}/v1/checkout/pay", json=body, headers=header))

    tries = [threading.Thread(target=attempt) for _ in range(6)]
    for one in tries:
        one.start()
    for one in tries:
        one.join()
    assert sorted(one.status_code for one in answers) == [200, *[409] * 5]


METHOD = {"type": "card", "number": "4242424242424242", "exp_month": 12, "exp_year": 2090}


def test_canceling_and_running_out_end_an_order(client: httpx.Client) -> None:
    made = order(client, cancel_url="http://127.0.0.1:9/cart")
    left = submit(client, made["url"], type="cancel")
    assert left.headers["location"].startswith("http://127.0.0.1:9/cart?")
    assert state(client, made) == ("canceled", "canceled")
    assert "canceled" in client.get(made["url"]).text
    short = order(client, sandbox={"expires_seconds": 1})
    limit = time.monotonic() + 5
    while state(client, short)[0] == "open" and time.monotonic() < limit:
        time.sleep(0.05)
    assert state(client, short) == ("expired", "expired")
    assert "run out" in client.get(short["url"]).text


def test_a_page_offers_what_was_asked_for(client: httpx.Client) -> None:
    """Not what could not be kept, or not be captured later; and it takes nothing else."""
    owner = client.post("/v1/customers", json={"reference": "user_1"}).json()["id"]
    kept = order(client, customer=owner, setup_future_usage="off_session")
    page = client.get(kept["url"]).text
    assert 'value="ideal"' in page
    assert 'value="eps"' not in page
    later = client.get(order(client, capture="manual")["url"]).text
    assert ('value="card"' in later, 'value="sepa"' in later) == (True, False)
    only = order(client, payment_method_types=["ideal"])
    refused = submit(client, only["url"], **GOOD)
    assert (refused.status_code, "offers ideal" in refused.text) == (400, True)
    assert state(client, only) == ("open", "requires_payment_method")
    nothing = client.post(
        "/v1/orders",
        json={"amount": 1, "currency": "EUR", "capture": "manual", "payment_method_types": ["ach"]},
    )
    assert nothing.json()["error"]["param"] == "payment_method_types"


FOREIGN = ({}, {"Origin": "http://127.0.0.1:9"}, {"Origin": "null"})


@pytest.mark.parametrize("headers", FOREIGN)
def test_another_page_cannot_pay_cancel_or_approve(
    client: httpx.Client, headers: dict[str, str]
) -> None:
    """Even with the form's own token."""
    made = order(client)
    token = client.get(made["url"]).text.split('name="token" value="')[1].split('"')[0]
    for form in (GOOD, {"type": "cancel"}):
        refused = client.post(made["url"], data={**form, "token": token}, headers=headers)
        assert refused.status_code == 403
    assert state(client, made) == ("open", "requires_payment_method")
    bank = submit(client, made["url"], type="ideal").headers["location"]
    token = client.get(bank).text.split('name="token" value="')[1].split('"')[0]
    refused = client.post(bank, data={"token": token, "result": "approve"}, headers=headers)
    assert refused.status_code == 403
    assert state(client, made) == ("open", "requires_action")


def test_a_page_s_token_is_for_that_page_alone(client: httpx.Client) -> None:
    made, other = order(client), order(client)
    token = client.get(other["url"]).text.split('name="token" value="')[1].split('"')[0]
    own = {"Origin": str(client.base_url).rstrip("/")}
    assert client.post(made["url"], data={**GOOD, "token": token}, headers=own).status_code == 403


def test_a_page_cannot_be_injected_into(client: httpx.Client) -> None:
    line = {"name": "<img src=x>", "quantity": 2, "amount": 500}
    page = client.get(order(client, reference="<script>x</script>", order_details=[line])["url"])
    assert "<script" not in page.text
    assert "<img" not in page.text
    assert "2 × &lt;img src=x&gt;" in page.text
    assert "script-src" not in page.headers["content-security-policy"]


def test_the_page_of_a_shop_sees_and_pays_its_own_order_alone(client: httpx.Client) -> None:
    """By its client secret. A stored method is for the shop's server to name."""
    made, other = order(client, hosted=False, metadata={"a": "b"}), order(client, hosted=False)
    public = {"Authorization": "Bearer pk_sandbox_t"}
    secret = made["client_secret"]
    seen = client.post("/v1/checkout", json={"client_secret": secret}, headers=public).json()
    assert (seen["status"], seen["amount"], seen["order"]) == ("open", 1000, made["id"])
    assert not {"metadata", "customer", "client_secret"} & set(seen)
    mixed = f"{made['id']}_secret_{other['client_secret'].partition('_secret_')[2]}"
    for wrong in (mixed, made["id"], "", f"{order(client)['id']}_secret_"):
        body = {"client_secret": wrong}
        assert client.post("/v1/checkout", json=body, headers=public).status_code == 404
    stored = {"type": "token", "token": "pm_x"}
    body = {"client_secret": secret, "payment_method": stored}
    refused = client.post("/v1/checkout/pay", json=body, headers=public)
    assert refused.json()["error"]["param"] == "payment_method.type"


def test_a_redirect_needs_no_order(client: httpx.Client, pay: Pay) -> None:
    """A decline at the bank ends a payment that no order holds open."""
    ideal = {"type": "redirect", "method": "ideal", "bank_name": "Sandbox Bank"}
    made = pay(payment_method=ideal).json()
    assert (made["status"], made["method"]) == (
        "requires_action",
        {"type": "ideal", "bank": "Sandbox Bank"},
    )
    submit(client, made["next_action"]["url"], result="decline")
    after = client.get(f"/v1/payments/{made['id']}").json()
    assert (after["status"], after["decline"]["code"]) == ("declined", "declined_by_customer")
