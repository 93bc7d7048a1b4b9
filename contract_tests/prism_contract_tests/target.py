"""Target: the connector under test, with its package, exchanges and declared exceptions."""

from __future__ import annotations

import hashlib
import os
import sys
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from prism_contract_tests.exchange import Exchange, Step
from prism_contract_tests.reading import BadExchange, load
from prism_core.connector.account import Account
from prism_core.connector.credentials import open_account
from prism_core.connector.operations import OPERATIONS, request_type
from prism_core.discovery.loading import Connector
from prism_core.discovery.loading import load as load_connector
from prism_core.runtime.observation import sends, takes_key

EDITION = "2026.11"
"""The newest edition; a plugin names the one it is held to."""


class DeclaredException(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A check that a connector is known to fail, and why; strict: it must fail."""

    check: str
    reason: str
    link: str
    case: str = "*"
    only: str = "always"
    """`always`; or the option of a run (`live`, `openapi`, `graphql`) without which it does not
    count."""


class Amendment(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, frozen=True):
    """What the processor's document leaves out or says wrongly: an `add`, `copy` or `replace` of
    JSON Patch (RFC 6902), with the page that says so. Strict: it must change something."""

    path: str
    reason: str
    link: str
    value: Any = None
    copy: str | None = msgspec.field(name="from", default=None)
    replace: bool = False
    """Whether the value stands in place of one that is there."""


class LiveData(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """With what a live server approves, declines or challenges: payment methods in our schema. It
    declines `decline`, or `approve`, with `decline_amount` and the other `decline_fields` of the
    request, if they are there. Amounts are in minor units of `currency`.

    `prism try` shows the sentences: `page` says how a test customer pays on the processor's page,
    and `library` what makes an `SdkToken` in the browser. Without `approve`, only such a person
    can pay.
    """

    approve: dict[str, Any] | None = None
    decline: dict[str, Any] | None = None
    decline_amount: int | None = None
    decline_fields: dict[str, Any] = {}
    challenge: dict[str, Any] | None = None
    currency: str = "USD"
    amount: int = 1000
    page: str = ""
    library: str = ""

    def __post_init__(self) -> None:
        if self.approve is None and not self.page:
            raise ValueError("it needs approve, or page where only a person can pay")
        if self.approve and not (self.decline or self.decline_amount or self.decline_fields):
            raise ValueError("it needs decline, decline_amount or decline_fields")


class Settings(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`[tool.prism.contract]` of the plugin's pyproject.toml."""

    connector: str | None = None
    """The connector that plain `pytest` in the plugin's folder certifies."""
    edition: str = EDITION
    exceptions: list[DeclaredException] = []
    openapi: list[Amendment] = []
    graphql: str = ""
    """What the processor's pages have and its GraphQL schema lacks yet, in the schema's language,
    with the page of each as a comment."""
    live: LiveData | None = None


THOROUGH = "PRISM_THOROUGH"
"""The environment variable that has everything tried, where checks try a sample without it."""


class Target(msgspec.Struct, kw_only=True, eq=False):
    """What the checks look at. `openapi`, `graphql` (the schema's text) and `live` are what the
    user gave, if anything."""

    connector: Connector
    package: Path
    exchanges: list[Exchange]
    settings: Settings
    problems: list[str]
    openapi: dict[str, Any] | None = None
    graphql: str | None = None
    live: dict[str, Any] | None = None
    thorough: bool = False
    unreadable: str | None = None
    """Why its exchanges cannot be read."""
    clients: dict[Any, Any] = {}
    """The clients that are open for it, by account and options."""
    asked: dict[str, None] = {}
    """The names of the exchanges that the check under way started from."""
    called: bool = False
    """Whether the check under way called the connector: some only read the files."""
    calls: int = 0
    """How many calls of the connector the checks have made."""
    read: set[Any] = set()
    """The places in answers that the connector is known to read."""

    @property
    def name(self) -> str:
        """The connector's name."""
        return self.connector.name

    @property
    def schema(self) -> str:
        """The GraphQL schema's text, with what the plugin adds to it."""
        return f"{self.graphql or ''}\n{self.settings.graphql}"

    @property
    def operations(self) -> list[str]:
        """The operations that it implements, in the order of the specifications."""
        return [name for name in OPERATIONS if name in self.connector.operations]

    def sends(self, operation: str) -> tuple[str, ...]:
        """The fields of an operation's request that the connector sends, as its flow reads them."""
        read = self._reads(operation)
        return tuple(name for name in request_type(operation).__struct_fields__ if name in read)

    def parts(self, operation: str, field: str) -> set[str]:
        """The parts of such a field, an address say, that it sends."""
        begin = f"{field}."
        read = self._reads(operation)
        return {path.removeprefix(begin) for path in read if path.startswith(begin)}

    def key_hours(self, operation: str) -> float | None:
        """For how many hours the processor keeps the operation's idempotency key; 0 if it takes
        none."""
        info, account = self.connector.info, self._account(operation)
        if account is None or not takes_key(self.connector, account, operation):
            return 0.0
        return info.key_hours_of.get(operation, info.key_hours)

    def _reads(self, operation: str) -> frozenset[str]:
        account = self._account(operation)
        return frozenset() if account is None else sends(self.connector, account, operation)

    def _account(self, operation: str) -> Account | None:
        """The account of the exchanges, if there are any and the connector has the operation."""
        if operation not in self.connector.operations or not self.exchanges:
            return None
        given: dict[str, Any] = dict(self.exchanges[0].account)
        environment = given.pop("environment", "SANDBOX")
        return open_account(self.connector.info.account, given, environment)

    def of(self, operation: str, kind: str | None = None) -> list[Exchange]:
        """Its exchanges for an operation, of a kind."""
        return [
            one for one in self.exchanges if one.operation == operation and kind in (None, one.kind)
        ]

    @property
    def representative(self) -> list[Exchange]:
        """The exchanges that are written, and of those made of error answers as many as show each
        answer, and for each operation a decline, a refused request and a refused key: what costs
        much is tried on no more."""
        shown: set[object] = set()
        found = []
        for one in self.exchanges:
            shows: set[object] = {one.error_answer}
            if one.kind != "other":
                shows.add((one.operation, one.kind))
            if one.error_answer is None or not shows <= shown:
                found.append(one)
                shown |= shows
        return found

    def success(self, operation: str) -> Exchange | None:
        """The success of an operation from which checks derive theirs: the one in success.json,
        or else the first."""
        found = sorted(self.of(operation, "success"), key=lambda one: not _is_plain(one))
        self.asked[found[0].name if found else f"{operation}/success"] = None
        return next(iter(found), None)

    def grants(self, exchange: Exchange | None = None) -> list[Step]:
        """The steps that answer the exchange's token requests."""
        if exchange is not None and exchange.grants:
            return exchange.grants
        return next((one.grants for one in self.exchanges if one.grants and one.steps), [])

    def exchange(self, name: str) -> Exchange:
        """The exchange of that name."""
        self.asked[name] = None
        return next(one for one in self.exchanges if one.name == name)


def _is_plain(exchange: Exchange) -> bool:
    return exchange.name == f"{exchange.operation}/success"


def open_target(name: str) -> Target:
    """The installed connector, read from where it is installed. Raises as `load` does."""
    connector = load_connector(name)
    module = sys.modules[connector.candidate.target.partition(":")[0].strip()]
    package = Path(str(module.__file__)).parent
    problems: list[str] = []
    exchanges: list[Exchange] = []
    unreadable = None
    settings = Settings()
    try:
        exchanges = load(package)
    except BadExchange as reason:
        unreadable = str(reason)
    try:
        settings = read_settings(package)
    except (msgspec.ValidationError, tomllib.TOMLDecodeError) as reason:
        problems.append(f"[tool.prism.contract] cannot be read: {reason}")
    return Target(
        connector=connector,
        package=package,
        exchanges=exchanges,
        settings=settings,
        problems=problems,
        unreadable=unreadable,
        thorough=bool(os.environ.get(THOROUGH)),
    )


def read_settings(package: Path) -> Settings:
    """The settings from the pyproject.toml in the package (wheels carry it there) or above it."""
    for folder in (package, package.parent, package.parent.parent):
        path = folder / "pyproject.toml"
        if path.exists():
            found: Any = tomllib.loads(path.read_text("utf-8", errors="replace"))
            for name in ("tool", "prism", "contract"):
                found = found.get(name, {}) if isinstance(found, dict) else found
            return msgspec.convert(found, Settings)
    return Settings()


def digests(package: Path) -> dict[str, str]:
    """The SHA-256 of every file of the package, by its path in it."""
    return {
        path.relative_to(package).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(package.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
