"""What PyInstaller cannot see in a program that pays: connectors and extensions are found by the
metadata of their distributions and imported by name. Every one that is installed goes into the
program."""

from PyInstaller.utils.hooks import collect_entry_point, copy_metadata

from prism_core.discovery.groups import GROUPS
from prism_core.discovery.index import CORE

found = [collect_entry_point(group.name) for group in GROUPS]
datas = [one for files, _ in found for one in files] + copy_metadata(CORE)
hiddenimports = [one for _, modules in found for one in modules]
