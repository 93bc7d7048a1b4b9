"""What an exchange names instead of repeating it: `like` and `changes`, resolved in plain JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from prism_contract_tests.exchange import NamedResponse

Files = Mapping[str, Any]
"""What each exchange file holds, by operation and name."""


class BadName(Exception):
    """A name that leads nowhere; the text says why."""


def in_full(content: Any, files: Files) -> Any:
    """A file's content with every step and answer that names another's written out."""
    if not isinstance(content, dict):
        return content
    written = {
        name: [_step(one, files) for one in content[name]]
        for name in ("grants", "steps")
        if isinstance(content.get(name), list)
    }
    return {**content, **written}


def _step(step: Any, files: Files) -> Any:
    if not isinstance(step, dict):
        return step
    if "like" in step:
        own = {name: one for name, one in step.items() if name != "like"}
        step = {**_whole(step["like"], own, files), **own}
    return (
        {**step, "response": named_answer(step["response"], files)} if "response" in step else step
    )


def _whole(name: Any, own: Mapping[str, Any], files: Files) -> dict[str, Any]:
    found = _found(name, files)
    answer = found.get("response")
    if "response" not in own and isinstance(answer, dict) and "like" in answer:
        raise BadName(f"{name} names another's answer itself; name that one, too")
    return found


def named_answer(answer: Any, files: Files) -> Any:
    """An answer, written out if it names another's."""
    if not isinstance(answer, dict) or "like" not in answer:
        return answer
    given = msgspec.convert(answer, NamedResponse)
    found = _found(given.like, files).get("response")
    if not isinstance(found, dict) or "like" in found:
        raise BadName(f"{given.like} names another's answer itself; name that one")
    own = {name: answer[name] for name in ("status", "headers") if name in answer}
    if "changes" in answer:
        if "json" not in found:
            raise BadName(f"{given.like} has no JSON body to change")
        own["json"] = patched(found["json"], given.changes)
    return {**found, **own}


def _found(name: Any, files: Files) -> dict[str, Any]:
    """The step that `operation/exchange` or `operation/exchange#step` names."""
    exchange, _, number = str(name).partition("#")
    steps = files[exchange].get("steps") if isinstance(files.get(exchange), dict) else None
    if not isinstance(steps, list):
        raise BadName(f"it is like {name}, and there is no {exchange}.json with steps")
    place = len(steps) - 1 if not number else int(number) if number.isdecimal() else len(steps)
    if not 0 <= place < len(steps) or not isinstance(steps[place], dict):
        raise BadName(f"it is like {name}, and {exchange}.json has {len(steps)} steps, from #0 on")
    if "like" in steps[place]:
        raise BadName(f"{name} names another's step itself; name that one")
    found: dict[str, Any] = steps[place]
    return found


def patched(value: Any, changes: Any) -> Any:
    """The value after a JSON Merge Patch (https://www.rfc-editor.org/rfc/rfc7396#section-2):
    members are merged, a null removes one, and all else replaces what was there."""
    if not isinstance(changes, dict):
        return changes
    kept = dict(value) if isinstance(value, dict) else {}
    for name, change in changes.items():
        if change is None:
            kept.pop(name, None)
        else:
            kept[name] = patched(kept.get(name), change)
    return kept
