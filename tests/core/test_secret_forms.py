"""Secrets that a processor quotes in another form than they were given in."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from json import dumps

import pytest
from support import Install, Server

from prism_core import (
    ConnectorError,
    SdkToken,
)
from prism_core.schema.secrets import MASK

from .shapes import order, small

TAKES = "payment_methods=(SdkToken,)"


OPAQUE = '{"kind":"card","data":{"nonce":"nonce_4711_of_ada"},"tries":1}'


PLAIN = "nonce/4711+of/ada??>~"


TAKES_TOKENS = """authorize:
form = {"ref": request.merchant_transaction_id, "amount": request.amount.minor_amount}
form["token"] = request.payment_method.token
body = yield from account.fetch(account.post("/payments", json=form), Body)
return Payment(status=PaymentStatus.AUTHORIZED, connector_transaction_id=body.id)
"""


QUOTES = "if response.status_code == 400: return ErrorAnswer(details=ErrorDetails(connector="


QUOTES += "ConnectorDetails(message=response.json()['message'])))"


@pytest.mark.parametrize(
    ("token", "quoted"),
    [
        (OPAQUE, OPAQUE),
        (OPAQUE, "nonce_4711_of_ada"),
        (OPAQUE, b64encode(OPAQUE.encode()).decode()),
        ("{nonce_4711", "{nonce_4711"),
        ("{nonce_4711_of_ada", "{nonce_4711_of_ada"),  # long, and no JSON
        # Of the JSON that a part is the text of, as Google Pay's signedMessage is.
        (dumps({"signed": OPAQUE}), "nonce_4711_of_ada"),
        (PLAIN, b64encode(PLAIN.encode()).decode()),
        (PLAIN, urlsafe_b64encode(PLAIN.encode()).decode().rstrip("=")),
        (PLAIN, PLAIN.replace("/", "\\/")),
        (OPAQUE, dumps(OPAQUE)[1:-1]),
    ],
)
def test_parts_of_a_pages_token_are_private_too(
    plugin: Install, server: Server, token: str, quoted: str
) -> None:
    """Connectors send a part of it, or all of it in Base64, and processors quote that."""
    server.answer(400, {"message": f"the card {quoted} is used up"})
    with (
        small(plugin, server, TAKES_TOKENS, info=TAKES, declines=QUOTES) as prism,
        pytest.raises(ConnectorError) as caught,
    ):
        prism.payments.authorize(**order(payment_method=SdkToken(token)))
    assert str(caught.value).endswith(f"the card {MASK} is used up")


def test_a_long_secret_is_masked_within_a_word(plugin: Install, server: Server) -> None:
    server.answer(400, {"message": "no token=xnonce_4711_of_adax here"})
    with (
        small(plugin, server, TAKES_TOKENS, info=TAKES, declines=QUOTES) as prism,
        pytest.raises(ConnectorError) as caught,
    ):
        prism.payments.authorize(**order(payment_method=SdkToken("nonce_4711_of_ada")))
    assert str(caught.value).endswith(f"no token=x{MASK}x here")
