"""The calls that each resource has: one is made, looked up, or acted upon."""

from typing import TypeVar

from prism_core import Conflict, Flow, HttpRequest, Secret, expect_same

from .account import GoCardlessAccount as Account
from .shapes import Object, Resource

R = TypeVar("R", bound=Resource)


def fetched(asked: HttpRequest, shape: type[R], account: Account) -> Flow[R]:
    """https://developer.gocardless.com/api-reference/#api-usage-making-requests: an object is
    inside a member with the name of its resource."""
    return (yield from account.fetch(asked, shape, member=shape.name))


def known(shape: type[R], of: str | Secret | None, account: Account) -> Flow[R]:
    """A lookup. An answer about another object is none."""
    found = yield from fetched(account.get(f"/{shape.name}/{{}}", of), shape, account)
    expect_same("id", of.reveal() if isinstance(of, Secret) else of, found.id)
    return found


def made(shape: type[R], order: Object, account: Account, *, again: str | None = None) -> Flow[R]:
    """What was made, or was there already."""
    return (yield from found_or_made(shape, order, account, again))[0]


def found_or_made(
    shape: type[R], order: Object, account: Account, again: str | None = None
) -> Flow[tuple[R, bool]]:
    """What was made, and whether it existed. With a key that was used before, the answer names
    what it made then: https://developer.gocardless.com/api-reference/#making-requests-idempotency-keys.
    `again` is another error that names what exists."""
    asked = account.post(f"/{shape.name}", json={shape.name: order})
    try:
        return (yield from fetched(asked, shape, account)), False
    except Conflict as conflict:
        said = conflict.details.connector
        if said is None or said.code not in ("idempotent_creation_conflict", again):
            raise
        exists = said.reason
        if exists is None:
            raise
    return (yield from known(shape, exists, account)), True


def cancelled(
    shape: type[R], of: str | None, account: Account, data: Object | None = None
) -> Flow[R]:
    """https://developer.gocardless.com/api-reference/#payments-cancel-a-payment, of a mandate, too:
    no key is honoured there, and a second one is refused."""
    path = f"/{shape.name}/{{}}/actions/cancel"
    asked = account.post(path, of, json={"data": data or {}}, keyed=False)
    return (yield from fetched(asked, shape, account))
