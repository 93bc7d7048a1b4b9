"""Commands of other packages: found, listed with what they do, added to groups, and completed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from support import Install

from prism_core import HandleEventRequest, Prism
from prism_core.cli.added import added, opened

PLAIN = '''
import click
raise_if_imported
@click.command()
@click.option("--port", help="Where to listen.")
def connector(port):
    """Serve a till on
    this machine. Ends with Ctrl+C."""
'''
GROUP = 'import click\nconnector = click.Group("till", short_help="The till.", help="No.")\n'
DECORATED = '''
import click
other = 1
@click.command(help=f"{1}", short_help="Open it")
def connector():
    """No."""
'''


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (PLAIN, "Serve a till on this machine."),
        (GROUP, "The till."),
        (DECORATED, "Open it"),
        ("from elsewhere import connector", "A till for shops."),
        ("connector = 3", "A till for shops."),
        ("this is no Python", "A till for shops."),
        ("import click\nconnector = click.command()(print)", "A till for shops."),
        ("def connector(): '\\x1b[2J'", "\N{REPLACEMENT CHARACTER}[2J"),
    ],
)
def test_the_help_says_what_a_command_does(
    run: Callable[..., Result], plugin: Install, source: str, words: str
) -> None:
    """From its docstring, or else its package's summary; no package is imported for it."""
    folder = plugin("till", source, group="prism.commands")
    with (folder / "prism_payments_till-1.0.dist-info" / "METADATA").open("a") as metadata:
        metadata.write("Summary: A till for shops. And more.\n")
    before = set(sys.modules)
    said = run("--help")
    assert f"\n  till             {words}\n" in said.output
    assert not {name for name in set(sys.modules) - before if name.startswith("plugin_")}


@pytest.mark.parametrize("target", ["no_such_package.x:connector", "plugin_till:connector", "x"])
def test_a_command_that_is_not_there_is_listed(
    run: Callable[..., Result], plugin: Install, target: str
) -> None:
    """A broken package never breaks the help."""
    plugin("till", "", group="prism.commands", target=target)
    done = run("--help")
    assert (done.exit_code, "\n  till             From prism-payments-till.\n" in done.output) == (
        0,
        True,
    )


def test_a_command_in_a_package(run: Callable[..., Result], plugin: Install) -> None:
    """Its module is found without importing the packages around it."""
    folder = plugin("till", "", group="prism.commands", target="plugin_a.b:connector")
    (folder / "plugin_a" / "b").mkdir(parents=True)
    (folder / "plugin_a" / "__init__.py").write_text("raise ValueError")
    (folder / "plugin_a" / "b" / "__init__.py").write_text(PLAIN)
    assert "Serve a till on this machine." in run("--help").output


def test_a_command_is_added_to_a_group(
    run: Callable[..., Result], plugin: Install, tmp_path: Path
) -> None:
    """An entry point `events.ring` is `prism events ring`; ours stay, and one that is broken says
    whose it is."""
    plugin("ring", PLAIN.replace("raise_if_imported", ""), group="prism.commands")
    plugin("bad", "raise ValueError('oh')", group="prism.commands")
    for name in ("ring", "bad"):
        info = tmp_path / "site" / f"prism_payments_{name}-1.0.dist-info" / "entry_points.txt"
        info.write_text(info.read_text().replace(f"\n{name} =", f"\nevents.{name} ="))
    said = run("events", "--help").output
    assert "\n  handle  Verify a webhook and read it." in said
    assert "\n  ring    Serve a till on this machine." in said
    assert run("events", "ring").exit_code == 0
    assert "'events.bad' of prism-payments-bad cannot be imported" in run("events", "bad").stderr
    assert run("events", "rong").exit_code == 2
    assert "\n  ring " not in run("--help").output


def test_damaged_metadata_hides_nothing(plugin: Install) -> None:
    folder = plugin("till", PLAIN.replace("raise_if_imported", ""), group="prism.commands")
    (folder / "broken-1.0.dist-info").mkdir()
    assert opened(added()["till"]).name == "connector"


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("prism pay", {"payments", "payment-methods"}),
        ("prism events ", {"handle", "send"}),
        ("prism payments capture --am", {"--amount"}),
        ("prism payments get --connector ac", {"acme"}),
        ("prism try ac", {"acme"}),
    ],
)
def test_a_shell_completes(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, words: str, offered: set[str]
) -> None:
    """Commands, options and the names of the installed connectors."""
    monkeypatch.setenv("_PRISM_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split(" ")) - 1))
    said = run().output
    assert {line.partition(",")[2] for line in said.splitlines()} == offered


BODY = b'{"id":"evt_1","type":"customer.seen"}'


@pytest.mark.parametrize(
    "form", ["Acme-Signature: {}\nHost: shop\n\n", '{{"acme-signature":"{}"}}']
)
def test_an_event_is_read_from_files(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, form: str
) -> None:
    """A webhook that was kept is verified as at the time when it came."""
    monkeypatch.setenv("PRISM_ACME_WEBHOOK_SECRET", "whsec_1")
    headers = tmp_path / "headers"
    headers.write_text(form.format(signature(1_700_000_000)))
    args = ["events", "handle", "--body", "-", "--headers", str(headers)]
    done = run(*args, "--received-at", "1700000000", stdin=BODY.decode())
    assert (done.exit_code, "connector_event_id: evt_1\n" in done.output) == (0, True)
    late = run(*args, stdin=BODY.decode())
    assert (late.exit_code, "EventRejected" in late.stderr) == (1, True)
    forged = run(*args, "--received-at", "1700000000", stdin=BODY.decode() + " ")
    assert forged.exit_code == 1


def signature(at: int) -> str:
    with Prism("acme", api_key="k", webhook_secret="whsec_1") as prism:
        request = HandleEventRequest(body=BODY, headers={}, received_at=at)
        engine = prism._engine
        return str(engine.connector.hooks["sign_event"](request, engine.account)["acme-signature"])


@pytest.mark.parametrize("text", ["no colon", '{"a": 1}', "{", "a: b\nc"])
def test_headers_that_are_none(run: Callable[..., Result], tmp_path: Path, text: str) -> None:
    """The error says what the file must hold, and repeats nothing of it."""
    headers = tmp_path / "headers"
    headers.write_text(text)
    done = run("events", "handle", "--body", "-", "--headers", str(headers), stdin="{}")
    assert (done.exit_code, "lines of 'Name: value'" in done.stderr) == (2, True)
