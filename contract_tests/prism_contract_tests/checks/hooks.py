"""Checks of the hooks: signatures, and what is not implemented."""

from __future__ import annotations
