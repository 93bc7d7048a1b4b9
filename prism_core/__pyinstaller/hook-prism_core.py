"""What PyInstaller cannot see in a program that pays: connectors are found by the metadata of their
distributions and imported by name. Every one that is installed goes into the program."""

from PyInstaller.utils.hooks import collect_entry_point, copy_metadata

from prism_core.discovery.index import CORE, GROUP

datas, hiddenimports = collect_entry_point(GROUP)
datas += copy_metadata(CORE)
