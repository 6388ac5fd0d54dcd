"""The roles of a deployment: one with which ECS starts tasks, and one for the code of each service.

The first may pull exactly the own images, write exactly the own logs and read exactly the secrets that containers are
given. The second may do what `rights` say and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence

from wizard.blueprint.model import EcsFargate
from wizard.engine.values import text
from wizard.options.granting import Statement, allow, read_secrets, role, trust
from wizard.options.rights import statements_of
from wizard.options.site import Site, Value


def add(site: Site) -> Site:
    """Add the execution role, and a task role for each ECS service; other ways to run bring roles of their own."""
    if not any(isinstance(choice, EcsFargate) for choice in site.blueprint.services.values()):
        return site
    tasks = trust(site, "EcsTasksOfThisAccount", "ecs-tasks.amazonaws.com", site.expansion.arn("ecs", "*"))
    starts = [*pull(site.repositories), *_write_logs(site), *_read_given_secrets(site)]
    execution = role(site, "execution", "What ECS may do to start tasks", starts, tasks)
    task_roles = {
        service: role(site, service, f"What the code of {service} may do", statements_of(site, service, choice), tasks)
        for service, choice in site.blueprint.services.items()
        if isinstance(choice, EcsFargate)
    }
    return site.plus(
        execution,
        *task_roles.values(),
        execution_role=execution.ref("arn"),
        task_roles={service: task_role.ref("arn") for service, task_role in task_roles.items()},
    )


def pull(repositories: Sequence[Value]) -> list[Statement]:
    """May pull the images of these repositories."""
    if not repositories:
        return []
    layers = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    return [
        # The only wildcard: the login to ECR belongs to no repository, so IAM knows no resource for it.
        allow("LogInToEcrWhichHasNoResource", ["ecr:GetAuthorizationToken"], ["*"]),
        allow("PullOwnImages", layers, repositories),
    ]


def _write_logs(site: Site) -> list[Statement]:
    streams = [
        text(site.expansion.arn("logs", "log-group:{group}:*"), group=site.log_groups[service])
        for service in sorted(site.groups)
    ]
    return [allow("WriteOwnLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], streams)] if streams else []


def _read_given_secrets(site: Site) -> list[Statement]:
    """Exactly the secrets that some container on Fargate is given."""
    return read_secrets(site, [name for name in sorted(site.secrets) if site.services_with_secret(name)])
