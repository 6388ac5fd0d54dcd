"""An ECS cluster for Fargate."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import ecs_tag_list, tag_map
from wizard.engine.kind import READY, Context, Identity, Kind, Live, Properties, Settling, State, Status
from wizard.kinds._named import addresses_by_name, ignoring, owner_of, with_surplus

BATCH = 100
STILL_USED = (
    "ClusterContainsServicesException",
    "ClusterContainsTasksException",
    "ClusterContainsContainerInstancesException",
    "UpdateInProgressException",
)


class Cluster(Kind):
    """CreateCluster answers with a stranger's cluster of the same name, so ownership is read before and after."""

    name = "cluster"
    title = "ECS cluster"
    identity = Identity.NAMED
    found_by = frozenset({"name"})
    immutable = frozenset({"name"})
    handed_over = frozenset({"spot"})
    settling = (
        Settling("create", "InvalidParameterException", "Unable to assume the service linked role", 120),
        Settling("update", "UpdateInProgressException", "", 600),
        Settling("update", "ResourceInUseException", "", 600),
        *(Settling("delete", code, "", 600) for code in STILL_USED),
    )
    iam = {
        "read": ("ecs:DescribeClusters",),
        "create": ("ecs:CreateCluster", "ecs:TagResource"),
        "update": ("ecs:UpdateClusterSettings", "ecs:PutClusterCapacityProviders"),
        "delete": ("ecs:DeleteCluster",),
    }

    def problems(self, properties: Properties) -> list[str]:
        """The name."""
        name = properties.get("name")
        if isinstance(name, str) and not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", name):
            return [f"the cluster name {name!r} must be 1-255 letters, digits, - or _"]
        return []

    def meanwhile(self, name: str, before: Any, desired: Any) -> Any:
        """A capacity provider stays as long as a service runs on it: ECS would refuse to take it away."""
        return before or desired

    def create_seconds(self, properties: Properties) -> float:
        """Seconds; capacity providers take a little longer."""
        return 5

    def monthly_usd(self, properties: Properties) -> float | None:
        """Clusters are free; what runs in them is not."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One DescribeClusters for all; INACTIVE is gone although ECS still describes it."""
        addresses = with_surplus(context, self.name, addresses_by_name(wanted), "/")
        names, found = list(addresses), []
        for start in range(0, len(names), BATCH):
            some = names[start : start + BATCH]
            answer = context.aws.read("ecs", "describe_clusters", clusters=some, include=["TAGS", "SETTINGS"])
            for cluster in answer["clusters"]:
                if cluster["status"] != "INACTIVE" and cluster["clusterName"] in addresses:
                    found.append(self._live(cluster, addresses[cluster["clusterName"]]))
        return sorted(found, key=lambda live: names.index(live.id))

    @staticmethod
    def _live(cluster: Mapping[str, Any], address: str) -> Live:
        name = cluster["clusterName"]
        settings = {setting["name"]: setting["value"] for setting in cluster.get("settings") or ()}
        properties = {
            "name": name,
            "container_insights": settings.get("containerInsights", "disabled") != "disabled",
            "spot": "FARGATE_SPOT" in (cluster.get("capacityProviders") or ()),
        }
        attributes = {"id": name, "arn": cluster["clusterArn"], "name": name, "status": cluster["status"]}
        return Live(address, name, properties, attributes, owner_of(tag_map(cluster.get("tags"))))

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """Everything goes into the one call."""
        context.aws.write(
            "ecs",
            "create_cluster",
            clusterName=properties["name"],
            settings=_settings(properties),
            tags=ecs_tag_list(context.scope.tags(address)),
            **_capacity(properties),
        )
        return str(properties["name"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Insights and capacity providers are separate calls."""
        if "container_insights" in changed:
            context.aws.write("ecs", "update_cluster_settings", cluster=live.id, settings=_settings(properties))
        if "spot" in changed:
            context.aws.write("ecs", "put_cluster_capacity_providers", cluster=live.id, **_capacity(properties))

    def delete(self, context: Context, live: Live) -> None:
        """Refused while services or tasks are in it."""
        with ignoring("ClusterNotFoundException"):
            context.aws.write("ecs", "delete_cluster", cluster=live.id)

    def status(self, context: Context, live: Live, properties: Properties) -> Status:
        """ACTIVE, or on its way there."""
        if live.attributes["status"] == "ACTIVE":
            return READY
        found = context.aws.read("ecs", "describe_clusters", clusters=[live.id])["clusters"]
        status = found[0]["status"] if found else "PROVISIONING"
        if status == "ACTIVE":
            return READY
        failed = status in ("FAILED", "DEPROVISIONING")
        return Status(State.FAILED if failed else State.PENDING, f"the cluster is {status}", corpse=failed)


def _settings(properties: Properties) -> list[dict[str, str]]:
    return [{"name": "containerInsights", "value": "enabled" if properties.get("container_insights") else "disabled"}]


def _capacity(properties: Properties) -> dict[str, Any]:
    providers = ["FARGATE", "FARGATE_SPOT"] if properties.get("spot") else ["FARGATE"]
    return {"capacityProviders": providers, "defaultCapacityProviderStrategy": []}
