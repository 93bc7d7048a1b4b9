"""Checks of money: exact on the wire and compared on the way back."""

from __future__ import annotations
