"""Loading: a connector that pluggy would let slip, or that declares what cannot be, is refused."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

import pytest
from support import Install, acme_source

from prism_core import ConnectorLoadError, Prism
from prism_core.discovery.loading import diagnose, load


def replaced(old: str, new: str) -> Callable[[], dict[str, str]]:
    return lambda: acme_source((old, new))


def without_hooks() -> dict[str, str]:
    files = acme_source(("    @hookimpl\n    def parse_error", "    def _no"))
    return {name: text.replace("@hookimpl", "# no hook") for name, text in files.items()}


SEND = """            "create_customer": (
                "merchant_customer_id", "name", "email", "phone", "address", "metadata"
            ),
"""
MADE = "connector = WholeAcme()"
HIDDEN = f"{MADE}\nconnector.authorize = Acme.authorize"
FAILING = f"{MADE}\nWholeAcme.info = property(lambda self: 1 / 0)"
HEAD = "    @hookimpl\n    def create_customer(\n"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (replaced(MADE, "connector = WholeAcme"), "names the class WholeAcme"),
        (replaced(MADE, "import sys; connector = sys"), "names a module"),
        (replaced(MADE, ""), "AttributeError"),
        (
            replaced("def get_payment(", "def fetch_payment("),
            "fetch_payment is decorated with @hookimpl, and there is no such hook",
        ),
        (
            replaced(HEAD, HEAD.replace("    @hookimpl\n", "")),
            "create_customer has a hook's name and is not decorated",
        ),
        (
            replaced(
                "self, request: CreateCustomerRequest, account: AcmeAccount",
                "self, request: CreateCustomerRequest, account: AcmeAccount = None",
            ),
            "create_customer has a parameter default",
        ),
        (
            replaced(
                "self, request: GetPaymentRequest, account: AcmeAccount",
                "self, account: AcmeAccount, request: GetPaymentRequest",
            ),
            r"get_payment must take \(self, request, account\)",
        ),
        (
            replaced("    def parse_error(", "    async def parse_error("),
            "parse_error is async",
        ),
        (
            replaced("        problem = response.decode(Problem)", "        yield None"),
            "parse_error must be a plain method",
        ),
        (
            replaced(HEAD, HEAD.replace("@hookimpl", "@hookimpl(wrapper=True)")),
            "create_customer is a wrapper",
        ),
        (
            replaced(
                'asked = account.get("/payments/{}", request.connector_transaction_id)\n'
                "        return payment_of((yield from account.fetch(asked, PaymentBody)))",
                'return account.get("/payments/{}", request.connector_transaction_id)',
            ),
            "get_payment must be a generator",
        ),
        (replaced(MADE, f"{MADE}\ndel Acme.info"), "no attribute `info`"),
        (
            replaced("    @hookimpl\n    def parse_error(", "    def parse_errors("),
            "does not implement parse_error",
        ),
        (
            replaced(MADE, HIDDEN),
            "authorize must be a method of the connector's class",
        ),
        (
            replaced(HEAD, HEAD.replace("@hookimpl", "@hookimpl(trylast=True)")),
            "create_customer gives @hookimpl options",
        ),
        (replaced("account=AcmeAccount", "account=dict"), "must be a subclass of Account"),
        (
            lambda: acme_source(
                ("import Account,", "import OAuthAccount,"),
                ("class AcmeAccount(Account,", "class AcmeAccount(OAuthAccount,"),
            ),
            "must set token_path",
        ),
        (replaced("    api_key: Secret\n", "    api_key: str\n"), "must be declared as a Secret"),
        (replaced("merchant: str | None", "timeout: str | None"), "the name of an option"),
        (
            lambda: "from prism_core import *\nclass C:\n    info = None\nconnector = C()",
            "no attribute `info`",
        ),
        (without_hooks, "it implements no operation"),
    ],
)  # fmt: skip
def test_what_pluggy_lets_slip_is_refused(
    plugin: Install, source: Callable[[], Any], words: str
) -> None:
    """Each mistake that pluggy would accept in silence is refused with a sentence naming it."""
    plugin("acme", source())
    with pytest.raises(ConnectorLoadError, match=words):
        load("acme")


def test_a_plugin_that_fails_while_it_is_checked_is_broken(plugin: Install) -> None:
    """A connector whose facts raise when they are read is explained like any other."""
    plugin("acme", acme_source((MADE, FAILING)))
    with pytest.raises(ConnectorLoadError, match="checking it failed with ZeroDivisionError"):
        load("acme")


RAISED = {
    "raise asyncio.CancelledError": "failed with CancelledError",
    "raise GeneratorExit": "failed with GeneratorExit",
    "raise SystemExit(3)": "failed with SystemExit: 3",
    "raise pytest.skip.Exception('no')": "failed with Skipped: no",
    "raise Wordless": "failed with Wordless$",
}
"""What a plugin may raise that is no `Exception`, or that fails itself when it is written."""
WORDLESS = """
import asyncio, pytest
class Wordless(Exception):
    def __str__(self):
        raise ValueError
"""


@pytest.mark.parametrize("raised", RAISED)
@pytest.mark.parametrize(
    "when", ["{}", "class C:\n    @property\n    def info(self):\n        {}\nconnector = C()"]
)
def test_whatever_a_plugin_raises_is_explained(plugin: Install, raised: str, when: str) -> None:
    """While it is imported and while it is checked; so the doctor explains all the others, too."""
    plugin("odd", WORDLESS + when.format(raised))
    with pytest.raises(ConnectorLoadError, match=RAISED[raised]):
        load("odd")
    (found,) = [one for one in diagnose() if one.candidate.name == "odd"]
    assert found.state == "broken"


def test_ctrl_c_during_an_import_is_no_broken_plugin(plugin: Install) -> None:
    """Nor is what the handler of a signal raises there, such as a time limit."""
    plugin("odd", "raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        load("odd")


def test_a_time_limit_during_an_import_reaches_the_caller(plugin: Install) -> None:
    """What the handler of a signal raises is not the plugin's fault."""

    def too_late(*_: object) -> None:
        raise RuntimeError("too late")

    plugin("odd", "import signal\nsignal.raise_signal(signal.SIGUSR1)")
    before = signal.signal(signal.SIGUSR1, too_late)
    try:
        with pytest.raises(RuntimeError, match="too late"):
            load("odd")
    finally:
        signal.signal(signal.SIGUSR1, before)


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ('needs={"transfer": ("amount",)}', "info.needs names transfer, which is not implemented"),
        ('needs={"capture": ("amounts",)}', "names amounts, which no request has"),
        ('refuses={"capture": ("amounts",)}', "info.refuses.*names amounts, which no request has"),
        ('limits={"amounts": 3}', "info.limits names amounts, which no request has"),
        ('limits={"capture.name": 3}', "info.limits names capture.name, which no request has"),
        ('unsupported={"authorize": "no"}', "authorize, which is implemented"),
        ('unsupported={"fly": "no"}', "fly, which is no operation"),
        ("keeps_customers=False", "create_customer is implemented"),
    ],
)
def test_declarations_that_cannot_be_true(plugin: Install, declared: str, words: str) -> None:
    """What a connector declares is checked when it is loaded."""
    cards = "payment_methods=(Card,),"
    plugin("acme", acme_source((cards, f"{cards} {declared},")))
    with pytest.raises(ConnectorLoadError, match=words):
        Prism("acme", api_key="key")
