"""The house: hooks documented and tested, httpx in one module, imports one way."""

from __future__ import annotations

import ast
import importlib
import inspect
from enum import StrEnum
from graphlib import TopologicalSorter
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from mutation.modules import CORE as CORE_MODULES
from mutation.modules import targets
from support import acme_source

import prism_core
from prism_core import Prism
from prism_core.clients.customers import AsyncCustomerClient, CustomerClient
from prism_core.clients.events import AsyncEventClient, EventClient
from prism_core.clients.methods import Method
from prism_core.clients.payment_methods import AsyncPaymentMethodClient, PaymentMethodClient
from prism_core.clients.payments import AsyncPaymentClient, PaymentClient
from prism_core.clients.recurring import AsyncRecurringClient, RecurringClient
from prism_core.clients.refunds import AsyncRefundClient, RefundClient
from prism_core.connector import hookspecs
from prism_core.connector.operations import OPERATIONS, request_type

CORE = Path(prism_core.__file__).parent
ROOT = CORE.parent
FOLDERS = [CORE, *ROOT.glob("plugins/*/prism_*"), *ROOT.glob("contract_tests/prism_*")]
"""The packages: the core, the connectors and extensions, the contract kit."""
CLIENTS = {
    CustomerClient: AsyncCustomerClient,
    PaymentClient: AsyncPaymentClient,
    RefundClient: AsyncRefundClient,
    PaymentMethodClient: AsyncPaymentMethodClient,
    RecurringClient: AsyncRecurringClient,
    EventClient: AsyncEventClient,
}
HOOKS = {
    **OPERATIONS,
    "parse_error": hookspecs.parse_error,
    "sign_event": hookspecs.sign_event,
}
# The rooms of the core, in the order of DESIGN.md: each imports only what stands below it here.
ROOMS = ["cli", "clients", "runtime", "transport", "discovery", "connector", "schema", "errors"]


def imports_of(path: Path) -> set[str]:
    """The modules that a file imports at run time (not those for type checkers alone)."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _rooms(*names: str) -> set[str]:
    return {f"transport/{name}.py" for name in names}


@pytest.mark.parametrize(
    ("library", "rooms"),
    [
        ("httpx", set()),
        ("httpx2", set()),
        ("httpcore", {"transport/proxied.py"}),
        ("h11", {"transport/pool.py", "transport/http11.py"}),
        ("socket", _rooms("connecting", "pool", "waiting", "reasons", "proxied")),
        ("ssl", _rooms("connecting", "pool", "proxied", "tls", "reasons")),
    ],
)
def test_the_network_is_in_few_rooms(library: str, rooms: set[str]) -> None:
    """Only the transport imports httpx, only the connections open sockets (two more rooms name
    errors of these), and HTTP's bytes are made in one place."""
    users = {
        path.relative_to(CORE).as_posix()
        for path in CORE.rglob("*.py")
        if any(name.partition(".")[0] == library for name in imports_of(path))
    }
    assert users == rooms


def room_of(module: str) -> str:
    return module.removeprefix("prism_core.").partition(".")[0]


def test_the_core_has_nine_rooms() -> None:
    """The public names and eight rooms below them: a newcomer sees where a change belongs."""
    found = {path.stem for path in CORE.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert {name for name in found if not name.startswith("__")} == set(ROOMS)


def test_rooms_import_only_what_stands_below_them() -> None:
    """Dependencies point one way, and no two files import each other."""
    used: dict[str, set[str]] = {}
    for path in CORE.rglob("*.py"):
        name = ".".join(path.relative_to(CORE.parent).with_suffix("").parts)
        found = {one for one in imports_of(path) if one.startswith("prism_core.")}
        used[name.removesuffix(".__init__")] = found
    for name, modules in used.items():
        if room_of(name) in ROOMS:
            below = ROOMS[ROOMS.index(room_of(name)) :]
            wrong = [one for one in modules if room_of(one) not in below]
            assert not wrong, f"{name} imports {wrong}, which stand above it"
    graph = {name: modules & set(used) for name, modules in used.items()}
    list(TopologicalSorter(graph).static_order())  # raises CycleError for a circle


@pytest.mark.parametrize("name", sorted(HOOKS))
def test_every_hook_is_documented(name: str) -> None:
    """A hook's docstring is its contract: when it is called, what to send, what to return."""
    doc = inspect.getdoc(HOOKS[name]) or ""
    assert len(doc.split()) > 30
    assert "called" in doc.lower()
    page = (ROOT / "docs" / "hooks.md").read_text()
    assert f"## {name}" in page


@pytest.mark.parametrize("name", sorted(HOOKS))
def test_every_hook_is_tested_through_a_connector(name: str) -> None:
    """Each hook is implemented by the test connector and by every connector of the repository
    that declares it, and a test calls its client method."""
    assert any(f"def {name}(" in text for text in acme_source().values())
    if name in OPERATIONS:
        methods = [m for m in methods_of(*CLIENTS) if m.operation == name]
        assert methods, f"no client method calls {name}"
        tests = "".join(path.read_text() for path in (ROOT / "tests" / "core").glob("test_*.py"))
        assert f".{methods[0].method}(" in tests


def methods_of(*clients: type) -> list[Method]:  # type: ignore[type-arg]
    return [
        m
        for client in clients
        for base in client.__mro__
        for m in vars(base).values()
        if isinstance(m, Method) and m.name != "get_or_create"  # made of two operations
    ]


def test_an_operation_is_one_spec_one_pair_one_method() -> None:
    """Every operation has its request and result type and exactly one client method."""
    methods = methods_of(*CLIENTS)
    assert sorted(m.operation for m in methods) == sorted(OPERATIONS)
    for method in methods:
        assert method.request is request_type(method.operation)
        assert method.__doc__


def test_async_clients_mirror_every_method() -> None:
    for sync, twin in CLIENTS.items():
        assert [m.name for m in methods_of(sync)] == [m.name for m in methods_of(twin)]
    public = {name for name in dir(Prism) if not name.startswith("_")}
    assert public == {name for name in dir(prism_core.AsyncPrism) if not name.startswith("_")}


def test_files_stay_small_and_say_what_belongs_there() -> None:
    """No file of the packages outgrows 300 lines; each begins with a docstring."""
    for path in [one for folder in FOLDERS for one in folder.rglob("*.py")]:
        assert len(path.read_text().splitlines()) <= 300, path
        assert ast.get_docstring(ast.parse(path.read_text())), path


def test_every_enumeration_is_written_as_its_value() -> None:
    """Those of the core, the kit and every plugin, on every Python; the repr says what it is."""
    for path in [one for folder in FOLDERS for one in folder.rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
                plain = {name for name in bases if name.endswith(("Enum", "Flag"))} - {
                    "StrEnum",
                    "IntEnum",
                }
                assert not plain, f"{path}: {node.name}"
    found = [one for one in StrEnum.__subclasses__() if one.__module__.startswith("prism_")]
    assert len(found) >= 12
    for member in (member for enumeration in found for member in enumeration):
        value = member.value
        assert str(member) == value
        assert f"{member}|{member:>40}|{member!s:.3}" == f"{value}|{value:>40}|{value:.3}"
        assert "%s %s" % (member, member) == "{} {}".format(member, member) == f"{value} {value}"  # noqa: UP031, UP032
        assert repr(member) == f"<{type(member).__name__}.{member.name}: {value!r}>"
        assert type(str(member)) is str


def test_no_value_can_be_changed() -> None:
    """Requests, results, cards, accounts and all else that threads share: what was checked when it
    was made stays as it is. A call under way alone changes."""
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in CORE.rglob("*.py")
        if "__pyinstaller" not in path.parts and path.stem != "__main__"
    ]
    rooms = [importlib.import_module(name) for name in names]
    made = {one for room in rooms for one in vars(room).values() if isinstance(one, type)}
    values = {one for one in made if issubclass(one, msgspec.Struct) and one is not msgspec.Struct}
    changing = {one.__name__ for one in values if not one.__struct_config__.frozen}
    assert len(values) > 50
    assert changing == {"Call", "_Report"}
    for path in ROOT.glob("plugins/*/prism_*/**/account.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and "Account" in node.name:
                given = {word.arg: ast.literal_eval(word.value) for word in node.keywords}
                assert given.get("frozen") is True, f"{path}: {node.name}"


def test_what_mutation_names_is_there() -> None:
    """A module or a file of tests that was renamed is not left out of `nox -s mutation`."""
    found = targets()
    assert len(found) > len(CORE_MODULES) > 40
    assert {f"prism_core/{name}.py" for name in CORE_MODULES} <= set(found)
    named = [*found, *(file for tests in found.values() for file in tests.near)]
    assert [path for path in named if not (ROOT / path).is_file()] == []
    assert all(tests.near for tests in found.values())


def test_every_public_name_is_documented() -> None:
    """Everything exported has a docstring of its own."""
    for name in prism_core.__all__:
        value = getattr(prism_core, name)
        if isinstance(value, type) and not get_args(value):  # `Flow` is an alias
            assert inspect.getdoc(value), name
