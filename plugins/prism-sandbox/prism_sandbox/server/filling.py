"""Making HTML from the templates: everything that is not `Html` already is escaped."""

from __future__ import annotations

from functools import cache
from html import escape
from importlib.resources import files
from string import Template

from starlette.responses import HTMLResponse, Response

from prism_core.schema.money import EXPONENTS


class Html(str):
    """Text that is HTML already."""


def fill(name: str, /, **values: str) -> Html:
    """A template with these values in it."""
    safe = {key: v if isinstance(v, Html) else escape(v) for key, v in values.items()}
    return Html(_template(name).substitute(safe))


def together(*parts: Html) -> Html:
    """Several pieces of HTML, one after the other."""
    return Html("".join(parts))


def page(
    title: str,
    content: Html,
    *,
    status: int = 200,
    policy: str = "form-action 'none'",
    referrer: str = "no-referrer",
    framed: str = "'none'",
) -> Response:
    """A whole page. `policy` is what its Content-Security-Policy allows besides its style,
    `framed` the origin whose pages may show it in a frame."""
    headers = {
        "Content-Security-Policy": (
            "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; "
            f"frame-ancestors {framed}; {policy}"
        ),
        "Referrer-Policy": referrer,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return HTMLResponse(fill("layout.html", title=title, content=content), status, headers)


def message(title: str, text: str, status: int = 200) -> Response:
    """A page that says one thing."""
    return page(title, fill("message.html", title=title, text=text), status=status)


def money(amount: int, currency: str) -> str:
    """An amount as its currency writes it: 10.00 USD, 1000 JPY."""
    return f"{decimal(amount, currency)} {currency}"


def decimal(amount: int, currency: str) -> str:
    """An amount with its currency's decimals, without its name."""
    decimals = EXPONENTS.get(currency, 2)
    digits = str(amount).rjust(decimals + 1, "0")
    whole, rest = digits[: len(digits) - decimals], digits[len(digits) - decimals :]
    return f"{whole}.{rest}" if rest else whole


@cache
def _template(name: str) -> Template:
    return Template((files(__package__) / "templates" / name).read_text("utf-8"))
