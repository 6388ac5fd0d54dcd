"""Fargate takes the capacity of a Spot task back: the task ends, through no fault of its version."""

from __future__ import annotations

from wizard.sandbox.ecs import finding, lifecycle
from wizard.sandbox.ecs.region import REGIONS
from wizard.sandbox.ecs.rollout import advance
from wizard.sandbox.world import LOCK


def interrupt(task: str) -> dict[str, str]:
    """Interrupt a task by its ARN. Raises `ValueError` when no such task runs on Spot."""
    with LOCK:
        for region in REGIONS.values():
            advance(region, region.now())
            found = finding.task_or_none(region, task)
            if found and found.alive and found.launch.get("capacityProviderName") == "FARGATE_SPOT":
                lifecycle.stop(region, found, "SpotInterruption", "Your Spot Task was interrupted.")
                if found.service:
                    found.service.wake = region.time
                return {"interrupted": found.arn}
    raise ValueError(f"no task {task} runs on FARGATE_SPOT")
