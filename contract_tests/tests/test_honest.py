"""What is right is not refused: connectors of honest, unusual processors pass every check."""

from __future__ import annotations

from pathlib import Path

import pytest
from honest import Honest, honestly

from prism_contract_tests import certify

HONEST = [
    Honest(
        "keeps payment methods for payments with the customer only",
        (
            (
                "pages.py",
                '            "keep": request.setup_future_usage,\n',
                '            "keep": usage(request.setup_future_usage),\n',
            ),
            (
                "pages.py",
                "def way(",
                "def usage(asked: object) -> object:\n"
                "    from prism_core import InvalidRequest\n"
                '    if asked == "OFF_SESSION":\n'
                '        raise InvalidRequest("not that", field="setup_future_usage")\n'
                "    return asked\n\n\ndef way(",
            ),
            (".json", '"OFF_SESSION"', '"ON_SESSION"'),
        ),
        pages=True,
    ),
]


@pytest.mark.once
@pytest.mark.parametrize("honest", HONEST, ids=lambda honest: honest.name)
def test_an_honest_connector_passes_every_check(tmp_path: Path, honest: Honest) -> None:
    with honestly(tmp_path, honest) as name:
        report = certify(name)
    found = [f"{f.check} on {f.case}: {f.message} {f.evidence}" for f in report.failed]
    assert [*found, *report.problems] == []
