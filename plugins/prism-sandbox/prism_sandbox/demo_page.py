"""The customer's browser in `prism demo`, which has none: what `/sandbox.js` does with what they
type into its frame. The demo's `Prism` never gets a card number."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import dataclass
from typing import Any

from prism_core import SdkToken

_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Page:
    """A page with the processor's library, which needs these values (`create_client_token`)."""

    url: str
    publishable_key: str

    def card(self, number: str) -> SdkToken:
        """The token for a card that the customer typed."""
        return self._token(type="card", number=number, exp_month=12, exp_year=2090, cvc="123")

    def account(self, iban: str) -> SdkToken:
        """The token for a bank account that the customer typed."""
        return self._token(type="sepa", iban=iban, holder_name="Ada Lovelace")

    def _token(self, **typed: Any) -> SdkToken:
        body = json.dumps({"payment_method": typed}).encode()
        headers = {"Authorization": f"Bearer {self.publishable_key}"}
        asked = urllib.request.Request(f"{self.url}/v1/tokens", body, headers)  # noqa: S310 - http
        with _opener.open(asked, timeout=10) as answer:
            return SdkToken(json.load(answer)["id"])
