"""The judge of a plugin's own tests: no request that they build escapes the processor's document.

In the plugin's `conftest.py`, with a function that names what the document does not allow:

    judge = judging("prism-acme", "acme.openapi.json", description.violations)

Every `HttpRequest` that a test builds, sent or not, is then judged when the test ends, unless the
core refused it for what its flow read; the last lines of the run say how many were.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from prism_contract_tests.openapi import Description
from prism_contract_tests.target import read_settings
from prism_core import HttpRequest, PrismError
from prism_core.runtime import flows
from prism_core.runtime.call import Call

Violations = Callable[[str, str, Mapping[str, str], bytes], list[str]]
"""What is not allowed about a method, URL, headers and body; an empty list if all is well."""
PROPERTY = "prism judge"


class Judge:
    """Judges the requests that one test builds, each once, and counts."""

    def __init__(self, violations: Violations | None) -> None:
        self.built: list[HttpRequest] = []
        self.valid = self.wrong = 0
        self._violations = violations

    def verdict(self) -> list[str]:
        """The violations of the requests built since the last verdict; none without a document."""
        requests, self.built = self.built, []
        if self._violations is None:
            return []
        known: dict[object, list[str]] = {}
        found: list[str] = []
        for one in requests:
            same = (one.method, one.url, tuple(one.headers.items()), one.body)
            if same not in known:
                known[same] = self._violations(one.method, one.url, one.headers, one.body)
            self.wrong += bool(known[same])
            self.valid += not known[same]
            found += known[same]
        return found


def judging(plugin: str, document: str, violations: Violations | None) -> Any:
    """A fixture for every test beside it: the judge, who fails a test that built a request which
    the document does not allow. Without `violations` the document is not to be had."""

    @pytest.fixture(autouse=True)
    def judge(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Judge]:
        made = Judge(violations)
        build: Callable[..., None] = HttpRequest.__init__
        check = flows._make_ready

        def building(self: HttpRequest, *args: Any, **kwargs: Any) -> None:
            build(self, *args, **kwargs)
            made.built.append(self)

        def checking(call: Call, request: HttpRequest) -> None:
            try:
                check(call, request)
            except PrismError:
                made.built.remove(request)
                raise

        monkeypatch.setattr(HttpRequest, "__init__", building)
        monkeypatch.setattr(flows, "_make_ready", checking)
        yield made
        wrong = made.verdict()
        counted = (plugin, document, violations is not None, made.valid, made.wrong)
        request.node.user_properties.append((PROPERTY, counted))
        assert not wrong, f"not valid by {document}: " + "; ".join(wrong)

    return judge


def judging_by_openapi(package: ModuleType, document: Path) -> Any:
    """The same fixture, for a connector's package and the OpenAPI document of its processor, with
    the amendments of its pyproject.toml. Where there is no such file, nothing is judged."""
    amended = read_settings(Path(str(package.__file__)).parent).openapi
    found = (
        Description(json.loads(document.read_text("utf-8")), amended)
        if document.is_file()
        else None
    )
    plugin = package.__name__.replace("_", "-")
    return judging(plugin, document.name, None if found is None else found.violations)


def summary(reports: list[Any]) -> list[str]:
    """One line for each plugin whose tests were judged, from the reports of a run."""
    counts: dict[tuple[str, str, bool], list[int]] = {}
    for report in reports:
        for name, value in report.user_properties if report.when == "teardown" else ():
            if name == PROPERTY:
                plugin, document, there, valid, wrong = value
                count = counts.setdefault((plugin, document, there), [0, 0])
                count[:] = count[0] + valid, count[1] + wrong
    return [
        f"{plugin}: {valid} requests valid by {document}, {wrong} violations"
        if there
        else f"{plugin}: no request was held against {document}, which is not here"
        for (plugin, document, there), (valid, wrong) in counts.items()
    ]
