"""A real browser for tests of pages: Chromium, and what a person does in it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest


@contextmanager
def chromium(profile: Path, size: str = "700,900") -> Iterator[Any]:
    """A headless Chromium of this size; skips where there is none."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    binary, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not binary or not driver:
        pytest.skip("chromium or chromedriver is not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in (
        *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
        *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
        *(f"--window-size={size}", f"--user-data-dir={profile}"),
    ):
        options.add_argument(flag)
    started = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    try:
        yield started
    finally:
        started.quit()


def until(browser: Any, holds: Callable[[], object], seconds: float = 15) -> Any:
    """Wait until this holds, and give it. While a page reloads, its elements are not there."""
    from selenium.common.exceptions import WebDriverException
    from selenium.webdriver.support.ui import WebDriverWait

    return WebDriverWait(browser, seconds, 0.05, (WebDriverException,)).until(lambda _: holds())


def press(browser: Any, selector: str) -> None:
    """Press a button, as soon as it is there."""
    until(browser, lambda: browser.find_element("css selector", selector).is_displayed())
    browser.find_element("css selector", selector).click()


def said(browser: Any, words: str) -> str:
    """Wait until the page says this; gives its address."""
    until(browser, lambda: words in browser.find_element("id", "said").text)
    return str(browser.current_url)


def type_card(browser: Any, number: str) -> None:
    """Type a card into the sandbox's frame, in groups of four as people do."""
    until(browser, lambda: browser.find_element("css selector", "iframe").size["height"] > 100)
    browser.switch_to.frame(0)
    values = {"number": " ".join(re.findall("....", number)), "exp_month": "12"}
    for name, value in {**values, "exp_year": "2090", "cvc": "123"}.items():
        field = browser.find_element("id", f"card-{name}")
        field.clear()
        field.send_keys(value)
    browser.switch_to.default_content()


def text(browser: Any, selector: str) -> str:
    """What a person reads there."""
    return str(browser.find_element("css selector", selector).text)
