"""Checks of what is sent: every declared field, ids, keys, links."""

from __future__ import annotations
