"""The HTML report in a real browser: clicked through, by keyboard, filtered, on a phone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from small import DEFECT, small

from prism_contract_tests.apart import certify_apart
from prism_contract_tests.check import CHECKS
from prism_contract_tests.render import page
from prism_contract_tests.report import Evidence

webdriver: Any = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
By: Any = pytest.importorskip("selenium.webdriver.common.by").By
Keys: Any = pytest.importorskip("selenium.webdriver.common.keys").Keys
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(
        CHROMIUM is None or DRIVER is None, reason="chromium and chromedriver are not installed"
    ),
]
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
EVIL = "<img src=x onerror='document.title=\"pwned\"'>" + "x" * 3000


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of one connector that is right and one that is not, with hostile evidence."""
    folder = tmp_path_factory.mktemp("page")
    reports = []
    for called, changes in (("right", []), ("wrong", [DEFECT])):
        with small(folder, *changes) as name:
            reports.append(certify_apart(name, None, False, lambda *_: None))
        reports[-1].connector = called
    reports[1].failed[0].evidence = Evidence(expected="<b>1</b>", got=EVIL)
    reports[1].failed[0].message = EVIL
    path = folder / "report.html"
    path.write_text(page.render(reports), "utf-8")
    return path


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def browser(chromium: Any, report: Path) -> Iterator[Any]:
    """The page, just opened; at the end, nothing must have gone wrong in it."""
    size(chromium, 1100)
    chromium.get("about:blank")
    chromium.get(report.as_uri())
    yield chromium
    assert chromium.get_log("browser") == []
    assert chromium.title == "Prism contract: right, wrong"


def size(browser: Any, width: int) -> None:
    metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def all_of(browser: Any, selector: str) -> list[Any]:
    found: list[Any] = browser.find_elements(By.CSS_SELECTOR, selector)
    return found


def press(browser: Any, *keys: str) -> None:
    webdriver.ActionChains(browser).send_keys(*keys).perform()


def opened(browser: Any) -> list[str]:
    return [dialog.get_attribute("id") for dialog in all_of(browser, "dialog[open]")]


def scrolls_sideways(browser: Any) -> bool:
    script = "return document.documentElement.scrollWidth > document.documentElement.clientWidth"
    return bool(browser.execute_script(script))


def test_every_cell_opens_its_evidence(browser: Any) -> None:
    """A click on any cell shows that check on that connector: requirement, why, how, cases."""
    cells = all_of(browser, "button.cell")
    assert len(cells) > len(CHECKS) / 2
    for cell in cells:
        browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", cell)
        cell.click()
        assert opened(browser) == [cell.get_attribute("data-opens")]
        (dialog,) = all_of(browser, "dialog[open]")
        id = cell.get_attribute("data-opens").split("/")[1]
        assert CHECKS[id].requirement.replace("`", "") in dialog.text
        assert "Why" in dialog.text
        assert all_of(browser, "dialog[open] .case")
        dialog.find_element(By.CSS_SELECTOR, ".close").click()
        assert opened(browser) == []


def test_a_failure_shows_what_was_expected_and_what_came(browser: Any) -> None:
    """The failed case comes first, with its message and evidence, as text whatever it holds."""
    all_of(browser, "button.cell.failed")[0].click()
    (dialog,) = all_of(browser, "dialog[open]")
    assert [heading.text for heading in dialog.find_elements(By.TAG_NAME, "h4")][:2] == [
        "expected", "got",
    ]  # fmt: skip
    assert "<b>1</b>" in dialog.text
    assert "<img src=x" in dialog.text
    assert all_of(browser, "img") == []


def test_the_keyboard_is_enough(browser: Any) -> None:
    """Tab reaches the filter and every cell in order, with a visible focus; Enter opens, Escape
    closes and gives the focus back."""
    order = []
    for _ in range(6):
        press(browser, Keys.TAB)
        focused = browser.switch_to.active_element
        order.append(focused.get_attribute("id") or focused.get_attribute("data-opens"))
        assert focused.value_of_css_property("outline-style") != "none"
    cells = [cell.get_attribute("data-opens") for cell in all_of(browser, "button.cell")]
    assert order[order.index("failed-only") + 1 :] == cells[: 5 - order.index("failed-only")]
    press(browser, Keys.ENTER)
    assert opened(browser) == [order[-1]]
    press(browser, Keys.TAB, Keys.TAB)
    assert browser.execute_script("return !!document.activeElement.closest('dialog, body')")
    press(browser, Keys.ESCAPE)
    assert opened(browser) == []
    assert browser.switch_to.active_element.get_attribute("data-opens") == order[-1]


def test_the_filter_leaves_what_failed(browser: Any) -> None:
    """With the box checked only rows with a failure stay, and the count says so."""
    rows = all_of(browser, "tbody tr")
    failed = [row for row in rows if row.find_elements(By.CSS_SELECTOR, ".cell.failed")]
    assert 0 < len(failed) < len(rows)
    all_of(browser, "#failed-only")[0].send_keys(Keys.SPACE)
    assert [row for row in rows if row.is_displayed()] == failed
    assert all_of(browser, "#shown")[0].text == f"{len(failed)} of {len(rows)} checks shown"
    all_of(browser, "#failed-only")[0].click()
    assert all(row.is_displayed() for row in rows)


def test_it_fits_on_a_phone(browser: Any) -> None:
    """At 360 px nothing scrolls sideways, neither the page nor an opened cell, and every cell
    names its connector and is large enough for a thumb."""
    size(browser, 360)
    assert not scrolls_sideways(browser)
    for cell in all_of(browser, "button.cell")[:4]:
        assert cell.text.split()[0] in ("right", "wrong")
        assert cell.size["height"] >= 40
    failed = all_of(browser, "button.cell.failed")[0]
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", failed)
    failed.click()
    (dialog,) = all_of(browser, "dialog[open]")
    assert not scrolls_sideways(browser)
    assert not browser.execute_script(
        "return arguments[0].scrollWidth > arguments[0].clientWidth", dialog
    )


def test_a_link_opens_a_cell(browser: Any, report: Path) -> None:
    all_of(browser, "button.cell")[1].click()
    address = browser.current_url
    browser.get("about:blank")
    browser.get(address)
    assert opened(browser) == [all_of(browser, "button.cell")[1].get_attribute("data-opens")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark_are_readable(browser: Any, scheme: str) -> None:
    """In both schemes text and the words of every verdict stand out from what is behind them."""
    feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    for selector in (".passed", ".failed", ".excepted", ".reported"):
        (tag, *_) = all_of(browser, f".totals {selector}")
        inks = [tag.value_of_css_property(name) for name in ("color", "background-color")]
        assert contrast(*inks) >= 4.5
    body = all_of(browser, "body")[0]
    inks = [body.value_of_css_property(name) for name in ("color", "background-color")]
    assert contrast(*inks) >= 7


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2 counts it."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [float(part) / 255 for part in colour.split("(")[1].rstrip(")").split(",")[:3]]
    line = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * line[0] + 0.7152 * line[1] + 0.0722 * line[2]
