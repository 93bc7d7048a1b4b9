"""Checks of properties: any valid request is sent whole or refused."""

from __future__ import annotations
