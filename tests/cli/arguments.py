"""A request as the arguments of its command."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import msgspec

from prism_core import Card, Money, Secret


def given(name: str, value: Any, folder: Path) -> Iterator[str]:
    """A field as arguments of the command line; in files what is no single text."""
    option = f"--{name.replace('_', '-')}"
    if isinstance(value, bool):
        yield option if value else f"--no-{option[2:]}"
    elif name in ("metadata", "returned"):
        for entry in value.items():
            yield from (option, "=".join(entry))
    elif name == "payment_method_types":
        for one in value:
            yield from (option, one)
    elif isinstance(value, (str, int, float, Enum, Money)):
        yield from (option, str(value))
    else:
        path = folder / name
        path.write_bytes(_bytes(value))
        yield from ("--card" if isinstance(value, Card) else option, str(path))


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else msgspec.json.encode(value, enc_hook=Secret.reveal)
