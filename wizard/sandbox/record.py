"""What was asked of the sandbox, and the faults that a rehearsal wants it to show."""

from __future__ import annotations

import re
import threading
from dataclasses import asdict, dataclass
from typing import Any

_READING = re.compile(
    r"^(Describe|List|Get|Head|BatchGet|BatchCheck|Search|Filter|Lookup|Query|Scan|Select|Check|Test|Simulate|Preview"
    r"|Validate|StartQuery|StopQuery|AssumeRole|Decode|Estimate|View|Tail|StartLiveTail)"
)
MODES = ("throttle", "error", "lost_answer", "lost_request")


@dataclass(frozen=True)
class Served:
    """One AWS request that was answered."""

    seq: int
    service: str
    operation: str
    mutating: bool
    status: int
    code: str | None


class CallLog:
    """Every AWS request since the start or the last reset, numbered from 1."""

    def __init__(self) -> None:
        self._served: list[Served] = []
        self._lock = threading.Lock()

    def add(self, service: str, operation: str, status: int, code: str | None) -> None:
        """Note one answered request."""
        with self._lock:
            self._served.append(Served(len(self._served) + 1, service, operation, is_mutating(operation), status, code))

    def since(self, seq: int) -> list[dict[str, Any]]:
        """Requests numbered above `seq`, oldest first."""
        with self._lock:
            return [asdict(served) for served in self._served[max(seq, 0) :]]

    def clear(self) -> None:
        """Forget them all and number from 1 again."""
        with self._lock:
            self._served.clear()


def is_mutating(operation: str) -> bool:
    """Whether an operation may change something in AWS, judged by its name as IAM's access levels do."""
    return _READING.match(operation) is None


@dataclass
class Fault:
    """An answer to spoil: `service` and `operation` may be `*`."""

    service: str
    operation: str
    mode: str
    code: str
    message: str
    times: int

    @classmethod
    def from_request(cls, body: dict[str, Any]) -> Fault:
        """Read a control request; raises `ValueError` for an unknown mode."""
        mode = str(body.get("mode", "error"))
        if mode not in MODES:
            raise ValueError(f"mode must be one of {', '.join(MODES)}")
        throttle = mode == "throttle"
        return cls(
            service=str(body.get("service", "*")),
            operation=str(body.get("operation", "*")),
            mode=mode,
            code=str(body.get("code") or ("ThrottlingException" if throttle else "InternalFailure")),
            message=str(body.get("message") or ("Rate exceeded" if throttle else "An injected fault.")),
            times=int(body.get("times", 1)),
        )


class Faults:
    """Faults waiting for the calls that they are meant for."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Spoil the next `times` calls that match."""
        with self._lock:
            self._waiting.append(fault)

    def take(self, service: str, operation: str) -> Fault | None:
        """The fault that this call must show, used up by one."""
        with self._lock:
            for fault in self._waiting:
                if fault.service in ("*", service) and fault.operation in ("*", operation) and fault.times > 0:
                    fault.times -= 1
                    return fault
        return None

    def clear(self) -> None:
        """No more faults."""
        with self._lock:
            self._waiting.clear()
