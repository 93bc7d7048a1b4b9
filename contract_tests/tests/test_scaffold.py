"""`prism new`: a draft that installs and loads, is right for its shape, and says what to write."""

from __future__ import annotations

import ast
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console
from tutorial import lay_out, removed

from prism_contract_tests import certify
from prism_contract_tests.commands.new import new
from prism_contract_tests.exchange import json_schema
from prism_contract_tests.formatting import formatted
from prism_contract_tests.reading import load
from prism_contract_tests.render import terminal
from prism_contract_tests.report import Report
from prism_contract_tests.scaffold import Refused, scaffold
from prism_contract_tests.shapes import STYLES, WAYS, Shape
from prism_contract_tests.target import EDITION, read_settings


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return scaffold("acme_pay", tmp_path)


@pytest.fixture
def report(made: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    lay_out(made)
    monkeypatch.syspath_prepend(str(made))
    with removed("prism_acme_pay"):
        return certify("acme_pay")


def test_it_loads_and_is_red(report: Report) -> None:
    """What was just made is found and imported, and it is not certified."""
    assert report.distribution == "prism-payments-acme-pay"
    assert not report.ok
    assert report.problems == []


@pytest.mark.parametrize("operation", ["create_customer", "authorize", "get_payment"])
def test_the_contract_says_what_is_to_write(report: Report, operation: str) -> None:
    """Check by check: the operation that is not written, however it is tried."""
    failed = [finding for finding in report.failed if finding.case.startswith(operation)]
    assert {"exchange-request", "exchange-result", "error-answers"} <= {
        finding.check for finding in failed
    }
    (result,) = (finding for finding in failed if finding.check == "exchange-result")
    assert result.evidence is not None
    said = f"{operation} is still to write: make the draft below yours, and take this error out"
    assert said in (result.evidence.got or "")


def test_the_terminal_says_it_once_for_each_operation(report: Report) -> None:
    """The first run is short: three operations to write, with how many checks wait for each, and
    what else is to do. Together that is every check that failed."""
    out = io.StringIO()
    terminal.print_reports([report], Console(file=out, width=200, highlight=False))
    text = out.getvalue()
    told = re.findall(r"^  ([\w-]+) on (\S+)$", text, re.M)
    named = {case for check, case in told if check == "exchange-request"}
    assert named == {f"{one}/success" for one in ("create_customer", "authorize", "get_payment")}
    assert text.count("still to write") == 3
    others = {"exchange-request", "exchanges-documented"}
    assert {check for check, _ in told} == others
    waiting = re.findall(r"(\d+) checks wait for it", text)
    assert sum(map(int, waiting)) + len(told) == len(report.failed) > 50
    assert f"{len(report.failed)} failed" in text


def test_nothing_passes_that_sends(report: Report) -> None:
    """No stub looks as if it worked: whatever replays an exchange fails on every one."""
    replaying = {"exchange-request", "exchange-result", "exchange-async"}
    verdicts = {f.verdict for f in report.findings if f.check in replaying}
    assert verdicts == {"failed"}


def test_the_exchanges_are_examples_to_fill_in(made: Path) -> None:
    """Each operation has one file, and all have the same two error answers; they load, and an
    editor finds their schema beside the package."""
    package = made / "prism_acme_pay"
    operations = ("authorize", "create_customer", "get_payment")
    names = [f"{operation}/success" for operation in operations]
    for answer in ("key-refused", "request-refused"):
        names += [f"{operation}/errors:{answer}" for operation in operations]
    names += ["get_payment/errors:not-found", "authorize/errors:low-balance"]
    assert [one.name for one in load(package)] == names
    for path in package.glob("exchanges/**/*.json"):
        named = json.loads(path.read_text())["$schema"].partition("#")[0]
        assert json.loads((path.parent / named).read_text()) == json_schema()
        assert path.read_text() == formatted(path.read_text())


def test_the_settings_name_the_edition(made: Path) -> None:
    """A new plugin is held to the edition of the kit that made it."""
    assert read_settings(made / "prism_acme_pay").edition == EDITION


def test_the_package_is_python_with_types(made: Path) -> None:
    """Each file is valid Python without leftovers of the templates, and type checkers see it."""
    for path in made.rglob("*.py"):
        ast.parse(path.read_text())
    texts = [path.read_text() for path in made.rglob("*") if path.is_file()]
    assert not any("{{" in text or "TODO" in text or "NAME" in text for text in texts)
    assert (made / "prism_acme_pay" / "py.typed").exists()
    assert (made / ".gitignore").exists()
    assert "Apache License" in (made / "LICENSE").read_text()
    assert (made / "tests" / "test_acme_pay.py").exists()


EVERY = tuple(WAYS)
STILL = re.compile(r"        raise UnsupportedOperation\(\n.*\n        \)\n")


@pytest.mark.parametrize(
    "shape",
    [
        Shape(),
        Shape("form", "signed", ("Card", "SdkToken", "Redirect")),
        Shape("graphql", "fetched", ("Card", "Sepa")),
        Shape("graphql", "signed", ("Token",)),
        Shape("json", "fetched", ("Redirect",)),
        Shape("json", "none", EVERY),
    ],
    ids=lambda shape: f"{shape.style}-{shape.webhooks}-{len(shape.payment_methods)}",
)
def test_a_draft_of_each_shape_is_right(
    shape: Shape, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever takes the errors out and names the pages has what the contract certifies, so that no
    author inherits a mistake: credentials, bodies, amounts, webhooks, exchanges."""
    made = scaffold("acme_pay", tmp_path, shape)
    code = made / "prism_acme_pay" / "__init__.py"
    draft, count = STILL.subn("", code.read_text())
    assert count == (3 if shape.webhooks == "none" else 4)
    code.write_text(draft.replace('docs=""', 'docs="https://docs.acme.example"'))
    for path in made.rglob("exchanges/**/*.json"):
        page = '"documentation": "https://docs.acme.example"'
        path.write_text(path.read_text().replace('"documentation": ""', page))
    lay_out(made)
    monkeypatch.syspath_prepend(str(made))
    with removed("prism_acme_pay"):
        report = certify("acme_pay")
    assert [f"{one.check} on {one.case}: {one.message}" for one in report.failed] == []
    assert report.problems == []


@pytest.mark.once
@pytest.mark.parametrize("style", STYLES)
def test_a_draft_is_typed_and_formatted(style: str, tmp_path: Path) -> None:
    """What a linter and a type checker say of it is of no use to its author."""
    made = scaffold("acme_pay", tmp_path, Shape(style, "signed", EVERY))
    tools = (
        ("ruff", "check", "--isolated", "--line-length", "100", "--select", "E,F,I,D1"),
        ("ruff", "format", "--isolated", "--line-length", "100", "--diff"),
        ("mypy", "--strict", "--no-incremental"),
    )
    for tool in tools:
        paths = (["prism_acme_pay"], ["."])[tool[0] == "ruff"]
        done = subprocess.run(
            [sys.executable, "-m", *tool, *paths], cwd=made, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_command_makes_the_shape_that_is_asked_for(tmp_path: Path) -> None:
    asked = ["--style", "form", "--webhooks", "fetched", "--payment-methods", "sdktoken, Redirect"]
    done = CliRunner().invoke(new, ["acme", "--into", str(tmp_path), *asked])
    assert done.exit_code == 0, done.output
    text = (tmp_path / "prism-acme" / "prism_acme" / "__init__.py").read_text()
    assert 'account.post("/payments", form=payment)' in text
    assert "payment_methods=(SdkToken, Redirect)," in text
    assert 'raise EventRejected("the body names no payment")' in text


def test_an_unknown_payment_method_is_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(new, ["acme", "--into", str(tmp_path), "--payment-methods", "Cash"])
    assert done.exit_code == 2
    assert "'Cash' is no class of payment methods: Card, Token, SdkToken" in done.output
    assert list(tmp_path.iterdir()) == []


def test_the_command_prints_the_next_three(tmp_path: Path) -> None:
    """What to type next can be copied from the screen."""
    done = CliRunner().invoke(new, ["acme", "--into", str(tmp_path)])
    assert done.exit_code == 0
    folder = tmp_path / "prism-acme"
    wanted = [f"cd {folder}", "pip install -e .", "prism contract acme"]
    assert [line.strip() for line in done.output.splitlines()[-3:]] == wanted


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Acme", "cannot be a connector's name"),
        ("9pay", "cannot be a connector's name"),
        ("acme-pay", "cannot be a connector's name"),
        ("acme_", "cannot be a connector's name"),
        ("acme\n", "cannot be a connector's name"),
        ("../acme", "cannot be a connector's name"),
        ("class", "a word of Python"),
        ("sandbox", "choose another name, or uninstall prism-payments-sandbox"),
        ("core", "a package called prism_core is installed"),
    ],
)
def test_a_name_that_cannot_be_is_refused(tmp_path: Path, name: str, said: str) -> None:
    """One line says why, and nothing is written."""
    done = CliRunner().invoke(new, [name, "--into", str(tmp_path)])
    assert done.exit_code == 1
    assert said in done.output
    assert len(done.output.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_an_installed_name_is_refused_without_importing_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has the name is named, from metadata alone: its package, called otherwise, would
    fail when imported. Control characters in another's metadata reach no terminal."""
    site, work = tmp_path / "site", tmp_path / "work"
    info = site / "somebodys_payments-2.0.dist-info"
    for folder in (info, work):
        folder.mkdir(parents=True)
    (info / "METADATA").write_text("Name: somebodys-payments\nVersion: 2.0\x1b[2J\n")
    (info / "entry_points.txt").write_text("[prism.connectors]\nacme = somebodys_acme:connector\n")
    (site / "somebodys_acme.py").write_text("raise RuntimeError('imported')\n")
    monkeypatch.syspath_prepend(str(site))
    with removed("somebodys_acme"):
        done = CliRunner().invoke(new, ["acme", "--into", str(work)])
        assert "somebodys_acme" not in sys.modules
    assert done.exit_code == 1
    assert "a connector called 'acme' is installed: somebodys-payments 2.0" in done.output
    assert done.output.endswith("; choose another name, or uninstall somebodys-payments\n")
    assert "\x1b" not in done.output
    assert list(work.iterdir()) == []


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    """Making the same plugin twice changes nothing."""
    (tmp_path / "prism-acme").mkdir()
    with pytest.raises(Refused, match="is there already"):
        scaffold("acme", tmp_path)
    assert list((tmp_path / "prism-acme").iterdir()) == []


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A mistyped --into is not made."""
    with pytest.raises(Refused, match="there is no folder"):
        scaffold("acme", tmp_path / "mistyped")
    assert not (tmp_path / "mistyped").exists()


def test_nothing_half_written_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk in the middle leaves no folder behind."""

    def fail(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "write_text", fail)
    with pytest.raises(OSError, match="no space"):
        scaffold("acme", tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert "prism_acme" not in sys.modules
