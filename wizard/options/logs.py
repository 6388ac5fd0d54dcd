"""A log group for each service, made before its tasks: ECS writes into one that exists and has its retention."""

from __future__ import annotations

from wizard.engine.graph import Resource
from wizard.options.site import Site


def add(site: Site) -> Site:
    """Add the log groups."""
    groups = {
        service: Resource(
            "log_group",
            service,
            {
                "name": site.name(f"log_group.{service}"),
                "retention_days": site.blueprint.observability.log_days,
            },
        )
        for service in site.blueprint.services
    }
    return site.plus(
        *groups.values(), log_groups={service: resource.ref("name") for service, resource in groups.items()}
    )
