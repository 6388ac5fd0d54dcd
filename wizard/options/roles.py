"""The roles of a deployment: one with which ECS starts tasks, and one for the code of each service.

The first may pull exactly the own images, write exactly the own logs and read exactly the secrets that containers are
given. The second may do what `rights` say and nothing else.
"""

from __future__ import annotations

from typing import Any

from wizard.blueprint.model import EcsFargate, Right
from wizard.engine.graph import Resource
from wizard.engine.values import Ref, text
from wizard.options.refusal import unserved
from wizard.options.site import Site, Value

Statement = dict[str, Any]

_OBJECT_ACTIONS = {"read": "s3:GetObject", "write": "s3:PutObject", "delete": "s3:DeleteObject"}


def add(site: Site) -> Site:
    """Add the execution role, and a task role for each ECS service."""
    execution = _role(
        site, "execution", "What ECS may do to start tasks", [*_pull(site), *_write_logs(site), *_read_secrets(site)]
    )
    task_roles = {
        service: _role(site, service, f"What the code of {service} may do", _rights(site, service, choice.rights))
        for service, choice in site.blueprint.services.items()
        if isinstance(choice, EcsFargate)
    }
    return site.plus(
        execution,
        *task_roles.values(),
        execution_role=execution.ref("arn"),
        task_roles={service: role.ref("arn") for service, role in task_roles.items()},
    )


def _role(site: Site, name: str, purpose: str, statements: list[Statement]) -> Resource:
    app, env = site.blueprint.name, site.expansion.environment
    return Resource(
        "role",
        name,
        {
            "name": site.name(f"role.{name}"),
            "path": f"/pilotage/{app}/{env}/",
            "description": f"{purpose}, {site.deployment}",
            "trust": _trust(site),
            "policy": {"Version": "2012-10-17", "Statement": statements} if statements else {},
        },
    )


def _trust(site: Site) -> dict[str, Any]:
    """Only ECS, and only on behalf of this account and Region: nobody else can have ECS use the role for them."""
    statement = {
        "Sid": "EcsTasksOfThisAccount",
        "Effect": "Allow",
        "Principal": {"Service": "ecs-tasks.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": site.expansion.account},
            "ArnLike": {"aws:SourceArn": site.expansion.arn("ecs", "*")},
        },
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def _allow(sid: str, actions: list[str], resources: list[Any]) -> Statement:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}


def _pull(site: Site) -> list[Statement]:
    if not site.repositories:
        return []
    layers = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    return [
        # The only wildcard: the login to ECR belongs to no repository, so IAM knows no resource for it.
        _allow("LogInToEcrWhichHasNoResource", ["ecr:GetAuthorizationToken"], ["*"]),
        _allow("PullOwnImages", layers, list(site.repositories)),
    ]


def _write_logs(site: Site) -> list[Statement]:
    streams = [
        text(site.expansion.arn("logs", "log-group:{group}:*"), group=site.log_groups[service])
        for service in sorted(site.groups)
    ]
    return [_allow("WriteOwnLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], streams)] if streams else []


def _read_secrets(site: Site) -> list[Statement]:
    """Exactly the secrets that some container is given."""
    given = [name for name in sorted(site.secrets) if site.services_with_secret(name)]
    arns = [_whole(site.secrets[name]) for name in given]
    parameters = [arn for arn in arns if isinstance(arn, str) and arn.split(":")[2] == "ssm"]
    secrets = [arn for arn in arns if arn not in parameters]
    statements = [_allow("ReadOwnSecrets", ["secretsmanager:GetSecretValue"], list(secrets))] if secrets else []
    if parameters:
        statements.append(_allow("ReadNamedParameters", ["ssm:GetParameters"], list(parameters)))
    return statements


def _whole(arn: Value) -> Value:
    """The secret's own ARN: one that picks a JSON key goes on with `:key::`."""
    return ":".join(arn.split(":")[:7]) if isinstance(arn, str) else arn


def _rights(site: Site, service: str, rights: tuple[Right, ...]) -> list[Statement]:
    statements = []
    for number, right in enumerate(rights, 1):
        if right.to not in site.buckets:
            raise unserved(
                f"services.{service}.rights",
                f"a right to `{right.to}`",
                f"Remove it; rights to {', '.join(site.buckets) or 'buckets in `storage`'} can be given.",
            )
        statements += _bucket_right(site, number, right, site.buckets[right.to])
    return statements


def _bucket_right(site: Site, number: int, right: Right, bucket: Ref) -> list[Statement]:
    partition, prefix = site.expansion.partition, right.prefix or ""
    statements = []
    actions = sorted(_OBJECT_ACTIONS[verb] for verb in right.allow if verb in _OBJECT_ACTIONS)
    if actions:
        objects = text(f"arn:{partition}:s3:::{{bucket}}/{prefix}*", bucket=bucket)
        statements.append(_allow(f"Objects{number}", actions, [objects]))
    if "list" in right.allow:
        listing = _allow(f"List{number}", ["s3:ListBucket"], [text(f"arn:{partition}:s3:::{{bucket}}", bucket=bucket)])
        if prefix:
            listing["Condition"] = {"StringLike": {"s3:prefix": [f"{prefix}*"]}}
        statements.append(listing)
    return statements
