"""What happens by itself, after seconds: debits settle, bounce or are returned; orders expire."""

from __future__ import annotations

import asyncio
import logging
import time

from starlette.concurrency import run_in_threadpool

from prism_sandbox.server.errors import ApiError
from prism_sandbox.server.keeping import happen
from prism_sandbox.server.store import Store

logger = logging.getLogger("prism_sandbox.server")
_PAUSE = 0.1


async def keep_happening(store: Store) -> None:
    """Let happen what is due, until cancelled."""
    while True:
        await asyncio.sleep(_PAUSE)
        try:
            await run_in_threadpool(let_happen, store)
        except Exception as error:
            logger.warning("what was planned did not happen: %s", type(error).__name__)


def let_happen(store: Store) -> None:
    """Let happen what is due by now, each once, whoever asks for it."""
    for payment_id, what in store.due(time.time()):
        with store.transaction():
            if not store.is_planned(payment_id, what):
                continue
            store.done(payment_id, what)
            try:
                happen(store, payment_id, what)
            except ApiError:
                # The payment has moved on meanwhile: a person pressed a button.
                continue
