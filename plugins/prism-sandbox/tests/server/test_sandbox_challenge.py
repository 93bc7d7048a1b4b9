"""The 3-D Secure challenge page over plain HTTP: answered once, safe to show, back to the shop."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest

from prism_sandbox.server.filling import money

from .conftest import press

Pay = Callable[..., httpx.Response]

CHALLENGED = "4000002500003155"


def token_of(client: httpx.Client, url: str) -> str:
    """The token in a challenge's form."""
    found = re.search(r'name="token" value="([0-9a-f]+)"', client.get(url).text)
    assert found is not None
    return found.group(1)


def challenge_url(answer: httpx.Response) -> str:
    """Where the customer has to go."""
    payment = answer.json()
    assert (answer.status_code, payment["status"]) == (201, "requires_action")
    assert payment["next_action"]["type"] == "redirect"
    return str(payment["next_action"]["url"])


@pytest.mark.parametrize(
    ("result", "capture", "status"),
    [
        ("approve", "automatic", "captured"),
        ("approve", "manual", "authorized"),
        ("fail", "automatic", "failed"),
    ],
)
def test_the_answer_decides_the_payment(
    client: httpx.Client, pay: Pay, result: str, capture: str, status: str
) -> None:
    """Approving captures or authorizes, failing fails, and the page says it is done."""
    answer = pay(CHALLENGED, capture=capture)
    done = press(client, challenge_url(answer), result)
    assert done.status_code == 200
    assert "You can close this page" in done.text
    payment = client.get(f"/v1/payments/{answer.json()['id']}").json()
    assert payment["status"] == status
    assert payment["next_action"] is None
    assert payment["amount_authorized"] == (0 if status == "failed" else 1000)
    decline = payment["decline"]
    assert (decline and decline["code"]) == (
        "authentication_failed" if status == "failed" else None
    )


def test_the_customer_returns_to_the_shop(client: httpx.Client, pay: Pay) -> None:
    """The shop's address keeps its own query and learns which payment this was about."""
    answer = pay(CHALLENGED, reference="order 1&2", return_url="https://shop.example/r?a=%20b#top")
    back = press(client, challenge_url(answer), "approve")
    assert back.status_code == 303
    expected = f"a=%20b&payment={answer.json()['id']}&reference=order+1%262"
    assert back.headers["location"] == f"https://shop.example/r?{expected}#top"


def test_a_challenge_is_answered_once(client: httpx.Client, pay: Pay) -> None:
    """A second answer changes nothing and is told that the challenge is completed."""
    answer = pay(CHALLENGED)
    url = challenge_url(answer)
    token = token_of(client, url)
    press(client, url, "fail")
    second = press(client, url, "approve", token=token)
    assert second.status_code == 409
    assert "already completed" in second.text
    assert "already completed" in client.get(url).text
    assert client.get(f"/v1/payments/{answer.json()['id']}").json()["status"] == "failed"


def test_nonsense_does_not_answer_a_challenge(client: httpx.Client, pay: Pay) -> None:
    """An unknown result, no result or a huge form leaves the payment waiting."""
    answer = pay(CHALLENGED)
    url = challenge_url(answer)
    own, token = {"Origin": str(client.base_url).rstrip("/")}, token_of(client, url)
    for result in ({"result": "maybe"}, {}, {"result": ["approve", "fail"]}):
        data = {"token": token, **result}
        assert client.post(url, data=data, headers=own).status_code == 400
    assert client.post(url, data={"result": "x" * 70_000}, headers=own).status_code == 413
    many = "&".join(f"f{i}=1" for i in range(50))
    assert client.post(url, content=many, headers=own).status_code == 400
    assert client.get(f"/v1/payments/{answer.json()['id']}").json()["status"] == "requires_action"


def test_an_unknown_challenge_is_a_404_page(client: httpx.Client) -> None:
    """A guessed or mistyped challenge address shows a page, not JSON."""
    answer = client.get("/challenge/x")
    assert answer.status_code == 404
    assert "no such page" in answer.text
    assert press(client, "/challenge/x", "approve").status_code == 403


def test_the_page_cannot_be_injected_into(client: httpx.Client, pay: Pay) -> None:
    """A reference full of markup is shown as text, under a policy that runs no script."""
    page = client.get(challenge_url(pay(CHALLENGED, reference="<script>$amount &amp;</script>")))
    assert "<script" not in page.text
    assert "&lt;script&gt;$amount &amp;amp;&lt;/script&gt;" in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert page.headers["referrer-policy"] == "same-origin"  # none for the shop


def test_the_page_shows_what_is_paid(client: httpx.Client, pay: Pay) -> None:
    """The customer sees the order, the amount as their currency writes it, and the card."""
    page = client.get(challenge_url(pay(CHALLENGED, reference="order_7", currency="JPY"))).text
    assert "order_7" in page
    assert "<dd>1000 JPY</dd>" in page
    assert "Visa ending in 3155" in page


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [(5, "USD", "0.05 USD"), (1234, "KWD", "1.234 KWD"), (1, "CLF", "0.0001 CLF")],
)
def test_amounts_have_the_currency_s_decimals(amount: int, currency: str, shown: str) -> None:
    """Two, three and four decimals come out right, with leading zeros."""
    assert money(amount, currency) == shown


FOREIGN = "http://127.0.0.1:9"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": FOREIGN},
        {"Origin": "http://localhost"},
        {"Origin": "{own}", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "{own}", "Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_page_cannot_answer_a_challenge(
    client: httpx.Client, pay: Pay, headers: dict[str, str]
) -> None:
    """A page of somebody else that knows the address (a shop does) and makes the customer's browser
    post there approves nothing, even with the form's token."""
    answer = pay(CHALLENGED)
    url = challenge_url(answer)
    own = str(client.base_url).rstrip("/")
    sent = {name: value.format(own=own) for name, value in headers.items()}
    form = {"token": token_of(client, url), "result": "approve"}
    refused = client.post(url, data=form, headers=sent)
    assert (refused.status_code, "own page" in refused.text) == (403, True)
    assert client.get(f"/v1/payments/{answer.json()['id']}").json()["status"] == "requires_action"


def test_a_challenge_takes_its_own_form_alone(client: httpx.Client, pay: Pay) -> None:
    """Without the token, with a wrong one or with that of another challenge nothing happens."""
    answer = pay(CHALLENGED)
    url, other = challenge_url(answer), challenge_url(pay(CHALLENGED))
    for token in ("", "0" * 64, "é", token_of(client, other)):
        refused = press(client, url, "approve", token=token)
        assert (refused.status_code, "reload" in refused.text) == (403, True)
    assert client.get(f"/v1/payments/{answer.json()['id']}").json()["status"] == "requires_action"
    press(client, url, "approve")
    assert client.get(f"/v1/payments/{answer.json()['id']}").json()["status"] == "captured"
