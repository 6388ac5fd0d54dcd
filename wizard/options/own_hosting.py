"""What App Runner and ECS Express Mode have in common: one container that brings its own address.

The address exists only once the service does, so variables of the container that hold it are told apart from the
others: the service's kind sets them when the address is known.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from wizard.blueprint.model import AppRunner, Container, EcsExpress, OwnImage
from wizard.blueprint.placeholders import uses
from wizard.engine.graph import Resource
from wizard.options.filling import filled
from wizard.options.granting import Statement, read_secrets
from wizard.options.placeholder_image import IMAGE, command
from wizard.options.roles import pull
from wizard.options.site import Site, Value

_ECR = re.compile(r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com/(?P<name>[^:@]+)")


def only_container(choice: AppRunner | EcsExpress) -> tuple[str, Container]:
    """The one container, with its name."""
    ((name, container),) = choice.containers.items()
    return name, container


def image_of(site: Site, service: str, name: str) -> Value:
    """The image that runs: its own, or the stand-in while that is not there yet."""
    return site.images.get((service, name), IMAGE)


def process_of(site: Site, service: str, name: str, container: Container, health_path: str) -> list[str]:
    """The words of the command that replaces the image's own; none leaves it."""
    if (service, name) not in site.images:
        return command(container.port, health_path)
    return [*container.entrypoint, *container.command]


def variables_of(site: Site, service: str, name: str, container: Container) -> dict[str, dict[str, Any]]:
    """Plain variables as the properties `environment` and `environment_with_url`."""
    place = f"services.{service}.containers.{name}.environment"
    own = {key for key, written in container.environment.items() if "url" in (use.name for use in uses(written))}
    itself = replace(site, placeholders={**site.placeholders, "url": "{url}"})
    found = {
        key: filled(itself if key in own else site, written, f"{place}.{key}")
        for key, written in sorted(container.environment.items())
    }
    return {
        "environment": {key: value for key, value in found.items() if key not in own},
        "environment_with_url": {key: value for key, value in found.items() if key in own},
    }


def secrets_of(site: Site, container: Container) -> dict[str, Value]:
    """ARN by variable; an optional secret without a value has no ARN and is left out."""
    return {
        variable: site.secrets[secret]
        for variable, secret in sorted(container.secrets.items())
        if secret in site.secrets
    }


def reading(site: Site, container: Container) -> list[Statement]:
    """May read exactly the secrets that the container is given."""
    return read_secrets(site, sorted({name for name in container.secrets.values() if name in site.secrets}))


def pulling(site: Site, container: Container) -> list[Statement]:
    """May pull the image when it is in a private ECR repository, of this deployment or another."""
    if isinstance(container.image, OwnImage):
        return pull(site.repositories)
    found = _ECR.match(container.image)
    if found is None:
        return []
    arn = f"arn:{site.expansion.partition}:ecr:{found['region']}:{found['account']}:repository/{found['name']}"
    return pull([arn])


def assumed_by(sid: str, principal: str) -> Statement:
    """A trust statement without a condition on the source: AWS documents none for these principals."""
    return {"Sid": sid, "Effect": "Allow", "Principal": {"Service": principal}, "Action": "sts:AssumeRole"}


def told(site: Site, name: str, service: Resource, *more: Resource) -> Site:
    """The site with the service, its address told and known as `{url}` unless a load balancer has that name."""
    url = service.ref("url")
    key = name.replace("-", "_")
    outputs = {"url": site.outputs.get("url", url), f"url_{key}": url, f"service_{key}": service.ref("name")}
    return site.plus(*more, service, outputs=outputs, placeholders={"url": url, **site.placeholders})
