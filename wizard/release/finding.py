"""Finds services: by the name that Pilotage gave them, by cluster and name, or all of an account and Region."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from wizard.aws.ownership import tag_map
from wizard.engine.kind import ADDRESS_TAG, DEPLOYMENT_TAG, Calls
from wizard.errors import AmbiguousAnswer, AwsError, CredentialsError
from wizard.release.service_ref import Platform, ServiceRef

A_CALL = 10
"""How many services DescribeServices takes."""
AT_ONCE = 8
TYPES = ["ecs:service", "apprunner:service"]
GONE = frozenset({"ClusterNotFoundException", "ResourceNotFoundException"})
Asked = TypeVar("Asked")
Answered = TypeVar("Answered")


@dataclass(frozen=True)
class Found:
    """A service as AWS shows it: DescribeServices of ECS, DescribeService of App Runner."""

    ref: ServiceRef
    shown: Mapping[str, Any] = field(repr=False)
    tags: Mapping[str, str] = field(default_factory=dict, repr=False)


def together(ask: Callable[[Asked], Answered], items: Sequence[Asked]) -> list[Answered]:
    """Ask about several at once, in their order."""
    if len(items) < 2:
        return [ask(item) for item in items]
    with ThreadPoolExecutor(min(len(items), AT_ONCE), thread_name_prefix="look") as pool:
        return list(pool.map(ask, items))


def made_by_pilotage(aws: Calls, name: str = "") -> list[Found]:
    """Services that carry our tags: all, or those of `APP`, `APP/ENV` or `APP/ENV/SERVICE`.

    The tagging API lags behind a new service by seconds; whoever must not miss one asks `of_the_account`.
    """
    app, _, rest = name.partition("/")
    env, _, service = rest.partition("/")
    deployment = {"Key": DEPLOYMENT_TAG} | ({"Values": [f"{app}/{env}"]} if env else {})
    listed = aws.pages(
        "resourcegroupstaggingapi",
        "get_resources",
        "ResourceTagMappingList",
        ResourceTypeFilters=TYPES,
        TagFilters=[deployment],
    )
    arns = []
    for item in listed:
        tags = tag_map(item["Tags"])
        if app and tags.get(DEPLOYMENT_TAG, "").split("/")[0] != app:
            continue
        if service and service_name(tags) != service:
            continue
        arns.append(item["ResourceARN"])
    return described(aws, arns)


def of_the_account(aws: Calls) -> list[Found]:
    """Every ECS and App Runner service of the account and Region; App Runner's only where it may be listed."""
    clusters = list(aws.pages("ecs", "list_clusters", "clusterArns"))

    def services_of(cluster: str) -> list[str]:
        return list(aws.pages("ecs", "list_services", "serviceArns", cluster=cluster, maxResults=100))

    arns = [arn for found in together(services_of, clusters) for arn in found]
    return described(aws, arns) + app_runner_services(aws)


def in_cluster(aws: Calls, cluster: str, name: str) -> Found | None:
    """One ECS service by cluster and name; None when there is none, or it is INACTIVE."""
    try:
        found = _of_cluster(aws, cluster, [name])
    except AwsError as error:
        if error.code in GONE:
            return None
        raise
    return found[0] if found else None


def app_runner_services(aws: Calls, name: str = "") -> list[Found]:
    """App Runner's services, or the one of a name. Empty where App Runner is closed to the account or denied."""
    try:
        listed: list[Mapping[str, Any]] = []
        token: dict[str, str] = {}
        while True:
            answer = aws.read("apprunner", "list_services", **token)
            listed += answer["ServiceSummaryList"]
            if not answer.get("NextToken"):
                break
            token = {"NextToken": answer["NextToken"]}
    except AmbiguousAnswer:
        raise
    except (AwsError, CredentialsError):
        # Most accounts have no App Runner, and since 30 April 2026 cannot have it: that must not hide their ECS.
        return []
    arns = [one["ServiceArn"] for one in listed if not name or one["ServiceName"] == name]
    return [found for found in together(lambda arn: app_runner_service(aws, arn), arns) if found]


def app_runner_service(aws: Calls, arn: str) -> Found | None:
    """One App Runner service with its tags; None when it is gone."""
    try:
        shown = aws.read("apprunner", "describe_service", ServiceArn=arn)["Service"]
        if shown["Status"] == "DELETED":
            return None
        tags = tag_map(aws.read("apprunner", "list_tags_for_resource", ResourceArn=arn)["Tags"])
    except AwsError as error:
        if error.code in GONE:
            return None
        raise
    ref = ServiceRef(
        Platform.APP_RUNNER,
        shown["ServiceName"],
        arn,
        deployment=tags.get(DEPLOYMENT_TAG, ""),
        service=service_name(tags),
    )
    return Found(ref, shown, tags)


def service_name(tags: Mapping[str, str]) -> str:
    """The SERVICE of `APP/ENV/SERVICE`: what follows the kind in the address."""
    return tags.get(ADDRESS_TAG, "").partition(".")[2]


def described(aws: Calls, arns: Iterable[str]) -> list[Found]:
    """Services by their ARNs: ten of a cluster in one call; those that are gone are left out."""
    clusters: dict[str, list[str]] = defaultdict(list)
    runners = []
    for arn in arns:
        if ":apprunner:" in arn:
            runners.append(arn)
        else:
            clusters[arn.rpartition(":service/")[2].split("/")[0]].append(arn)
    batches = [
        (cluster, names[start : start + A_CALL])
        for cluster, names in clusters.items()
        for start in range(0, len(names), A_CALL)
    ]
    found = [one for batch in together(lambda each: _of_cluster(aws, *each), batches) for one in batch]
    return found + [one for one in together(lambda arn: app_runner_service(aws, arn), runners) if one]


def _of_cluster(aws: Calls, cluster: str, names: list[str]) -> list[Found]:
    answer = aws.read("ecs", "describe_services", cluster=cluster, services=names, include=["TAGS"])
    return [ecs_found(service) for service in answer["services"] if service["status"] != "INACTIVE"]


def ecs_found(service: Mapping[str, Any]) -> Found:
    """A service of ECS, or of Express Mode: ECS manages the resources of those (`resourceManagementType`)."""
    tags = tag_map(service.get("tags"))
    express = service.get("resourceManagementType") == "ECS"
    ref = ServiceRef(
        Platform.EXPRESS if express else Platform.ECS,
        service["serviceName"],
        service["serviceArn"],
        cluster=service["clusterArn"].rpartition("/")[2],
        deployment=tags.get(DEPLOYMENT_TAG, ""),
        service=service_name(tags),
    )
    return Found(ref, service, tags)
