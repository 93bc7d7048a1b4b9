"""Checks of the exchange files themselves: scrubbed, documented."""

from __future__ import annotations
