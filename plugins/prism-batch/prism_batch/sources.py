"""Reads the rows of an input: CSV, JSON lines, Parquet, or the rows of a SQL query."""

from __future__ import annotations

import codecs
import csv
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import msgspec

from prism_batch.databases import with_driver
from prism_batch.problems import InvalidInput
from prism_core import ConfigurationError

Row = Mapping[str, Any]


class Source(Protocol):
    """An input that can be read more than once."""

    name: str

    def digest(self) -> bytes:
        """The same for the same rows."""

    def rows(self) -> Iterator[Row]:
        """The rows: values by column. Columns without a value are left out, or None."""


class _File:
    def __init__(self, path: Path) -> None:
        self.path, self.name = path, path.name

    def rows(self) -> Iterator[Row]:
        """Its rows."""
        raise NotImplementedError

    def digest(self) -> bytes:
        """The file's own bytes decide."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()


class CsvFile(_File):
    """A CSV file in UTF-8 whose first line names the columns."""

    def rows(self) -> Iterator[Row]:
        """An empty cell is no value."""
        try:
            with self.path.open(newline="", encoding="utf-8-sig") as file:
                reader = csv.reader(file)
                names = next(reader, [])
                _refuse_other_separators(self.name, names)
                if len({*names}) < len(names):
                    raise _wrong("line 1", "names a column twice")
                for cells in reader:
                    if not any(map(str.strip, cells)):
                        continue  # a blank line, or one of a spreadsheet's empty rows
                    if len(cells) == len(names):
                        yield {
                            name: cell or None
                            for name, cell in zip(names, cells, strict=True)
                            if name or cell
                        }
                    else:
                        raise _wrong(f"line {reader.line_num}", "has not as many cells as line 1")
        except (UnicodeDecodeError, csv.Error):
            raise _wrong(
                self.name, "is no CSV in UTF-8, or has a cell of more than 131,072 characters"
            ) from None


def _refuse_other_separators(name: str, names: list[str]) -> None:
    for mark, called in ((";", "semicolons"), ("\t", "tabs")):
        if len(names) == 1 and mark in names[0]:
            raise _wrong(
                name, f"has {called} between its columns: save it with commas, and amounts as 12.90"
            )


class JsonLines(_File):
    """A file with one JSON object in each line. Objects inside name parts: metadata.plan."""

    def rows(self) -> Iterator[Row]:
        """The objects."""
        with self.path.open("rb") as file:
            for number, line in enumerate(file, 1):
                line = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
                if line.strip():
                    yield _object(line, f"line {number}")


_LINE = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal)


def _object(line: bytes, where: str) -> dict[str, Any]:
    with suppress(msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _flat(_LINE.decode(line))
    raise _wrong(where, "is no JSON object")


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{prefix}{name}.")
        else:
            found[prefix + name] = value
    return found


class ParquetFile(_File):
    """A Parquet file; pyarrow reads it, a batch of rows at a time."""

    def rows(self) -> Iterator[Row]:
        """The rows."""
        try:
            from pyarrow import (  # type: ignore[import-untyped, unused-ignore]
                ArrowException,
                parquet,
            )
        except ModuleNotFoundError:
            raise ConfigurationError(
                "pyarrow is missing: pip install 'prism-payments-batch[parquet]'"
            ) from None
        try:
            with parquet.ParquetFile(self.path) as file:
                names = file.schema_arrow.names
                if len({*names}) < len(names):
                    raise _wrong(self.name, "names a column twice")
                for batch in file.iter_batches(batch_size=10_000):
                    yield from map(_flat, batch.to_pylist())
        except (ArrowException, ValueError) as error:
            raise _wrong(self.name, f"cannot be read: {error}") from None


class Query:
    """The rows of a SELECT, in a database that SQLAlchemy reaches."""

    def __init__(self, url: str, text: str) -> None:
        self._url, self._text, self.name = url, text, "query"

    def digest(self) -> bytes:
        """The rows decide: the same query may find others tomorrow."""
        made = hashlib.sha256()
        for row in self.rows():
            made.update(repr(sorted(row.items())).encode())
        return made.digest()

    def rows(self) -> Iterator[Row]:
        """The rows, read a thousand at a time."""
        from sqlalchemy import create_engine, text
        from sqlalchemy.exc import SQLAlchemyError

        try:
            engine = create_engine(with_driver(self._url), hide_parameters=True)
            try:
                with engine.connect().execution_options(yield_per=1000) as connection:
                    for row in connection.execute(text(self._text)).mappings():
                        yield {str(name): value for name, value in row.items()}
            finally:
                engine.dispose()
        except SQLAlchemyError as error:
            said = str(getattr(error, "orig", None) or error).partition("\n")[0]
        except ModuleNotFoundError as error:
            raise ConfigurationError(f"the database's driver is missing: {error}") from None
        except ValueError as error:  # no number as a port
            said = str(error)
        else:
            return
        raise InvalidInput(f"--query cannot be read: {said}")


_BY_SUFFIX = {
    ".csv": CsvFile,
    ".jsonl": JsonLines,
    ".ndjson": JsonLines,
    ".parquet": ParquetFile,
}


def open_source(file: Path | None, query: str | None, database: str | None) -> Source:
    """The input that the options name. Raises `InvalidInput`."""
    if (file is None) == (query is None):
        raise InvalidInput("give a file, or --query with --database, and only one of them")
    if query is not None:
        if database is None:
            raise InvalidInput("--query needs --database, the URL of its database")
        return Query(database, query)
    assert file is not None
    kind = _BY_SUFFIX.get(file.suffix.lower())
    if kind is None:
        raise InvalidInput(f"{file.name} must end with {', '.join(_BY_SUFFIX)}")
    if not file.is_file():
        raise InvalidInput(f"there is no file {file}")
    return kind(file)


def as_text(value: Any, column: str) -> Any:
    """A value as a request's JSON has it: everything as text, but truth values and lists."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, list):
        return [one if type(one) is int else as_text(one, column) for one in value]
    if isinstance(value, Mapping):
        return dict(zip(value, as_text([*value.values()], column), strict=True))
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (int, Decimal, UUID)):
        return str(value)
    kind = "float, which cannot hold money" if isinstance(value, float) else type(value).__name__
    raise InvalidInput(f"column {column} has a {kind}: give it as text")


def _wrong(where: str, problem: str) -> InvalidInput:
    return InvalidInput(f"{where} {problem}")
