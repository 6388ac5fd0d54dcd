"""The permissions that a role needs: what the kinds declare and what Pilotage itself calls, each on what it touches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from wizard.advice.arns import (
    CREATES_WITHOUT_RESOURCE,
    UNNAMED,
    arns_of,
    encrypting_services,
    listed,
    made_along,
    names_no_resource,
    services_of,
)
from wizard.advice.ec2_grants import INTERFACES_OF, TYPES, ec2_grants, interface_grants
from wizard.advice.fits import fitting
from wizard.advice.grants import Grant, Why
from wizard.advice.paper import Paper
from wizard.engine.kind import DEPLOYMENT_TAG, Kind
from wizard.engine.values import refs_in
from wizard.kinds.registry import all_kinds


class Role(StrEnum):
    """Who the policy is for."""

    SETUP = "setup"
    """Makes and removes everything."""
    CI = "ci"
    """Replays an existing deployment with new images."""
    ONCALL = "oncall"
    """Looks at everything, rolls back, stops a rollout, holds."""


SERVICES = ("service", "express_service", "app_runner_service")
ECS_SERVICES = SERVICES[:2]
VERBS: Mapping[Role, Mapping[str, tuple[str, ...]]] = {
    Role.CI: {
        **dict.fromkeys(("task_definition", "migration"), ("create", "update")),
        **dict.fromkeys(SERVICES, ("update",)),
    },
    Role.ONCALL: dict.fromkeys(SERVICES, ("update",)),
}
"""The verbs besides `read`, by kind; a person who sets up needs all verbs of all kinds."""
CALLS_OF_OUR_OWN = ("sts:GetCallerIdentity", "tag:GetResources")
LOGBOOK_READS = ("s3:ListBucket",)
LOGBOOK_OBJECTS = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject")
LOGBOOK_SETUP = ("s3:CreateBucket", "s3:PutBucketPublicAccessBlock", "s3:PutBucketTagging")
PUSHES = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:CompleteLayerUpload",
    "ecr:GetDownloadUrlForLayer",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
)
ON_CALL = ("ecs:StopServiceDeployment", "ecs:TagResource", "ecs:UntagResource")
OWN_ACTIONS = frozenset(
    {*CALLS_OF_OUR_OWN, *LOGBOOK_READS, *LOGBOOK_OBJECTS, *LOGBOOK_SETUP, *PUSHES, *ON_CALL}
    | {"ecr:GetAuthorizationToken", "logs:FilterLogEvents", "iam:CreateServiceLinkedRole"}
)
"""What Pilotage calls besides the verbs of kinds."""
SERVICE_LINKED = {
    "cluster": "ecs",
    "load_balancer": "elasticloadbalancing",
    "broker": "mq",
    "db_instance": "rds",
    "db_cluster": "rds",
    "scalable_target": "ecs.application-autoscaling",
    "app_runner_service": "apprunner",
}
"""The services that make a role of their own in a fresh account, when the first of a kind is created."""
SECRET_VALUES = frozenset({"kms:Decrypt", "secretsmanager:GetSecretValue", "ssm:GetParameter"})
"""Reads that show a secret. Only who sets up composes one secret from another; CI and on-call compare fingerprints."""
READS_BEFORE_TAGS = frozenset({"acm:ListTagsForCertificate", "acm:DescribeCertificate"})


def grants(paper: Paper, role: Role) -> list[Grant]:
    """Every permission that a role needs for this deployment."""
    found = [*_own_calls(paper, role), *_logbook(paper, role)]
    for name, kind in all_kinds().items():
        for action in _actions(paper, role, kind):
            found += _narrowed(paper, name, action)
    if role is Role.SETUP:
        found += _service_linked(paper)
    if role is Role.CI:
        found += [Grant(action, tuple(arns_of(paper, paper.of_kind("repository")))) for action in PUSHES]
    if role is Role.ONCALL:
        # What worked, and what was left, is noted on the revisions.
        moved = tuple(arns_of(paper, paper.of_kind(*ECS_SERVICES, "task_definition")))
        found += [Grant(action, tuple(fitting(action, moved)), why=Why.SUFFIX) for action in ON_CALL]
        found += _filter_logs(paper)
    return [each for each in found if each.resources]


def _actions(paper: Paper, role: Role, kind: Kind) -> Iterable[str]:
    """Actions of a kind. Of kinds that the deployment lacks only what lists: a plan looks for left-overs of them."""
    if not paper.of_kind(kind.name):
        return sorted({action for action in kind.iam.get("read", ()) if names_no_resource(action)})
    if role is Role.SETUP:
        return sorted({action for actions in kind.iam.values() for action in actions})
    verbs = ("read", *VERBS[role].get(kind.name, ()))
    return sorted({action for verb in verbs for action in kind.iam.get(verb, ())} - SECRET_VALUES)


def _own_calls(paper: Paper, role: Role) -> Iterable[Grant]:
    for action in (*CALLS_OF_OUR_OWN, *(("ecr:GetAuthorizationToken",) if role is Role.CI else ())):
        yield Grant(action, ("*",), why=Why.NO_RESOURCE)


def _logbook(paper: Paper, role: Role) -> Iterable[Grant]:
    scope = paper.scope
    bucket = f"arn:{scope.partition}:s3:::pilotage-{scope.account}-{scope.region}-an"
    for action in (*LOGBOOK_READS, *(LOGBOOK_SETUP if role is Role.SETUP else ())):
        yield Grant(action, (bucket,))
    for action in LOGBOOK_OBJECTS:
        yield Grant(action, (f"{bucket}/deployments/{paper.deployment}/*",), why=Why.SUFFIX)


def _service_linked(paper: Paper) -> Iterable[Grant]:
    services = sorted({f"{name}.amazonaws.com" for kind, name in SERVICE_LINKED.items() if paper.of_kind(kind)})
    arns = tuple(
        f"arn:{paper.scope.partition}:iam::{paper.scope.account}:role/aws-service-role/{each}/*" for each in services
    )
    condition = {"StringEquals": {"iam:AWSServiceName": services}}
    yield Grant("iam:CreateServiceLinkedRole", arns, condition, Why.SERVICE_ROLE)


def _narrowed(paper: Paper, kind: str, action: str) -> Iterable[Grant]:
    """One action of a kind on no more than it touches."""
    special = _SPECIAL.get(action)
    if special:
        return special(paper)
    if action == "iam:CreateServiceLinkedRole":
        return ()
    if names_no_resource(action):
        return (Grant(action, ("*",), why=Why.NO_RESOURCE),)
    if action in CREATES_WITHOUT_RESOURCE:
        condition = {"StringEquals": {f"aws:RequestTag/{DEPLOYMENT_TAG}": paper.deployment}}
        return (Grant(action, ("*",), condition, Why.CREATE),)
    if lists := listed(paper, action):
        return (Grant(action, tuple(lists), why=Why.LIST),)
    if action.startswith("ec2:") and kind in INTERFACES_OF:
        return interface_grants(paper, kind, action)
    if action.startswith("ec2:") and kind in TYPES:
        return ec2_grants(paper, kind, action)
    if action.split(":")[0] not in services_of(kind):
        return (_on_others(paper, kind, action),)
    return _on_own(paper, kind, action)


def _on_others(paper: Paper, kind: str, action: str) -> Grant:
    """What a call touches besides the resources of its kind: a key that encrypts them, what a service makes along."""
    service = action.split(":")[0]
    if along := made_along(paper, kind, service):
        return Grant(action, tuple(along), why=Why.SUFFIX)
    if service == "kms" and services_of(kind):
        through = [f"{each}.{paper.scope.region}.amazonaws.com" for each in encrypting_services(kind)]
        condition = {"StringEquals": {"kms:ViaService": through}}
        return Grant(action, (paper.scope.arn("kms", "key/*"),), condition, Why.VIA_SERVICE)
    return Grant(action, ("*",), why=Why.UNKNOWN)


def _on_own(paper: Paper, kind: str, action: str) -> Iterable[Grant]:
    arns = tuple(fitting(action, arns_of(paper, paper.of_kind(kind))))
    if action in READS_BEFORE_TAGS:
        yield Grant(action, arns, why=Why.ID_OF_AWS_READ)
    elif kind in UNNAMED:
        named = tuple(arn for arn in arns if not arn.endswith("*"))
        # An alias of a key carries no tag, but its name is ours.
        yield Grant(action, named)
        arns = tuple(arn for arn in arns if arn not in named)
        tag = "RequestTag" if "AddTags" in action or "TagResource" in action else "ResourceTag"
        yield Grant(
            action,
            arns,
            {"StringEquals": {f"aws:{tag}/{DEPLOYMENT_TAG}": paper.deployment}},
            Why.ID_OF_AWS_NEW if tag == "RequestTag" else Why.ID_OF_AWS_OURS,
        )
    else:
        yield Grant(action, arns, why=Why.SUFFIX if any("*" in arn or "?" in arn for arn in arns) else None)


def _pass_role(paper: Paper) -> Iterable[Grant]:
    roles = paper.of_kind("role")
    trusted = sorted({service for each in roles for service in _trusted(each.properties.get("trust", {}))})
    arns = tuple(arns_of(paper, roles))
    yield Grant("iam:PassRole", arns, {"StringEquals": {"iam:PassedToService": trusted}})


def _trusted(trust: Mapping[str, Any]) -> Iterable[str]:
    """The services that may take a role on."""
    for statement in trust.get("Statement", ()):
        principal = statement.get("Principal", {})
        services = principal.get("Service", ()) if isinstance(principal, Mapping) else ()
        yield from [services] if isinstance(services, str) else services


def _zone_arns(paper: Paper) -> tuple[tuple[str, ...], bool]:
    """The zones of the records, and whether they are known by their ids."""
    ids = {each.properties.get("zone") for each in paper.of_kind("record")}
    known = all(isinstance(id, str) for id in ids)
    names = sorted(str(id) for id in ids) if known else ["*"]
    return tuple(f"arn:{paper.scope.partition}:route53:::hostedzone/{name}" for name in names), known


def _change_records(paper: Paper) -> Iterable[Grant]:
    arns, known = _zone_arns(paper)
    names = sorted({name for each in paper.of_kind("record") for name in _record_names(paper, each.properties)})
    key = "route53:ChangeResourceRecordSetsNormalizedRecordNames"
    condition = {"ForAllValues:StringLike": {key: names}}
    yield Grant("route53:ChangeResourceRecordSets", arns, condition, None if known else Why.ZONE)


def _record_names(paper: Paper, properties: Mapping[str, Any]) -> Iterable[str]:
    """A record and the TXT record that says whose it is; a validation record is known but for its first label."""
    name = properties["record"]
    if isinstance(name, str):
        plain = name.lower().rstrip(".").replace("*", "\\052")
        yield from (plain, f"_pilotage-*.{plain}")
        return
    for ref in refs_in(name):
        certificate = paper.graph.resources[ref.address].properties
        for domain in (certificate.get("domain"), *certificate.get("alternative_names", ())):
            if isinstance(domain, str):
                yield f"_*.{domain.removeprefix('*.').lower()}"


def _read_records(paper: Paper) -> Iterable[Grant]:
    arns, known = _zone_arns(paper)
    yield Grant("route53:ListResourceRecordSets", arns, why=None if known else Why.ZONE_READ)


def _read_change(paper: Paper) -> Iterable[Grant]:
    yield Grant("route53:GetChange", (f"arn:{paper.scope.partition}:route53:::change/*",), why=Why.ZONE_READ)


def _log_arns(paper: Paper, action: str) -> tuple[str, ...]:
    """Our log groups, and those that App Runner makes for our services."""
    made = [f"log-group:/aws/apprunner/{each.properties['name']}/*" for each in paper.of_kind("app_runner_service")]
    ours = arns_of(paper, paper.of_kind("log_group"))
    whole = (paper.scope.arn("logs", f"{each}{end}") for each in made for end in ("", ":*"))
    return tuple(fitting(action, [*ours, *whole]))


def _read_logs(paper: Paper) -> Iterable[Grant]:
    yield Grant("logs:GetLogEvents", _log_arns(paper, "logs:GetLogEvents"), why=Why.SUFFIX)


def _filter_logs(paper: Paper) -> Iterable[Grant]:
    yield Grant("logs:FilterLogEvents", _log_arns(paper, "logs:FilterLogEvents"), why=Why.SUFFIX)


def _clusters(paper: Paper) -> list[str]:
    """Of the deployment, and those that its services run in although nobody here makes them."""
    services = arns_of(paper, paper.of_kind(*ECS_SERVICES))
    used = {arn.replace(":service/", ":cluster/").rpartition("/")[0] for arn in services if ":service/" in arn}
    return sorted({*arns_of(paper, paper.of_kind("cluster")), *used})


def _describe_services(paper: Paper) -> Iterable[Grant]:
    services = fitting("ecs:DescribeServices", arns_of(paper, paper.of_kind(*ECS_SERVICES)))
    yield Grant("ecs:DescribeServices", tuple(services), why=Why.SUFFIX)


def _list_tasks(paper: Paper) -> Iterable[Grant]:
    yield Grant("ecs:ListTasks", ("*",), {"ArnEquals": {"ecs:cluster": _clusters(paper)}}, Why.TASKS)


def _describe_tasks(paper: Paper) -> Iterable[Grant]:
    yield Grant(
        "ecs:DescribeTasks",
        tuple(f"{arn.replace(':cluster/', ':task/')}/*" for arn in _clusters(paper)),
        why=Why.TASKS,
    )


def _describe_clients(paper: Paper) -> Iterable[Grant]:
    """Also for whoever makes a listener that signs people in: the load balancer asks in the caller's name."""
    yield from _on_own(paper, "user_pool_client", "cognito-idp:DescribeUserPoolClient")


_SPECIAL = {
    "cognito-idp:DescribeUserPoolClient": _describe_clients,
    "iam:PassRole": _pass_role,
    "route53:ChangeResourceRecordSets": _change_records,
    "route53:ListResourceRecordSets": _read_records,
    "route53:GetChange": _read_change,
    "logs:GetLogEvents": _read_logs,
    "logs:FilterLogEvents": _filter_logs,
    "ecs:DescribeServices": _describe_services,
    "ecs:ListTasks": _list_tasks,
    "ecs:DescribeTasks": _describe_tasks,
}
"""Actions that touch something else than their kind's own resources."""
