"""The quotas of AWS that a first deployment meets: how much it needs, how to count what there is, what the sum means.

Names and codes are those of Service Quotas; the defaults are AWS's of November 2026, for where the account's own value
is not told.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wizard.advice.preflight.checked import Checked, State, Topic
from wizard.engine.graph import Resource
from wizard.engine.values import Ref

Need = Callable[[Sequence[Resource], Mapping[str, Resource]], float]


@dataclass(frozen=True)
class Listing:
    """The call that lists what counts: service, operation, the key of its items, and which of them count."""

    service: str
    operation: str
    key: str
    counts: Callable[[Mapping[str, Any]], bool] = lambda item: True


@dataclass(frozen=True)
class Quota:
    """One quota. `listing` None: what is in use is read from the metric that Service Quotas names."""

    name: str
    service: str
    code: str
    default: float
    need: Need
    listing: Listing | None = None
    by_zone: bool = False
    """The limit holds for each Availability Zone by itself."""


@dataclass(frozen=True)
class Used:
    """What is in use, and whether counting stopped before the end; None is not known."""

    number: float | None
    at_least: bool = False


def of_kinds(*kinds: str) -> Need:
    """One for each new resource of these kinds."""
    return lambda new, _all: sum(each.kind in kinds for each in new)


def _vcpus(*, spot: bool) -> Need:
    def need(new: Sequence[Resource], everything: Mapping[str, Resource]) -> float:
        return sum(_task_vcpus(each) for each in new if _on_fargate(each) and bool(each.properties.get("spot")) is spot)

    return need


def _on_fargate(resource: Resource) -> bool:
    return resource.kind in ("service", "express_service")


def _task_vcpus(resource: Resource) -> float:
    properties = resource.properties
    size = properties.get("size") or properties
    scaling = properties.get("scaling") or {}
    count = properties.get("count", scaling.get("min", 1))
    return int(count) * int(size.get("cpu", 0)) / 1024


def _fullest_zone(new: Sequence[Resource], everything: Mapping[str, Resource]) -> float:
    zones = Counter(_zone(each, everything) for each in new if each.kind == "nat_gateway")
    return max(zones.values(), default=0)


def _zone(gateway: Resource, everything: Mapping[str, Resource]) -> str:
    subnet = gateway.properties.get("subnet")
    placed = everything.get(subnet.address) if isinstance(subnet, Ref) else None
    return str(placed.properties.get("zone", "")) if placed else ""


def _stands(item: Mapping[str, Any]) -> bool:
    return item.get("State") in ("pending", "available")


def _is_application(item: Mapping[str, Any]) -> bool:
    return item.get("Type") == "application"


QUOTAS: tuple[Quota, ...] = (
    Quota("VPCs per Region", "vpc", "L-F678F1CE", 5, of_kinds("vpc"), Listing("ec2", "describe_vpcs", "Vpcs")),
    Quota(
        "internet gateways per Region",
        "vpc",
        "L-A4707A72",
        5,
        of_kinds("internet_gateway"),
        Listing("ec2", "describe_internet_gateways", "InternetGateways"),
    ),
    Quota(
        "Elastic IPs per Region",
        "ec2",
        "L-0263D0A3",
        5,
        of_kinds("elastic_ip"),
        Listing("ec2", "describe_addresses", "Addresses"),
    ),
    Quota(
        "NAT gateways per Availability Zone",
        "vpc",
        "L-FE5A380F",
        5,
        _fullest_zone,
        Listing("ec2", "describe_nat_gateways", "NatGateways", _stands),
        by_zone=True,
    ),
    Quota(
        "Application Load Balancers per Region",
        "elasticloadbalancing",
        "L-53DA6B97",
        50,
        of_kinds("load_balancer", "express_service"),
        Listing("elbv2", "describe_load_balancers", "LoadBalancers", _is_application),
    ),
    Quota(
        "target groups per Region",
        "elasticloadbalancing",
        "L-B22855CB",
        3000,
        of_kinds("target_group"),
        Listing("elbv2", "describe_target_groups", "TargetGroups"),
    ),
    Quota(
        "certificates per Region",
        "acm",
        "L-F141DD1D",
        2500,
        of_kinds("certificate"),
        Listing("acm", "list_certificates", "CertificateSummaryList"),
    ),
    Quota(
        "DB instances per Region",
        "rds",
        "L-7B6409FD",
        40,
        of_kinds("db_instance", "db_cluster_instance"),
        Listing("rds", "describe_db_instances", "DBInstances"),
    ),
    Quota(
        "DB clusters per Region",
        "rds",
        "L-952B80B8",
        40,
        of_kinds("db_cluster"),
        Listing("rds", "describe_db_clusters", "DBClusters"),
    ),
    Quota(
        "EFS file systems per Region",
        "elasticfilesystem",
        "L-848C634D",
        1000,
        of_kinds("file_system"),
        Listing("efs", "describe_file_systems", "FileSystems"),
    ),
    Quota(
        "secrets per Region",
        "secretsmanager",
        "L-2F66C23C",
        500_000,
        of_kinds("secret"),
        Listing("secretsmanager", "list_secrets", "SecretList"),
    ),
    Quota("Fargate On-Demand vCPUs", "fargate", "L-3032A538", 6, _vcpus(spot=False)),
    Quota("Fargate Spot vCPUs", "fargate", "L-36FBB829", 6, _vcpus(spot=True)),
)
"""Every quota that is looked at where something new counts against it."""


def needed(new: Iterable[Resource], everything: Mapping[str, Resource]) -> list[tuple[Quota, float]]:
    """The quotas that new resources count against, and how much they need."""
    several = list(new)
    asked = ((quota, quota.need(several, everything)) for quota in QUOTAS)
    return [(quota, need) for quota, need in asked if need]


def judged(quota: Quota, need: float, limit: float, used: Used, *, own: bool, region: str) -> Checked:
    """Whether it fits. `own` says that the limit is the account's own value, not AWS's default."""
    of = f"{_number(limit)}{'' if own else ' (the default of AWS)'}"
    if used.number is None:
        what = f"{_number(need)} of {of} is needed; what runs already is not known"
        state = State.FAILS if need > limit else State.NOT_CHECKED
    else:
        counted = f"{'at least ' if used.at_least else ''}{_number(used.number)}"
        what = f"{counted} of {of} in use, {_number(need)} more needed"
        full = used.number + need > limit
        state = State.FAILS if full else State.NOT_CHECKED if used.at_least else State.OK
    wanted = math.ceil((used.number or 0) + need)
    raise_it = (
        f"aws service-quotas request-service-quota-increase --service-code {quota.service} "
        f"--quota-code {quota.code} --desired-value {wanted} --region {region}"
    )
    return Checked(Topic.QUOTAS, quota.name, state, what, raise_it if state is State.FAILS else "")


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:g}"
