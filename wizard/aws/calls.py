"""Every call to AWS goes through here: retry, lost answers, and errors in words.

The rule (reliability.md §0.1): a read or a repeatable write may be sent again; a create without name or token is sent
once. A throttled call was refused before it was performed, so it may always be sent again.
"""

from __future__ import annotations

import itertools
import random
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from wizard.aws.session import Session
from wizard.aws.translate import is_expired, is_throttled, translated
from wizard.engine.clock import Clock
from wizard.errors import AmbiguousAnswer, AwsError

RETRY_SECONDS = 300.0
"""How long a read or a repeatable write is tried again, in AWS seconds."""
FEWEST_ATTEMPTS = 6
"""However long they took: a machine that slept in between has not asked for five minutes."""
SLOWEST_PAUSE = 20.0


@dataclass(frozen=True)
class CallRecord:
    """One request that was answered, for the calls pane and for counting."""

    service: str
    operation: str
    mutating: bool
    code: str
    milliseconds: float
    params: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """What was asked, values of secrets included: whoever shows it goes through `as_command`."""


Listener = Callable[[CallRecord], None]


class AwsCalls:
    """The `Calls` of the engine, over one session. Safe to use from several threads."""

    def __init__(
        self, session: Session, clock: Clock, listener: Listener | None = None, patience: float = RETRY_SECONDS
    ) -> None:
        self.session = session
        self._patience = patience
        self.clock = clock
        self._listener = listener
        self._operations: dict[tuple[str, str], str] = {}
        self._lock = threading.Lock()
        self._random = random.Random()

    def read(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        """A call that changes nothing; tried again for up to five minutes."""
        return self._send(service, operation, params, mutating=False, repeatable=True)

    def pages(self, service: str, operation: str, key: str, /, **params: Any) -> Iterator[Any]:
        """Every item under `key` on every page; the input and output tokens are botocore's own knowledge."""
        paging = self._paging(service, operation)
        while True:
            answer = self.read(service, operation, **params)
            yield from answer.get(key) or ()
            tokens = {name: answer.get(out) for name, out in paging}
            if not any(tokens.values()):
                return
            params |= {name: value for name, value in tokens.items() if value}

    def write(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        """A change that may be sent twice; tried again like a read."""
        return self._send(service, operation, params, mutating=True, repeatable=True)

    def once(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        """A create without name or token: after a lost answer it raises instead of sending again."""
        return self._send(service, operation, params, mutating=True, repeatable=False)

    def _send(
        self, service: str, operation: str, params: dict[str, Any], *, mutating: bool, repeatable: bool
    ) -> dict[str, Any]:
        give_up = self.clock.seconds() + self._patience
        pause = 0.5
        for attempt in itertools.count(1):
            try:
                return self._attempt(service, operation, params, mutating)
            except AwsError as error:
                lost = isinstance(error, AmbiguousAnswer)
                again = is_throttled(error) or (lost and repeatable)
                late = attempt >= FEWEST_ATTEMPTS and self.clock.seconds() + pause > give_up
                if not again or is_expired(error) or late:
                    raise
                self.clock.sleep(pause * (0.5 + self._random.random()))
                pause = min(pause * 2, SLOWEST_PAUSE)
        raise AssertionError("counting does not end")

    def _attempt(self, service: str, operation: str, params: dict[str, Any], mutating: bool) -> dict[str, Any]:
        client = self.session.client(service)
        name = f"{service}:{self._operation(client, service, operation)}"
        started = self.clock.seconds()
        code = "200"
        try:
            answer: dict[str, Any] = getattr(client, operation)(**params)
            if hasattr(answer.get("Body"), "read"):
                # Read here, so that a body that breaks off is a lost answer like any other.
                answer["Body"] = answer["Body"].read()
            return answer
        except Exception as error:
            known = translated(error, name)
            if known is None:
                raise
            code = known.code if isinstance(known, AwsError) else type(known).__name__
            raise known from None
        finally:
            if self._listener:
                elapsed = self.clock.real(self.clock.seconds() - started) * 1000
                self._listener(CallRecord(service, name.split(":")[1], mutating, code, elapsed, params))

    def _operation(self, client: Any, service: str, operation: str) -> str:
        key = (service, operation)
        with self._lock:
            if key not in self._operations:
                self._operations[key] = client.meta.method_to_api_mapping[operation]
            return self._operations[key]

    def _paging(self, service: str, operation: str) -> list[tuple[str, str]]:
        client = self.session.client(service)
        if not client.can_paginate(operation):
            return []
        config = client.get_paginator(operation)._pagination_cfg
        into, out = config["input_token"], config["output_token"]
        inputs = into if isinstance(into, list) else [into]
        outputs = out if isinstance(out, list) else [out]
        return [(name, path.split("||")[0].strip()) for name, path in zip(inputs, outputs, strict=True)]
