"""A service on AWS App Runner, for accounts that use it already: AWS closed it to new customers on 30 April 2026."""

from __future__ import annotations

import shlex

from wizard.blueprint.model import AppRunner
from wizard.engine.graph import Resource
from wizard.options import own_hosting
from wizard.options.granting import role
from wizard.options.refusal import unserved
from wizard.options.registry import Option
from wizard.options.rights import statements_of
from wizard.options.site import Site


def expand(site: Site, name: str, choice: AppRunner) -> Site:
    """Add the service, its limits, and two roles: one pulls the image, the other is the code's."""
    if choice.egress == "vpc":
        nearest = "Set `egress: internet`, or use `kind: ecs-fargate`, whose tasks are in the VPC."
        raise unserved(f"services.{name}.egress", "`vpc`", nearest)
    inner, container = own_hosting.only_container(choice)
    pulls = own_hosting.pulling(site, container)
    build = own_hosting.assumed_by("AppRunnerPulls", "build.apprunner.amazonaws.com")
    access = role(site, f"{name}-access", f"What App Runner may do to pull {name}", pulls, build)
    tasks = own_hosting.assumed_by("AppRunnerRuns", "tasks.apprunner.amazonaws.com")
    may = [*own_hosting.reading(site, container), *statements_of(site, name, choice)]
    instance = role(site, name, f"What {name} may do", may, tasks)
    limits = Resource(
        "app_runner_scaling",
        name,
        {
            "name": site.name(f"scaling.{name}"),
            "min": choice.autoscaling.min,
            "max": choice.autoscaling.max,
            "concurrency": choice.autoscaling.concurrency,
        },
    )
    private = bool(pulls) and (name, inner) in site.images
    words = own_hosting.process_of(site, name, inner, container, choice.health.path)
    service = Resource(
        "app_runner_service",
        name,
        {
            "name": site.name(f"service.{name}"),
            "image": own_hosting.image_of(site, name, inner),
            "port": container.port,
            "command": shlex.join(words),
            **own_hosting.variables_of(site, name, inner, container),
            "secrets": own_hosting.secrets_of(site, container),
            "cpu": choice.cpu,
            "memory": choice.memory,
            "health": choice.health.model_dump(),
            "access_role": access.ref("arn") if private else None,
            "instance_role": instance.ref("arn"),
            "scaling": limits.ref("arn"),
            # A pushed tag changes nothing by itself: a replay does, and can go back.
            "auto_deploy": False,
            "running": True,
        },
    )
    return own_hosting.told(site, name, service, *([access] if private else []), instance, limits)


OPTION = Option("services", AppRunner, expand)
