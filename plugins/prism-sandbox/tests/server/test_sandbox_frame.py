"""The frame of `/sandbox.js` in a real Chromium: what the page around it can do, and what another
page cannot."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from browser import chromium, until

from prism_core import Money, PaymentStatus, Prism

from .shop_pages import choose, press, ready

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = pytest.mark.once
APPROVED, DECLINED, CHALLENGED = "4242424242424242", "4000000000000002", "4000002500003155"
SHOP = """<!doctype html><title>Shop</title><div id="method"></div>
<script src="{}/sandbox.js"></script><script>
const method = PrismSandbox("pk_sandbox_page").mount("#method", {{types: ["card", "ideal"]}});
</script>"""
AWAITED = (
    "const done = arguments[arguments.length - 1]; ({}).then(done, (error) => done(String(error)));"
)
ASK = """const [frame, key, done] = arguments, {port1, port2} = new MessageChannel();
port1.onmessage = ({data}) => done(data);
eval(frame).postMessage({work: "createToken", key}, "*", [port2]);
setTimeout(() => done("no answer"), 1000);"""


@pytest.fixture(scope="module")
def pages(sandbox_url: str) -> Iterator[str]:
    """A web server: the shop is at 127.0.0.1, and at localhost somebody else."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """The shop at /, an empty page elsewhere."""
            page = SHOP.format(sandbox_url) if self.path == "/" else f"<title>{self.path}</title>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Stay quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A headless Chromium."""
    with chromium(tmp_path_factory.mktemp("chromium"), "700,900") as opened:
        yield opened


def awaited(browser: Chrome, promise: str, *arguments: str) -> Any:
    """What a promise of the shop's page comes to."""
    return browser.execute_async_script(AWAITED.format(promise), *arguments)


def test_an_order_is_paid_in_the_page(browser: Chrome, pages: str, sandbox_url: str) -> None:
    """`confirmOrder` tells of a decline, which leaves the order open; the next card asks its bank,
    on whose page it is confirmed, and the customer comes back to the shop."""
    with Prism("sandbox", api_key="sandbox_x", base_url=sandbox_url, card_numbers=False) as prism:
        order = prism.payments.create_order(
            merchant_transaction_id="in_the_page",
            amount=Money(1000, "EUR"),
            hosted=False,
            return_url=f"{pages}/thanks",
        )
        assert order.redirection_data is not None
        assert order.redirection_data.sdk is not None
        secret = order.redirection_data.sdk["client_secret"]
        browser.get(pages)
        ready(browser)
        choose(browser, "card", number=DECLINED)
        tried = awaited(browser, "method.confirmOrder(arguments[0])", secret)
        assert (tried["status"], tried["decline"]["code"]) == ("open", "do_not_honor")
        found = prism.payments.get(connector_order_id=order.connector_order_id)
        assert found.status is PaymentStatus.PAYMENT_METHOD_AWAITED

        choose(browser, "card", number=CHALLENGED)
        browser.execute_script("method.confirmOrder(arguments[0])", secret)
        until(browser, lambda: browser.title == "Confirm your payment")
        press(browser, "button[value=approve]")
        until(browser, lambda: browser.title.startswith("/thanks?payment="))
        done = prism.payments.complete(connector_order_id=order.connector_order_id)
        assert done.status is PaymentStatus.CHARGED


def test_the_secret_key_is_refused_in_a_page(browser: Chrome, pages: str) -> None:
    browser.get(pages)
    said = awaited(browser, "(async () => PrismSandbox(arguments[0]))()", "sandbox_secret")
    assert "never the API key" in said


def test_another_page_can_neither_read_nor_drive_the_frame(
    browser: Chrome, pages: str, sandbox_url: str
) -> None:
    """A page that opened the shop in a window gets no answer from the frame, cannot read it, and
    cannot change the shop's page; the frame shows in no page of its own. The shop's page itself
    cannot read it, but gets a token."""
    browser.get(pages.replace("127.0.0.1", "localhost") + "/elsewhere")
    stranger = browser.current_window_handle
    browser.execute_script("window.shop = window.open(arguments[0])", pages)
    (shop,) = set(browser.window_handles) - {stranger}
    browser.switch_to.window(shop)
    ready(browser)
    choose(browser, "card", number=APPROVED)
    height = browser.find_element("css selector", "iframe").size["height"]

    browser.switch_to.window(stranger)
    key = "pk_sandbox_page"
    assert browser.execute_async_script(ASK, "shop.frames[0]", key) == "no answer"
    with pytest.raises(Exception, match="Blocked a frame with origin"):
        browser.execute_script("return shop.frames[0].document.body.innerHTML")
    browser.execute_script("shop.postMessage({height: arguments[0]}, '*')", height + 1)
    browser.execute_script(
        "document.body.innerHTML = '<iframe src=\"' + arguments[0] + '\"></iframe>'",
        f"{sandbox_url}/frame?types=card&origin={pages}",
    )
    assert browser.execute_async_script(ASK, "frames[0]", key) == "no answer"
    browser.switch_to.frame(0)
    assert browser.find_elements("id", "card-number") == []

    browser.switch_to.window(shop)
    assert browser.find_element("css selector", "iframe").size["height"] == height
    seen = "return document.querySelector('iframe').contentDocument"
    assert browser.execute_script(seen) is None
    assert browser.execute_async_script(ASK, "frames[0]", key)["done"]["last4"] == "4242"
    made = awaited(browser, "method.createToken()")
    assert made.pop("token").startswith("sdk_")
    assert made == {"payment_method_type": "CARD", "brand": "visa", "last4": "4242"}
    browser.close()
    browser.switch_to.window(stranger)
