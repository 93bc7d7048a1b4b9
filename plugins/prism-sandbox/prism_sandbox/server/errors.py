"""The one error every refusal is raised as, and the JSON it becomes. Never holds a sent value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ApiError(Exception):
    """An answer that is not the one asked for; the application turns it into JSON."""

    def __init__(
        self,
        status: int,
        kind: str,
        code: str,
        message: str,
        *,
        param: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.code = code
        self.message = message
        self.param = param
        self.headers = dict(headers or {})
        self.customer: str | None = None
        """The customer that exists already, where that is the conflict."""

    def body(self) -> dict[str, Any]:
        """The JSON object that the client receives."""
        error = {"type": self.kind, "code": self.code, "message": self.message}
        if self.param is not None:
            error["param"] = self.param
        if self.customer is not None:
            error["customer"] = self.customer
        return {"error": error}


def invalid(param: str | None, message: str, code: str = "invalid", status: int = 400) -> ApiError:
    """The request cannot be accepted as it is; `param` names the property to change."""
    return ApiError(status, "invalid_request", code, message, param=param or None)


def conflict(code: str, message: str) -> ApiError:
    """What is asked for cannot be done to the payment as it stands."""
    return invalid(None, message, code=code, status=409)


def not_found(what: str, param: str | None = None) -> ApiError:
    """`what` does not exist here."""
    return invalid(param, f"No such {what}.", code="not_found", status=404)
