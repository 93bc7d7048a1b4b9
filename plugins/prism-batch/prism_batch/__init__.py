"""Prism in bulk: an operation for every row of a file, a query or a table, each row once.

`prism batch run` is its command; `work` is the task for a queue of your own.
"""

from prism_batch.running import work, work_async

__all__ = ["work", "work_async"]
