"""Checks of outcomes: declines are results, unknown words are not final."""

from __future__ import annotations
