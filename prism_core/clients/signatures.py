"""The signature of a client's method, for `help()`, completion and `unittest.mock`."""

from __future__ import annotations

import inspect
from inspect import BoundArguments, Parameter, Signature
from typing import Any

_SELF = Parameter("self", Parameter.POSITIONAL_ONLY)
_READY = Parameter("request", Parameter.POSITIONAL_ONLY)


class _Fields(Signature):
    """The fields of a request by keyword. One ready request alone may stand in their place, which
    a plain signature cannot say: with a mock, that is allowed, too."""

    def bind(self, /, *args: Any, **kwargs: Any) -> BoundArguments:
        """As of every signature; raises `TypeError`."""
        before = [p for p in self.parameters.values() if p.kind is Parameter.POSITIONAL_ONLY]
        if len(args) == len(before) + 1:
            return Signature([*before, _READY]).bind(*args, **kwargs)
        return super().bind(*args, **kwargs)


def signature_of(request: Any, notes: dict[str, str], result: str) -> Signature:
    """The fields of a request class, those that are needed first, and those for the core last.
    `notes` are their annotations, `result` that of what is returned."""

    def rank(parameter: Parameter) -> tuple[bool, bool]:
        is_needed = parameter.default is parameter.empty
        return not is_needed, parameter.name in request.options

    found = inspect.signature(request).parameters
    fields = [one.replace(annotation=notes[name]) for name, one in found.items()]
    return _Fields([_SELF, *sorted(fields, key=rank)], return_annotation=result)
