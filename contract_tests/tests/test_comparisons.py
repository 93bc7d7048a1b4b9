"""Signatures are compared in constant time: by the core, by every plugin, and by a stranger's."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

import prism_core
from prism_contract_tests.comparisons import leaking
from prism_contract_tests.sources import Source, reachable
from prism_contract_tests.target import open_target

PLUGINS = Path(__file__).parents[2] / "plugins"
BAD = [
    "return hmac.new(key, body, 'sha256').hexdigest() == given",
    "return given in hmac.new(key, body, 'sha256').hexdigest()",
    "return signatures.signed(secret, body) != given",
    "made = signed(secret, body).hex()\n    return made.upper() == given",
    "made = b64encode(signed(secret, body)).decode()\n    return made in given.split(',')",
    "for made in [signed(one, body) for one in secrets]:\n        if made == given: return 1",
    "return f'sha256={mine(body)}' == given",
    "return same(mine(body), given)",
    "return same(a=mine(body), b=given)",
    "if (made := mine(body)) == given: return 1",
    "made = {}\n    made['x'] = mine(body)\n    return made['x'] == given",
    "return request.header('x-token') == account.webhook_secret.reveal()",
    "return hashlib.md5(secret + body).hexdigest() == given",
]
GOOD = [
    "return hmac.compare_digest(mine(body), given)",
    "return any(hmac.compare_digest(signed(one, body), given) for one in secrets)",
    "made = mine(body)\n    return made == ''",
    "made = mine(body)\n    return len(made) == len(given)",
    "found = bytes.fromhex(given)\n    return found.hex() == given",
    "signatures.verify(secrets, body, [given])\n    return given == ''",
    "return {'x-signature': f'{at}.{signed(secret, body).hex()}'}",
    "made = {}\n    made[given] = mine(body)\n    return given == 'x'",
]
MAKES = re.compile(r"\b(signed|hashed|digest|hexdigest|reveal)\(|signatures import")
AROUND = (
    "def mine(body):\n    return signed(secret, body).hex()\ndef same(a, b):\n    return a == b\n"
)


def _trees(paths: Iterable[Path]) -> list[Source]:
    return [Source(path.stem, path, ast.parse(path.read_text())) for path in paths]


def _leaks(text: str, around: str = AROUND) -> list[str]:
    tree = ast.parse(f"{around}def check():\n    {text}\n")
    return [ast.unparse(node) for _, node in leaking([Source("one", Path("one.py"), tree)])]


@pytest.mark.parametrize("text", BAD)
def test_a_comparison_that_tells_is_found(text: str) -> None:
    """Whatever the signature went through before: names, functions, other spellings."""
    assert _leaks(text)


@pytest.mark.parametrize("text", GOOD)
def test_what_tells_nothing_is_left_alone(text: str) -> None:
    """Constant time, lengths, and texts that were given and not made."""
    assert not _leaks(text)


def test_the_core_compares_in_constant_time() -> None:
    """Every file of it that makes a signature or reveals a secret, but those that look for secrets
    within other texts, to mask them. (The reading follows names, and in all files of the core one
    name stands for too many functions.)"""
    searching = {"private.py", "redaction.py", "masking.py", "proxies.py"}
    found = sorted(Path(prism_core.__file__).parent.rglob("*.py"))
    trees = _trees(
        path for path in found if path.name not in searching and MAKES.search(path.read_text())
    )
    assert len(trees) > 15
    assert [f"{leak.path}:{node.lineno}" for leak, node in leaking(trees)] == []


@pytest.mark.parametrize("name", sorted(one.name.partition("-")[2] for one in PLUGINS.iterdir()))
def test_every_plugin_compares_in_constant_time(name: str) -> None:
    """Every file that a connector imports; every file of another plugin."""
    folder = PLUGINS / f"prism-{name}"
    if "prism.connectors" in (folder / "pyproject.toml").read_text():
        files = [*reachable(open_target(name)).values()]
        assert len(files) > 5
    else:
        files = _trees(folder.glob("prism_*/**/*.py"))
        assert files
    assert [f"{found.path}:{node.lineno}" for found, node in leaking(files)] == []
