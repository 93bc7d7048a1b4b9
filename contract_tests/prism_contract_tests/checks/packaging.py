"""Checks of the distribution: entry point, requirements, a quiet import."""

from __future__ import annotations
