"""Prism in bulk: an operation for every row of a file, a query or a table, each row once.

`prism batch run` is its command; `open_chunks` and `work` are for a queue of your own.
"""

from prism_batch.own_queue import open_chunks, work, work_async

__all__ = ["open_chunks", "work", "work_async"]
