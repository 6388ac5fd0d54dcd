"""Deployments that shift traffic (BLUE_GREEN, LINEAR, CANARY): stage by stage once the green tasks are ready.

The first deployment of a service has nothing to shift from, and a rollback goes back at once: both pass by like a
rolling update that starts everything anew.
"""

from __future__ import annotations

from typing import Any

from wizard.sandbox.ecs import outcome, traffic
from wizard.sandbox.ecs.region import Region
from wizard.sandbox.ecs.store import NEVER, Hook, Service, ServiceDeployment

SHIFT_SECONDS = 20
STAGES = (
    "PRE_SCALE_UP",
    "SCALE_UP",
    "POST_SCALE_UP",
    "TEST_TRAFFIC_SHIFT",
    "POST_TEST_TRAFFIC_SHIFT",
    "PRODUCTION_TRAFFIC_SHIFT",
    "POST_PRODUCTION_TRAFFIC_SHIFT",
    "BAKE_TIME",
    "CLEAN_UP",
)
HOOK_MINUTES = 1440


def shifts_traffic(service: Service) -> bool:
    """Whether the deployment in flight goes stage by stage."""
    current = service.current
    return (
        current is not None
        and current.configuration.get("strategy", "ROLLING") != "ROLLING"
        and bool(current.sources)
        and current.status in ("PENDING", "IN_PROGRESS")
    )


def may_clean_up(service: Service) -> bool:
    """Whether the blue tasks may stop: traffic has moved and the bake time is over."""
    current = service.current
    return current is not None and current.stage == "CLEAN_UP"


def proceed(region: Region, service: Service, to: str) -> bool:
    """Go through the stages that are over; True once the stage `to` is reached or left behind.

    From SCALE_UP on, call it only when all green tasks are ready.
    """
    current = service.current
    if current is None:
        return True
    while STAGES.index(current.stage) < STAGES.index(to):
        if current.stage_ends == NEVER:
            _enter(region, current)
        waiting = next((hook for hook in current.hooks if hook.status == "AWAITING_ACTION"), None)
        if waiting and not _expired(region, service, current, waiting):
            return False
        if region.time < current.stage_ends:
            service.wake = min(service.wake, current.stage_ends)
            return False
        if _next_step(region, current):
            current.stage_ends = region.time + _step_seconds(current)
            continue
        current.stage = STAGES[STAGES.index(current.stage) + 1]
        current.stage_ends = NEVER
        current.updated_at = region.time
        service.wake = region.time
    return True


def _enter(region: Region, current: ServiceDeployment) -> None:
    """Begin the current stage: its pause, if one is configured, and its length."""
    for hook in current.configuration.get("lifecycleHooks", []):
        if hook.get("targetType") == "PAUSE" and current.stage in hook.get("lifecycleStages", []):
            timeout = hook.get("timeoutConfiguration", {})
            expires = region.time + 60 * timeout.get("timeoutInMinutes", HOOK_MINUTES)
            action = timeout.get("action", "ROLLBACK")
            current.hooks.append(Hook(region.fresh_id()[:21], current.stage, expires, action))
    seconds: float = SHIFT_SECONDS
    if current.stage == "PRODUCTION_TRAFFIC_SHIFT":
        _next_step(region, current)
        seconds = _step_seconds(current)
    elif current.stage == "BAKE_TIME":
        seconds = 60 * current.configuration.get("bakeTimeInMinutes", 0)
    elif current.stage in ("PRE_SCALE_UP", "SCALE_UP"):
        seconds = 0
    current.stage_ends = region.time + seconds


def _next_step(region: Region, current: ServiceDeployment) -> bool:
    """Shift the next share of production traffic; False when the stage has none left."""
    if current.stage != "PRODUCTION_TRAFFIC_SHIFT" or current.weight >= 100:
        return False
    strategy, configuration = current.configuration["strategy"], current.configuration
    if strategy == "LINEAR":
        share = configuration.get("linearConfiguration", {}).get("stepPercent", 10.0)
        current.weight = min(100.0, current.weight + share)
    elif strategy == "CANARY" and current.weight == 0:
        current.weight = configuration.get("canaryConfiguration", {}).get("canaryPercent", 5.0)
    else:
        current.weight = 100.0
    traffic.send(region, current.target, current.weight)
    return True


def _step_seconds(current: ServiceDeployment) -> float:
    configuration: dict[str, Any] = current.configuration
    if current.weight >= 100:
        return SHIFT_SECONDS
    if configuration["strategy"] == "LINEAR":
        return float(60 * configuration.get("linearConfiguration", {}).get("stepBakeTimeInMinutes", 6))
    return float(60 * configuration.get("canaryConfiguration", {}).get("canaryBakeTimeInMinutes", 10))


def _expired(region: Region, service: Service, current: ServiceDeployment, hook: Hook) -> bool:
    """Whether the hook no longer holds the deployment; at its timeout its action is taken."""
    if region.time < hook.expires_at:
        service.wake = min(service.wake, hook.expires_at)
        return False
    hook.status = "TIMED_OUT"
    if hook.timeout_action == "CONTINUE":
        return True
    outcome.request_rollback(region, service, current, "Service deployment rolled back because a hook timed out.")
    return False
