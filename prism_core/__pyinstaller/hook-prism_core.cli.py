"""What PyInstaller cannot see in a program with the `prism` command: its commands are imported by
name, and other packages add some."""

from PyInstaller.utils.hooks import collect_entry_point, collect_submodules

from prism_core.cli.added import GROUP

datas, hiddenimports = collect_entry_point(GROUP)
hiddenimports += collect_submodules("prism_core.cli")
