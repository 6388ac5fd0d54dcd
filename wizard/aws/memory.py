"""Reads of one plan, each asked once: two kinds that need the same answer share it."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from wizard.engine.kind import Calls


class RememberedReads:
    """`Calls` that answers a repeated read from memory. For a plan only: a step must always see AWS as it is now."""

    def __init__(self, aws: Calls) -> None:
        self._aws = aws
        self._guard = threading.Lock()
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._answers: dict[str, Any] = {}

    def read(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        """The answer of the first time; a refusal is not remembered."""
        answer: dict[str, Any] = self._remember(
            f"{service}.{operation} {json.dumps(params, sort_keys=True, default=str)}",
            lambda: self._aws.read(service, operation, **params),
        )
        return answer

    def pages(self, service: str, operation: str, key: str, /, **params: Any) -> Iterator[Any]:
        """As `read`, all pages together."""
        items: list[Any] = self._remember(
            f"{service}.{operation}/{key} {json.dumps(params, sort_keys=True, default=str)}",
            lambda: list(self._aws.pages(service, operation, key, **params)),
        )
        return iter(items)

    def write(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        """A plan changes nothing."""
        raise TypeError(f"{service}:{operation} was called while planning")

    once = write

    def _remember(self, question: str, ask: Any) -> Any:
        with self._guard:
            lock = self._locks[question]
        with lock:
            if question not in self._answers:
                self._answers[question] = ask()
            return self._answers[question]
