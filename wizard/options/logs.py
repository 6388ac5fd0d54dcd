"""A log group for each service, made before its tasks: ECS writes into one that exists and has its retention."""

from __future__ import annotations

from wizard.blueprint.model import AppRunner
from wizard.engine.graph import Resource
from wizard.options.site import Site


def add(site: Site) -> Site:
    """Add the log groups; App Runner makes its own."""
    groups = {
        service: Resource(
            "log_group",
            service,
            {
                "name": site.name(f"log_group.{service}"),
                "retention_days": site.blueprint.observability.log_days,
                **site.seal(),
            },
        )
        for service, choice in site.blueprint.services.items()
        if not isinstance(choice, AppRunner)
    }
    return site.plus(
        *groups.values(), log_groups={service: resource.ref("name") for service, resource in groups.items()}
    )
