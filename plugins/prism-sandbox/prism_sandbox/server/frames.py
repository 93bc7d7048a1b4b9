"""The library for the page of a shop (`/sandbox.js`), and the frame in which it collects a card or
an account: a page of the sandbox's own origin, which the shop's page cannot read."""

from __future__ import annotations

import re
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from prism_sandbox.server.accounts import DEBITS, REDIRECTS
from prism_sandbox.server.filling import Html, fill, message, page, together
from prism_sandbox.server.method_fields import fields_of, name_of

TYPES = ("card", *DEBITS, *REDIRECTS)
"""What the frame can offer. A wallet has a sheet of its own, which gives the page a payload."""
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?")
_POLICY = "script-src 'self'; connect-src 'self'; form-action 'none'"


async def library(request: Request) -> Response:
    """GET /sandbox.js"""
    script = (files(__package__) / "static" / "sandbox.js").read_bytes()
    headers = {
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        # For a page that allows only such scripts of others (Cross-Origin-Embedder-Policy).
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    return Response(script, media_type="text/javascript", headers=headers)


async def show_frame(request: Request) -> Response:
    """GET /frame?types=card,sepa&origin=...: the fields; only pages of that origin may show it."""
    asked = request.query_params
    kinds = asked.get("types", "card").split(",")
    origin = asked.get("origin", "")
    if not set(kinds) <= set(TYPES):
        return message("This did not work", f"The types are {', '.join(TYPES)}.", status=400)
    if not _ORIGIN.fullmatch(origin):
        text = "sandbox.js shows this in a page of http://127.0.0.1, http://localhost or another."
        return message("This did not work", text, status=400)
    content = fill("frame.html", methods=together(*map(_method, kinds)))
    return page("Payment method", content, policy=_POLICY, framed=origin)


ROUTES = [
    Route("/sandbox.js", library, methods=["GET"]),
    Route("/frame", show_frame, methods=["GET"]),
]


def _method(kind: str) -> Html:
    fields = fields_of(kind) or fill("frame_redirect.html", name=name_of(kind))
    sent_as = "redirect" if kind in REDIRECTS else kind
    return fill("frame_method.html", kind=kind, name=name_of(kind), type=sent_as, fields=fields)
