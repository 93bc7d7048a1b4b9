"""The contract kit: `certify(name)` proves a connector and returns the Report; see the docs."""

from prism_contract_tests.report import Report
from prism_contract_tests.runner import certify

__all__ = ["Report", "certify"]
