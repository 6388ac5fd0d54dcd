"""How a request enters the sandbox's ECS: under the lock, with the world advanced to now."""

from __future__ import annotations

import base64
import binascii
import copy
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from wizard.sandbox.ecs.region import Region, region_of
from wizard.sandbox.ecs.rollout import advance
from wizard.sandbox.handling import Call, Refused, handles
from wizard.sandbox.world import LOCK

Operation = Callable[[Region, dict[str, Any]], dict[str, Any]]
Item = TypeVar("Item")


def operation(*names: str) -> Callable[[Operation], Operation]:
    """Register a function of (region, parameters) as the answer to these ECS operations."""

    def register(function: Operation) -> Operation:
        def answer(call: Call) -> dict[str, Any]:
            with LOCK:
                region = region_of(call.account, call.region, call.clock)
                advance(region, region.now())
                return copy.deepcopy(function(region, copy.deepcopy(call.params)))

        handles("ecs", *names)(answer)
        return function

    return register


def page(items: Sequence[Item], params: dict[str, Any], default: int) -> tuple[list[Item], dict[str, str]]:
    """Cut one page out of `items`; the second value is `{"nextToken": …}` when more follow.

    Raises `Refused` (InvalidParameterException) for a token that no answer gave.
    """
    start = 0
    if token := params.get("nextToken"):
        try:
            start = int(base64.b64decode(token, validate=True))
        except (ValueError, binascii.Error):
            raise Refused("InvalidParameterException", "Invalid token") from None
    end = start + int(params.get("maxResults") or default)
    following = {"nextToken": base64.b64encode(str(end).encode()).decode()} if end < len(items) else {}
    return list(items[start:end]), following
