"""The documentation page of the checks, made from the register."""

from __future__ import annotations

from prism_contract_tests import checks as _all_checks  # noqa: F401 - importing registers them
from prism_contract_tests.check import CHECKS, Check

HEAD = """\
# The checks

Every check of [the contract](contract.md), in the order in which they run: what it requires, since
which edition, why, and how to satisfy it. This page is generated from the checks themselves.

There are {number}, and most run on several cases: on every operation that the connector implements,
or on every exchange that it brings.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD.format(number=len(CHECKS)), *(_entry(one) for one in CHECKS.values())])


def _entry(check: Check) -> str:
    lines = [
        f"## {check.id}",
        "",
        _escaped(check.requirement),
        "",
        f"- **Since:** {check.since}",
        f"- **Why:** {_escaped(check.why)}",
        f"- **How:** {_escaped(check.how)}",
        "",
    ]
    return "\n".join(lines)


def _escaped(text: str) -> str:
    """Text that Markdown leaves as it is: angle brackets outside of code would be HTML."""
    parts = " ".join(text.split()).split("`")
    parts[::2] = [part.replace("<", "&lt;").replace("*", "\\*") for part in parts[::2]]
    return "`".join(parts)
