"""Other packages' rubbish: whatever lies on sys.path, Prism and its commands go on working."""

from __future__ import annotations

import random
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner
from support import Install, acme_source

from prism_core import Prism, PrismError
from prism_core.cli.app import prism as command
from prism_core.discovery import index

from .damaging import damaged, words
from .findings import METADATA
from .fuzzing import Tally, fuzz

_FOLDERS = [
    *("rub-1.0.dist-info", "rub.dist-info", "-.dist-info", ".dist-info", "rub-1.0.egg-info"),
    *("rub-1.0-py3.11.egg", "caf\udce9-1.dist-info", "[/b]-1.dist-info", "a\nb-1.dist-info"),
    *("\x1b[31m-1.dist-info", "prism_payments_core-9.dist-info", "rub-1.0.DIST-INFO"),
]
_FILES = ["METADATA", "PKG-INFO", "entry_points.txt", "RECORD", "top_level.txt"]
_METADATA = (
    b"Metadata-Version: 2.1\nName: rub\nVersion: 1.0\nRequires-Dist: prism-payments-core>=0.1\n"
)
_ENTRY_POINTS = b"[prism.connectors]\nrub = rub:connector\n[prism.commands]\nrub = rub:command\n"
_METADATA_LINES = [
    *(b"Name:", b"Name: \xff", b"Name: [/b]", b"Name: a\x1b[2J", b"Name: ../../x", b"Version:"),
    *(b"Version: [/x]", b"Version: \xe9", b"Version: 1.0.0.0.post-x", b"Requires-Dist: ((("),
    *(b"Requires-Dist: prism-payments-core; os_name ~= 'x'", b"\x00\x01", b" continued"),
    *(b"Requires-Dist: prism-payments-core @ file:///x", b"Requires-Dist: Prism.Payments_Core==x"),
    *(b"Requires-Dist: prism-payments-core; python_full_version < 'x'", b": x", b"Requires-Dist:"),
    *(b"Requires-Dist: prism-payments-core; extra in 'x' or extra ~= '1'", b"\xef\xbb\xbfName: x"),
]
_ENTRY_LINES = [
    *(b"a[/b] = x:y", b"[/red]", b"[red]x = y:z", b"\x1b[2J = x:y", b"= x:y", b"a =", b"a"),
    *(b"a = x:y [extra]", b"caf\xe9 = x:y", b"(unreadable) = x:y", b"a = \x00:y", b"a = sys:path"),
    *(b"a = a/../b:c", b"a = ..x:y", b"a = :", b"a = x y:z", b"a = json", b"a = __main__:x"),
    *(b"a = json:", b"a = json..x:y", b"a = rub.\x00:y", b"a = " + b"x." * 500 + b"y:z"),
    *(
        "\u202ea = x:y".encode(),
        "\ud800".encode("utf-8", "surrogatepass") + b" = x:y",
        b"a = b = c",
    ),
]
_COMMANDS = [["connectors"], ["connectors", "--json"], ["doctor"], ["doctor", "--json"], ["--help"]]


class Rubbish(NamedTuple):
    """A folder on sys.path: what it is called, what is in it (None: a folder), and the command
    that is run beside it."""

    folder: str
    files: dict[str, bytes | None]
    command: list[str]


def _drawn(chance: random.Random) -> Rubbish:
    files: dict[str, bytes | None] = {
        "METADATA": _lines(chance, _METADATA, _METADATA_LINES),
        "entry_points.txt": _lines(chance, _ENTRY_POINTS, _ENTRY_LINES),
    }
    if chance.randrange(3) == 0:
        files[chance.choice(_FILES)] = chance.choice([None, b"", b"\xff\xfe", chance.randbytes(60)])
    if chance.randrange(4) == 0:
        del files[chance.choice(["METADATA", "entry_points.txt"])]
    name = chance.choice(_FOLDERS) if chance.randrange(2) else _FOLDERS[0]
    return Rubbish(name, files, chance.choice(_COMMANDS))


def _lines(chance: random.Random, whole: bytes, odd: list[bytes]) -> bytes:
    lines = whole.splitlines()
    for _ in range(chance.randint(0, 3)):
        line = chance.choice([*odd, words(chance, 30).encode()])
        lines.insert(chance.randint(0, len(lines)), line)
    text = chance.choice([b"\n", b"\n", b"\r\n", b"\r"]).join(lines) + b"\n"
    return damaged(chance, text) if chance.randrange(4) == 0 else text


@pytest.fixture
def site(plugin: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for rubbish, first on a short sys.path with one good connector and a core."""
    good = plugin("acme", acme_source())
    plugin("core", "", distribution="prism-payments-core", group="nothing")
    for words_ in _COMMANDS:  # what they import must be there before the path is short
        CliRunner().invoke(command, words_)
    rubbish = tmp_path / "rubbish"
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    odd = [str(tmp_path / "broken.zip"), str(tmp_path / "missing"), ""]
    monkeypatch.setattr(sys, "path", [str(rubbish), *odd, str(good)])
    yield rubbish
    shutil.rmtree(rubbish, ignore_errors=True)


def test_rubbish_on_the_path(site: Path, tally: Callable[[str], Tally]) -> None:
    """Beside a package with damaged or hostile metadata another connector opens, and `prism
    connectors`, `doctor` and `--help` end as they should."""

    def attempt(case: Rubbish) -> str | None:
        shutil.rmtree(site, ignore_errors=True)
        try:
            _lay_out(site / case.folder, case.files)
        except (OSError, ValueError):
            return None  # no folder can have that name here
        index.refresh()
        return _opens() or _runs(case.command)

    fuzz(tally("metadata"), _drawn, attempt, inputs=60, findings=[Rubbish(*r) for r in METADATA])


def _lay_out(folder: Path, files: dict[str, bytes | None]) -> None:
    folder.mkdir(parents=True)
    for name, content in files.items():
        if content is None:
            (folder / name).mkdir(exist_ok=True)
        else:
            (folder / name).write_bytes(content)


def _opens() -> str | None:
    try:
        Prism("acme", api_key="key").close()
    except PrismError as error:
        return f"acme does not open: {error.message}"
    except Exception as error:
        return f"opening acme raised {type(error).__name__}: {error}"
    return None


def _runs(words_: list[str]) -> str | None:
    done = CliRunner().invoke(command, words_)
    if done.exit_code == 0 and ("acme" in done.output or words_ == ["--help"]):
        return None
    return f"{' '.join(words_)}: {type(done.exception).__name__}: {str(done.exception)[:80]}"
