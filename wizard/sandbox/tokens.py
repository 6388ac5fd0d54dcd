"""Client tokens: the same token with the same parameters gives the same thing, and never a second one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from wizard.sandbox.handling import Call, Refused
from wizard.sandbox.world import on_reset

_SEEN: dict[tuple[str, str, str, str], tuple[str, str]] = {}


def digest(params: dict[str, Any], *without: str) -> str:
    """A fingerprint of parameters, leaving some out."""
    kept = {name: value for name, value in params.items() if name not in without}
    return hashlib.sha256(json.dumps(kept, sort_keys=True, default=str).encode()).hexdigest()


def known(call: Call, token_name: str, mismatch: Callable[[str], Refused]) -> str | None:
    """The id that an earlier request with this token made, or None.

    Raises what `mismatch` gives when the parameters differ.
    """
    token = call.params.get(token_name)
    entry = _SEEN.get((call.service, call.operation, call.region, token)) if token else None
    if entry is None:
        return None
    if entry[0] != digest(call.params, token_name, "DryRun"):
        raise mismatch(str(token))
    return entry[1]


def remember(call: Call, token_name: str, made: str) -> None:
    """Note what this request made, if it came with a token."""
    token = call.params.get(token_name)
    if token:
        key = (call.service, call.operation, call.region, token)
        _SEEN[key] = (digest(call.params, token_name, "DryRun"), made)


def forget(made: str) -> None:
    """The thing is gone for good: its token may be used again."""
    for key in [key for key, (_, thing) in _SEEN.items() if thing == made]:
        del _SEEN[key]


@on_reset
def _clear() -> None:
    _SEEN.clear()
