"""The controls of the `hipaa` preset, held against a deployment as it stands. Reads only."""

from __future__ import annotations

from wizard.advice.controls import Finding, check
from wizard.deployment.opening import Deployment
from wizard.engine.world import read_world


def controls_of(deployment: Deployment) -> tuple[Finding, ...]:
    """Each control, promised or not, by one read of AWS through calls that can change nothing."""
    world = read_world(deployment.graph, deployment.kinds, deployment.reading_context(), deployment.secrets)
    return check(deployment.graph, world.live, deployment.kinds, deployment.secrets)
