"""What is wrong with an input, as sentences: each said once, with the rows it is about."""

from __future__ import annotations

from prism_core import InvalidRequest

SHOWN = 5
"""The problems that are told; of more, only their number is."""


class InvalidInput(InvalidRequest):
    """A file, column, mapping or option is wrong, whatever its rows say. Nothing was sent."""


def sentence(text: str) -> str:
    """The text with a mark at its end."""
    return text if text.endswith(("?", ".")) else f"{text}."


def refuse_twice(references: list[str]) -> None:
    """Refuses ids that are in more than one row."""
    if references:
        raise InvalidInput(
            f"these references are in more than one row: {', '.join(references)}. Each would be "
            "done twice. Nothing was sent"
        )


class Twice:
    """Finds ids that are in more than one row. A million take about 100 MB."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._found: list[str] = []

    def add(self, reference: str) -> None:
        """Notes the id of a row."""
        if reference not in self._seen:
            self._seen.add(reference)
        elif reference not in self._found and len(self._found) < SHOWN:
            self._found.append(reference)

    def refuse(self) -> None:
        """Raises `InvalidInput` if there are any."""
        refuse_twice(self._found)


class Problems:
    """The problems of the rows of an input."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[int, int]] = {}
        """By sentence: the first row, and the number of rows."""
        self._others = 0

    def add(self, row: int, message: str) -> None:
        """Notes what is wrong with a row."""
        if message in self._found or len(self._found) < SHOWN:
            first, count = self._found.get(message, (row, 0))
            self._found[message] = (first, count + 1)
        else:
            self._others += 1

    def refuse(self, checked: str) -> None:
        """Raises `InvalidInput` if there are any; `checked` says which rows were read."""
        if not self._found:
            return
        told = [
            sentence(f"row {first}{f' and {count - 1:,} more' if count > 1 else ''}: {message}")
            for message, (first, count) in self._found.items()
        ]
        if self._others:
            told.append(f"{self._others:,} rows have other problems.")
        raise InvalidInput(f"nothing was sent. Of {checked}, {' '.join(told)}")
