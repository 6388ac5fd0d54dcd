"""Names by which clients of a Cognito user pool are known as ours: they carry no tags."""

from __future__ import annotations

FRONT = "front"
"""The load balancer's client, by the name of its resource."""
_LONGEST = 128
"""Cognito: characters of a client's name."""
_TAIL = "-alb"


def name_in_front(name: str) -> str:
    """The name of the load balancer's client in the pool in which the application's client has this name."""
    return f"{name[: _LONGEST - len(_TAIL)]}{_TAIL}"
