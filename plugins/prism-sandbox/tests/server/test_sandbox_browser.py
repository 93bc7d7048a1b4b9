"""The challenge page in a real Chromium: with the mouse, with the keyboard only, on a phone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import httpx
import pytest
from browser import chromium

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

Pay = Callable[..., httpx.Response]

CHALLENGED = "4000002500003155"
ATTACK = """<title>Win a prize</title><form method="post" action="{}">
<input name="result" value="approve"><button id="prize">Win</button></form>"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A headless Chromium of the size of a phone."""
    with chromium(tmp_path_factory.mktemp("chromium"), "390,844") as opened:
        yield opened


@pytest.fixture(scope="module")
def shop_url() -> Iterator[str]:
    """A shop whose return page sends the customer on to another origin, as real shops do."""

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer /return with a redirect and everything else with a thank-you page."""
            if self.path.startswith("/return"):
                self.send_response(302)
                self.send_header(
                    "Location", f"http://localhost:{server.server_port}/thanks{self.path[7:]}"
                )
                self.end_headers()
                return
            page = b"<title>Thank you</title>"
            if self.path.startswith("/attack?"):
                page = ATTACK.format(self.path.partition("?")[2]).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, format: str, *args: object) -> None:
            """Stay quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Shop) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def wait_for_title(browser: Chrome, title: str) -> None:
    """Until the browser shows the page with this title."""
    from selenium.webdriver.support.ui import WebDriverWait

    WebDriverWait(browser, 5, 0.05).until(lambda current: current.title == title)


def test_approving_leads_back_to_the_shop(
    browser: Chrome, client: httpx.Client, pay: Pay, shop_url: str
) -> None:
    """Clicking Approve leads to the shop, even across the shop's own redirects; it is paid."""
    payment = pay(CHALLENGED, reference="order_9", return_url=f"{shop_url}/return?step=2").json()
    browser.get(payment["next_action"]["url"])
    assert browser.title == "Confirm your payment"
    browser.find_element("css selector", "button[value=approve]").click()
    wait_for_title(browser, "Thank you")
    expected = f"/thanks?step=2&payment={payment['id']}&reference=order_9"
    assert browser.current_url.endswith(expected)
    assert client.get(f"/v1/payments/{payment['id']}").json()["status"] == "captured"


def test_another_page_cannot_approve(
    browser: Chrome, client: httpx.Client, pay: Pay, shop_url: str
) -> None:
    """A page of somebody else that posts to the challenge gets a refusal, and nothing is paid;
    the customer can still answer on the page itself."""
    payment = pay(CHALLENGED).json()
    url = payment["next_action"]["url"]
    browser.get(f"{shop_url}/attack?{url}")
    assert browser.title == "Win a prize"
    browser.find_element("id", "prize").click()
    wait_for_title(browser, "This did not work")
    assert "own page" in browser.page_source
    assert client.get(f"/v1/payments/{payment['id']}").json()["status"] == "requires_action"
    browser.get(url)
    browser.find_element("css selector", "button[value=approve]").click()
    wait_for_title(browser, "Done")
    assert client.get(f"/v1/payments/{payment['id']}").json()["status"] == "captured"


def test_the_keyboard_is_enough(browser: Chrome, client: httpx.Client, pay: Pay) -> None:
    """Tab to Fail and Enter completes the challenge without a mouse."""
    from selenium.webdriver import ActionChains, Keys

    payment = pay(CHALLENGED).json()
    browser.get(payment["next_action"]["url"])
    ActionChains(browser).send_keys(Keys.TAB, Keys.TAB).perform()
    assert browser.switch_to.active_element.text == "Fail"
    ActionChains(browser).send_keys(Keys.ENTER).perform()
    wait_for_title(browser, "Done")
    assert client.get(f"/v1/payments/{payment['id']}").json()["status"] == "failed"


def test_the_page_fits_a_phone(browser: Chrome, client: httpx.Client, pay: Pay) -> None:
    """Nothing scrolls sideways, even with an endless reference, and fingers hit the buttons."""
    browser.get(pay(CHALLENGED, reference="x" * 300).json()["next_action"]["url"])
    overflow = "return document.documentElement.scrollWidth - window.innerWidth"
    assert browser.execute_script(overflow) <= 0
    for button in browser.find_elements("tag name", "button"):
        assert button.size["height"] >= 44
        assert button.size["width"] >= 200
    assert browser.find_element("tag name", "html").get_attribute("lang") == "en"
    browser.get(str(client.base_url))
    assert browser.execute_script(overflow) <= 0
