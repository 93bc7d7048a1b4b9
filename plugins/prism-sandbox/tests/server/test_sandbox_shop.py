"""The shop of `prism sandbox --shop` in a real Chromium: four ways to pay, and what its server can
know of a card."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from browser import chromium, text, until
from process_memory import held, memory_of

from .shop_pages import choose, grouped, press, ready, type_card
from .shop_process import Selling, paying_with_a_card, selling

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = pytest.mark.once
# Not the numbers and accounts that examples have: the core knows those.
APPROVED, ALSO_APPROVED, DECLINED = "5555555555554444", "4000000000007726", "4000000000000002"
IBAN = "DE23500105170000123456"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Selling]:
    """A sandbox and its shop."""
    with selling(tmp_path_factory.mktemp("shop")) as started:
        yield started


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A headless Chromium."""
    with chromium(tmp_path_factory.mktemp("chromium"), "700,900") as opened:
        yield opened


@pytest.fixture
def browser(started: Chrome, shop: Selling) -> Chrome:
    """The shop's page, with its frame ready."""
    started.get(shop.shop)
    ready(started)
    return started


def until_said(browser: Chrome, words: str) -> str:
    """Wait until the shop says this; gives the order's id, from the address."""
    until(browser, lambda: words in text(browser, "#said"), 10)
    return browser.current_url.partition("/orders/")[2].partition("?")[0]


def pay_here(browser: Chrome, words: str = "Thank you: it is paid.") -> str:
    """Press Pay, and wait until the shop says this."""
    press(browser, "#here")
    return until_said(browser, words)


def test_four_ways_end_paid_and_the_shop_never_holds_a_number(
    browser: Chrome, shop: Selling
) -> None:
    """With a token of the frame, on the processor's page, by redirect to a bank, and by a debit.
    What was typed is nowhere in the memory of the shop's process, in its database or in what it and
    the sandbox printed; the same search finds the number in a process that paid with a `Card`."""
    typed = [APPROVED, ALSO_APPROVED, IBAN]
    assert held(typed, memory_of(shop.shop_pid)) == []
    orders = [_by_token(browser, shop), _on_the_page(browser, shop)]
    orders += [_by_redirect(browser, shop), _by_debit(browser, shop)]
    assert [shop.payments(order) for order in orders] == [
        [(f"{order}-1", "CHARGED")] for order in orders
    ]
    # It is the right process, and the search finds what is there.
    assert held(orders, memory_of(shop.shop_pid)) == sorted(orders)
    with paying_with_a_card(shop.sandbox, APPROVED) as control:
        assert held(typed, memory_of(control)) == [APPROVED]

    assert held(typed, memory_of(shop.shop_pid)) == []
    kept = [path.read_bytes() for path in shop.folder.iterdir()]
    assert held(typed, iter(kept)) == []
    assert held(orders, iter(kept)) == sorted(orders)


def _by_token(browser: Chrome, shop: Selling) -> str:
    choose(browser, "card", number=APPROVED)
    return pay_here(browser)


def _on_the_page(browser: Chrome, shop: Selling) -> str:
    browser.get(shop.shop)
    press(browser, "#there")
    until(browser, lambda: browser.find_element("id", "card-number"))
    assert browser.current_url.startswith(f"{shop.sandbox}/pay/")
    type_card(browser, ALSO_APPROVED)
    press(browser, "button[value=card]")
    return until_said(browser, "Thank you: it is paid.")


def _by_redirect(browser: Chrome, shop: Selling) -> str:
    browser.get(shop.shop)
    choose(browser, "ideal")
    press(browser, "#here")
    until(browser, lambda: browser.find_element("css selector", "button[value=approve]"))
    press(browser, "button[value=approve]")
    return until_said(browser, "Thank you: it is paid.")


def _by_debit(browser: Chrome, shop: Selling) -> str:
    """It is not paid at first: an event says so later."""
    browser.get(shop.shop)
    choose(browser, "sepa", iban=grouped(IBAN), holder_name="Ada Lovelace")
    order = pay_here(browser, "Thank you")
    until(browser, lambda: shop.payments(order) == [(f"{order}-1", "CHARGED")], 10)
    return order


def test_after_a_decline_the_customer_tries_again(browser: Chrome, shop: Selling) -> None:
    """A wrong number is told in the frame, and no payment is made; a decline is told in the shop,
    and the next try, on the same page, pays the same order."""
    choose(browser, "card", number=APPROVED[:-1] + "3")
    press(browser, "#here")
    browser.switch_to.frame(0)
    until(browser, lambda: "check digit" in text(browser, "[role=alert]"))
    field = browser.switch_to.active_element
    assert (field.get_attribute("id"), field.get_attribute("aria-invalid")) == (
        "card-number",
        "true",
    )
    browser.switch_to.default_content()

    choose(browser, "card", number=DECLINED)
    press(browser, "#here")
    until(browser, lambda: "It was not paid" in text(browser, "#said"))
    choose(browser, "card", number=APPROVED)
    order = pay_here(browser)
    assert shop.payments(order) == [
        (f"{order}-1", "AUTHORIZATION_FAILED"),
        (f"{order}-2", "CHARGED"),
    ]


def test_a_decline_on_the_payment_page_leaves_the_order_open(
    browser: Chrome, shop: Selling
) -> None:
    """Another card, on the same page, pays the same payment."""
    press(browser, "#there")
    until(browser, lambda: browser.find_element("id", "card-number"))
    type_card(browser, DECLINED)
    press(browser, "button[value=card]")
    until(browser, lambda: text(browser, "[role=alert]"))
    type_card(browser, APPROVED)
    press(browser, "button[value=card]")
    order = until_said(browser, "Thank you: it is paid.")
    assert shop.payments(order) == [(f"{order}-1", "CHARGED")]


def test_the_customer_can_come_back_later(browser: Chrome, shop: Selling) -> None:
    """Who leaves the bank's page unanswered finds the way there from the shop, and pays; who gives
    up on the payment page starts again, with the same order."""
    choose(browser, "ideal")
    press(browser, "#here")
    until(browser, lambda: browser.find_element("css selector", "button[value=later]"))
    press(browser, "button[value=later]")
    order = until_said(browser, "It is not paid yet.")
    assert shop.payments(order) == [(f"{order}-1", "AUTHENTICATION_PENDING")]
    press(browser, "#said a")
    until(browser, lambda: browser.find_element("css selector", "button[value=approve]"))
    press(browser, "button[value=approve]")
    assert until_said(browser, "Thank you: it is paid.") == order

    browser.get(shop.shop)
    press(browser, "#there")
    until(browser, lambda: browser.find_element("css selector", "button[value=cancel]"))
    press(browser, "button[value=cancel]")
    order = until_said(browser, "Try again")
    press(browser, "#said a")
    ready(browser)
    choose(browser, "card", number=APPROVED)
    assert pay_here(browser) == order
    assert shop.payments(order) == [(f"{order}-1", "VOIDED"), (f"{order}-2", "CHARGED")]
