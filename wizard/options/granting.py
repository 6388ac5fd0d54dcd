"""Roles and the statements in them: who may assume a role, and what it may then do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wizard.engine.graph import Resource
from wizard.engine.values import Ref, Text
from wizard.options.site import Site, Value

Statement = dict[str, Any]


def allow(sid: str, actions: Sequence[str], resources: Sequence[Any]) -> Statement:
    """A statement that allows actions on resources."""
    return {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": list(resources)}


def document(statements: Sequence[Statement]) -> dict[str, Any]:
    """A policy of these statements; nothing for none."""
    return {"Version": "2012-10-17", "Statement": list(statements)} if statements else {}


def role(site: Site, name: str, purpose: str, statements: Sequence[Statement], trust: Statement) -> Resource:
    """A role under the deployment's own path, with one inline policy."""
    app, env = site.blueprint.name, site.expansion.environment
    return Resource(
        "role",
        name,
        {
            "name": site.name(f"role.{name}"),
            "path": f"/pilotage/{app}/{env}/",
            "description": f"{purpose}, {site.deployment}",
            "trust": document([trust]),
            "policy": document(statements),
        },
    )


def trust(site: Site, sid: str, service: str, source: str) -> Statement:
    """Only this AWS service, and only on behalf of `source`, an ARN in this account: nobody else can have the service
    use the role for them."""
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": site.expansion.account},
            "ArnLike": {"aws:SourceArn": source},
        },
    }


def read_secrets(site: Site, given: Sequence[str]) -> list[Statement]:
    """May read these secrets, and use the own key where it seals them."""
    arns = list(dict.fromkeys(_whole(site.secrets[name]) for name in given))
    parameters = [arn for arn in arns if _is_parameter(arn)]
    secrets = [arn for arn in arns if arn not in parameters]
    statements = [allow("ReadOwnSecrets", ["secretsmanager:GetSecretValue"], secrets)] if secrets else []
    if parameters:
        statements.append(allow("ReadNamedParameters", ["ssm:GetParameters"], parameters))
    if arns and site.sealed:
        statements.append(allow("OpenOwnSecrets", ["kms:Decrypt"], [site.key]))
    return statements


def _is_parameter(arn: Value) -> bool:
    """Whether a secret is an SSM parameter: made here, or named by its ARN."""
    if isinstance(arn, Ref):
        return arn.address.startswith("parameter.")
    return isinstance(arn, str) and arn.split(":")[2] == "ssm"


def _whole(arn: Value) -> Value:
    """The secret's own ARN: one that picks a JSON key goes on with `:key::`."""
    if isinstance(arn, Text):
        return next(part for name, part in arn.parts if name == "secret")  # type: ignore[no-any-return]
    return ":".join(arn.split(":")[:7]) if isinstance(arn, str) else arn
