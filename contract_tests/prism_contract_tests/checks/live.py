"""Checks of a live server: the behaviour, tried for real."""

from __future__ import annotations
