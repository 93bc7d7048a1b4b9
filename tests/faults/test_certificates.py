"""TLS: a server is believed for a certificate that is trusted, of its own name, and of today."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from faults import secure
from faults.asking import opened
from faults.servers import Server

from prism_core import TransportError


@pytest.mark.usefixtures("trusted")
def test_a_good_certificate_is_believed(client: str) -> None:
    """With a trusted authority a call succeeds where the certificate is right."""
    with secure.certified() as server, opened(client, server.url) as ask:
        assert ask("authorize").error is None
        assert len(server.seen) == 1


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("place", [secure.misnamed, secure.expired, secure.early])
def test_a_wrong_certificate_gets_nothing(client: str, place: Callable[[], Server]) -> None:
    """Nothing is sent where the certificate is another host's, has expired or is not valid yet."""
    with place() as server, opened(client, server.url) as ask:
        end = ask("authorize")
        assert (type(end.error), end.outcome) == (TransportError, "not_sent")
        assert server.seen == []
