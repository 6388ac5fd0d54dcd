"""Calls that can only look, until somebody allows more: the console is read-only by construction, not by good will.

What an operation does is judged by its name, as IAM's access levels do. A name that is not known to read is refused,
also when it comes in as a read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from wizard.engine.kind import Calls
from wizard.errors import NeedsPerson

READING = (
    "batch_get_",
    "describe_",
    "filter_",
    "get_",
    "head_",
    "list_",
    "lookup_",
    "simulate_",
)
"""How boto3's methods begin that change nothing."""


class ReadOnlyRefused(NeedsPerson):
    """Something tried to change AWS through calls that may only look; the call was not sent."""

    verdict = "read_only"


def is_read(service: str, operation: str) -> bool:
    """Whether a method of boto3 changes nothing, judged by its name."""
    return operation.startswith(READING)


def never() -> bool:
    """Nothing may be changed, whatever happens."""
    return False


class ReadOnlyCalls:
    """`Calls` that refuses everything that is not a read unless `allowed` says so at that moment."""

    def __init__(self, aws: Calls, allowed: Callable[[], bool] = never) -> None:
        self._aws = aws
        self._allowed = allowed

    def read(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        """A call whose name says that it reads; raises `ReadOnlyRefused` otherwise."""
        self._insist(service, operation)
        return self._aws.read(service, operation, **params)

    def pages(self, service: str, operation: str, key: str, /, **params: Any) -> Iterator[Any]:
        """As `read`, all pages."""
        self._insist(service, operation)
        return self._aws.pages(service, operation, key, **params)

    def write(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        """A change, once it is allowed; raises `ReadOnlyRefused` before."""
        self._insist_on_permission(service, operation)
        return self._aws.write(service, operation, **params)

    def once(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        """A change that is never sent again, once it is allowed; raises `ReadOnlyRefused` before."""
        self._insist_on_permission(service, operation)
        return self._aws.once(service, operation, **params)

    def _insist(self, service: str, operation: str) -> None:
        if not is_read(service, operation):
            self._insist_on_permission(service, operation)

    def _insist_on_permission(self, service: str, operation: str) -> None:
        if not self._allowed():
            raise ReadOnlyRefused(
                f"{service}:{operation} was not sent: this session only looks",
                evidence="it is not a call that reads, and changes were not allowed",
                safe="nothing was changed",
                next_step="arm the console (key a), or use the command line",
            )
