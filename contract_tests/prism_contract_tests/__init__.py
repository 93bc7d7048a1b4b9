"""The contract kit: `certify(name)` proves a connector and returns the Report; see the docs.

The names are imported on first use: pytest loads the kit's plugin in every run of an environment
that has it, and must not pay for a contract that nobody asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prism_contract_tests.report import Report as Report
    from prism_contract_tests.runner import certify as certify

__all__ = ["Report", "certify"]


def __getattr__(name: str) -> Any:
    if name == "Report":
        from prism_contract_tests.report import Report

        return Report
    if name == "certify":
        from prism_contract_tests.runner import certify

        return certify
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
