"""The live page over plain HTTP: what it shows and hides, whom it obeys, and that the API never
notices it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from prism_sandbox.server import journal, running
from prism_sandbox.server.rules import TEST_CARDS

Pay = Callable[..., httpx.Response]

PROCESSING, CHALLENGED, REFUND_FAILS = "4000000000000101", "4000002500003155", "4000000000005126"
SERVER = Path(journal.__file__).parent


@pytest.fixture
def shop() -> Iterator[httpx.Client]:
    """A client of a sandbox of its own, on whose page nothing else happens."""
    with (
        running(hang_seconds=30) as url,
        httpx.Client(base_url=url, headers={"Authorization": "Bearer sandbox_secret_9"}) as opened,
    ):
        yield opened


def rows(client: httpx.Client, section: str) -> list[str]:
    """The rows of one table as the page's script gets them."""
    return list(client.get("/page/rows").json()["sections"][section]["rows"].values())


def token(client: httpx.Client) -> str:
    """What the page's own forms carry, on a page with a payment that can be moved along."""
    found = re.search(r'name="token" value="([^"]+)"', client.get("/").text)
    assert found
    return found[1]


def post(client: httpx.Client, payment: str, move: str, **more: str) -> httpx.Response:
    """What the page sends when a person presses a button; any part can be changed."""
    origin = more.pop("origin", str(client.base_url).rstrip("/"))
    headers = {"Origin": origin, "Accept": more.pop("accept", "application/json")}
    fields = {"move": move, "amount": "", **more}
    if "token" not in fields:
        fields["token"] = token(client)
    return client.post(f"/page/payments/{payment}", data=fields, headers=headers)


def said(answer: httpx.Response) -> tuple[int, str]:
    """The status of an answer, and what a person reads."""
    return answer.status_code, answer.json()["said"]


def test_a_payment_is_moved_along_by_the_rules(client: httpx.Client, pay: Pay) -> None:
    """A part captured, the rest voided, and a part refunded on the page are what the API tells."""
    payment = pay(capture="manual", reference="order_1").json()["id"]
    for move, amount, words in (
        ("capture", "4.00", "Captured 4.00 USD of order_1."),
        ("void", "", "Voided 6.00 USD of order_1."),
        ("refund", "1.5", "Refunded 1.50 USD of order_1."),
        ("refund", "", "Refunded 2.50 USD of order_1."),
    ):
        assert said(post(client, payment, move, amount=amount)) == (200, words)
    now = client.get(f"/v1/payments/{payment}").json()
    assert (now["status"], now["amount_captured"]) == ("partially_voided", 400)
    assert now["amount_refunded"] == 400
    assert "<button" not in rows(client, "payments")[0]


@pytest.mark.parametrize(
    ("capture", "move", "status"),
    [
        ("automatic", "settle", "captured"),
        ("manual", "settle", "authorized"),
        ("manual", "decline", "declined"),
    ],
)
def test_a_pending_payment_is_settled(
    client: httpx.Client, pay: Pay, capture: str, move: str, status: str
) -> None:
    """A payment that stays processing ends as a person decides, as it was asked for; once."""
    payment = pay(PROCESSING, capture=capture).json()["id"]
    known = token(client)
    assert post(client, payment, move).status_code == 200
    now = client.get(f"/v1/payments/{payment}").json()
    assert now["status"] == status
    assert now["amount_authorized"] == (0 if status == "declined" else 1000)
    assert said(post(client, payment, "settle", token=known))[0] == 409


def test_a_mandate_follows_its_payment(client: httpx.Client) -> None:
    """A mandate that waits for its first payment is active once that is settled."""
    token = {"type": "token", "token": "tok_processing"}
    mandate = client.post("/v1/mandates", json={"payment_method": token}).json()
    assert mandate["status"] == "pending"
    assert post(client, mandate["payment"], "settle").status_code == 200
    assert client.get(f"/v1/mandates/{mandate['id']}").json()["status"] == "active"


@pytest.mark.parametrize(
    ("move", "amount", "status", "words"),
    [
        ("refund", "", 409, "Nothing of this payment is captured."),
        ("settle", "", 409, "cannot be settled"),
        ("capture", "10.01", 400, "Write an amount up to 10.00 USD, or nothing for all of it."),
        ("capture", "0", 400, "up to 10.00 USD"),
        ("capture", "-1", 400, "up to 10.00 USD"),
        ("capture", "1.001", 400, "up to 10.00 USD"),
        ("capture", "ten", 400, "up to 10.00 USD"),
        ("void", "1", 400, "Void takes no amount"),
        ("steal", "", 400, "no such move"),
    ],
)
def test_an_illegal_move_is_refused_in_words(
    client: httpx.Client, pay: Pay, move: str, amount: str, status: int, words: str
) -> None:
    """What the payment's status or amount does not allow changes nothing, and says why."""
    payment = pay(capture="manual").json()
    answer = post(client, payment["id"], move, amount=amount)
    assert answer.status_code == status
    assert words in answer.json()["said"]
    assert client.get(f"/v1/payments/{payment['id']}").json() == payment


def test_a_refund_that_fails_says_so(client: httpx.Client, pay: Pay) -> None:
    """A person is not told that money went back which did not."""
    payment = pay(REFUND_FAILS, reference="order_2").json()["id"]
    assert "failed" in said(post(client, payment, "refund"))[1]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", ""])
def test_another_site_cannot_move_a_payment(client: httpx.Client, pay: Pay, origin: str) -> None:
    """A web page elsewhere that posts to the sandbox is refused, even if it knew the token."""
    payment = pay(capture="manual").json()["id"]
    assert post(client, payment, "capture", origin=origin).status_code == 403
    assert client.get(f"/v1/payments/{payment}").json()["status"] == "authorized"


def test_a_post_needs_the_page_s_token_and_a_loopback_name(client: httpx.Client, pay: Pay) -> None:
    """The right origin alone does not do, nor does a name that was pointed at this machine."""
    payment = pay(capture="manual").json()["id"]
    assert post(client, payment, "capture", token="guessed").status_code == 403
    assert post(client, payment, "capture", token="é").status_code == 403
    for path in ("/", "/page/rows", "/page/static/live.js"):
        assert client.get(path, headers={"Host": "evil.example"}).status_code == 400
    rebound = {"Host": "evil.example", "Origin": "http://evil.example"}
    assert client.post(f"/page/payments/{payment}", headers=rebound).status_code == 400
    assert client.get(f"/v1/payments/{payment}").json()["status"] == "authorized"


def test_without_a_script_forms_still_work(client: httpx.Client, pay: Pay) -> None:
    """A browser that runs no script gets the page again, or a page that says what is wrong."""
    payment = pay(capture="manual").json()["id"]
    done = post(client, payment, "capture", accept="text/html")
    assert (done.status_code, done.headers["location"]) == (303, "/#payments")
    again = post(client, payment, "capture", accept="text/html")
    assert again.status_code == 409
    assert "cannot be captured" in again.text


def test_requests_are_shown_without_secrets(shop: httpx.Client, pay: Pay) -> None:
    """Method, path, status, key and replay are there; no card number, key or query is, though a
    client put them where they do not belong."""
    number = "4242424242424242"
    for _ in range(2):
        assert pay(using=shop, key="order-17_<b>").status_code == 201
    pay(using=shop, key=f"pay-{number}-1")
    pay(using=shop, key="174242-4242-4242-4242")
    for path in (f"/v1/payments/{number}", f"/{number}/sandbox_secret_9"):
        shop.get(path, params={"reference": number})
    shop.request("sandbox_secret_9", "/v1/payments")
    shown = rows(shop, "requests")
    assert len(shown) == 7
    assert "POST /v1/payments" in shown[-1]
    assert "201" in shown[-1]
    assert "order-17_&lt;b&gt;" in shown[-1]
    assert "replayed" not in shown[-1]
    assert "replayed" in shown[-2]
    assert "pay-…<" in shown[-3]
    everything = shop.get("/page/rows").text
    for secret in (*(card.number for card in TEST_CARDS), "4242-4242", "sandbox_secret_9"):
        assert secret not in everything


def test_a_request_shows_while_it_is_under_way(shop: httpx.Client, pay: Pay) -> None:
    """Somebody whose program hangs sees that the sandbox is what it waits for."""
    with pytest.raises(httpx.ReadTimeout):
        pay("4000000000000127", using=shop, timeout=0.2)
    assert "under way" in rows(shop, "requests")[0]


def test_the_lists_are_bounded(shop: httpx.Client) -> None:
    """After many requests the page still shows the newest hundred, and says how many there were;
    200 at most are kept in memory."""
    for number in range(journal.KEPT + 5):
        shop.post("/v1/customers", json={"reference": f"user_{number}"})
    sections = shop.get("/page/rows").json()["sections"]
    for name in ("customers", "requests"):
        assert len(sections[name]["rows"]) == 100
        assert sections[name]["caption"] == f"The newest 100 of {journal.KEPT + 5}."
    assert "user_204" in next(iter(sections["customers"]["rows"].values()))
    kept = journal.Requests(["/v1/payments"])
    for number in range(journal.KEPT + 5):
        kept.began(f"req_{number}", "GET", "/v1/payments", None)
    assert len(kept.newest()) == journal.KEPT


def test_nothing_new_is_a_short_answer(shop: httpx.Client, pay: Pay) -> None:
    """A page that is left open costs the sandbox next to nothing while nothing happens."""
    version = shop.get("/page/rows").json()["version"]
    assert shop.get("/page/rows", params={"since": version}).status_code == 204
    pay(using=shop)
    assert shop.get("/page/rows", params={"since": version}).status_code == 200


def test_the_api_works_when_the_page_does_not(
    shop: httpx.Client, pay: Pay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mistake in what the page notes down never costs a payment."""

    def broken(*_: Any) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(journal._Newest, "_add", broken)
    monkeypatch.setattr(journal._Newest, "_change", broken)
    assert pay(using=shop).status_code == 201


def test_names_are_text_under_a_strict_policy(client: httpx.Client) -> None:
    """Markup in a customer's name is shown, not run; inline scripts could not run anyway."""
    client.post("/v1/customers", json={"name": "<script>alert(1)</script>$name"})
    page = client.get("/")
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;$name" in page.text
    policy = page.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert page.headers["cache-control"] == "no-store"


def test_what_the_page_needs_comes_from_here(shop: httpx.Client) -> None:
    """The page works with no network: every script and style is the sandbox's own, and there."""
    page = shop.get("/").text
    for address in re.findall(r'(?:src|href)="([^"#]+)"', page):
        assert address.startswith(("/page/static/", "data:,"))
        assert address == "data:," or shop.get(address).status_code == 200
    found = {path.name for path in (SERVER / "static").iterdir()}
    assert found == {"frame.js", "live.js", "sandbox.js", "style.css"}


def test_a_challenge_is_one_click_away(client: httpx.Client, pay: Pay) -> None:
    """A payment that waits for its customer links to the page that asks them."""
    payment = pay(CHALLENGED).json()
    link = re.search(r'href="(/challenge/[^"]+)"', rows(client, "payments")[0])
    assert link
    assert payment["next_action"]["url"].endswith(link[1])


def test_what_does_not_exist_is_said_too(client: httpx.Client, pay: Pay) -> None:
    """A payment that is gone, and a body that is no form, get words and no error of the sandbox."""
    pay()
    assert said(post(client, "pay_none", "capture")) == (404, "No such payment.")
    assert client.post("/page/payments/pay_none", content=b"a=1&" * 50).status_code == 400


def test_without_a_receiver_the_page_says_how(client: httpx.Client) -> None:
    """Who wonders why no webhook comes is told which option is missing."""
    assert "prism sandbox --webhook URL" in client.get("/").text
