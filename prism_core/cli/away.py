"""The customer's way in `prism try`: to the page where they pay or confirm, and back."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qsl

import click

from prism_core.cli.show import harmless
from prism_core.schema.payments import RedirectionData

_PARTS = ("uri", "form", "html", "sdk", "display")
_ASKED = (
    "Pay or confirm%s. Then paste the address at which the browser ends here, or only press Enter: "
)


@contextmanager
def page_of(data: RedirectionData) -> Iterator[str]:
    """The address to open. A page as HTML, and a form to post, are in a file until the customer is
    back. Empty if there is no page."""
    html = data.html or (_posting(data.uri, data.form) if data.uri and data.form else None)
    if html is None:
        yield data.uri or ""
        return
    with TemporaryDirectory() as folder:
        file = Path(folder, "page.html")
        file.write_text(html, "utf-8")
        yield file.as_uri()


def waiting(data: RedirectionData) -> str:
    """The same as code. The parts are printed one by one: together they are masked."""
    parts = (f"payment.redirection_data.{name}" for name in _PARTS if getattr(data, name))
    return (
        "# In your application, redirect the customer there; your return_url gets the answer.\n"
        "from urllib.parse import parse_qsl\n\n"
        f"print({', '.join(parts)})\n"
        'returned = dict(parse_qsl(input("The address at which they end: ").partition("?")[2]))'
    )


def came_back(page: str) -> dict[str, str]:
    """Waits for the user, who pays in the browser: what the return URL got with its query. The
    page is named on standard error, because the program may go to a file."""
    click.echo(_ASKED % (page and f" at {harmless(page)}"), nl=False, err=True)
    address = sys.stdin.readline().strip()  # nothing if there is no terminal
    return dict(parse_qsl(address.partition("?")[2].partition("#")[0]))


def _posting(uri: str, form: Mapping[str, str]) -> str:
    """A page that posts the form at a click."""
    fields = (
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in form.items()
    )
    action = f'<form method="post" action="{escape(uri)}">'
    return f'<!doctype html><meta charset="utf-8">{action}{"".join(fields)}<button>Pay</button>'
