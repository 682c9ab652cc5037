"""A client of Latchkey's native API."""

from .client import Latchkey
from .errors import ConnectionFailed, LatchkeyError, UnknownOutcome
from .transport import Answer

__all__ = ["Answer", "ConnectionFailed", "Latchkey", "LatchkeyError", "UnknownOutcome"]
