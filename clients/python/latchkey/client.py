"""The client itself: how it is made, and lists read to their end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from .operations import Operations
from .transport import Answer, Transport

Item = TypeVar("Item")


class Latchkey(Operations):
    """One installation, asked by whoever `token` belongs to: one method for each operation of the native API."""

    def __init__(self, base_url: str, token: str, **persistence: Any) -> None:
        super().__init__(Transport(base_url, token, **persistence))

    def pages(self, read: Callable[..., Answer[list[Item]]], **query: Any) -> Iterator[Item]:
        """Every item of a list with cursors, page by page as it is read: `pages(latchkey.list_credentials, limit=50)`."""
        cursor: str | None = None
        while True:
            answer = read(**query, cursor=cursor)
            yield from answer.body
            cursor = answer.next_cursor
            if cursor is None:
                return
