"""The modules that mutation breaks: those where a mistake costs money or secrets. Each with the
tests nearest to it, and with all that must notice."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
CORE = {
    "connector/account": "core/test_account_and_http core/test_privacy",
    "discovery/allow_list": "core/test_allow_list",
    "runtime/call": "core/test_certainty core/test_flows core/test_secrets",
    "clients/checkout": "core/test_checkout",
    "runtime/engine": "core/test_clients core/test_freezing core/test_recurring",
    "clients/events": "core/test_event_headers core/test_events",
    "runtime/comparison": "core/test_results core/test_payment_life core/test_recurring",
    "runtime/contradictions": "core/test_contradictions core/test_results core/test_recurring",
    "runtime/composites": "core/test_customers core/test_no_customers",
    "transport/connecting": "core/test_tls core/test_transport faults/test_addresses",
    "transport/waiting": "core/test_connections faults/test_addresses faults/test_connections",
    "discovery/copies": "core/test_copies",
    "runtime/driver": "core/test_retries core/test_certainty core/test_oauth core/test_events_fetched",  # noqa: E501
    "runtime/ends": "core/test_logs core/test_extensions",
    "runtime/logs": "core/test_logs core/test_certainty",
    "runtime/observers": "core/test_extensions core/test_failing_extensions",
    "discovery/extensions": "core/test_extension_loading",
    "errors/__init__": "core/test_secrets_and_errors core/test_lookups core/test_error_answers",
    "transport/library": "core/test_own_httpx faults/test_foreign",
    "transport/pool": "core/test_connections faults/test_connections faults/test_second_answers",
    "connector/first_use": "core/test_connections faults/test_processes",
    "transport/own_httpx": "core/test_own_httpx core/test_oauth faults/test_foreign",
    "connector/http": "core/test_account_and_http core/test_outcomes",
    "connector/bodies": "core/test_bodies",
    "errors/interruptions": "faults/test_signals faults/test_interruptions",
    "runtime/keys": "core/test_retries core/test_checkout core/test_customers",
    "connector/limits": "core/test_limits core/test_lookups",
    "discovery/loading": "core/test_loading core/test_copies",
    "runtime/masking": "core/test_masking core/test_privacy core/test_echoes",
    "schema/plain": "core/test_values core/test_pydantic",
    "runtime/raw": "core/test_raw",
    "schema/numbers": "core/test_numbers core/test_money",
    "connector/tokens": "core/test_oauth core/test_oauth_failures core/test_structure",
    "runtime/results": "core/test_outcomes core/test_certainty core/test_results core/test_flows",
    "runtime/preflight": "core/test_preflight",
    "transport/proxied": "core/test_routes",
    "transport/proxies": "core/test_routes",
    "runtime/redaction": "core/test_privacy core/test_echoes core/test_masking",
    "discovery/diagnosis": "core/test_discovery core/test_copies core/test_allow_list",
    "discovery/index": "core/test_discovery core/test_copies",
    "runtime/private": "core/test_privacy core/test_echoes core/test_masking",
    "runtime/retries": "core/test_retries core/test_certainty",
    "transport/routes": "core/test_routes core/test_own_httpx",
    "schema/checks": "core/test_schema core/test_numbers",
    "schema/money": "core/test_money core/test_money_sums core/test_numbers",
    "schema/payment_methods": "core/test_schema core/test_preflight",
    "schema/nulls": "core/test_results",
    "schema/secrets": "core/test_secrets_and_errors core/test_secrets",
    "runtime/token_cache": "core/test_sharing core/test_oauth_turns core/test_oauth",
    "connector/signatures": "core/test_events core/test_event_headers",
    "transport/tls": "core/test_tls core/test_routes",
    "transport/transports": "core/test_transport core/test_connections",
    "runtime/webhooks": "core/test_events_fetched core/test_events core/test_event_kinds",
    "transport/http11": "core/test_transport core/test_connections",
}
"""A module of the core, and the tests nearest to it; behind them come all of `tests/core`."""
PLUGIN = (
    *("account", "amounts", "answers", "card", "cards", "changes", "codes", "completing"),
    *("declines", "errors", "events", "fields", "lookups", "mandates", "methods", "orders"),
    *("payments", "recurring", "refunds", "values"),
    *("journal", "keys", "outcomes", "pace", "resuming", "rows", "statements", "writer"),
)
"""The modules of a plugin in which a mistake costs money or secrets, where it has them. Its own
tests are asked first, those with the module in their name before the others; then the contract of
a connector, and all its own tests of another plugin."""
PYTEST = f"{sys.executable} -m pytest -q -x -p no:cacheprovider --no-header"


class Tests(NamedTuple):
    """The tests that must notice: the files nearest to a module, which are asked first, and the
    command that is asked after."""

    near: tuple[str, ...]
    all: str


def targets() -> dict[str, Tests]:
    """Each module to break, by its path, and the tests that must notice."""
    found = {f"prism_core/{name}.py": _of_core(tests) for name, tests in CORE.items()}
    for plugin in sorted(ROOT.glob("plugins/*/pyproject.toml")):
        folder = plugin.parent.relative_to(ROOT)
        name = folder.name.removeprefix("prism-")
        for module in PLUGIN:
            path = folder / f"prism_{name}" / f"{module}.py"
            if (ROOT / path).exists():
                found[str(path)] = _of_plugin(folder, name, module)
    return found


def _of_core(names: str) -> Tests:
    return Tests(tuple(f"tests/{name}.py" for name in names.split()), f"{PYTEST} tests/core")


def _of_plugin(folder: Path, name: str, module: str) -> Tests:
    every = sorted((ROOT / folder / "tests").glob("test_*.py"))
    quick = [file for file in every if "live" not in file.name and "browser" not in file.name]
    quick.sort(key=lambda file: module not in file.name)
    near = [str(file.relative_to(ROOT)) for file in quick]
    near += ["tests/core/test_structure.py"] if module == "account" else []
    is_connector = "prism.connectors" in (ROOT / folder / "pyproject.toml").read_text("utf-8")
    contract = f"{sys.executable} -m prism_core.cli contract {name}"
    return Tests(tuple(near), contract if is_connector else f"{PYTEST} {folder}/tests")
