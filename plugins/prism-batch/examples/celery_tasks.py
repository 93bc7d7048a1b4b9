"""The chunks of a batch as tasks of Celery: the queue carries (job, chunk), the journal decides.

prism batch run renewals.csv ... --journal "$PRISM_JOURNAL" --only-load
celery -A celery_tasks worker
python celery_tasks.py    # puts the open chunks of the newest job into the queue
"""

from __future__ import annotations

import os

from celery import Celery

from prism_batch import open_chunks, work

app = Celery("renewals", broker=os.environ.get("CELERY_BROKER", "memory://"))
# A task that is delivered twice does nothing twice; one that is lost is found again below.
app.conf.update(task_acks_late=True, worker_prefetch_multiplier=1)
JOURNAL = os.environ["PRISM_JOURNAL"]


@app.task(name="prism.chunk")
def chunk(job: str, number: int) -> None:
    """The rows of one chunk."""
    work(JOURNAL, job, number)


def enqueue() -> int:
    """Puts the chunks that nobody works on into the queue. Run it again (by beat, say) until it
    returns 0: what a lost task or a dead worker left is among them."""
    found = open_chunks(JOURNAL)
    for job, number in found:
        chunk.delay(job, number)
    return len(found)


if __name__ == "__main__":
    print(f"{enqueue()} chunks")
