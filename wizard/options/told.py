"""Who is told of a part: those services alone are let through to it."""

from __future__ import annotations

from wizard.blueprint.placeholders import uses
from wizard.options.site import Site


def told_of(site: Site, part: str) -> list[str]:
    """The services that learn where a part such as `broker` or `database` is, by a secret or by a placeholder."""
    secrets = [
        name for name, secret in site.blueprint.secrets.items() if (secret.composed or "").startswith(f"{part}-")
    ]
    by_secret = site.services_with_secret(*secrets)
    return [service for service in site.groups if service in by_secret or _names(site, service, part)]


def _names(site: Site, service: str, part: str) -> bool:
    return any(
        use.name.startswith(f"{part}.")
        for container in site.blueprint.services[service].containers.values()
        for written in container.environment.values()
        for use in uses(written)
    )
