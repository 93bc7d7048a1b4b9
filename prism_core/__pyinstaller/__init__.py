"""Freezing with PyInstaller: where its hooks for Prism are. PyInstaller finds this by itself."""

from __future__ import annotations

from pathlib import Path


def get_hook_dirs() -> list[str]:
    """https://pyinstaller.org/en/stable/hooks.html#providing-pyinstaller-hooks-with-your-package"""
    return [str(Path(__file__).parent)]
