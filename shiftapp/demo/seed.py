"""Randomness that repeats itself: the same seed makes the same plant, byte for byte.

Not `random.Random`: what its methods give may differ between versions of Python.
"""

from __future__ import annotations

import hashlib
import uuid


class Seed:
    """A stream of bytes drawn from a text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._drawn = 0

    def bytes(self, length: int) -> bytes:
        """The next bytes of the stream."""
        self._drawn += 1
        return hashlib.shake_256(f"{self._text} {self._drawn}".encode()).digest(length)

    def below(self, limit: int) -> int:
        """A whole number from 0 on, below the limit."""
        return int.from_bytes(self.bytes(8), "big") % limit

    def uuid(self) -> str:
        """An id as everybody else makes it at random."""
        return str(uuid.UUID(bytes=self.bytes(16), version=4))
