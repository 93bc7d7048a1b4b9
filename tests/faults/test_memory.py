"""How much memory an answer can take: the high-water mark of a process that gets too much."""

from __future__ import annotations

import pytest
from faults.children import finished, start
from faults.conftest import Measure
from faults.misbehaving import (
    answer,
    bomb,
    endless_head,
    huge,
    huge_in_chunks,
    huge_without_length,
    intent,
)
from faults.servers import Fault, Server, Wire

MEGABYTE = 1024 * 1024
LARGEST_BODY = 16 * MEGABYTE
"""What docs and transport name as the largest answer."""
SPARE = 16 * MEGABYTE
"""What buffers and the allocator may take beside a body of the largest size, twice."""
FLOODS: dict[str, Fault] = {
    "400 MB": huge,
    "400 MB without a length": huge_without_length,
    "400 MB in chunks": huge_in_chunks,
    "a head of 400 MB": endless_head,
    "a gzip bomb of 300 MB": bomb,
}


def grown(fault: Fault, client: str) -> tuple[str, str, int]:
    """The end of a call, its outcome, and by how many bytes it raised the peak."""

    def second(wire: Wire) -> None:
        if wire.index == 0:
            wire.request()
            wire.send(answer(200, intent(), "connection: close"))
        else:
            fault(wire)

    with Server(second) as server:
        (line,) = finished(start("measured", client, server.url))
    kind, outcome, more = line.split()
    return kind, outcome, int(more)


@pytest.mark.once
@pytest.mark.parametrize("flood", FLOODS)
def test_no_answer_takes_more_memory_than_the_bound(
    flood: str, client: str, measure: Measure
) -> None:
    """An answer of any size ends in a typed error, and costs no more than twice the largest body
    that is taken, and some spare."""
    kind, outcome, more = grown(FLOODS[flood], client)
    measure("memory", fault=flood, client=client, grown=more / MEGABYTE)
    assert (kind, outcome) == ("TransportError", "unknown")
    assert more < 2 * LARGEST_BODY + SPARE


@pytest.mark.once
def test_a_large_answer_would_be_measured(measure: Measure) -> None:
    """The measuring sees memory that an answer of almost the largest size takes."""

    def large(wire: Wire) -> None:
        wire.request()
        wire.send(answer(200, b" " * (LARGEST_BODY - 1)))

    kind, outcome, more = grown(large, "sync")
    measure("memory", fault="the largest answer taken", client="sync", grown=more / MEGABYTE)
    assert (kind, outcome) == ("MalformedResponse", "unknown")
    assert more > LARGEST_BODY / 2
