"""Checks of failing networks: what was certainly not sent, and what is unknown."""

from __future__ import annotations
