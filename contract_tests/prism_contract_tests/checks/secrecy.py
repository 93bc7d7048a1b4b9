"""Checks of secrets: nowhere in what is printed, raised, logged or formatted."""

from __future__ import annotations
