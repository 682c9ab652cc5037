"""What can go wrong, in three kinds: refused, not done, unknown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any


class LatchkeyError(Exception):
    """The API answered that it will not or cannot do this. Its operator asks for `request_id`."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        request_id: str | None,
        details: Any = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.request_id = request_id
        self.details = details
        self.retry_after = retry_after

    @property
    def fields(self) -> list[dict[str, Any]]:
        """The fields at fault, where the API names any."""
        return self.details if isinstance(self.details, list) else []


class ConnectionFailed(Exception):
    """Nothing was done: the server was not reached, or a read was cut off as often as it was tried."""


class UnknownOutcome(Exception):
    """A request that changes something was sent, and no answer of the server's came back.

    It may have been done or not, and is never sent again by itself. Look what is there before you do.
    """

    def __init__(self, message: str, request_id: str | None) -> None:
        super().__init__(message)
        self.request_id = request_id


def error_in(status: int, headers: Mapping[str, str], text: bytes) -> LatchkeyError:
    """The error in an answer; what stands between may have answered in any form."""
    try:
        body = json.loads(text)
    except ValueError:
        body = None
    envelope = body if isinstance(body, dict) else {}
    error = envelope.get("error")
    error = error if isinstance(error, dict) else {}
    return LatchkeyError(
        status,
        str(error.get("code") or "unreadable"),
        str(error.get("message") or f"The server answered {status}"),
        headers.get("x-request-id") or envelope.get("request_id"),
        error.get("details"),
        seconds_in(headers.get("retry-after")),
    )


def seconds_in(retry_after: str | None) -> float | None:
    """Retry-After in seconds (RFC 9110, section 10.2.3): a number, or a date."""
    if retry_after is None:
        return None
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        at = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return max(0.0, (at - datetime.now(UTC)).total_seconds())
