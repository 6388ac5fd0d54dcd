"""The ECS of the embedded AWS: services that really roll out, fail and roll back on the sandbox's clock.

Importing it registers every handler. The other rooms of the sandbox use `network_interfaces`, `tagged_resources`,
`inventory` and `reset`.
"""

from wizard.sandbox.ecs import (
    account_settings,
    clusters,
    deployments,
    express,
    services,
    target_health,
    task_definitions,
    tasks,
)
from wizard.sandbox.ecs.region import reset
from wizard.sandbox.ecs.tagging import inventory, network_interfaces, tagged_resources

__all__ = [
    "account_settings",
    "clusters",
    "deployments",
    "express",
    "inventory",
    "network_interfaces",
    "reset",
    "services",
    "tagged_resources",
    "target_health",
    "task_definitions",
    "tasks",
]
