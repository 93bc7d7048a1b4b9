"""The form of exchange files."""

from __future__ import annotations

import json

import pytest

from prism_contract_tests.formatting import WIDTH, formatted

LONG = "x" * 90


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("{}", ["{}"]),
        ('{"a":1,"b":[1,2,{"c":null}]}', ["{", '  "a": 1,', '  "b": [1, 2, {"c": null}]', "}"]),
        (
            f'{{"a":{{"b":"{LONG}","c":[]}},"d":true}}',
            ["{", '  "a": {', f'    "b": "{LONG}",', '    "c": []', "  },", '  "d": true', "}"],
        ),
        (f'["{LONG}", ["é"]]', ["[", f'  "{LONG}",', '  ["é"]', "]"]),
        ('{"price": 10.00, "e": 1e3}', ["{", '  "price": 10.00,', '  "e": 1e3', "}"]),
    ],
)
def test_short_objects_and_lists_stand_on_one_line(text: str, lines: list[str]) -> None:
    """The file itself never does; numbers stay as they are written."""
    assert formatted(text).splitlines() == lines
    assert formatted(formatted(text)) == formatted(text)


@pytest.mark.parametrize("more", range(12))
def test_no_line_that_could_be_broken_is_too_long(more: int) -> None:
    """Indentation, name and comma count."""
    value = {"name": {"a": "x" * (WIDTH - 22 + more)}, "next": 1}
    made = formatted(json.dumps(value))
    assert json.loads(made) == value
    assert all(len(line) <= WIDTH or "{" not in line for line in made.splitlines())
    assert ('"name": {"a"' in made) == (more <= 2)
