"""How the sandbox's own behaviour joins moto's: a table from (service, operation) to a function.

`handles` replaces moto's answer; the function may call `call.moto()` for moto's parsed answer and amend it.
`before` runs first and may refuse. Several `before` functions may stand on one operation; one `handles` only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wizard.sandbox.clock import SandboxClock


class Refused(Exception):
    """AWS says no: becomes an error answer in the service's own protocol."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


@dataclass(frozen=True)
class Call:
    """One request, parsed by botocore's model: `params` has the shapes and names that boto3 takes."""

    service: str
    operation: str
    params: dict[str, Any]
    account: str
    region: str
    clock: SandboxClock
    moto: Callable[[], dict[str, Any]]
    """Let moto perform this same request; returns its parsed answer, raises `Refused` with its error."""


Handler = Callable[[Call], dict[str, Any]]
Guard = Callable[[Call], None]

HANDLERS: dict[tuple[str, str], Handler] = {}
GUARDS: dict[tuple[str, str], list[Guard]] = defaultdict(list)


def handles(service: str, *operations: str) -> Callable[[Handler], Handler]:
    """Register the function that answers these operations."""

    def register(function: Handler) -> Handler:
        for operation in operations:
            key = (service, operation)
            if key in HANDLERS:
                raise ValueError(f"two handlers for {service}:{operation}")
            HANDLERS[key] = function
        return function

    return register


def before(service: str, *operations: str) -> Callable[[Guard], Guard]:
    """Register a check that runs before these operations and may raise `Refused`."""

    def register(function: Guard) -> Guard:
        for operation in operations:
            GUARDS[(service, operation)].append(function)
        return function

    return register
