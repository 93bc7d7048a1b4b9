"""A postal address, with the person and contact that belong to it."""

from __future__ import annotations

from typing import Annotated

from prism_core.schema.base import Schema
from prism_core.schema.checks import Email, Phone, Text


def country(value: str) -> str:
    """Checks the form of an ISO 3166-1 alpha-2 code; whether it exists, the processor decides."""
    if not (len(value) == 2 and value.isascii() and value.isalpha() and value.isupper()):
        raise ValueError("must be an ISO 3166-1 code of two capitals, such as 'US'")
    return value


class Address(Schema, frozen=True, kw_only=True):
    """A billing or shipping address; every part is optional.

    `phone_number` is in E.164 form, which includes the country code.
    """

    first_name: Text | None = None
    last_name: Text | None = None
    line1: Text | None = None
    line2: Text | None = None
    line3: Text | None = None
    city: Text | None = None
    state: Text | None = None
    zip_code: Text | None = None
    country_alpha2_code: Annotated[str, country] | None = None
    email: Email | None = None
    phone_number: Phone | None = None

    @property
    def full_name(self) -> str | None:
        """First and last name, or the one that is given."""
        return " ".join(filter(None, (self.first_name, self.last_name))) or None
