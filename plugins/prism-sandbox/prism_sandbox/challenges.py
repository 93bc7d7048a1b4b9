"""Doing without a browser what a customer does on the sandbox's pages, for automatic tests of a
shop."""

from __future__ import annotations

import re
import urllib.request
from typing import Literal
from urllib.parse import urlencode, urljoin, urlsplit

_TOKEN = re.compile(r'name="token" value="([0-9a-f]+)"')


def answer(page: str, result: Literal["approve", "fail", "decline", "later"] = "approve") -> None:
    """Press a button of a 3-D Secure challenge (approve, fail) or of a bank's page (approve,
    decline, later).

    Raises `urllib.error.HTTPError` where the sandbox refuses. The page's form is read first, as a
    browser does: the sandbox takes no answer that a page of somebody else sends.
    """
    submit(page, result=result)


def submit(page: str, **fields: str) -> str | None:
    """Send a form of one of the sandbox's pages: `submit(payment.redirection_data.uri, type="card",
    number="4242424242424242", exp_month="12", exp_year="2030", cvc="123")` on an order's page;
    `type="ideal"`; `type="cancel"`. Returns where the customer is sent, if anywhere: to a bank's
    page, which `answer` takes, or back to the shop. Raises as `answer` does, also with 402 for a
    declined try."""
    parts = urlsplit(page)
    if parts.scheme != "http":
        raise ValueError("the page must be the sandbox's: http://127.0.0.1...")
    with urllib.request.urlopen(page, timeout=10) as shown:  # noqa: S310 - http, as checked
        found = _TOKEN.search(shown.read().decode())
    form = urlencode({"token": found.group(1) if found else "", **fields}).encode()
    origin = {"Origin": f"{parts.scheme}://{parts.netloc}"}
    request = urllib.request.Request(page, form, origin)  # noqa: S310 - http, as checked
    # Not followed: the customer's browser goes back to the shop, and this is none.
    with _opener.open(request, timeout=10) as answered:
        where = answered.headers.get("location")
    return None if where is None else urljoin(page, where)


class _Staying(urllib.request.HTTPRedirectHandler):
    """Takes a redirect as the answer."""

    def http_error_303(self, request: object, answer: object, *_: object) -> object:
        """The way back to the shop."""
        return answer


_opener = urllib.request.build_opener(_Staying)
