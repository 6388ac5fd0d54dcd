"""Whether a deployment of App Runner will work: its access role, its secrets and its image decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wizard.sandbox.ecs import images
from wizard.sandbox.ecs.neighbours import Neighbours
from wizard.sandbox.world import ACCOUNT

EARLY_SECONDS = 60.0
"""A missing image or secret shows soon."""
LATE_SECONDS = 600.0
"""App Runner waits that long for a container to pass its health check."""
SLOW_SECONDS = 120.0


@dataclass(frozen=True)
class Verdict:
    """How a deployment ends: for a failed one `seconds` is how long that takes, for a good one what it takes more."""

    works: bool = True
    seconds: float = 0.0
    reason: str = ""
    lines: tuple[str, ...] = ()


def verdict_on(configuration: dict[str, Any], region: str) -> Verdict:
    """The verdict on a configuration as things are now."""
    repository = configuration["SourceConfiguration"]["ImageRepository"]
    given = repository.get("ImageConfiguration", {}).get("RuntimeEnvironmentSecrets", {})
    neighbours = Neighbours(ACCOUNT, region)
    for name, arn in sorted(given.items()):
        if problem := neighbours.secret_problem(arn):
            return Verdict(False, EARLY_SECONDS, f"Failed to fetch secret for {name}: {problem}")
        if not configuration["InstanceConfiguration"].get("InstanceRoleArn"):
            return Verdict(False, EARLY_SECONDS, f"Failed to fetch secret for {name}: no instance role")
    reference = repository["ImageIdentifier"]
    behaviour = images.look_up(reference, ACCOUNT).behaviour
    if behaviour.pull_error:
        reason = f"Failed to pull your application image. {behaviour.pull_error.format(image=reference)}"
        return Verdict(False, EARLY_SECONDS, reason)
    if behaviour.exit_code is not None:
        reason = f"Your application stopped or failed to start. Container exit code: {behaviour.exit_code}"
        return Verdict(False, LATE_SECONDS, reason, behaviour.lines)
    if not behaviour.passes_checks:
        path = configuration["HealthCheckConfiguration"]["Path"]
        reason = f"Health check failed on path '{path}'. Check your configured port number."
        return Verdict(False, LATE_SECONDS, reason, behaviour.lines)
    return Verdict(True, SLOW_SECONDS if behaviour.patience > 1 else 0.0, "", behaviour.lines)
