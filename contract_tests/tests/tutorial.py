"""The tutorials, followed: the blocks of a page in docs/, read and carried out in a folder.

A line such as **`prism_x/exchanges/errors.json`**, whole: names the file of the block below it. "in
place of what has the same name" says that the block's definitions replace those of the file; "in
place of its imports" that the block replaces these; "above `class X`" and "at the end of `class X`"
where it goes; "without this line" what to delete. A `console` block holds commands and what they
say.
"""

from __future__ import annotations

import ast
import re
import sys
import textwrap
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from prism_core.discovery import index, loading

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "tutorial.md"
REDIRECT = DOCS / "tutorial-redirect.md"
_BLOCK = re.compile(
    r"(?:^\*\*`(?P<path>[^`]+)`\*\*,(?P<how>[^\n]*(?:\n[^\n]+)*)\n\n)?"
    r"^```(?P<language>\w+)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass
class Command:
    """A line to type, and the lines that the tutorial shows below it."""

    line: str
    shown: list[str] = field(default_factory=list)


@dataclass
class Edit:
    """A file to write, or to change by name."""

    path: str
    how: str
    text: str

    def apply(self, folder: Path) -> None:
        """Carries it out in a plugin's folder."""
        path = folder / self.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.text if self.how.strip() == "whole:" else self._edited(path), "utf-8")

    def _edited(self, path: Path) -> str:
        source = path.read_text("utf-8")
        above = re.fullmatch(r" above `(.+)`:", self.how)
        if above is not None:
            before, line, after = source.partition(f"\n{above[1]}")
            assert line, self.how
            return f"{before}\n{self.text}\n{line}{after}"
        inside = re.fullmatch(r" at the end of `class (.+)`:", self.how)
        if inside is not None:
            return extended(source, inside[1], self.text)
        if "without this line" in self.how:
            assert source.count(self.text) == 1, self.text
            return source.replace(self.text, "")
        if "its imports" in self.how:
            return imported(source, self.text)
        if "at its end" in self.how:
            return f"{source}\n{self.text}"
        assert "same name" in self.how, self.how
        return merged(source, self.text)


def steps(page: Path = PAGE) -> Iterator[Edit | Command]:
    """What a tutorial asks its reader to do, in order."""
    for found in _BLOCK.finditer(page.read_text("utf-8")):
        if found["path"]:
            yield Edit(found["path"], found["how"], found["text"])
        elif found["language"] == "console":
            yield from _commands(found["text"])


def _commands(text: str) -> Iterator[Command]:
    command = None
    for line in text.splitlines():
        if line.startswith("$ "):
            if command is not None:
                yield command
            command = Command(line[2:])
        elif line.strip():
            assert command is not None, line
            command.shown.append(line)
    if command is not None:
        yield command


def merged(source: str, block: str) -> str:
    """The source with each definition and import of the block in place of the one with its name.

    An indented block goes into the file's class that has `info`.
    """
    is_inner = block.startswith((" ", "\t"))
    for names, text in _parts(block):
        tree = ast.parse(source)
        body = _connector(tree).body if is_inner else tree.body
        (old,) = (node for node in body if names & _names(node))
        lines = source.splitlines(keepends=True)
        lines[_first(old) - 1 : old.end_lineno] = [text]
        source = "".join(lines)
    return source


def imported(source: str, block: str) -> str:
    """The source with the block in place of its imports."""
    found = [n for n in ast.parse(source).body if isinstance(n, (ast.Import, ast.ImportFrom))]
    lines = source.splitlines(keepends=True)
    lines[found[0].lineno - 1 : found[-1].end_lineno] = [block]
    return "".join(lines)


def extended(source: str, name: str, block: str) -> str:
    """The source with the block as the last lines of a class."""
    classes = (node for node in ast.parse(source).body if isinstance(node, ast.ClassDef))
    (end,) = (node.end_lineno for node in classes if node.name == name)
    lines = source.splitlines(keepends=True)
    lines[end:end] = ["\n", block]
    return "".join(lines)


def _parts(block: str) -> Iterator[tuple[set[str], str]]:
    lines = block.splitlines(keepends=True)
    for node in ast.parse(textwrap.dedent(block)).body:
        yield _names(node), "".join(lines[_first(node) - 1 : node.end_lineno])


def _first(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min(node.lineno, *(one.lineno for one in decorators), node.lineno)


def _names(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.ImportFrom):
        return {f"from {node.module}"}
    if isinstance(node, ast.Assign):
        return {target.id for target in node.targets if isinstance(target, ast.Name)}
    name = getattr(node, "name", None)
    return set() if name is None else {name}


def _connector(tree: ast.Module) -> ast.ClassDef:
    (found,) = (
        node
        for node in tree.body
        if isinstance(node, ast.ClassDef) and any("info" in _names(one) for one in node.body)
    )
    return found


def lay_out(folder: Path) -> None:
    """What `pip install -e .` does, as far as discovery sees it: metadata beside the package."""
    settings = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    info = folder / f"{settings['name'].replace('-', '_')}-{settings['version']}.dist-info"
    info.mkdir()
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {settings['name']}",
        f"Version: {settings['version']}",
    ]
    lines += [f"Requires-Dist: {line}" for line in settings["dependencies"]]
    (info / "METADATA").write_text("\n".join(lines) + "\n")
    points = [f"{k} = {v}" for k, v in settings["entry-points"]["prism.connectors"].items()]
    (info / "entry_points.txt").write_text("\n".join(["[prism.connectors]", *points]) + "\n")


@contextmanager
def removed(package: str) -> Iterator[None]:
    """Forgets, after a block, a connector that was imported into this process."""
    index.refresh()
    try:
        yield
    finally:
        index.refresh()
        loading._loaded.clear()
        for name in [name for name in sys.modules if name.split(".")[0] == package]:
            del sys.modules[name]
