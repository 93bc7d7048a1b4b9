"""How many lines the repository has: `python benchmarks/lines.py [FOLDER]`.

A line of code is one with code on it: no blank line, no comment, no docstring. A second figure
leaves import statements out: one name a line, they say how many names are used, and not what is
done. Files under `tests` folders are tests; exchanges are the JSON files of a connector, counted
without blank lines.
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path

NO_CODE = {
    tokenize.COMMENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
    tokenize.INDENT,
    tokenize.NEWLINE,
    tokenize.NL,
}
Lines = dict[str, int]
TITLES = ("Code", "Code without imports", "Tests", "Exchanges, JSON")


def code(source: str, *, imports: bool = True) -> int:
    """The lines of a Python file that have code on them, with or without its imports."""
    lines = source.splitlines()
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    held = [token for token in tokens if token.type not in NO_CODE]
    used = {line for token in held for line in range(token.start[0], token.end[0] + 1)}
    return sum(bool(lines[line - 1].strip()) for line in used - _left_out(source, imports))


def _left_out(source: str, imports: bool) -> set[int]:
    """The lines of docstrings, also those of attributes, and where it is asked of imports."""
    kinds = () if imports else (ast.Import, ast.ImportFrom)
    nodes = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, kinds)
        or (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        )
    ]
    return {line for one in nodes for line in range(one.lineno, (one.end_lineno or 0) + 1)}


def counted(root: Path) -> tuple[Lines, Lines, Lines, Lines]:
    """The lines of code of packages, with imports and without, and of tests by folder; and of
    exchanges by connector."""
    packages: Lines = {"prism_core": _code(_python(root / "prism_core"))}
    without: Lines = {"prism_core": _code(_python(root / "prism_core"), imports=False)}
    tests: Lines = {"tests": _code(_python(root / "tests"))}
    exchanges: Lines = {}
    for folder in [root / "contract_tests", *sorted((root / "plugins").glob("prism-*"))]:
        name = folder.relative_to(root).as_posix()
        files = [path for one in folder.glob("prism_*") for path in _python(one)]
        packages[name], without[name] = _code(files), _code(files, imports=False)
        tests[f"{name}/tests"] = _code(_python(folder / "tests"))
        exchanges[name] = _filled(folder.glob("prism_*/exchanges/**/*.json"))
    return packages, without, tests, {name: lines for name, lines in exchanges.items() if lines}


def _python(folder: Path) -> Iterator[Path]:
    return folder.rglob("*.py")


def _code(paths: Iterable[Path], *, imports: bool = True) -> int:
    return sum(code(path.read_text(encoding="utf-8"), imports=imports) for path in paths)


def _filled(paths: Iterable[Path]) -> int:
    texts = (path.read_text(encoding="utf-8") for path in paths)
    return sum(bool(line.strip()) for text in texts for line in text.splitlines())


def main() -> None:
    """Prints the four tables."""
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent)
    for title, lines in zip(TITLES, counted(root), strict=True):
        print(f"{title}, lines")
        for name, count in [*lines.items(), ("together", sum(lines.values()))]:
            print(f"  {name:40}{count:8,}")


if __name__ == "__main__":
    main()
