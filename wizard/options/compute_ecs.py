"""A service on ECS with Fargate: the cluster it shares with its neighbours, its task definition, and the service."""

from __future__ import annotations

from typing import Any

from wizard.blueprint.model import EcsFargate
from wizard.engine.graph import Resource
from wizard.engine.values import Ref
from wizard.options import strategies
from wizard.options.containers import definitions, mounted, secret_versions, volumes
from wizard.options.migrations import migrated, migrations_of
from wizard.options.registry import Option
from wizard.options.site import MAIN, Site
from wizard.options.told import told_of
from wizard.options.traffic import rules_about


def expand(site: Site, name: str, choice: EcsFargate) -> Site:
    """Add the service, and the cluster with the first one."""
    cluster = Resource(
        "cluster",
        MAIN,
        {
            "name": site.name("cluster"),
            "container_insights": site.blueprint.observability.container_insights,
            "spot": any(isinstance(each, EcsFargate) and each.spot for each in site.blueprint.services.values()),
        },
    )
    tasks = _task_definition(site, name, choice)
    service = _service(site, name, choice, cluster, tasks)
    first = all(resource.kind != "cluster" for resource in site.resources)
    return site.plus(
        *([cluster] if first else []),
        tasks,
        *migrations_of(site, name, cluster, tasks, _before(site, name, choice)),
        service,
        outputs={"cluster": cluster.ref("name"), _key("service", name): service.ref("name")},
    )


def _task_definition(site: Site, name: str, choice: EcsFargate) -> Resource:
    return Resource(
        "task_definition",
        name,
        {
            "family": site.name(f"task.{name}"),
            "cpu": choice.cpu,
            "memory": choice.memory,
            "architecture": choice.architecture.upper(),
            "execution_role": site.execution_role,
            "task_role": site.task_roles[name],
            "containers": definitions(site, name, choice),
            "volumes": volumes(site, choice),
            "secret_versions": secret_versions(site, choice),
            "keep": site.blueprint.delivery.keep_revisions,
            "runs_in": {"cluster": site.name("cluster"), "name": site.name(f"service.{name}")},
        },
    )


def _service(site: Site, name: str, choice: EcsFargate, cluster: Resource, tasks: Resource) -> Resource:
    targets = [target for target in site.targets if target.service == name]
    properties: dict[str, Any] = {
        "name": site.name(f"service.{name}"),
        "cluster": cluster.ref("arn"),
        "task_definition": tasks.ref("arn"),
        # With autoscaling the number of tasks is ours to set at the start only.
        "start_count" if choice.autoscaling else "count": choice.count,
        "spot": choice.spot,
        "subnets": list(site.network.task_subnets),
        "security_groups": [site.groups[name]],
        "public_ip": site.network.public_tasks,
        "load_balancers": [strategies.balancer(site, target) for target in targets],
        **strategies.properties(site, name, choice),
        # ECS refuses a grace period for a service without a load balancer.
        "grace_seconds": choice.deploy.grace_seconds if targets else None,
        "exec": False,
        "size": {"cpu": choice.cpu, "memory": choice.memory, "architecture": choice.architecture.upper()},
    }
    listeners = site.listeners if targets else ()
    needs = (*_before(site, name, choice), *listeners, *migrated(site))
    return Resource("service", name, properties, needs=needs)


def _before(site: Site, name: str, choice: EcsFargate) -> tuple[Ref, ...]:
    """Without these the first tasks could not pull, log or reach what they are told of."""
    database = site.database_ready if name in told_of(site, "database") else ()
    doors = (each for storage in mounted(choice) for each in site.files[storage].ready)
    return (*site.network.tasks_ready, *rules_about(site, site.groups[name]), *database, *doors)


def _key(kind: str, name: str) -> str:
    return f"{kind}_{name}".replace("-", "_")


OPTION = Option("services", EcsFargate, expand)
