"""What a rollback will do and how long it takes, said before it is done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.release.revision import Revision
from wizard.release.rollback_plan import RollbackPlan, Way, number_word
from wizard.release.service_ref import Platform
from wizard.release.standing import Standing

BEHIND_BALANCER_SECONDS = 90.0
WITHOUT_BALANCER_SECONDS = 60.0


def effect_of(plan: RollbackPlan, service: Mapping[str, Any]) -> tuple[str, ...]:
    """The sentences of the confirmation, in order."""
    return (
        _first(plan, service),
        *_copy(plan),
        *_old_tasks(plan, service),
        f"About {in_words(plan.seconds)}.",
        f"CI will not move this service until you release it: pilotage release {plan.service.target}",
    )


def _first(plan: RollbackPlan, service: Mapping[str, Any]) -> str:
    target, current = plan.target.number, number_word(plan.current)
    count = service.get("desiredCount", 0)
    tasks = f"{count} task{'' if count == 1 else 's'}"
    match plan.way:
        case Way.STOP:
            return f"Stops the deployment of {current} and goes back to revision {target}."
        case Way.CONTINUE:
            return f"Ends the deployment of {current}, which waits at a hook, and goes back to revision {target}."
        case Way.FOLLOW:
            return f"AWS is going back from {current} to revision {target} already; this watches it to its end."
        case Way.UPDATE | Way.NOTHING:
            return f"Starts {tasks} of revision {target} in place of {current}."


def _copy(plan: RollbackPlan) -> list[str]:
    if not plan.registers_copy:
        return []
    return [f"Registers revision {plan.target.number} again as it was, with its images by digest."]


def _old_tasks(plan: RollbackPlan, service: Mapping[str, Any]) -> list[str]:
    configuration = service.get("deploymentConfiguration") or {}
    lowest = configuration.get("minimumHealthyPercent", 100)
    rolling = configuration.get("strategy", "ROLLING") == "ROLLING"
    if rolling and lowest < 100 and plan.way is Way.UPDATE:
        return [f"Meanwhile as few as {lowest} % of its tasks may run: its minimumHealthyPercent is {lowest}."]
    return (
        ["Nothing healthy is stopped before they are."]
        if plan.way is Way.UPDATE
        else ["Nothing healthy is stopped before what replaces it is healthy."]
    )


def in_words(seconds: float) -> str:
    """`90 seconds`, `8 minutes`."""
    if seconds < 120:
        return f"{max(round(seconds / 10) * 10, 10)} seconds"
    return f"{round(seconds / 60)} minutes"


def seconds_of(standing: Standing, target: Revision) -> float:
    """How long a deployment of it takes: as long as its last one did, or as is usual for how it is deployed."""
    usual = target.deploy_seconds
    if usual:
        return max(usual, 10.0)
    base = BEHIND_BALANCER_SECONDS if standing.service.get("loadBalancers") else WITHOUT_BALANCER_SECONDS
    return base + 60.0 * _bake_minutes(standing)


def _bake_minutes(standing: Standing) -> float:
    configuration = standing.service.get("deploymentConfiguration") or {}
    strategy, bake = configuration.get("strategy", "ROLLING"), float(configuration.get("bakeTimeInMinutes") or 0)
    if strategy == "CANARY":
        return bake + float((configuration.get("canaryConfiguration") or {}).get("canaryBakeTimeInMinutes", 10))
    if strategy == "LINEAR":
        linear = configuration.get("linearConfiguration") or {}
        steps = max(100.0 / float(linear.get("stepPercent", 10.0)) - 1, 0)
        return bake + steps * float(linear.get("stepBakeTimeInMinutes", 6))
    if strategy == "BLUE_GREEN":
        return bake
    return 6.0 if standing.ref.platform is Platform.EXPRESS else 0.0
