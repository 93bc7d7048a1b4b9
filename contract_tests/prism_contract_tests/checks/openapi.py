"""Checks of the processor's own description: every request and answer conforms."""

from __future__ import annotations
