"""What a person does in a page with the sandbox's frame, and on the sandbox's payment page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from browser import until

if TYPE_CHECKING:
    from selenium.webdriver import Chrome


def ready(browser: Chrome) -> None:
    """Wait until the frame shows."""
    until(browser, lambda: browser.find_element("css selector", "iframe").size["height"] > 100, 10)


def grouped(number: str) -> str:
    """As people type it."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def fill_in(browser: Chrome, kind: str, **values: str) -> None:
    """Type into the fields of a payment method, here or on the processor's page."""
    for name, value in values.items():
        field = browser.find_element("id", f"{kind}-{name}")
        field.clear()
        field.send_keys(value)


def type_card(browser: Chrome, number: str) -> None:
    """Type a card."""
    fill_in(browser, "card", number=grouped(number), exp_month="12", exp_year="2090", cvc="123")


def choose(browser: Chrome, kind: str, **values: str) -> None:
    """Choose a payment method in the frame, and type."""
    browser.switch_to.frame(0)
    browser.find_element("css selector", f"input[value={kind}]").click()
    if kind == "card":
        type_card(browser, values["number"])
    else:
        fill_in(browser, kind, **values)
    browser.switch_to.default_content()


def press(browser: Chrome, selector: str) -> None:
    """Press a button."""
    browser.find_element("css selector", selector).click()
