"""One thing that exists in the sandbox's world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.core.base_backend import BackendDict

from wizard.sandbox.world import ACCOUNT, DEFAULT_REGION


@dataclass(frozen=True)
class Entry:
    """A resource; `arn` is empty where the tagging API does not cover its type."""

    service: str
    type: str
    id: str
    name: str
    region: str
    arn: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    counts: bool = True
    """False for what the tagging API shows and an inventory of leftovers should not."""

    def shown(self) -> dict[str, Any]:
        """The entry in the inventory."""
        return {
            "service": self.service,
            "type": self.type,
            "id": self.id,
            "name": self.name,
            "region": self.region,
            "tags": self.tags,
            **self.details,
        }


def tag_map(tags: Any) -> dict[str, str]:
    """Tags as a mapping, whichever of AWS's forms they come in."""
    if isinstance(tags, Mapping):
        return {str(key): str(value or "") for key, value in tags.items()}
    pairs: Iterable[Mapping[str, Any]] = tags or ()
    return {str(tag.get("Key") or tag.get("key")): str(tag.get("Value") or tag.get("value") or "") for tag in pairs}


def regions_in_use() -> list[str]:
    """Regions in which some service has been asked something; the default region first."""
    backend_dicts: Any = BackendDict
    used = {
        region
        for backends in list(backend_dicts._instances)
        if ACCOUNT in backends
        for region in list(backends[ACCOUNT])
        if region.count("-") >= 2
    }
    return [DEFAULT_REGION, *sorted(used - {DEFAULT_REGION})]
