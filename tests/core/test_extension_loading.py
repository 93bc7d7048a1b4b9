"""Extensions are found, allowed and checked as connectors are; a broken one keeps nobody from
paying."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
from typing import Any

import pytest
from support import Install, Server

from prism_core import ConfigurationError, Prism, hookimpl
from prism_core.discovery import extensions
from prism_core.discovery.extensions import diagnose, hooks_of

from .observing import Noting
from .samples import ASKED, GOOD, options

COUNTING = """
from prism_core import hookimpl

class Counting:
    calls = 0

    @hookimpl
    def call_ended(self, end):
        self.calls += 1

connector = Counting()
"""
BROKEN = "raise RuntimeError('imported')"


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extensions, "_loaded", {})
    monkeypatch.setenv("PRISM_EXTENSIONS", "counting,broken")


def installed(plugin: Install, name: str, source: str, **how: Any) -> None:
    plugin(name, source, group="prism.extensions", **how)


def told() -> dict[str, tuple[str, str]]:
    """What the doctor says of each, by distribution."""
    mine = [one for one in diagnose() if one.state != "blocked"]
    return {one.candidate.distribution: (one.state, one.reason) for one in mine}


def test_importing_prism_looks_for_no_extension() -> None:
    """Nor does it import what they need: they are loaded with the first client."""
    code = (
        "import sys, prism_core; print([m for m in sys.modules if m == 'prism_core.discovery.index'"
        " or m.split('.')[0] in ('opentelemetry', 'prism_opentelemetry')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_installed_extension_sees_every_client(
    acme: str, server: Server, plugin: Install
) -> None:
    """It is imported once, with the first client."""
    installed(plugin, "counting", COUNTING)
    server.answer(200, GOOD)
    for _ in range(2):
        with Prism(acme, **options(server)) as prism:
            prism.payments.authorize(**ASKED)
    hooks = hooks_of()
    assert hooks is not None
    (one,) = hooks["call_ended"]
    assert one.extension == "counting"
    assert one.function.__self__.calls == 2  # type: ignore[attr-defined]
    assert told()["prism-payments-counting"] == ("loadable", "")


def test_the_list_keeps_everything_else_out(
    plugin: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a list of its own; where only PRISM_CONNECTORS is set, no extension is imported."""
    installed(plugin, "broken", BROKEN)
    for listed in ("", "other", "broken=other-broken"):
        monkeypatch.setenv("PRISM_EXTENSIONS", listed)
        assert hooks_of() is None
        assert told() == {}
    monkeypatch.delenv("PRISM_EXTENSIONS")
    monkeypatch.setenv("PRISM_CONNECTORS", "acme")
    assert told() == {}
    monkeypatch.delenv("PRISM_CONNECTORS")
    assert told()["prism-payments-broken"][0] == "broken"


def test_a_broken_extension_is_left_out(
    acme: str, server: Server, plugin: Install, caplog: pytest.LogCaptureFixture
) -> None:
    """The payment is made; a warning, once, and the doctor say why the extension is not used."""
    installed(plugin, "broken", BROKEN)
    installed(plugin, "counting", COUNTING)
    server.answer(200, GOOD)
    for _ in range(2):
        with Prism(acme, **options(server)) as prism:
            assert prism.payments.authorize(**ASKED).status == "AUTHORIZED"
    (warning,) = [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]
    assert "an extension is not used: extension 'broken' of prism-payments-broken" in warning
    assert "RuntimeError: imported" in warning
    assert [state for state, _ in told().values()] == ["broken", "loadable"]


def test_two_claims_to_a_name_are_an_error_that_names_both(
    plugin: Install, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither is imported, until the list says which."""
    installed(plugin, "broken", BROKEN, folder="one")
    installed(plugin, "broken", BROKEN, folder="two", distribution="other-broken")
    assert hooks_of() is None
    for word in ("two distributions claim the extension 'broken'", "prism-payments-broken 1.0",
                 "other-broken 1.0", "PRISM_EXTENSIONS=broken=distribution"):  # fmt: skip
        assert word in caplog.text
    assert {state for state, _ in told().values()} == {"conflict"}
    monkeypatch.setenv("PRISM_EXTENSIONS", "broken=other-broken")
    assert list(told()) == ["other-broken"]


def test_an_extension_for_another_core_is_not_imported(plugin: Install) -> None:
    installed(plugin, "broken", BROKEN, requires="prism-payments-core>=99")
    state, reason = told()["prism-payments-broken"]
    assert state == "incompatible"
    assert reason.startswith("extension 'broken' of prism-payments-broken")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("Counting()", "Counting", "Counting is a class; an extension is an object"),
        ("connector = Counting()", "import logging as connector", "logging is a module"),
        ("call_ended", "call_finished", "there is no such hook of an extension"),
        ("@hookimpl", "# nothing", "has a hook's name and is not decorated; it implements no hook"),
        ("@hookimpl", "@hookimpl(wrapper=True)", "options other than tryfirst and trylast"),
        ("def call", "async def call", "must be a plain method"),
        ("self.calls += 1", "yield", "must be a plain method"),
        ("(self, end)", "(self, result, end)", "takes result; it can take call, end"),
        ("(self, end)", "(self, end=None)", "has a parameter default"),
        ("(self, end)", "(self, *, end)", "has a keyword-only parameter"),
        ("calls = 0", "__class__ = property(lambda s: 1 / 0)", "checking it failed with Zero"),
    ],
)
def test_what_pluggy_would_let_slip_is_refused(
    plugin: Install, old: str, new: str, problem: str
) -> None:
    """With a sentence that says what to change."""
    installed(plugin, "counting", COUNTING.replace(old, new))
    assert hooks_of() is None
    state, reason = told()["prism-payments-counting"]
    assert state == "broken"
    for words in problem.split("; "):
        assert words in reason


def test_a_client_can_be_given_extensions(acme: str, server: Server, plugin: Install) -> None:
    """These alone observe its calls, each once, and not the installed ones."""
    installed(plugin, "broken", BROKEN)
    noting = Noting()
    server.answer(200, GOOD)
    with Prism(acme, **options(server), extensions=(noting, noting)) as prism:
        prism.payments.authorize(**ASKED)
    assert noting.hooks.count("call_ended") == 1
    assert hooks_of([]) is None


class Equal:
    """Equal to all others, and with a property that must not run."""

    def __init__(self) -> None:
        self.calls = 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Equal)

    __hash__ = object.__hash__

    @property
    def broken(self) -> None:
        pytest.fail("the property was read")

    @hookimpl
    def call_ended(self) -> None:
        self.calls += 1


def test_two_equal_extensions_are_two(acme: str, server: Server) -> None:
    """Dataclasses with the same settings are equal; each is told everything."""
    one, two = Equal(), Equal()
    server.answer(200, GOOD)
    with Prism(acme, **options(server), extensions=[one, two]) as prism:
        prism.payments.authorize(**ASKED)
    assert (one.calls, two.calls) == (1, 1)


def test_a_given_object_that_is_no_extension_is_refused(acme: str) -> None:
    """At once: whoever gives it can change it."""

    class Mistyped:
        @hookimpl
        def call_end(self) -> None:
            """Misses the hook's name."""

    with pytest.raises(
        ConfigurationError, match="Mistyped 1 cannot be used: call_end is decorated"
    ):
        Prism(acme, api_key="key", extensions=[Mistyped()])
    with pytest.raises(ConfigurationError, match="must be a list of extensions"):
        Prism(acme, api_key="key", extensions=Noting())  # type: ignore[arg-type]


def test_a_log_that_fails_keeps_nobody_from_paying(
    acme: str, server: Server, plugin: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A handler of the caller's that raises while a broken extension is reported."""
    installed(plugin, "broken", BROKEN)

    def raising(_: logging.LogRecord) -> bool:
        raise ConnectionError("nobody takes this record")

    monkeypatch.setattr(logging.getLogger("prism_core"), "filters", [raising])
    server.answer(200, GOOD)
    with Prism(acme, **options(server)) as prism:
        assert prism.payments.authorize(**ASKED).status == "AUTHORIZED"


def test_a_time_limit_that_strikes_during_an_import_is_not_swallowed(plugin: Install) -> None:
    """The extension has not failed: the next client imports it again."""
    installed(plugin, "counting", "import signal; signal.raise_signal(signal.SIGUSR1)" + COUNTING)

    def strike(number: int, frame: object) -> None:
        raise TimeoutError("the task's time is up")

    before = signal.signal(signal.SIGUSR1, strike)
    try:
        with pytest.raises(TimeoutError):
            hooks_of()
    finally:
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    assert hooks_of() is not None
    signal.signal(signal.SIGUSR1, before)
