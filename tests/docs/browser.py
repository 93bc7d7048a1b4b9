"""A real browser for the tests of the examples, and a look into what a process remembers."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest


@contextmanager
def chromium(profile: Path) -> Iterator[Any]:
    """A headless Chromium; skips where there is none."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    binary, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not binary or not driver:
        pytest.skip("chromium or chromedriver is not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for flag in (
        *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
        *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
        *("--window-size=700,900", f"--user-data-dir={profile}"),
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


def remembered(pid: int, texts: list[str]) -> list[str]:
    """Those of the texts that a process has anywhere in its memory, with or without spaces or
    hyphens between groups of four."""
    ways = {
        text: [j.join(re.findall(".{1,4}", text)).encode() for j in ("", " ", "-")]
        for text in texts
    }
    found = set()
    for region in _memory_of(pid):
        found |= {text for text, spelled in ways.items() if any(way in region for way in spelled)}
    return sorted(found)


def _memory_of(pid: int) -> Iterator[bytes]:
    try:
        memory = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
    except OSError:
        pytest.skip("this machine does not let a process look into the memory of its children")
    try:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            where, permissions = line.split()[:2]
            first, last = (int(end, 16) for end in where.split("-"))
            if permissions.startswith("r") and not line.endswith(("[vvar]", "[vsyscall]")):
                try:
                    yield os.pread(memory, last - first, first)
                except OSError:  # a region of a device
                    continue
    finally:
        os.close(memory)
