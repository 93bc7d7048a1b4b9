"""Answering a 3-D Secure challenge without a browser, for automatic tests of a shop."""

from __future__ import annotations

import re
import urllib.request
from typing import Literal
from urllib.parse import urlencode, urlsplit

_TOKEN = re.compile(r'name="token" value="([0-9a-f]+)"')


def answer(page: str, result: Literal["approve", "fail"] = "approve") -> None:
    """Do what the customer does on the challenge's page: press Approve or Fail.

    Raises `urllib.error.HTTPError` where the sandbox refuses. The page's form is read first, as a
    browser does: the sandbox takes no answer that a page of somebody else sends.
    """
    parts = urlsplit(page)
    if parts.scheme != "http":
        raise ValueError("the page must be the sandbox's: http://127.0.0.1...")
    with urllib.request.urlopen(page, timeout=10) as shown:  # noqa: S310 - http, as checked
        found = _TOKEN.search(shown.read().decode())
    form = urlencode({"token": found.group(1) if found else "", "result": result}).encode()
    origin = {"Origin": f"{parts.scheme}://{parts.netloc}"}
    request = urllib.request.Request(page, form, origin)  # noqa: S310 - http, as checked
    # Not followed: the customer's browser goes back to the shop, and this is none.
    _opener.open(request, timeout=10).close()


class _Staying(urllib.request.HTTPRedirectHandler):
    """Takes a redirect as the answer."""

    def http_error_303(self, request: object, answer: object, *_: object) -> object:
        """The way back to the shop."""
        return answer


_opener = urllib.request.build_opener(_Staying)
