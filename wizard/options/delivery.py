"""The role with which a GitHub Actions workflow deploys: no long-lived key, one branch of one repository, own parts.

GitHub proves by OpenID Connect which repository and branch a workflow runs for; AWS hands out the role for an hour.
"""

from __future__ import annotations

from typing import Any

from wizard.blueprint.model import EcsFargate, GitHub
from wizard.engine.graph import Resource
from wizard.engine.values import Ref, text
from wizard.options.granting import Statement, allow, role
from wizard.options.site import MAIN, Site

_ISSUER = "token.actions.githubusercontent.com"
_AUDIENCE = "sts.amazonaws.com"
_PUSH = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:CompleteLayerUpload",
    "ecr:DescribeImages",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
)


def add(site: Site) -> Site:
    """Add GitHub as an identity provider, which the account has once, and the role."""
    github = site.blueprint.delivery.github
    if github is None:
        return site
    provider = Resource("oidc_provider", "github", {"url": f"https://{_ISSUER}", "audiences": [_AUDIENCE]})
    statements = [*_push(site), *_release(site)]
    deployer = role(site, "deploy", f"What {github.repository} may do to deploy", statements, _trust(github, provider))
    return site.plus(provider, deployer, outputs={"deploy_role": deployer.ref("arn")})


def _trust(github: GitHub, provider: Resource) -> Statement:
    subject = f"repo:{github.repository}:ref:refs/heads/{github.branch}"
    return {
        "Sid": "OneBranchOfOneRepository",
        "Effect": "Allow",
        "Principal": {"Federated": provider.ref("arn")},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {f"{_ISSUER}:aud": _AUDIENCE, f"{_ISSUER}:sub": subject}},
    }


def _push(site: Site) -> list[Statement]:
    if not site.repositories:
        return []
    return [
        # The login to ECR belongs to no repository, so IAM knows no resource for it.
        allow("LogInToEcrWhichHasNoResource", ["ecr:GetAuthorizationToken"], ["*"]),
        allow("PushOwnImages", _PUSH, site.repositories),
    ]


def _release(site: Site) -> list[Statement]:
    """A new revision of an own task definition, its rollout, and the roles that its tasks already have."""
    names = [name for name, choice in site.blueprint.services.items() if isinstance(choice, EcsFargate)]
    if not names:
        return []
    revisions = [site.expansion.arn("ecs", f"task-definition/{site.name(f'task.{name}')}:*") for name in names]
    passed: dict[str, Any] = allow(
        "HandOnOwnRoles", ["iam:PassRole"], [site.execution_role, *(site.task_roles[name] for name in names)]
    )
    services: list[Any] = [
        text(
            site.expansion.arn("ecs", "service/{cluster}/{service}"),
            cluster=Ref(f"cluster.{MAIN}", "name"),
            service=Ref(f"service.{name}", "name"),
        )
        for name in names
    ]
    return [
        allow("RegisterOwnRevisions", ["ecs:RegisterTaskDefinition", "ecs:TagResource"], revisions),
        # IAM knows no resource for the description of a task definition.
        allow("ReadRevisionsWhichHaveNoResource", ["ecs:DescribeTaskDefinition"], ["*"]),
        allow("RollOutOwnServices", ["ecs:DescribeServices", "ecs:UpdateService"], services),
        passed | {"Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}},
        *_migrate(site),
    ]


def _migrate(site: Site) -> list[Statement]:
    """A migration is a task of an own revision, in the own cluster."""
    names = [name for name, choice in site.blueprint.services.items() if getattr(choice, "migrate", None)]
    if not names:
        return []
    revisions = [site.expansion.arn("ecs", f"task-definition/{site.name(f'task.{name}')}:*") for name in names]
    tasks = text(site.expansion.arn("ecs", "task/{cluster}/*"), cluster=Ref(f"cluster.{MAIN}", "name"))
    return [
        allow("RunOwnMigrations", ["ecs:RunTask"], revisions),
        allow("FollowOwnMigrations", ["ecs:DescribeTasks"], [tasks]),
    ]
