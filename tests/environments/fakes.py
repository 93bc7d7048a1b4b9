"""Small distributions made for one test: real wheels written by hand, so no build backend is
needed, and folders laid out as pip leaves them. Shared by the tests of this folder."""

from __future__ import annotations

import base64
import hashlib
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

CONNECTOR = """
from pathlib import Path

Path(__file__).with_suffix(".imported").touch()

from prism_core import Account, ConnectorInfo, Secret, hookimpl


class FakeAccount(Account, frozen=True, kw_only=True):
    api_key: Secret
    urls = {"SANDBOX": "https://fake.example"}


class Fake:
    info = ConnectorInfo(
        display_name="Fake",
        account=FakeAccount,
        docs="https://fake.example/docs",
    )

    @hookimpl
    def create_customer(self, request, account):
        yield account.post("/customers", json={"name": request.name})

    @hookimpl
    def parse_error(self, response, account):
        return None


connector = Fake()
"""
"""A connector that is as small as may be, and leaves a file beside itself when it is imported."""

CONNECTORS, COMMANDS = "prism.connectors", "prism.commands"
EntryPoints = Mapping[str, Mapping[str, str]]


def connector(name: str, module: str) -> EntryPoints:
    """The entry point of a connector in a module."""
    return {CONNECTORS: {name: f"{module}:connector"}}


def command(name: str, target: str) -> EntryPoints:
    """The entry point of a command."""
    return {COMMANDS: {name: target}}


def files(
    distribution: str,
    version: str,
    modules: Mapping[str, str],
    entry_points: EntryPoints,
    requires: Sequence[str] = (),
) -> dict[str, str]:
    """What a wheel of that distribution holds, by path, without its RECORD."""
    info = f"{_escaped(distribution)}-{version}.dist-info"
    metadata = ["Metadata-Version: 2.1", f"Name: {distribution}", f"Version: {version}"]
    metadata += [f"Requires-Dist: {line}" for line in requires]
    groups = [
        "\n".join([f"[{group}]", *(f"{name} = {target}" for name, target in points.items())])
        for group, points in entry_points.items()
    ]
    return {
        **{f"{module}.py": source for module, source in modules.items()},
        f"{info}/METADATA": "\n".join(metadata) + "\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\n"
        "Tag: py3-none-any\n",
        f"{info}/entry_points.txt": "\n".join(groups) + "\n",
    }


def wheel(
    folder: Path, distribution: str, content: Mapping[str, str], version: str = "1.0"
) -> Path:
    """Writes the wheel into the folder."""
    stem = f"{_escaped(distribution)}-{version}"
    record = [f"{path},{_digest(text)},{len(text.encode())}" for path, text in content.items()]
    record.append(f"{stem}.dist-info/RECORD,,")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in content.items():
            archive.writestr(name, text)
        archive.writestr(f"{stem}.dist-info/RECORD", "\n".join(record) + "\n")
    return path


def fake(
    folder: Path,
    distribution: str,
    modules: Mapping[str, str],
    entry_points: EntryPoints,
    requires: Sequence[str] = (),
    version: str = "1.0",
) -> Path:
    """The wheel of a small distribution, in one call."""
    content = files(distribution, version, modules, entry_points, requires)
    return wheel(folder, distribution, content, version)


def laid_out(folder: Path, content: Mapping[str, str]) -> Path:
    """The content of a wheel as files in a folder for `PYTHONPATH`; gives the folder."""
    for name, text in content.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def _escaped(distribution: str) -> str:
    return re.sub(r"[-_.]+", "_", distribution).lower()


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return "sha256=" + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
