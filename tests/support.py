"""What the tests share: the reference connector, with changes, and laid-out plugins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from prism_contract_tests.scripted import Server

__all__ = ["REFERENCE", "WITH_TOKENS", "Install", "Server", "acme_source", "install"]

REFERENCE = Path(__file__).parent / "reference"
"""The reference connector, a distribution as any connector is one."""


def acme_source(*changes: tuple[str, str], base: Path = REFERENCE) -> dict[str, str]:
    """The modules of the reference connector, or of the one at `base`; of each change the first
    text is replaced by the second, where it first stands."""
    modules = sorted(base.glob("prism_acme/*.py"))
    files = {path.name: path.read_text() for path in modules}
    for old, new in changes:
        found = [name for name, text in files.items() if old in text]
        assert found, f"the reference connector does not say: {old}"
        files[found[0]] = files[found[0]].replace(old, new, 1)
    return files


WITH_TOKENS = (
    ("import Account,", "import OAuthAccount,"),
    ("class AcmeAccount(Account,", "class AcmeAccount(OAuthAccount,"),
    ("    api_key: Secret\n", '    token_path = "/token"\n'),
    ("        return bearer(self.api_key)\n", "        return {}\n"),
)
"""What gives the reference connector's account access tokens in place of its key."""
Install = Callable[..., Path]


def install(
    folder: Path,
    name: str,
    source: str | Mapping[str, str],
    *,
    distribution: str | None = None,
    target: str | None = None,
    requires: str = "",
    group: str = "prism.connectors",
    version: str = "1.0",
) -> Path:
    """Lays out an installed distribution in a folder: its metadata, and a module, or a package
    with a module `whole` where the source is several files."""
    module = f"plugin_{name}_{abs(hash(folder)) % 10**8}"
    folder.mkdir(parents=True, exist_ok=True)
    if isinstance(source, str):
        (folder / f"{module}.py").write_text(source)
    else:
        (folder / module).mkdir(exist_ok=True)
        for file, text in source.items():
            (folder / module / file).write_text(text)
        target = target or f"{module}.whole:connector"
    called = distribution or f"prism-payments-{name}"
    info = folder / f"{called.replace('-', '_')}-{version}.dist-info"
    info.mkdir(exist_ok=True)
    lines = f"Metadata-Version: 2.1\nName: {called}\nVersion: {version}\n"
    (info / "METADATA").write_text(lines + (f"Requires-Dist: {requires}\n" if requires else ""))
    entry = f"{name} = {target or module + ':connector'}\n"
    (info / "entry_points.txt").write_text(f"[{group}]\n{entry}")
    return folder
