"""How a new version takes over from the old one (the deployment configuration of ECS), between our shape and ECS's.

ROLLING replaces task by task. BLUE_GREEN, CANARY and LINEAR start all new tasks beside the old ones and move requests
from one target group to the other; the two change their parts with every rollout.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from wizard.engine.kind import Properties

SETTINGS = ("strategy", "bake_minutes", "canary", "linear", "minimum_healthy", "maximum", "breaker", "alarms")
ROLLING = "ROLLING"
STRATEGIES = (ROLLING, "BLUE_GREEN", "CANARY", "LINEAR")
STAGE_SECONDS = 120.0
"""What the stages take besides the minutes that are asked for."""


def shifts(properties: Properties) -> bool:
    """Whether requests are moved between two target groups."""
    return properties.get("strategy", ROLLING) in STRATEGIES[1:]


def shift_seconds(properties: Properties) -> float:
    """AWS seconds from the first moved request until the old tasks may stop: all steps and the bake time."""
    if not shifts(properties):
        return 0.0
    canary, linear = properties.get("canary"), properties.get("linear")
    minutes = float(properties.get("bake_minutes") or 0)
    if isinstance(canary, Mapping):
        minutes += canary["minutes"]
    if isinstance(linear, Mapping):
        minutes += (math.ceil(100 / linear["percent"]) - 1) * linear["minutes"]
    return 60 * minutes + STAGE_SECONDS


def problems(properties: Properties) -> list[str]:
    """AWS: what each strategy demands, and its bounds."""
    strategy, low, high = (properties.get(key) for key in ("strategy", "minimum_healthy", "maximum"))
    if isinstance(strategy, str) and strategy not in STRATEGIES:
        return [f"strategy: {strategy} is none of {', '.join(STRATEGIES)}"]
    found = []
    if not shifts(properties) and isinstance(low, int) and isinstance(high, int) and low >= 100 and high <= 100:
        found.append(f"ECS could never replace a task: minimum_healthy {low} and maximum {high} percent")
    breaker = properties.get("breaker")
    threshold = breaker.get("threshold") if isinstance(breaker, Mapping) else None
    if isinstance(threshold, int) and threshold < 1:
        found.append(f"the circuit breaker's threshold must be at least 1, not {threshold}")
    if shifts(properties):
        if properties.get("bake_minutes") is None:
            found.append(f"bake_minutes: {strategy} needs the minutes that the old version waits for a way back")
        balancers = properties.get("load_balancers")
        if isinstance(balancers, Sequence) and not (balancers and all("alternate" in one for one in balancers)):
            found.append(f"{strategy} moves requests between two target groups: each load balancer needs an alternate")
    found += _step_problems("canary", properties.get("canary"), 0.1)
    return found + _step_problems("linear", properties.get("linear"), 3)


def _step_problems(name: str, step: Any, least: float) -> list[str]:
    if not isinstance(step, Mapping):
        return []
    percent, minutes = step.get("percent"), step.get("minutes")
    found = []
    if isinstance(percent, int | float) and not least <= percent <= 100:
        found.append(f"{name}: {least} to 100 percent, not {percent}")
    if isinstance(minutes, int) and not 0 <= minutes <= 1440:
        found.append(f"{name}: 0 to 1440 minutes, not {minutes}")
    return found


def requested(properties: Properties) -> dict[str, Any]:
    """The deployment configuration as a call takes it, as a whole: what is left out would stay as it was."""
    configuration: dict[str, Any] = {"strategy": properties.get("strategy") or ROLLING}
    if properties.get("minimum_healthy") is not None:
        configuration["minimumHealthyPercent"] = properties["minimum_healthy"]
    if properties.get("maximum") is not None:
        configuration["maximumPercent"] = properties["maximum"]
    if properties.get("breaker") is not None:
        configuration["deploymentCircuitBreaker"] = _breaker(properties["breaker"])
    if shifts(properties):
        configuration["bakeTimeInMinutes"] = properties["bake_minutes"]
    if configuration["strategy"] == "CANARY" and properties.get("canary"):
        canary = properties["canary"]
        configuration["canaryConfiguration"] = {
            "canaryPercent": float(canary["percent"]),
            "canaryBakeTimeInMinutes": canary["minutes"],
        }
    if configuration["strategy"] == "LINEAR" and properties.get("linear"):
        linear = properties["linear"]
        configuration["linearConfiguration"] = {
            "stepPercent": float(linear["percent"]),
            "stepBakeTimeInMinutes": linear["minutes"],
        }
    configuration["alarms"] = _alarms(properties.get("alarms") or {})
    # ECS cannot spread tasks over zones again when it may not start one more than wanted.
    spread = "DISABLED" if (properties.get("maximum") or 200) <= 100 else "ENABLED"
    return {"deploymentConfiguration": configuration, "availabilityZoneRebalancing": spread}


def described(configuration: Mapping[str, Any]) -> dict[str, Any]:
    """A deployment configuration in the shape of the desired properties."""
    breaker = configuration.get("deploymentCircuitBreaker", {})
    threshold = breaker.get("thresholdConfiguration", {})
    canary = configuration.get("canaryConfiguration") or {}
    linear = configuration.get("linearConfiguration") or {}
    alarms = configuration.get("alarms") or {}
    return {
        "strategy": configuration.get("strategy") or ROLLING,
        "bake_minutes": configuration.get("bakeTimeInMinutes", 0),
        "canary": {"percent": canary.get("canaryPercent"), "minutes": canary.get("canaryBakeTimeInMinutes")},
        "linear": {"percent": linear.get("stepPercent"), "minutes": linear.get("stepBakeTimeInMinutes")},
        "minimum_healthy": configuration.get("minimumHealthyPercent"),
        "maximum": configuration.get("maximumPercent"),
        "breaker": {
            "enable": breaker.get("enable", False),
            "rollback": breaker.get("rollback", False),
            "threshold": threshold.get("value") if threshold.get("type") == "COUNT" else None,
        },
        "alarms": {
            "names": sorted(alarms.get("alarmNames") or ()) if alarms.get("enable") else [],
            "rollback": bool(alarms.get("rollback")),
        },
    }


def same_breaker(desired: Mapping[str, Any], actual: Any) -> bool:
    """Whether two circuit breakers are set alike; no threshold means AWS's own."""
    return _breaker(desired) == _breaker(actual or {})


def same_alarms(desired: Mapping[str, Any], actual: Any) -> bool:
    """Whether the same alarms guard a rollout, in any order, with the same consequence."""
    return _alarms(desired) == _alarms(actual or {})


def _breaker(breaker: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"enable": bool(breaker.get("enable")), "rollback": bool(breaker.get("rollback"))}
    if breaker.get("threshold"):
        found["thresholdConfiguration"] = {"type": "COUNT", "value": breaker["threshold"]}
    return found


def _alarms(alarms: Mapping[str, Any]) -> dict[str, Any]:
    names = sorted(alarms.get("names") or ())
    return {"alarmNames": names, "enable": bool(names), "rollback": bool(names) and bool(alarms.get("rollback"))}
