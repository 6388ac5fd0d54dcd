"""The health check of a target group, in the words of a blueprint and in those of the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FIELDS = {
    "path": "HealthCheckPath",
    "interval": "HealthCheckIntervalSeconds",
    "timeout": "HealthCheckTimeoutSeconds",
    "healthy": "HealthyThresholdCount",
    "unhealthy": "UnhealthyThresholdCount",
}
LIMITS = {"interval": (5, 300), "timeout": (2, 120), "healthy": (2, 10), "unhealthy": (2, 10)}
"""AWS: seconds and counts of a health check."""


def problems(health: Any) -> list[str]:
    """What AWS would refuse about it."""
    if not isinstance(health, Mapping):
        return []
    found = []
    for field, (low, high) in LIMITS.items():
        value = health.get(field)
        if isinstance(value, int) and not low <= value <= high:
            found.append(f"health.{field}: {low} to {high}, not {value}")
    interval, timeout, path = health.get("interval"), health.get("timeout"), health.get("path")
    if isinstance(interval, int) and isinstance(timeout, int) and timeout >= interval:
        found.append(f"health.timeout: must be less than the interval of {interval} seconds, not {timeout}")
    if isinstance(path, str) and not (path.startswith("/") and len(path) <= 1024):
        found.append(f"health.path: begins with / and has up to 1024 characters, not {path!r}")
    return found


def requested(health: Mapping[str, Any]) -> dict[str, Any]:
    """As the create and modify calls take it."""
    request = {key: health[field] for field, key in FIELDS.items() if health.get(field) is not None}
    if health.get("codes") is not None:
        request["Matcher"] = {"HttpCode": str(health["codes"])}
    return request


def described(item: Mapping[str, Any]) -> dict[str, Any]:
    """From a described target group."""
    health = {field: item.get(key) for field, key in FIELDS.items()}
    return health | {"codes": item.get("Matcher", {}).get("HttpCode", "")}


def same(desired: Mapping[str, Any], actual: Mapping[str, Any] | None) -> bool:
    """Only what is declared is compared; codes are text in AWS and may be a number in a blueprint."""
    found = actual or {}
    return all(str(value) == str(found.get(field)) for field, value in desired.items() if value is not None)
