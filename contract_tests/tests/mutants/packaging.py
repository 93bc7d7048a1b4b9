"""Mutants that the checks of the distribution kill."""

from __future__ import annotations

from lab import LOOKS_UP, Mutant, lookup

_MAKES_ONE = "connector = Acme()"

MUTANTS = [
    Mutant(
        "does not require the core",
        "requires-core",
        ', "prism-payments-core>=0.1,<0.2"',
        file="pyproject.toml",
    ),
    Mutant(
        "requires any core whatever",
        "requires-core",
        "prism-payments-core>=0.1,<0.2",
        "prism-payments-core",
        file="pyproject.toml",
    ),
    Mutant(
        "requires the core for an extra only",
        "requires-core",
        '"prism-payments-core>=0.1,<0.2"',
        "\"prism-payments-core>=0.1,<0.2; extra == 'all'\"",
        file="pyproject.toml",
    ),
    Mutant(
        "prints when it is imported",
        "import-quiet",
        _MAKES_ONE,
        'print("Acme is ready")\nconnector = Acme()',
    ),
    Mutant(
        "opens a socket when it is imported",
        "import-quiet",
        _MAKES_ONE,
        "import socket\nsocket.socket().close()\nconnector = Acme()",
    ),
    Mutant(
        "starts a thread when it is imported",
        "import-quiet",
        _MAKES_ONE,
        "import threading\nthreading.Thread(target=str).start()\nconnector = Acme()",
    ),
    Mutant(
        "starts a process when it is imported",
        "import-quiet",
        _MAKES_ONE,
        'import subprocess\nsubprocess.run(["true"])\nconnector = Acme()',
    ),
    Mutant(
        "writes a file when it is imported",
        "import-quiet",
        _MAKES_ONE,
        "from pathlib import Path\n"
        'Path(__file__).with_name("cache.txt").write_text("cached")\n'
        "connector = Acme()",
    ),
    Mutant(
        "takes its time when it is imported",
        "import-quiet",
        _MAKES_ONE,
        "import time\ntime.sleep(1.1)\nconnector = Acme()",
    ),
    Mutant(
        "imports what it does not require",
        "imports-declared",
        LOOKS_UP,
        lookup("import requests"),
    ),
    Mutant(
        "imports by a made-up name what it does not require",
        "imports-declared",
        _MAKES_ONE,
        'import importlib\nimportlib.import_module("cl" + "ick")\nconnector = Acme()',
    ),
    Mutant(
        "has a module that needs what no extra brings",
        "imports-declared",
        new="import uvicorn\n",
        file="prism_acme/server.py",
    ),
    Mutant(
        "needs an extra of the core that it does not ask for",
        "imports-declared",
        new="import rich.table\n",
        file="prism_acme/command.py",
    ),
    Mutant(
        "is another object each time",
        "one-instance",
        _MAKES_ONE,
        "def __getattr__(name):\n"
        '    if name == "connector":\n'
        "        return Acme()\n"
        "    raise AttributeError(name)",
    ),
    Mutant(
        "remembers the last payment looked up",
        "one-instance",
        LOOKS_UP,
        lookup("self.last = payment"),
    ),
    Mutant(
        "keeps a cache in its class",
        "one-instance",
        LOOKS_UP,
        lookup("KINDS.setdefault(payment)", "type(self).seen = len(KINDS)"),
    ),
]
