"""Mutants with files in exchanges/ that cannot be read."""

from __future__ import annotations

from lab import Mutant

_CAPTURE = "prism_acme/exchanges/capture/success.json"

MUTANTS = [
    Mutant("has an exchange that is no JSON", "exchanges-readable", file=_CAPTURE, new="{"),
    Mutant(
        "names an answer that is not there",
        "exchanges-readable",
        file="prism_acme/exchanges/errors.json",
        new='{"gone": {"documentation": "https://acme.example", "answer": {"like": "void/success"},'
        ' "error": {"type": "NotFound", "outcome": "rejected"}}}',
    ),
]
