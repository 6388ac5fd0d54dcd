"""RDS settings that moto drops or forgets: parameter groups, subnet groups, insights, lifecycle, log exports."""

from __future__ import annotations

from typing import Any

from wizard.sandbox import moto_state
from wizard.sandbox.handling import Call, Refused, before, handles
from wizard.sandbox.world import after

MODIFY_SECONDS = 120.0
DEFAULT_LIFECYCLE = "open-source-rds-extended-support"
DYNAMIC = frozenset(
    {"log_min_duration_statement", "log_connections", "work_mem", "audit_logs", "profiler", "ttl_monitor"}
)
"""Parameters, of the many, that take effect without a reboot."""


def keep(instance: Any, params: dict[str, Any]) -> None:
    """Remember on an instance what a create or modify call says and moto leaves out."""
    if (insights := params.get("EnablePerformanceInsights")) is not None:
        instance.performance_insights_enabled = insights
    if lifecycle := params.get("EngineLifecycleSupport"):
        instance.engine_lifecycle_support = lifecycle


def show(shown: dict[str, Any], instance: Any) -> None:
    """Say in an answer what `keep` remembered."""
    if instance.db_cluster_identifier is None:
        shown["PerformanceInsightsEnabled"] = getattr(instance, "performance_insights_enabled", False)
        shown["EngineLifecycleSupport"] = getattr(instance, "engine_lifecycle_support", DEFAULT_LIFECYCLE)


@handles("rds", "ModifyDBCluster")
def modify_db_cluster(call: Call) -> dict[str, Any]:
    """`modifying` for two minutes; log exports are switched on and off."""
    name = call.params["DBClusterIdentifier"].lower()
    cluster = moto_state.rds(call.region).clusters.get(name)
    if cluster is None:
        raise Refused("DBClusterNotFoundFault", f"DBCluster {name} not found.", 404)
    answer = call.moto()
    change = call.params.get("CloudwatchLogsExportConfiguration", {})
    kept = set(cluster.enabled_cloudwatch_logs_exports) | set(change.get("EnableLogTypes", ()))
    cluster.enabled_cloudwatch_logs_exports = sorted(kept - set(change.get("DisableLogTypes", ())))
    cluster.status = answer["DBCluster"]["Status"] = "modifying"
    after(MODIFY_SECONDS, lambda: _settled(cluster))
    return answer


def _settled(cluster: Any) -> None:
    if cluster.status == "modifying":
        cluster.status = "available"


@before("rds", "CreateDBSubnetGroup")
def _name_is_free(call: Call) -> None:
    name = call.params["DBSubnetGroupName"].lower()
    if name in moto_state.rds(call.region).subnet_groups:
        raise Refused("DBSubnetGroupAlreadyExists", f"The DB subnet group '{name}' already exists.")


@handles("rds", "ModifyDBSubnetGroup")
def modify_subnet_group(call: Call) -> dict[str, Any]:
    """The description stays when none is given."""
    store, name = moto_state.rds(call.region), call.params["DBSubnetGroupName"].lower()
    group = store.subnet_groups.get(name)
    if group is None:
        raise Refused("DBSubnetGroupNotFoundFault", f"DB subnet group '{name}' does not exist.", 404)
    description = group.description
    answer = call.moto()
    # moto takes the group out and forgets to put it back.
    store.subnet_groups[name] = group
    group.description = call.params.get("DBSubnetGroupDescription", description)
    answer["DBSubnetGroup"]["DBSubnetGroupDescription"] = group.description
    return answer


def _groups(call: Call) -> tuple[dict[str, Any], str]:
    """The parameter groups that an operation is about, and the name of the one it wants."""
    store = moto_state.rds(call.region)
    if "Cluster" in call.operation:
        return store.db_cluster_parameter_groups, call.params.get("DBClusterParameterGroupName", "")
    return store.db_parameter_groups, call.params.get("DBParameterGroupName", "")


def _group(call: Call) -> Any:
    groups, name = _groups(call)
    if name not in groups:
        raise Refused("DBParameterGroupNotFound", f"DBParameterGroup not found: {name}", 404)
    return groups[name]


@handles("rds", "ResetDBParameterGroup", "ResetDBClusterParameterGroup")
def reset_parameters(call: Call) -> dict[str, Any]:
    """Back to the engine's default, which is not shown as set by a user."""
    group = _group(call)
    if call.params.get("ResetAllParameters"):
        group.parameters.clear()
    for parameter in call.params.get("Parameters", ()):
        group.parameters.pop(parameter["ParameterName"], None)
    kind = "DBClusterParameterGroupName" if "Cluster" in call.operation else "DBParameterGroupName"
    return {kind: group.name}


@handles("rds", "DescribeDBParameters", "DescribeDBClusterParameters")
def describe_parameters(call: Call) -> dict[str, Any]:
    """Those that a user has set; of the engine's own only the ones that need no reboot are known here."""
    group = _group(call)
    mine = [
        {**values, "ParameterName": name, "Source": "user", "ApplyType": "dynamic" if name in DYNAMIC else "static"}
        for name, values in group.parameters.items()
    ]
    own = [
        {"ParameterName": name, "Source": "engine-default", "ApplyType": "dynamic", "IsModifiable": True}
        for name in sorted(DYNAMIC - group.parameters.keys())
    ]
    wanted = call.params.get("Source")
    return {"Parameters": [one for one in mine + own if wanted in (None, one["Source"])]}


@before("rds", "DescribeDBParameterGroups", "DescribeDBClusterParameterGroups")
def _parameter_group_exists(call: Call) -> None:
    groups, name = _groups(call)
    if name and name not in groups and not name.startswith("default."):
        raise Refused("DBParameterGroupNotFound", f"DBParameterGroup not found: {name}", 404)


@before("rds", "ModifyDBParameterGroup", "ModifyDBClusterParameterGroup")
def _static_ones_wait(call: Call) -> None:
    _group(call)
    if len(call.params["Parameters"]) > 20:
        raise Refused("InvalidParameterValue", "A maximum of 20 parameters can be modified in a single request.")
    for parameter in call.params["Parameters"]:
        if parameter.get("ApplyMethod") == "immediate" and parameter["ParameterName"] not in DYNAMIC:
            raise Refused("InvalidParameterCombination", "cannot use immediate apply method for static parameter")


@before("rds", "DeleteDBParameterGroup", "DeleteDBClusterParameterGroup")
def _parameter_group_is_free(call: Call) -> None:
    group = _group(call)
    store = moto_state.rds(call.region)
    if "Cluster" in call.operation:
        used = {cluster.parameter_group for cluster in store.clusters.values()}
    else:
        used = {one.db_parameter_group_name for one in store.databases.values()}
    if group.name in used:
        raise Refused(
            "InvalidDBParameterGroupState", f"One or more database instances are still members of {group.name}"
        )
