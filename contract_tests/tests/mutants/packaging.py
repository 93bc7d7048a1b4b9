"""Mutants that the checks of the distribution kill."""

from __future__ import annotations

from lab import Mutant

_MAKES_ONE = "connector = Honest()"
_LOOKS_UP = '        payment = segment(request.connector_transaction_id or "")\n'

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
        'print("Honest is ready")\nconnector = Honest()',
    ),
    Mutant(
        "opens a socket when it is imported",
        "import-quiet",
        _MAKES_ONE,
        "import socket\nsocket.socket().close()\nconnector = Honest()",
    ),
    Mutant(
        "starts a thread when it is imported",
        "import-quiet",
        _MAKES_ONE,
        "import threading\nthreading.Thread(target=str).start()\nconnector = Honest()",
    ),
    Mutant(
        "starts a process when it is imported",
        "import-quiet",
        _MAKES_ONE,
        'import subprocess\nsubprocess.run(["true"])\nconnector = Honest()',
    ),
    Mutant(
        "writes a file when it is imported",
        "import-quiet",
        _MAKES_ONE,
        "from pathlib import Path\n"
        'Path(__file__).with_name("cache.txt").write_text("cached")\n'
        "connector = Honest()",
    ),
    Mutant(
        "takes its time when it is imported",
        "import-quiet",
        _MAKES_ONE,
        "import time\ntime.sleep(1.1)\nconnector = Honest()",
    ),
    Mutant(
        "imports what it does not require",
        "imports-declared",
        _LOOKS_UP,
        "        import requests\n" + _LOOKS_UP,
    ),
    Mutant(
        "imports by a made-up name what it does not require",
        "imports-declared",
        _MAKES_ONE,
        'import importlib\nimportlib.import_module("cl" + "ick")\nconnector = Honest()',
    ),
    Mutant(
        "has a module that needs what no extra brings",
        "imports-declared",
        new="import uvicorn\n",
        file="prism_honest/server.py",
    ),
    Mutant(
        "needs an extra of the core that it does not ask for",
        "imports-declared",
        new="import rich.table\n",
        file="prism_honest/command.py",
    ),
    Mutant(
        "is another object each time",
        "one-instance",
        _MAKES_ONE,
        "def __getattr__(name):\n"
        '    if name == "connector":\n'
        "        return Honest()\n"
        "    raise AttributeError(name)",
    ),
    Mutant(
        "remembers the last payment looked up",
        "one-instance",
        _LOOKS_UP,
        _LOOKS_UP + "        self.last = payment\n",
    ),
    Mutant(
        "keeps a cache in its class",
        "one-instance",
        _LOOKS_UP,
        _LOOKS_UP + "        STATES.setdefault(payment)\n        type(self).seen = len(STATES)\n",
    ),
]
