"""The pytest fixture `prism_replay`: a connector's exchanges, for the tests of an application.

pytest imports this in every run of an environment that has it, so it imports nothing of Prism
until a test asks for the fixture.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from prism_contract_tests.replaying import PrismReplay, Replay


@pytest.fixture
def prism_replay() -> Iterator[PrismReplay]:
    """Serves a connector's exchanges: `prism_replay("stripe", "authorize/decline")` gives the
    `base_url`, the `options` of a client, and a ready `prism`. A request that these exchanges do
    not have fails the test."""
    from prism_contract_tests.replaying import NotServed, Replay
    from prism_core import PrismError

    started: list[Replay] = []

    def serve(connector: str, /, *exchanges: str) -> Replay:
        try:
            started.append(Replay(connector, *exchanges))
            return started[-1]
        except (NotServed, PrismError) as reason:
            problem = str(reason)
        pytest.fail(f"prism_replay: {problem}", pytrace=False)

    yield serve
    for one in started:
        one.close()
    for one in started:
        if one.unanswered:
            pytest.fail(_unanswered(one), pytrace=False)


def _unanswered(one: Replay) -> str:
    asked = ", ".join(dict.fromkeys(one.unanswered))
    return (
        f"prism_replay: no exchange of {one.connector} that is served has {asked}; "
        f"they have {', '.join(one.serves)}"
    )
