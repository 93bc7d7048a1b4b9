"""`python -m prism_core.cli` is the `prism` command."""

from prism_core.cli import main

main()
