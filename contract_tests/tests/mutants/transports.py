"""Mutants that the checks of failing networks kill."""

from __future__ import annotations

from lab import Mutant, around_authorize

_HEADERS = "        return bearer(self.api_key)\n"

MUTANTS = [
    around_authorize(
        "makes a failed payment of a refused connection",
        "not-sent",
        "except TransportError as error:\n"
        '            if error.outcome == "unknown":\n'
        "                raise\n"
        "            return Payment(status=PaymentStatus.FAILURE)",
    ),
    around_authorize(
        "makes a pending payment of a lost answer",
        "timeout-unknown",
        "except TransportError as error:\n"
        '            if error.outcome == "not_sent":\n'
        "                raise\n"
        "            return Payment(status=PaymentStatus.PENDING)",
    ),
    Mutant(
        "sends another key than it gives back",
        "timeout-unknown",
        _HEADERS,
        _HEADERS + "\n"
        "    def auth_flow(self, request):\n"
        '        if "acme-key" in request.headers:\n'
        '            request.headers["acme-key"] += "-1"\n'
        "        return (yield request)\n",
    ),
    Mutant(
        "says that a capture changes nothing",
        "changes-told",
        'account.post("/payments/{}/capture", payment, json=order)',
        'account.post("/payments/{}/capture", payment, json=order, changes=False)',
        case="capture/success",
    ),
    around_authorize(
        "makes a decline of refused credentials",
        "errors-reach-caller",
        "except AuthenticationError:\n"
        "            return Payment(status=PaymentStatus.AUTHORIZATION_FAILED)",
    ),
    Mutant(
        "makes an answer of a refused login",
        "errors-reach-caller",
        _HEADERS,
        f"{_HEADERS}\n"
        "    def auth_flow(self, request):\n"
        "        from prism_core import HttpResponse, PrismError\n"
        "        try:\n"
        "            return (yield request)\n"
        "        except PrismError:\n"
        '            return HttpResponse(200, body=b\'{"id": "pay_1", "state": "ok"}\')\n',
        case="authorize/success",
    ),
    around_authorize(
        "swallows whatever goes wrong",
        "errors-reach-caller",
        "except Exception:\n            return Payment(status=PaymentStatus.UNRESOLVED)",
    ),
]
