"""One project installed more than once: a conflict, never a silent choice; and what is no copy."""

from __future__ import annotations

import importlib.metadata
import json
import shutil
import sys
import zipfile
from pathlib import Path

import pytest
from support import Install, acme_source

from prism_core import ConnectorLoadError, ConnectorNotFound
from prism_core.discovery import index
from prism_core.discovery.loading import diagnose, load

SOURCE = acme_source()
INFO = "prism_payments_acme-1.0.dist-info"


def states() -> list[str]:
    """What the doctor says of each offer of the test connector."""
    return [found.state for found in diagnose() if found.candidate.name == "acme"]


def refused(*places: Path) -> None:
    """The connector is not loaded, and both copies are named, to the client and by the doctor."""
    with pytest.raises(ConnectorLoadError, match="more than once") as caught:
        load("acme")
    assert "Remove all but one" in caught.value.message
    assert all(str(place) in caught.value.message for place in places)
    found = [one for one in diagnose() if one.candidate.name == "acme"]
    assert found
    assert {one.state for one in found} == {"conflict"}
    assert all(str(place) in one.reason for place in places for one in found)
    assert not [name for name in sys.modules if name.startswith("plugin_acme")]


def also(info: Path, name: str) -> Path:
    """Another folder of metadata beside one, with the same in it."""
    made = info.parent / name
    shutil.copytree(info, made)
    index.refresh()
    return made


@pytest.mark.parametrize("allowed", [None, "acme", "acme=prism-payments-acme"])
def test_two_copies_on_the_path(
    plugin: Install, monkeypatch: pytest.MonkeyPatch, allowed: str | None
) -> None:
    """Whichever comes first, and whatever PRISM_CONNECTORS says, which names no copy."""
    if allowed is not None:
        monkeypatch.setenv("PRISM_CONNECTORS", allowed)
    folders = [plugin("acme", SOURCE, folder=name) for name in ("one", "two")]
    refused(*(folder / INFO for folder in folders))


def test_two_copies_in_one_folder(plugin: Install) -> None:
    """What an interrupted upgrade leaves: the metadata of both versions, the code of one."""
    folder = plugin("acme", SOURCE)
    plugin("acme", SOURCE, version="1.1")
    refused(folder / INFO, folder / "prism_payments_acme-1.1.dist-info")


def test_a_copy_that_lost_the_connector(plugin: Install) -> None:
    """What is imported may be the copy that offers nothing: its metadata counts, too."""
    old = plugin("acme", SOURCE, folder="old")
    new = plugin("other", SOURCE, folder="new", distribution="prism-payments-acme")
    refused(old / INFO, new / INFO)


def test_a_copy_in_an_archive(plugin: Install, tmp_path: Path) -> None:
    """A zip file on the path is a place like any other."""
    folder = plugin("acme", SOURCE)
    with zipfile.ZipFile(tmp_path / "app.zip", "w") as archive:
        for file in (folder / INFO).iterdir():
            archive.write(file, f"{INFO}/{file.name}")
    sys.path.append(str(tmp_path / "app.zip"))
    try:
        index.refresh()
        refused(folder / INFO, tmp_path / "app.zip")
    finally:
        sys.path.remove(str(tmp_path / "app.zip"))


def test_a_copy_without_readable_metadata(plugin: Install) -> None:
    """What an interrupted installation leaves is a copy as well."""
    folder = plugin("acme", SOURCE)
    half = folder / "prism_payments_acme-0.9.dist-info"
    half.mkdir()
    index.refresh()
    refused(folder / INFO, half)


def test_a_copy_under_another_projects_name(plugin: Install) -> None:
    """Metadata in a folder of one name that says another is a copy of what it says."""
    folder = plugin("acme", SOURCE)
    refused(folder, also(folder / INFO, "harmless-1.0.dist-info").parent)


def test_two_entry_points_of_one_name(plugin: Install) -> None:
    """A distribution that offers a connector twice cannot be loaded; listed twice the same, it is
    one offer."""
    folder = plugin("acme", SOURCE)
    listed = folder / INFO / "entry_points.txt"
    same = listed.read_text()
    listed.write_text(same + same.splitlines()[1] + "\n")
    index.refresh()
    assert states() == ["loadable"]
    listed.write_text(same + "acme = other:connector\n")
    index.refresh()
    with pytest.raises(ConnectorLoadError, match="two entry points called 'acme'"):
        load("acme")
    assert states() == ["conflict", "conflict"]


def test_a_folder_twice_on_the_path_is_one_copy(plugin: Install, tmp_path: Path) -> None:
    """By the same name or through a link (lib64): no connector is in conflict with itself."""
    folder = plugin("acme", SOURCE)
    link = tmp_path / "lib64"
    link.symlink_to(folder)
    sys.path += [str(folder), str(link)]
    try:
        index.refresh()
        assert states() == ["loadable"]
    finally:
        del sys.path[-2:]


class Frozen(importlib.metadata.Distribution):
    """A distribution in the memory of a frozen program."""

    def __init__(self, name: str) -> None:
        self.files_ = {
            "METADATA": f"Name: {name}\nVersion: 1.0\n",
            "entry_points.txt": f"[prism.connectors]\n{name} = frozen_{name}:connector\n",
        }

    def read_text(self, filename: str) -> str | None:
        if "epsilon" in self.files_["METADATA"]:
            raise OSError("damaged")
        return self.files_.get(filename)

    def locate_file(self, path: object) -> Path:
        return Path("frozen")


class Finder(importlib.metadata.DistributionFinder):
    """Finds two of them, and one that cannot be read."""

    def find_distributions(self, context: object = None) -> list[Frozen]:  # type: ignore[override]
        name = getattr(context, "name", None)
        return [Frozen(one) for one in ("gamma", "delta", "epsilon") if name in (None, one)]

    def find_spec(self, *_: object) -> None:
        """Imports nothing."""


def test_distributions_that_are_in_no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a program keeps its metadata elsewhere, each distribution is a copy of its own."""
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Finder()])
    index.refresh()
    try:
        found = index.candidates()
        assert [len(found[name]) for name in ("gamma", "delta")] == [1, 1]
        assert found["gamma"][0].copies == ()
    finally:
        index.refresh()


def test_what_pip_left_behind_is_no_copy(plugin: Install) -> None:
    """pip renames what it removes, and ignores it if it is interrupted; so does Prism."""
    folder = plugin("acme", SOURCE)
    also(folder / INFO, "~rism_payments_acme-0.9.dist-info")
    assert states() == ["loadable"]
    shutil.rmtree(folder / INFO)
    index.refresh()
    with pytest.raises(ConnectorNotFound):
        load("acme")


@pytest.mark.parametrize(
    ("origin", "state"),
    [
        ({"url": "file://{tree}", "dir_info": {"editable": True}}, "loadable"),
        ({"url": "file://{tree}", "dir_info": {}}, "conflict"),
        ({"url": "file://{tree}2", "dir_info": {"editable": True}}, "conflict"),
        ({"url": "https://example.com/acme.whl", "archive_info": {}}, "conflict"),
        ([], "conflict"),
    ],
)
def test_a_source_tree_beside_its_editable_installation(
    plugin: Install, tmp_path: Path, origin: object, state: str
) -> None:
    """Run in its own folder, a project has the .egg-info there beside the installed metadata:
    both describe the one code. Beside an installation of other code it is a copy."""
    tree = tmp_path / "my tree" / "src"
    folder = plugin("acme", SOURCE)
    written = json.dumps(origin).replace("{tree}", str(tree.parent).replace(" ", "%20"))
    (folder / INFO / "direct_url.json").write_text(written)
    egg = tree / "prism_payments_acme.egg-info"
    shutil.copytree(folder / INFO, egg)
    (egg / "METADATA").rename(egg / "PKG-INFO")
    for at in (0, len(sys.path)):
        sys.path.insert(at, str(tree))
        try:
            index.refresh()
            assert set(states()) == {state}
            if state == "loadable":
                assert load("acme").candidate.path == str(folder)
        finally:
            sys.path.remove(str(tree))
