"""Asks Service Quotas for limits, and the services for what is in use, only for what a replay would make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any

from wizard.advice.preflight import Checked, State, Topic
from wizard.advice.preflight.quotas import Quota, Used, judged, needed
from wizard.aws.translate import is_denied
from wizard.deployment.preflight.look import Look
from wizard.engine.graph import Resource
from wizard.errors import AwsError
from wizard.release.finding import together

MOST_COUNTED = 5000
"""Counting stops there: an account with more is not looked through for one new thing."""
ROLES = "IAM roles per account"


def quotas(look: Look, new: Sequence[Resource]) -> Iterable[Checked]:
    """Each quota that new resources count against."""
    asked = needed(new, look.deployment.graph.resources)
    found = together(lambda each: _checked(look, *each), asked)
    roles = sum(each.kind == "role" for each in new)
    return [*found, *(_roles(look, roles) if roles else ())]


def _checked(look: Look, quota: Quota, need: float) -> Checked:
    try:
        told = _told(look, quota)
        used = _used(look, quota, told)
    except AwsError as error:
        return Checked(Topic.QUOTAS, quota.name, State.NOT_CHECKED, f"{error.operation}: {error.code}")
    limit = float(told["Value"]) if told else quota.default
    return judged(quota, need, limit, used, own=bool(told), region=look.region)


def _told(look: Look, quota: Quota) -> Mapping[str, Any]:
    """The quota as it is for this account; empty when it may not be asked, or is not told."""
    try:
        answer = look.aws.read("service-quotas", "get_service_quota", ServiceCode=quota.service, QuotaCode=quota.code)
    except AwsError as error:
        if error.code != "NoSuchResourceException" and not is_denied(error):
            raise
        return {}
    told: Mapping[str, Any] = answer["Quota"]
    return told if told.get("Value") is not None else {}


def _used(look: Look, quota: Quota, told: Mapping[str, Any]) -> Used:
    if quota.listing is None:
        return Used(_measured(look, told.get("UsageMetric") or {}))
    listing = quota.listing
    items = list(islice(look.aws.pages(listing.service, listing.operation, listing.key), MOST_COUNTED))
    cut = len(items) == MOST_COUNTED
    counting = [item for item in items if listing.counts(item)]
    if not quota.by_zone:
        return Used(len(counting), cut)
    return Used(max(Counter(_zones(look, counting)).values(), default=0), cut)


def _zones(look: Look, gateways: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if not gateways:
        return
    subnets = {one["SubnetId"]: one["AvailabilityZone"] for one in look.aws.pages("ec2", "describe_subnets", "Subnets")}
    for gateway in gateways:
        yield str(subnets.get(gateway.get("SubnetId", ""), ""))


def _measured(look: Look, metric: Mapping[str, Any]) -> float | None:
    """The highest value of the last hour of the metric that Service Quotas names for a quota's use."""
    if not metric.get("MetricNamespace"):
        return None
    now = look.context.clock.now()
    statistic = metric.get("MetricStatisticRecommendation") or "Maximum"
    answer = look.aws.read(
        "cloudwatch",
        "get_metric_statistics",
        Namespace=metric["MetricNamespace"],
        MetricName=metric["MetricName"],
        Dimensions=[{"Name": name, "Value": value} for name, value in (metric.get("MetricDimensions") or {}).items()],
        StartTime=now - timedelta(hours=1),
        EndTime=now,
        Period=300,
        Statistics=[statistic],
    )
    # An account in which nothing runs has no such metric.
    return max((float(point[statistic]) for point in answer["Datapoints"]), default=0.0)


def _roles(look: Look, need: int) -> Iterator[Checked]:
    """IAM tells use and limit of an account in one answer, in every Region."""
    try:
        summary = look.aws.read("iam", "get_account_summary")["SummaryMap"]
    except AwsError as error:
        yield Checked(Topic.QUOTAS, ROLES, State.NOT_CHECKED, f"{error.operation}: {error.code}")
        return
    quota = Quota(ROLES, "iam", "L-FE177D64", 1000, lambda new, everything: need)
    limit = summary.get("RolesQuota")
    yield judged(
        quota,
        need,
        float(limit or quota.default),
        Used(float(summary.get("Roles", 0))),
        own=limit is not None,
        region="us-east-1",
    )
