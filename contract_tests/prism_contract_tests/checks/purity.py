"""Checks of purity: same input, same requests; no clock, network, files or randomness."""

from __future__ import annotations
