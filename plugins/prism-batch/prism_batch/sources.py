"""Reads the rows of an input: CSV, JSON lines, Parquet, or the rows of a SQL query."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import msgspec

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
                for cells in reader:
                    if len(cells) != len(names):
                        raise _wrong(f"line {reader.line_num}", "has not as many cells as line 1")
                    yield {name: cell for name, cell in zip(names, cells, strict=True) if cell}
        except (UnicodeDecodeError, csv.Error):
            raise _wrong(self.name, "is no CSV in UTF-8") from None


class JsonLines(_File):
    """A file with one JSON object in each line. Objects inside name parts: metadata.plan."""

    def rows(self) -> Iterator[Row]:
        """The objects."""
        with self.path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield _flat(_object(line, f"line {number}"))


_LINE = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal)


def _object(line: bytes, where: str) -> dict[str, Any]:
    with suppress(msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _LINE.decode(line)
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
            from pyarrow import parquet  # type: ignore[import-untyped, unused-ignore]
        except ModuleNotFoundError:
            raise ConfigurationError(
                "pyarrow is missing: pip install 'prism-payments-batch[parquet]'"
            ) from None
        with parquet.ParquetFile(self.path) as file:
            for batch in file.iter_batches(batch_size=10_000):
                yield from map(_flat, batch.to_pylist())


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
            engine = create_engine(self._url)
            try:
                with engine.connect().execution_options(yield_per=1000) as connection:
                    for row in connection.execute(text(self._text)).mappings():
                        yield {str(name): value for name, value in row.items()}
            finally:
                engine.dispose()
        except SQLAlchemyError as error:
            said = str(getattr(error, "orig", error)).partition("\n")[0]
        else:
            return
        raise ConfigurationError(f"--query cannot be read: {said}")


_BY_SUFFIX = {
    ".csv": CsvFile,
    ".jsonl": JsonLines,
    ".ndjson": JsonLines,
    ".parquet": ParquetFile,
}


def open_source(file: Path | None, query: str | None, database: str | None) -> Source:
    """The input that the options name. Raises `ConfigurationError`."""
    if (file is None) == (query is None):
        raise ConfigurationError("give a file, or --query with --database, and only one of them")
    if query is not None:
        if database is None:
            raise ConfigurationError("--query needs --database, the URL of its database")
        return Query(database, query)
    assert file is not None
    kind = _BY_SUFFIX.get(file.suffix.lower())
    if kind is None:
        raise ConfigurationError(f"{file.name} must end with {', '.join(_BY_SUFFIX)}")
    if not file.is_file():
        raise ConfigurationError(f"there is no file {file}")
    return kind(file)


def as_text(value: Any) -> Any:
    """A value as a request's JSON has it: everything as text, but lists and what is no value."""
    if value is None or isinstance(value, (str, bool, list)):
        return value
    if isinstance(value, float):
        raise ConfigurationError("a number is a float, which cannot hold money: write it as text")
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value)


def _wrong(where: str, problem: str) -> ConfigurationError:
    return ConfigurationError(f"{where} {problem}")
