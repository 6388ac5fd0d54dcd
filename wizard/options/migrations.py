"""Migrations: a command that runs to its end before a new version gets traffic, in the surroundings of its service.

A release is one thing: every ECS service of the deployment waits for every migration, so that after a failed one all
of them go on as they were.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wizard.blueprint.model import EcsFargate, Migrate
from wizard.engine.graph import Resource
from wizard.engine.values import Ref
from wizard.options.site import Site

KIND = "migration"


def migrations_of(
    site: Site, name: str, cluster: Resource, tasks: Resource, before: Sequence[Ref]
) -> Iterator[Resource]:
    """The migration of a service, if it has one."""
    migrate = _migrates(site).get(name)
    if migrate is not None:
        properties = {
            "cluster": cluster.ref("arn"),
            "task_definition": tasks.ref("arn"),
            "container": migrate.container,
            "command": list(migrate.command),
            "subnets": list(site.network.task_subnets),
            "security_groups": [site.groups[name]],
            "public_ip": site.network.public_tasks,
            "service": site.name(f"service.{name}"),
            "recorded": True,
        }
        yield Resource(KIND, name, properties, needs=tuple(before))


def migrated(site: Site) -> tuple[Ref, ...]:
    """What a new version of any service waits for."""
    return tuple(Ref(f"{KIND}.{name}", "id") for name in _migrates(site))


def _migrates(site: Site) -> dict[str, Migrate]:
    """The migrations by service; a stand-in for an image knows no command to run."""
    return {
        name: choice.migrate
        for name, choice in site.blueprint.services.items()
        if isinstance(choice, EcsFargate) and choice.migrate and (name, choice.migrate.container) in site.images
    }
