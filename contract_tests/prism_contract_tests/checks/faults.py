"""Checks of derived faults: every damaged answer ends in the right typed error."""

from __future__ import annotations
