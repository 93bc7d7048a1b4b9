"""Every method of the clients is a command, every field of its request can be given to it, and it
says what the processor answered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec
import pytest
from click.testing import CliRunner

from prism_contract_tests.served import StandIn
from prism_contract_tests.target import open_target
from prism_core import AuthorizeRequest, Card, InvalidRequest
from prism_core.cli.app import prism
from prism_core.cli.options import request_from
from prism_core.clients.methods import Method
from prism_core.clients.prism import SERVICES
from prism_core.runtime.samples import sample

from .arguments import given

METHODS = [
    (service, method)
    for service, methods in SERVICES.items()
    for method in vars(methods).values()
    if isinstance(method, Method)
]
EACH = pytest.mark.parametrize(
    ("service", "method"), METHODS, ids=[one.method for _, one in METHODS]
)
OTHERS: dict[str, Any] = {
    "payment_method": Card("4242424242424242", 12, 2090, "123", "Ada Lovelace"),
    "body": b'{"id":"evt_1"}',
    "headers": {"X-Signature": "t=1,v1=a:b", "Host": "shop.example"},
    "timeout": 12.5,
    "connector_feature_data": {"fraud": {"score": 3}},
    "payment_method_types": ("IDEAL", "CARD"),
}
"""Values for fields of which a sample does not show enough."""


def command_of(service: str, method: Method[Any, Any, Any]) -> click.Command:
    """The command `prism SERVICE METHOD`, found as the command line finds it."""
    context = click.Context(prism)
    group: Any = prism.get_command(context, service.replace("_", "-"))
    found: click.Command | None = group.get_command(context, method.name.replace("_", "-"))
    assert found is not None, method.method
    return found


@EACH
def test_every_method_is_a_command(service: str, method: Method[Any, Any, Any]) -> None:
    """It has `--json`, no option for a credential or the digits of a card, and a page of fields."""
    command = command_of(service, method)
    options = {option for param in command.params for option in param.opts}
    assert {"--connector", "--json"} <= options
    assert not options & {"--api-key", "--number", "--cvc", "--iban", "--account-number"}
    assert command.get_short_help_str()
    *_, operation = str(command.epilog).split()
    assert CliRunner().invoke(prism, ["schema", operation]).exit_code == 0


@EACH
def test_every_field_is_an_option(
    service: str, method: Method[Any, Any, Any], tmp_path: Path
) -> None:
    """What is given to a command is what a program would give: field by field, and all fields of a
    payment together."""
    command, kind = command_of(service, method), method.request
    fields = kind.__struct_fields__
    wanted = [smallest(kind, field) for field in fields]
    if kind is AuthorizeRequest:
        wanted.append({name: value(kind, name) for name in fields})
    for one in wanted:
        args = [arg for name in one for arg in given(name, one[name], tmp_path)]
        with command.make_context("prism", ["-c", "acme", *args]) as context:
            assert request_from(kind, context.params) == kind(**one)


def smallest(kind: Any, field: str) -> dict[str, Any]:
    """The fields of a request with this one and as few others as it may have."""
    needed = [one.name for one in msgspec.structs.fields(kind) if one.required]
    wanted = {name: value(kind, name) for name in dict.fromkeys([*needed, field])}
    try:
        kind(**wanted)
    except InvalidRequest as error:  # one of several ids must be given
        wanted[str(error.field)] = value(kind, str(error.field))
    return wanted


def value(kind: Any, name: str) -> Any:
    account: Any = None
    return OTHERS[name] if name in OTHERS else sample(kind, name, account)


@pytest.fixture(scope="module")
def stand_in() -> Iterator[dict[str, Any]]:
    """The sandbox's documented exchanges, served on 127.0.0.1; gives the success of each."""
    target = open_target("sandbox")
    found = {name: target.success(name) for name in target.operations}
    known = target.exchange("get_customer/with-reference")  # what get_or_create asks first
    served = StandIn([known, *(one for one in found.values() if one is not None)])
    yield {**found, "url": served.url}
    served.close()


def given_members(value: Any) -> Any:
    """JSON without the members that are null, which `--json` leaves out."""
    if isinstance(value, list):
        return [given_members(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: given_members(one) for name, one in value.items() if one is not None}


@EACH
def test_every_command_calls_its_processor(
    service: str,
    method: Method[Any, Any, Any],
    stand_in: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With the fields of the documented request it prints the documented result as JSON."""
    exchange = stand_in[method.operation]
    request = exchange.build()
    monkeypatch.setenv("PRISM_SANDBOX_BASE_URL", stand_in["url"])
    for name, value in exchange.account.items():
        monkeypatch.setenv(f"PRISM_SANDBOX_{name.upper()}", value)
    fields = {name: getattr(request, name) for name in request.__struct_fields__}
    args = [
        arg
        for name, one in fields.items()
        if one not in (None, ()) and one != {}
        for arg in given(name, one, tmp_path)
    ]
    command = [service.replace("_", "-"), method.name.replace("_", "-"), "-c", "sandbox", "--json"]
    done = CliRunner().invoke(prism, [*command, *args])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout.replace(stand_in["url"], "http://127.0.0.1:8642"))
    found = {"existed": True} if method.name == "get_or_create" else {}
    wanted = given_members({**exchange.result, **found})
    assert {name: told[name] for name in wanted} == wanted
