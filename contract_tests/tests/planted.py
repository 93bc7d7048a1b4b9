"""What a server may put into an answer, and nobody may publish. Put together here, so that no
scanner of secrets takes them for real ones."""

from __future__ import annotations

PLANTED = {
    "live_key": "sk_" + "live_" + "51HxYz9AbCdEfGh",
    "token": "ey" + "JhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl",
    "hex": "3f9a1c0de5b7284466aa90cd17ef3b528d1c0f9a7b6e5d4c",
    "mail": "augusta@king.name",
    "phone": "+14155552671",
    "seen_from": "81.2.69.142",
    "card": "4929 4212 3460 0821",
    "iban": "DE44 7183 9254 0663 9172 84",
    "wallet": '{"data":"' + "Kk3pZ9vQm2XtR8sLwB5yNc7HdJfA1gEu" + '","signature":"x"}',
    "quoted": "your key key_of_a_merchant was used",
}
