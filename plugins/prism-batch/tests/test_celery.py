"""The example for Celery: its tasks carry (job, chunk), the journal has the rest."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from celery.contrib.testing.worker import start_worker

from .conftest import Processor, Shell
from .connector import source

pytestmark = pytest.mark.once
EXAMPLE = Path(__file__).parents[1] / "examples" / "celery_tasks.py"
CREATE = ("-c", "bulk", "--operation", "customers.create", "--json", "--chunk", "20")


def test_tasks_of_celery_work_on_the_chunks(
    processor: Callable[..., Processor], shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A task that is delivered twice does nothing twice."""
    there = processor()
    shell.connector(source(), there)
    assert shell.run("run", shell.customers(100), *CREATE, "--only-load").facts["new"] == 100
    monkeypatch.setenv("PRISM_JOURNAL", shell.journal)
    for name in ("PRISM_BULK_API_KEY", "PRISM_BULK_BASE_URL"):
        monkeypatch.setenv(name, shell.environment[name])
    monkeypatch.syspath_prepend(str(shell.site))
    spec = importlib.util.spec_from_file_location("celery_tasks", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    tasks = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "celery_tasks", tasks)
    spec.loader.exec_module(tasks)
    tasks.app.conf.update(result_backend="cache+memory://")
    with start_worker(tasks.app, pool="solo", perform_ping_check=False):
        found = tasks.open_chunks(shell.journal)
        assert len(found) == 5
        sent = [tasks.chunk.delay(*one) for one in (*found, found[0])]
        for one in sent:
            one.get(timeout=30)
        assert tasks.enqueue() == 0
    facts = there.facts()
    assert (facts["asked"], facts["made"], facts["doubled"]) == (100, 100, 0)
    assert shell.run("status").code == 0
