"""A service in ECS Express Mode, App Runner's successor: AWS makes its load balancer, certificate and address."""

from __future__ import annotations

from wizard.blueprint.model import EcsExpress, EcsFargate
from wizard.engine.graph import Resource
from wizard.engine.values import text
from wizard.errors import UsageError
from wizard.options import own_hosting
from wizard.options.granting import Statement, allow, role, trust
from wizard.options.registry import Option
from wizard.options.rights import statements_of
from wizard.options.site import MAIN, Site

_MANAGED = "iam::aws:policy/service-role/AmazonECSInfrastructureRoleforExpressGatewayServices"


def expand(site: Site, name: str, choice: EcsExpress) -> Site:
    """Add the service with its three roles, and the cluster with the first one."""
    _refuse_private_tasks(site, name)
    inner, container = own_hosting.only_container(choice)
    tasks = trust(site, "EcsTasksOfThisAccount", "ecs-tasks.amazonaws.com", site.expansion.arn("ecs", "*"))
    starts = [*own_hosting.pulling(site, container), _logs(site, name), *own_hosting.reading(site, container)]
    execution = role(site, f"{name}-execution", f"What ECS may do to start {name}", starts, tasks)
    task = role(site, name, f"What the code of {name} may do", statements_of(site, name, choice), tasks)
    infrastructure = _infrastructure(site, name)
    cluster = _cluster(site)
    scaling = choice.autoscaling
    service = Resource(
        "express_service",
        name,
        {
            "name": site.name(f"service.{name}"),
            "cluster": cluster.ref("name"),
            "image": own_hosting.image_of(site, name, inner),
            "port": container.port,
            "command": own_hosting.process_of(site, name, inner, container, choice.health.path),
            **own_hosting.variables_of(site, name, inner, container),
            "secrets": own_hosting.secrets_of(site, container),
            "log_group": site.log_groups[name],
            "log_prefix": name,
            "cpu": choice.cpu,
            "memory": choice.memory,
            "architecture": choice.architecture.upper(),
            "health_path": choice.health.path,
            "execution_role": execution.ref("arn"),
            "task_role": task.ref("arn"),
            "infrastructure_role": infrastructure.ref("arn"),
            "scaling": {"min": scaling.min, "max": scaling.max, "metric": scaling.metric, "target": scaling.target},
            # Without subnets ECS takes the default VPC.
            "subnets": list(site.network.task_subnets) or None,
        },
        needs=(*site.network.internet_ready, *site.network.tasks_ready),
    )
    first = all(resource.kind != "cluster" for resource in site.resources)
    made = [*([cluster] if first else []), execution, task, infrastructure]
    return own_hosting.told(site, name, service, *made)


def _refuse_private_tasks(site: Site, name: str) -> None:
    network = site.network
    if network.task_subnets and not network.public_tasks:
        raise UsageError(
            f"`services.{name}`: ECS Express Mode cannot run private tasks behind a public address",
            evidence="It puts the load balancer and the tasks into the same subnets: private ones make it internal.",
            safe="AWS was not called.",
            next_step="Set `tasks: public` in `network`, or use `kind: ecs-fargate` with `ingress: {kind: alb}`.",
        )


def _cluster(site: Site) -> Resource:
    """The same cluster that services on Fargate share."""
    spot = any(isinstance(each, EcsFargate) and each.spot for each in site.blueprint.services.values())
    insights = site.blueprint.observability.container_insights
    return Resource("cluster", MAIN, {"name": site.name("cluster"), "container_insights": insights, "spot": spot})


def _logs(site: Site, name: str) -> Statement:
    streams = text(site.expansion.arn("logs", "log-group:{group}:*"), group=site.log_groups[name])
    return allow("WriteOwnLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], [streams])


def _infrastructure(site: Site, name: str) -> Resource:
    """With this role ECS makes what is around the service; AWS's own policy says what that takes."""
    ecs = own_hosting.assumed_by("EcsMakesWhatIsAround", "ecs.amazonaws.com")
    made = role(site, f"{name}-infrastructure", f"What ECS may make around {name}", [], ecs)
    policies = [f"arn:{site.expansion.partition}:{_MANAGED}"]
    return Resource(made.kind, made.name, {**made.properties, "managed_policies": policies})


OPTION = Option("services", EcsExpress, expand)
