"""Clusters and capacity providers."""

from __future__ import annotations

from typing import Any

from wizard.sandbox.ecs import finding
from wizard.sandbox.ecs.door import operation, page
from wizard.sandbox.ecs.region import Region
from wizard.sandbox.ecs.store import Cluster
from wizard.sandbox.handling import Refused

BUILT_IN_PROVIDERS = ("FARGATE", "FARGATE_SPOT")
KEPT = ("settings", "configuration", "capacityProviders", "defaultCapacityProviderStrategy")
PENDING_PHASES = ("PROVISIONING", "PENDING", "ACTIVATING")


@operation("CreateCluster")
def create_cluster(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """Create a cluster, or return the one that has the name."""
    name = params.get("clusterName") or "default"
    existing = region.clusters.get(name)
    if existing and existing.status == "ACTIVE":
        return {"cluster": _answer(region, existing, ("SETTINGS", "CONFIGURATIONS", "TAGS"))}
    providers = params.get("capacityProviders", [])
    _check_providers(providers, params.get("defaultCapacityProviderStrategy", []))
    fields: dict[str, Any] = {
        "settings": [{"name": "containerInsights", "value": "disabled"}],
        "capacityProviders": [],
        "defaultCapacityProviderStrategy": [],
    }
    fields |= {key: params[key] for key in KEPT if key in params}
    fields["serviceConnectDefaults"] = params.get("serviceConnectDefaults")
    cluster = region.clusters[name] = Cluster(name, region.arn(f"cluster/{name}"), fields)
    region.tags[cluster.arn] = params.get("tags", [])
    return {"cluster": _answer(region, cluster, ("SETTINGS", "CONFIGURATIONS", "TAGS"))}


@operation("DescribeClusters")
def describe_clusters(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """Describe clusters, INACTIVE ones too."""
    clusters, failures = [], []
    for name in params.get("clusters") or ["default"]:
        found = region.clusters.get(finding.short(name))
        if found is None:
            failures.append(finding.missing(region.arn(f"cluster/{finding.short(name)}")))
        else:
            clusters.append(_answer(region, found, params.get("include", ())))
    return {"clusters": clusters, "failures": failures}


@operation("ListClusters")
def list_clusters(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """List the ACTIVE clusters."""
    arns = [cluster.arn for cluster in region.clusters.values() if cluster.status == "ACTIVE"]
    shown, following = page(arns, params, 100)
    return {"clusterArns": shown} | following


@operation("UpdateCluster", "UpdateClusterSettings")
def update_cluster(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """Change settings by name, and the configuration as a whole."""
    cluster = finding.cluster(region, params["cluster"])
    settings = {setting["name"]: setting for setting in cluster.fields["settings"]}
    settings |= {setting["name"]: setting for setting in params.get("settings", [])}
    cluster.fields["settings"] = list(settings.values())
    for key in ("configuration", "serviceConnectDefaults"):
        if key in params:
            cluster.fields[key] = params[key]
    return {"cluster": _answer(region, cluster, ("SETTINGS", "CONFIGURATIONS"))}


@operation("PutClusterCapacityProviders")
def put_cluster_capacity_providers(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """Replace the capacity providers of a cluster; one that a service uses cannot go."""
    cluster = finding.cluster(region, params["cluster"])
    providers, strategy = params["capacityProviders"], params["defaultCapacityProviderStrategy"]
    _check_providers(providers, strategy)
    for service in region.services.values():
        used = {item["capacityProvider"] for item in service.settings.get("capacityProviderStrategy", [])}
        if service.cluster is cluster and service.status != "INACTIVE" and used - set(providers):
            raise Refused(
                "ResourceInUseException",
                "The specified capacity provider is in use and cannot be removed.",
            )
    cluster.fields["capacityProviders"] = providers
    cluster.fields["defaultCapacityProviderStrategy"] = strategy
    return {"cluster": _answer(region, cluster, ("SETTINGS", "CONFIGURATIONS", "TAGS"))}


@operation("DeleteCluster")
def delete_cluster(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """Delete an empty cluster; it stays describable as INACTIVE."""
    cluster = finding.cluster(region, params["cluster"])
    if any(service.cluster is cluster and service.status != "INACTIVE" for service in region.services.values()):
        raise Refused("ClusterContainsServicesException", "The Cluster cannot be deleted while Services are active.")
    if any(task.cluster is cluster and task.phase != "STOPPED" for task in region.tasks.values()):
        raise Refused("ClusterContainsTasksException", "The Cluster cannot be deleted while Tasks are active.")
    cluster.status = "INACTIVE"
    region.tags.pop(cluster.arn, None)
    return {"cluster": _answer(region, cluster, ())}


@operation("DescribeCapacityProviders")
def describe_capacity_providers(region: Region, params: dict[str, Any]) -> dict[str, Any]:
    """Describe the providers that every account has."""
    wanted = [finding.short(name) for name in params.get("capacityProviders") or BUILT_IN_PROVIDERS]
    shown = [
        {
            "capacityProviderArn": region.arn(f"capacity-provider/{name}"),
            "name": name,
            "status": "ACTIVE",
            "type": name,
            "tags": [],
        }
        for name in wanted
        if name in BUILT_IN_PROVIDERS
    ]
    absent = [
        finding.missing(region.arn(f"capacity-provider/{name}")) for name in wanted if name not in BUILT_IN_PROVIDERS
    ]
    return {"capacityProviders": shown, "failures": absent}


def _check_providers(providers: list[str], strategy: list[dict[str, Any]]) -> None:
    for name in providers:
        if name not in BUILT_IN_PROVIDERS:
            raise Refused("InvalidParameterException", f"The specified capacity provider '{name}' was not found.")
    for item in strategy:
        if item["capacityProvider"] not in providers:
            raise Refused(
                "InvalidParameterException",
                "The specified capacity provider strategy contains a capacity provider that is not associated with "
                "the cluster. Associate the capacity provider with the cluster and try again.",
            )


def _answer(region: Region, cluster: Cluster, include: Any) -> dict[str, Any]:
    tasks = [task for task in region.tasks.values() if task.cluster is cluster]
    services = [service for service in region.services.values() if service.cluster is cluster]
    running = sum(task.phase == "RUNNING" for task in tasks)
    pending = sum(task.phase in PENDING_PHASES for task in tasks)
    active = sum(service.status == "ACTIVE" for service in services)
    fields = cluster.fields
    answer: dict[str, Any] = {
        "clusterArn": cluster.arn,
        "clusterName": cluster.name,
        "status": cluster.status,
        "registeredContainerInstancesCount": 0,
        "runningTasksCount": running,
        "pendingTasksCount": pending,
        "activeServicesCount": active,
        "capacityProviders": fields["capacityProviders"],
        "defaultCapacityProviderStrategy": fields["defaultCapacityProviderStrategy"],
        "settings": fields["settings"] if "SETTINGS" in include else [],
        "tags": region.tags.get(cluster.arn, []) if "TAGS" in include else [],
        "statistics": [],
    }
    if fields.get("serviceConnectDefaults"):
        answer["serviceConnectDefaults"] = fields["serviceConnectDefaults"]
    if "CONFIGURATIONS" in include and "configuration" in fields:
        answer["configuration"] = fields["configuration"]
    if "STATISTICS" in include:
        counts = {
            "runningFargateTasksCount": running,
            "pendingFargateTasksCount": pending,
            "activeFargateServiceCount": active,
            "drainingFargateServiceCount": sum(service.status == "DRAINING" for service in services),
        }
        answer["statistics"] = [{"name": name, "value": str(value)} for name, value in counts.items()]
    return answer
