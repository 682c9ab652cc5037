"""Sends requests, and tries again where that can do nothing twice."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPConnection, HTTPSConnection
from typing import Any, Generic, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from .errors import ConnectionFailed, UnknownOutcome, error_in, seconds_in

Body = TypeVar("Body")

READS = frozenset({"GET", "HEAD", "OPTIONS"})
# Something that stands between answered in the server's place: whether that had the request, nobody knows.
CUT = frozenset({502, 503, 504})


@dataclass(frozen=True)
class Answer(Generic[Body]):
    """An answer that is no refusal."""

    status: int
    headers: Mapping[str, str]
    body: Body

    @property
    def etag(self) -> str | None:
        """Send it back as `if_match`."""
        return self.headers.get("etag")

    @property
    def request_id(self) -> str | None:
        return self.headers.get("x-request-id")

    @property
    def next_cursor(self) -> str | None:
        """Pass as `cursor` for the next page; None at the end."""
        return self.headers.get("x-next-cursor")


@dataclass
class Request:
    method: str
    path: str
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    media_type: str = "application/json"


@dataclass
class Transport:
    """One installation, and whoever asks there."""

    base_url: str
    token: str
    timeout: float = 30.0
    max_attempts: int = 4
    max_wait: float = 60.0
    sleep: Callable[[float], None] = time.sleep

    def send(self, request: Request) -> Answer[Any]:
        """The answer. Raises LatchkeyError, ConnectionFailed or UnknownOutcome."""
        repeatable = request.method in READS or "Idempotency-Key" in request.headers
        attempt = 0
        while True:
            attempt += 1
            last = attempt >= self.max_attempts
            try:
                status, headers, text = self._attempt(request)
            except _Unsent as error:
                if last:
                    raise ConnectionFailed("The server was not reached") from error.__cause__
                self.sleep(_backoff(attempt))
                continue
            except (OSError, HTTPException) as error:
                if not repeatable:
                    raise _unknown(request, None) from error
                if last:
                    raise ConnectionFailed("The connection broke") from error
                self.sleep(_backoff(attempt))
                continue
            if status in CUT and not repeatable:
                raise _unknown(request, headers.get("x-request-id"))
            asked = seconds_in(headers.get("retry-after"))
            wait = _backoff(attempt) if asked is None else asked
            if (status == 429 or status in CUT) and not last and wait <= self.max_wait:
                self.sleep(wait)
                continue
            if not 200 <= status < 300:
                raise error_in(status, headers, text)
            return Answer(status, headers, json.loads(text) if text else None)

    def _attempt(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        place = urlsplit(self.base_url)
        kind = HTTPSConnection if place.scheme == "https" else HTTPConnection
        connection = kind(place.hostname or "", place.port, timeout=self.timeout)
        try:
            try:
                connection.connect()
            except OSError as error:
                raise _Unsent from error
            # http.client follows no redirect: one would take the token elsewhere.
            connection.request(request.method, _target(place.path, request), _bytes(request), self._headers(request))
            response = connection.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            return response.status, headers, response.read()
        finally:
            connection.close()

    def _headers(self, request: Request) -> dict[str, str]:
        typed = {} if request.body is None else {"Content-Type": request.media_type}
        return {"Authorization": f"Bearer {self.token}", "Accept": "application/json", **typed, **request.headers}


class _Unsent(Exception):
    """The connection could not even be made."""


def _unknown(request: Request, request_id: str | None) -> UnknownOutcome:
    message = f"Whether this {request.method} was done is unknown: no answer of the server's came back."
    return UnknownOutcome(message, request_id)


def _target(prefix: str, request: Request) -> str:
    query = {name: _text(value) for name, value in request.query.items() if value is not None}
    return prefix.rstrip("/") + request.path + (f"?{urlencode(query)}" if query else "")


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _bytes(request: Request) -> bytes | None:
    return None if request.body is None else json.dumps(request.body).encode()


def _backoff(attempt: int) -> float:
    """Longer with each attempt, and not at the same time as everybody else."""
    return random.random() * min(8.0, 0.25 * 2**attempt)


def segment(value: str) -> str:
    """A value as one segment of a path."""
    return quote(value, safe="")
