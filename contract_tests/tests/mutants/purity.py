"""Mutants that the checks of purity kill."""

from __future__ import annotations

from lab import LOOKS_UP, Mutant, lookup

_PARSES = "        kind = KINDS.get(response.status_code, ErrorKind.OTHER)\n"
_HEADERS = "        return bearer(self.api_key)\n"
_MAKES_ONE = "connector = Acme()"
_CASE = "get_payment/success"


def _flow(name: str, *lines: str) -> Mutant:
    """A connector whose lookup does something more."""
    return Mutant(name, "flows-pure", LOOKS_UP, lookup(*lines), case=_CASE)


def _source(name: str, text: str) -> Mutant:
    """A connector with something in its module that no flow gets to."""
    return Mutant(name, "no-clock-no-network", _MAKES_ONE, f"{text}\n{_MAKES_ONE}")


MUTANTS = [
    _flow(
        "sends a random number",
        "import random",
        'payment = f"{payment}-{random.random()}"',
    ),
    _flow(
        "counts its calls in what it sends",
        'KINDS["calls"] = KINDS.get("calls", 0) + 1',
        "payment = f\"{payment}-{KINDS['calls']}\"",
    ),
    _flow(
        "changes the account that it is given",
        "import msgspec",
        'msgspec.structs.force_setattr(account, "base_url", account.base_url + "/v2")',
    ),
    Mutant(
        "decodes with a decoder of its own",
        "decoders-shared",
        _MAKES_ONE,
        "import msgspec\n\n\n"
        "class Page(msgspec.Struct):\n    first: PaymentBody\n\n\n"
        "def page(body):\n    return msgspec.json.decode(body, type=Page)\n\n\n"
        f"{_MAKES_ONE}",
    ),
    Mutant(
        "comes to another end the second time",
        "flows-pure",
        "    return Payment(\n        status=STATES.get(body.state,",
        '    STATES["odd"] = not STATES.get("odd")\n'
        '    STATES["ok"] = PaymentStatus.PENDING if STATES["odd"] else PaymentStatus.CHARGED\n'
        "    return Payment(\n        status=STATES.get(body.state,",
        case="authorize/success",
    ),
    Mutant(
        "writes into the caller's metadata",
        "flows-pure",
        '"metadata": request.metadata,',
        '"metadata": (request.metadata or {}).update(seen="yes") or request.metadata,',
        case="create_customer/success",
    ),
    Mutant(
        "stamps each request with the time",
        "flows-pure",
        _HEADERS,
        f"{_HEADERS}\n"
        "    def auth_flow(self, request):\n"
        "        import time\n"
        '        request.headers["acme-time"] = str(time.time())\n'
        "        return (yield request)\n",
        case=_CASE,
    ),
    _source(
        "could read the clock",
        "import datetime as dates\ndef today():\n    return dates.datetime.now()",
    ),
    _source(
        "reads the clock on some days only",
        "def old(payment):\n    import time\n    return payment if time.time() > 0 else 'old'",
    ),
    _source("could wait", "def wait():\n    from time import sleep\n    sleep(1)"),
    _source(
        "could use the local time", "import time\ndef year():\n    return time.gmtime().tm_year"
    ),
    _source("could draw random numbers", "import random\ndef some():\n    return random.random()"),
    _source("could ask for random bytes", "import os\ndef some():\n    return os.urandom(8)"),
    _source("could make identifiers", "import uuid\ndef one():\n    return uuid.uuid4()"),
    _source("could make a key", "import secrets\ndef key():\n    return secrets.token_hex()"),
    _source("could use the network", "def ask():\n    import httpx\n    return httpx.get"),
    _source("could open a socket", "import socket\ndef line():\n    return socket.socket()"),
    _source("could start a thread", "import threading\ndef go():\n    threading.Timer(1, str)"),
    _source("could read a file", "def codes():\n    return open('codes.txt').read()"),
    _source("could read the environment", "import os\ndef it():\n    return os.environ.get('A')"),
    Mutant(
        "writes into the answer",
        "parse-error-pure",
        _PARSES,
        '        response.headers["x-parsed"] = "yes"\n' + _PARSES,
        case="create_customer/errors:key-invalid",
    ),
    Mutant(
        "gives another error the second time",
        "parse-error-pure",
        _PARSES,
        '        KINDS["odd"] = not KINDS.get("odd")\n'
        '        KINDS[401] = ErrorKind.CONFLICT if KINDS["odd"] else ErrorKind.OTHER\n' + _PARSES,
        case="create_customer/errors:key-invalid",
    ),
    Mutant(
        "notes an error in the account",
        "parse-error-pure",
        _PARSES,
        "        import msgspec\n        from prism_core import Secret\n"
        '        msgspec.structs.force_setattr(account, "api_key", Secret("burnt"))\n' + _PARSES,
        case="create_customer/errors:key-invalid",
    ),
]
