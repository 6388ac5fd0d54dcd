"""Roles and the statements in them: who may assume a role, and what it may then do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wizard.engine.graph import Resource
from wizard.options.site import Site

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
