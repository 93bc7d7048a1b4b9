"""The rows of the live page's four tables, from what is kept."""

from __future__ import annotations

from datetime import datetime
from html import escape

from prism_sandbox.server.filling import Html, decimal, fill, money, together
from prism_sandbox.server.journal import Asked, Try, WebhookEntry
from prism_sandbox.server.moves import Move, legal
from prism_sandbox.server.objects import Document

_NOTHING = Html("")
# What a colour tells is also told in words, so an unknown status may go without.
_GOOD = ("captured", "authorized", "partially_captured")
_BAD = ("declined", "failed", "bounced", "expired")


def customer_row(customer: Document) -> Html:
    """A customer."""
    return fill(
        "customer.html",
        id=customer["id"],
        name=customer["name"] or "-",
        email=customer["email"] or "-",
        reference=customer["reference"] or "-",
        **_when(customer["created"]),
    )


def payment_row(payment: Document, token: str) -> Html:
    """A payment, and what can be done to it; `token` shows that it is this page that asks."""
    currency = payment["currency"]
    parts = ("authorized", "captured", "refunded")
    return fill(
        "payment.html",
        id=payment["id"],
        reference=payment["reference"] or "-",
        customer=payment["customer"] or "",
        status=payment["status"].replace("_", " "),
        tone="good" if payment["status"] in _GOOD else "bad" if payment["status"] in _BAD else "",
        why=payment["decline"]["code"] if payment["decline"] else "",
        amount=money(payment["amount"], currency),
        **{part: decimal(payment[f"amount_{part}"], currency) for part in parts},
        actions=_actions(payment, token),
        **_when(payment["created"]),
    )


def request_row(asked: Asked) -> Html:
    """A request, which may still be under way."""
    status = "under way" if asked.status is None else str(asked.status)
    return fill(
        "request.html",
        id=asked.id,
        method=asked.method,
        path=_path(asked.path),
        status=status,
        tone="" if asked.status is None else "good" if asked.status < 400 else "bad",
        key=asked.key or "-",
        replayed=_mark("replayed") if asked.replayed else _NOTHING,
        took="" if asked.status is None else f"{asked.took:.0f} ms",
        **_when(asked.at),
    )


def _path(path: str) -> Html:
    """A path that may go on on the next line before an id."""
    parts = escape(path).split("/")
    return Html("/".join(parts[:3]) + "".join(f"/<wbr>{part}" for part in parts[3:]))


def webhook_row(told: WebhookEntry) -> Html:
    """An event with each of its deliveries."""
    return fill(
        "webhook.html",
        id=told.id,
        type=told.type,
        about=told.about,
        tries=together(*(_try(one) for one in told.tries)),
        marks=together(*(_mark(text) for text in _remarks(told))),
        **_when(told.at),
    )


def _actions(payment: Document, token: str) -> Html:
    if payment["next_action"] and payment["next_action"]["url"]:
        return fill("open.html", url=payment["next_action"]["url"], id=payment["id"])
    moves = legal(payment)
    if not moves:
        return _NOTHING
    name = payment["reference"] or payment["id"]
    return fill(
        "form.html",
        id=payment["id"],
        token=token,
        amount=_amount(payment, moves, name),
        buttons=together(
            *(
                fill("button.html", id=payment["id"], move=move, label=legal_one.label, name=name)
                for move, legal_one in moves.items()
            )
        ),
    )


def _amount(payment: Document, moves: dict[str, Move], name: str) -> Html:
    """The field for a part, where a part can be meant."""
    if not any(move.parts for move in moves.values()):
        return _NOTHING
    return fill("amount.html", id=payment["id"], name=name, currency=payment["currency"])


def _try(one: Try) -> Html:
    answer = str(one.answer) if isinstance(one.answer, int) else f"no answer: {one.answer}"
    tone = "good" if one.delivered else "bad"
    return fill("try.html", answer=answer, tone=tone, **_when(one.at))


def _remarks(told: WebhookEntry) -> list[str]:
    remarks = []
    if told.delivered > 1:
        remarks.append("twice" if told.delivered == 2 else f"{told.delivered} times")
    if told.overtaken:
        remarks.append(f"out of order: after {told.overtaken} later")
    if told.waiting > 0:
        remarks.append("comes again" if told.delivered else "waits")
    elif not told.delivered:
        remarks.append("given up")
    return remarks


def _mark(text: str) -> Html:
    return fill("mark.html", text=text)


def _when(at: float) -> dict[str, str]:
    local = datetime.fromtimestamp(at).astimezone()
    return {"iso": local.isoformat(timespec="milliseconds"), "clock": f"{local:%H:%M:%S}"}
