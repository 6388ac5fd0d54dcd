"""Whether what tasks stand on is still there: roles, log groups, file systems, subnets, security groups, targets."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from wizard.errors import AmbiguousAnswer, AwsError
from wizard.release.finding import together
from wizard.release.needs import Need
from wizard.release.readiness import Finding, Place

TASKS = "ecs-tasks.amazonaws.com"
IAM_ACTIONS = (
    "iam:GetRole",
    "logs:DescribeLogGroups",
    "elasticfilesystem:DescribeFileSystems",
    "elasticfilesystem:DescribeAccessPoints",
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
    "elasticloadbalancing:DescribeTargetGroups",
)
ABSENT = frozenset(
    {
        "NoSuchEntity",
        "FileSystemNotFound",
        "AccessPointNotFound",
        "InvalidSubnetID.NotFound",
        "InvalidGroup.NotFound",
        "InvalidGroupId.NotFound",
        "TargetGroupNotFound",
        "TargetGroupNotFoundException",
    }
)
"""What these services say about something that is gone."""


def findings_about_roles(place: Place, needs: Sequence[Need]) -> dict[Need, Finding]:
    """One GetRole for each: it must exist, and ECS tasks must be trusted by it."""
    return dict(zip(needs, together(lambda need: role(place, need.name), needs), strict=True))


def role(place: Place, arn: str, trusted: str = TASKS) -> Finding:
    """Whether a role exists and may be assumed by a service of AWS."""
    name = arn.rpartition("/")[2]
    if arn.split(":")[4] != place.account:
        return Finding.unclear(name, f"the role {arn} is in another account")
    answer = _asked(lambda: place.aws.read("iam", "get_role", RoleName=name), f"role {name}", "IAM")
    if isinstance(answer, Finding):
        return answer
    document = answer["Role"].get("AssumeRolePolicyDocument") or {}
    if answer["Role"].get("Arn", arn) != arn:
        return Finding.broken(name, f"the role {name} is another one now: {answer['Role']['Arn']}")
    if not _trusts(document, trusted):
        return Finding.broken(name, f"the role {name} cannot be assumed by {trusted}")
    return Finding.there(f"role {name}")


def _trusts(document: Any, service: str) -> bool:
    if isinstance(document, str):
        try:
            document = json.loads(unquote(document))
        except ValueError:
            return False
    statements: Any = document.get("Statement", [])
    for one in statements if isinstance(statements, list) else [statements]:
        principal = one.get("Principal") or {}
        named = principal.get("Service", ()) if isinstance(principal, Mapping) else principal
        services = [named] if isinstance(named, str) else named
        if one.get("Effect") == "Allow" and (service in services or "*" in services):
            return True
    return False


def findings_about_log_groups(place: Place, needs: Sequence[Need]) -> dict[Need, Finding]:
    """One DescribeLogGroups for each group: the awslogs driver does not make one unless it is told to."""

    def ask(need: Need) -> Finding:
        if need.detail not in ("", place.region):
            return Finding.unclear(need.name, f"the log group {need.name} is in {need.detail}, which was not asked")
        answer = _asked(
            lambda: place.aws.read("logs", "describe_log_groups", logGroupNamePrefix=need.name),
            f"log group {need.name}",
            "CloudWatch Logs",
        )
        if isinstance(answer, Finding):
            return answer
        names = {group["logGroupName"] for group in answer["logGroups"]}
        if need.name in names:
            return Finding.there(f"log group {need.name}")
        return Finding.broken(need.name, f"the log group {need.name} is gone")

    return dict(zip(needs, together(ask, needs), strict=True))


def findings_about_file_systems(place: Place, needs: Sequence[Need]) -> dict[Need, Finding]:
    """One DescribeFileSystems for each: it must be available."""

    def ask(need: Need) -> Finding:
        answer = _asked(
            lambda: place.aws.read("efs", "describe_file_systems", FileSystemId=need.name),
            f"file system {need.name}",
            "EFS",
        )
        return answer if isinstance(answer, Finding) else _available(answer["FileSystems"], need.name, "file system")

    return dict(zip(needs, together(ask, needs), strict=True))


def findings_about_access_points(place: Place, needs: Sequence[Need]) -> dict[Need, Finding]:
    """One DescribeAccessPoints for each."""

    def ask(need: Need) -> Finding:
        answer = _asked(
            lambda: place.aws.read("efs", "describe_access_points", AccessPointId=need.name),
            f"access point {need.name}",
            "EFS",
        )
        return answer if isinstance(answer, Finding) else _available(answer["AccessPoints"], need.name, "access point")

    return dict(zip(needs, together(ask, needs), strict=True))


def _available(found: Sequence[Mapping[str, Any]], name: str, what: str) -> Finding:
    if not found:
        return Finding.broken(name, f"the {what} {name} is gone")
    state = found[0].get("LifeCycleState", "available")
    if state not in ("available", "updating"):
        return Finding.broken(name, f"the {what} {name} is {state}")
    return Finding.there(f"{what} {name}")


def findings_about_network(place: Place, service: Mapping[str, Any]) -> list[Finding]:
    """What every task of the service stands on, whichever revision it runs: subnets and security groups."""
    network = (service.get("networkConfiguration") or {}).get("awsvpcConfiguration") or {}
    subnets, groups = list(network.get("subnets") or ()), list(network.get("securityGroups") or ())
    found = []
    if subnets:
        found.append(_all_there(place, "subnet", subnets, "describe_subnets", "SubnetIds"))
    if groups:
        found.append(_all_there(place, "security group", groups, "describe_security_groups", "GroupIds"))
    return found


def _all_there(place: Place, what: str, ids: Sequence[str], operation: str, parameter: str) -> Finding:
    subject = f"{what} {', '.join(ids)}"
    answer = _asked(lambda: place.aws.read("ec2", operation, **{parameter: list(ids)}), subject, "EC2")
    return answer if isinstance(answer, Finding) else Finding.there(subject)


def target_groups(place: Place, arns: Iterable[str]) -> dict[str, Mapping[str, Any] | Finding]:
    """The target groups of a service by ARN; one that is gone, or of which nobody tells, as a finding."""
    wanted = list(dict.fromkeys(arns))

    def ask(arn: str) -> Mapping[str, Any] | Finding:
        name = arn.split("/")[-2] if "/" in arn else arn
        answer = _asked(
            lambda: place.aws.read("elbv2", "describe_target_groups", TargetGroupArns=[arn]),
            f"target group {name}",
            "Elastic Load Balancing",
        )
        if isinstance(answer, Finding):
            return answer
        groups: list[Mapping[str, Any]] = answer["TargetGroups"]
        return groups[0] if groups else Finding.broken(name, f"the target group {name} is gone")

    return dict(zip(wanted, together(ask, wanted), strict=True))


def _asked(ask: Callable[[], dict[str, Any]], subject: str, service: str) -> dict[str, Any] | Finding:
    """The answer; a finding when it is gone or AWS does not tell."""
    try:
        return ask()
    except AmbiguousAnswer:
        raise
    except AwsError as error:
        if error.code in ABSENT:
            return Finding.broken(subject, f"the {subject} is gone")
        return Finding.unclear(subject, f"{service} does not tell about the {subject} ({error.code})")
