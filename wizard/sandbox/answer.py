"""An HTTP answer, as the front door and the control endpoints give it to the server."""

from __future__ import annotations

from dataclasses import dataclass


class LostAnswer(Exception):
    """The connection is to be closed without an answer."""


@dataclass(frozen=True)
class Answer:
    """Bytes to send back."""

    status: int
    headers: dict[str, str]
    body: bytes
