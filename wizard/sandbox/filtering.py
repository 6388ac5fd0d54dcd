"""AWS's `Filters` parameter, for lists that moto does not filter in full."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from wizard.sandbox.handling import Refused

Field = Callable[[dict[str, Any]], Any]


def matching(
    items: Iterable[dict[str, Any]], filters: Iterable[Mapping[str, Any]] | None, fields: Mapping[str, Field]
) -> list[dict[str, Any]]:
    """Items that match every filter; `tag:KEY` and `tag-key` work on `Tags` or `TagSet`.

    Raises `Refused` for an unknown filter.
    """
    kept = list(items)
    for wanted in filters or ():
        name = str(wanted.get("Name", ""))
        values = [str(value) for value in wanted.get("Values", ())]
        read = _field(name, fields)
        kept = [item for item in kept if _any_match(read(item), values)]
    return kept


def _field(name: str, fields: Mapping[str, Field]) -> Field:
    if name.startswith("tag:"):
        key = name.removeprefix("tag:")
        return lambda item: [tag["Value"] for tag in _tags(item) if tag["Key"] == key]
    if name == "tag-key":
        return lambda item: [tag["Key"] for tag in _tags(item)]
    if name not in fields:
        raise Refused("InvalidParameterValue", f"The filter '{name}' is invalid")
    return fields[name]


def _tags(item: dict[str, Any]) -> list[dict[str, str]]:
    tags: list[dict[str, str]] = item.get("Tags") or item.get("TagSet") or []
    return tags


def _any_match(found: Any, wanted: list[str]) -> bool:
    candidates = found if isinstance(found, list) else [found]
    return any(
        fnmatch.fnmatchcase(str(candidate), pattern)
        for candidate in candidates
        if candidate is not None
        for pattern in wanted
    )
