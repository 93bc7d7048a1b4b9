"""The live page in a real Chromium: what happens shows by itself, and a person moves a payment
along, with the mouse, with the keyboard only, and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from browser import chromium, text, until

from prism_core import Card, Money, Payment, PaymentStatus, Prism
from prism_sandbox.server import Receiver, running

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = pytest.mark.once
MARKUP = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def url(receiver_url: str) -> Iterator[str]:
    """A sandbox that tells of events."""
    with running(webhook=Receiver(receiver_url, "whsec_tests", first_pause=0.05)) as opened:
        yield opened


@pytest.fixture(scope="module")
def prism(url: str) -> Iterator[Prism]:
    """The installed connector, as an application uses it."""
    with Prism("sandbox", api_key="sandbox_browser", base_url=url) as opened:
        yield opened


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A headless Chromium."""
    with chromium(tmp_path_factory.mktemp("chromium"), "1200,900") as opened:
        yield opened


@pytest.fixture
def browser(started: Chrome, url: str) -> Chrome:
    """The live page, opened and watching."""
    started.get(url)
    until(started, lambda: text(started, "#state") == "Live")
    return started


def authorized(prism: Prism, name: str, customer: str | None = None) -> Payment:
    """A payment of ten dollars that waits for its capture."""
    return prism.payments.authorize(
        merchant_transaction_id=name,
        amount=Money(1000, "USD"),
        payment_method=Card("4242424242424242", 12, 2090, "123"),
        connector_customer_id=customer,
        capture_method="MANUAL",
    )


def test_what_happens_shows_and_a_click_captures(browser: Chrome, prism: Prism) -> None:
    """With the page open, a customer, a payment, its requests and its event appear without a
    reload; Capture captures, which the API and a second event confirm."""
    browser.execute_script("window.notReloaded = true")
    customer = prism.customers.create(merchant_customer_id="user_1", name=MARKUP)
    payment = authorized(prism, "order_1", customer.connector_customer_id)
    known = str(payment.connector_transaction_id)
    until(browser, lambda: MARKUP in text(browser, f"#{customer.connector_customer_id}"))
    until(browser, lambda: "authorized" in text(browser, f"#{known}"))
    until(browser, lambda: "payment.authorized" in text(browser, "#webhooks tbody"))
    assert customer.connector_customer_id in text(browser, f"#{known}")
    assert "POST /v1/payments" in text(browser, "#requests tbody")
    assert "201" in text(browser, "#requests tbody")

    browser.find_element("id", f"{known}-capture").click()
    until(browser, lambda: "Captured 10.00 USD of order_1." in text(browser, "#said"))
    until(browser, lambda: "captured" in text(browser, f"#{known} .status"))
    until(browser, lambda: "payment.captured" in text(browser, "#webhooks tbody"))
    until(browser, lambda: "204" in text(browser, "#webhooks tbody tr"))
    found = prism.payments.get(connector_transaction_id=known)
    assert (found.status, found.captured_amount) == (PaymentStatus.CHARGED, Money(1000, "USD"))
    assert browser.execute_script("return window.notReloaded")
    assert browser.get_log("browser") == []  # no script ran that should not, none was refused


def test_the_keyboard_is_enough(browser: Chrome, prism: Prism) -> None:
    """Tab, an amount and Enter capture a part, though the page changes meanwhile; focus stays
    where the person left it."""
    from selenium.webdriver import ActionChains, Keys

    payment = authorized(prism, "order_2")
    known = str(payment.connector_transaction_id)
    until(browser, lambda: browser.find_element("id", known))
    for _ in range(30):
        ActionChains(browser).send_keys(Keys.TAB).perform()
        if browser.switch_to.active_element.get_attribute("id") == f"{known}-amount":
            break
    ActionChains(browser).send_keys("4.0").perform()
    prism.payments.increment_authorization(
        connector_transaction_id=known, amount=Money(1200, "USD")
    )
    until(browser, lambda: "12.00" in text(browser, f"#{known}"))
    ActionChains(browser).send_keys("0", Keys.TAB, Keys.ENTER).perform()
    until(browser, lambda: "Captured 4.00 USD of order_2." in text(browser, "#said"))
    until(browser, lambda: "partially captured" in text(browser, f"#{known}"))
    assert browser.switch_to.active_element.get_attribute("id") == f"{known}-capture"
    found = prism.payments.get(connector_transaction_id=known)
    assert found.captured_amount == Money(400, "USD")


def test_an_illegal_move_is_said_on_the_page(browser: Chrome, prism: Prism) -> None:
    """More than there is is refused in words on the page, and nothing is captured."""
    payment = authorized(prism, "order_3")
    known = str(payment.connector_transaction_id)
    until(browser, lambda: browser.find_element("id", f"{known}-amount"))
    browser.find_element("id", f"{known}-amount").send_keys("10.01")
    browser.find_element("id", f"{known}-capture").click()
    until(browser, lambda: "up to 10.00 USD" in text(browser, "#said.refused"))
    assert prism.payments.get(connector_transaction_id=known).status is PaymentStatus.AUTHORIZED


def test_a_browser_that_runs_no_script_is_served(browser: Chrome, prism: Prism, url: str) -> None:
    """Without scripts the page shows what there is, and its buttons work."""
    known = str(authorized(prism, "order_4").connector_transaction_id)

    def voided() -> bool:
        if "voided" in text(browser, f"#{known} .status"):
            return True
        browser.find_element("id", f"{known}-void").click()
        return False

    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get(url)
        until(browser, voided)
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert prism.payments.get(connector_transaction_id=known).status is PaymentStatus.VOIDED


def test_the_page_fits_a_phone(browser: Chrome, prism: Prism) -> None:
    """At 390 pixels nothing scrolls sideways, even with an endless name, in any section, and
    fingers hit the buttons."""
    made = prism.customers.create(merchant_customer_id="x" * 250, name="y" * 250)
    payment = authorized(prism, "z" * 250)
    until(browser, lambda: browser.find_element("id", str(payment.connector_transaction_id)))
    until(browser, lambda: browser.find_element("id", made.connector_customer_id))
    size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        wider = "return arguments[0].scrollWidth - arguments[0].clientWidth"
        page = browser.find_element("tag name", "html")
        assert browser.execute_script("return window.innerWidth") == 390
        for box in (page, *browser.find_elements("css selector", ".scroll")):
            assert browser.execute_script(wider, box) <= 0
        for button in browser.find_elements("css selector", ".actions button, .actions input"):
            assert not button.is_displayed() or button.size["height"] >= 44
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


BROKEN = """
const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const text = walker.currentNode;
  if (text.parentElement.closest("thead, pre, script")) continue;
  for (const word of text.textContent.matchAll(/[\\w.:@]+/g)) {
    const range = document.createRange();
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    const lines = [...range.getClientRects()].map((box) => Math.round(box.top));
    if (new Set(lines).size > 1) found.push(word[0]);
  }
}
return found;
"""


@pytest.mark.parametrize("width", [320, 360, 800, 1200])
def test_no_word_is_broken(browser: Chrome, prism: Prism, width: int) -> None:
    """Names, statuses and ids of a usual length stay whole, and nothing scrolls sideways."""
    mail = "ada@shop.example"
    made = prism.customers.create(merchant_customer_id="user_42", name="Ada Lovelace", email=mail)
    payment = authorized(prism, "order_1001", made.connector_customer_id)
    until(browser, lambda: browser.find_element("id", str(payment.connector_transaction_id)))
    size = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        assert browser.execute_script("return window.innerWidth") == width
        long = {"x" * 250, "y" * 250, "z" * 250}  # of the test before
        assert set(browser.execute_script(BROKEN)) <= long
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_the_page_can_be_understood_without_seeing_it(browser: Chrome) -> None:
    """Title, language, one main heading, a caption for every table, a name for every control."""
    assert browser.title == "Prism sandbox"
    assert browser.find_element("tag name", "html").get_attribute("lang") == "en"
    assert len(browser.find_elements("tag name", "h1")) == 1
    for table in browser.find_elements("css selector", ".scroll table"):
        assert table.find_element("tag name", "caption").text
    for control in browser.find_elements("css selector", ".actions button, .actions input"):
        if control.is_displayed():
            assert control.accessible_name
