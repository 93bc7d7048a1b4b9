"""Mutants whose own keys in the metadata are the caller's to overwrite, or to lose."""

from __future__ import annotations

from lab import Mutant

MUTANTS = [
    Mutant(
        "keeps an id of its own in the metadata, and takes that key from the caller",
        "metadata-own-keys",
        '"off_session": request.off_session,\n            "metadata": request.metadata,',
        '"off_session": request.off_session,\n'
        '            "metadata": {**(request.metadata or {}), "acme_cart": "none"},',
        case="authorize",
    ),
]
