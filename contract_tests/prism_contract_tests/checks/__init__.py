"""The checks, a file per matter; importing this registers them all, in the order of a report."""

# ruff: noqa: I001 - the order of the imports is the order of a report

from prism_contract_tests.checks import (
    packaging,
    hooks,
    exchanges,
    recordings,
    requests,
    fields,
    fields_not_sent,
    payment_methods,
    money,
    outcomes,
    identity,
    faults,
    transports,
    grants,
    events,
    secrecy,
    purity,
    properties,
    openapi,
    live,
)

__all__ = [
    "events",
    "exchanges",
    "faults",
    "fields",
    "fields_not_sent",
    "grants",
    "hooks",
    "identity",
    "live",
    "money",
    "openapi",
    "outcomes",
    "packaging",
    "payment_methods",
    "properties",
    "purity",
    "recordings",
    "requests",
    "secrecy",
    "transports",
]
