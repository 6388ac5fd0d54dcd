"""RDS and DocumentDB: eight minutes to come up, no endpoint before, four to go, and snapshots on the way."""

from __future__ import annotations

import re
from typing import Any

from wizard.sandbox import database_settings, docdb_engine, interfaces, moto_state
from wizard.sandbox.handling import Call, Refused, before, handles
from wizard.sandbox.world import after

CREATE_SECONDS = 480.0
CLUSTER_CREATE_SECONDS = 60.0
MODIFY_SECONDS = 120.0
DELETE_SECONDS = 240.0
CLUSTER_DELETE_SECONDS = 60.0
SNAPSHOT_SECONDS = 120.0

RESERVED_USERS = {"docdb": ("admin", "rdsadmin", "root"), "postgres": ("admin", "rdsadmin", "postgres_admin")}
_PASSWORD = re.compile(r"[!-~]{8,128}")

docdb_engine.install()


def _state(message: str) -> Refused:
    return Refused("InvalidDBInstanceState", message)


def _no_snapshot(name: str) -> Refused:
    return _state(
        f"Cannot create a snapshot because the database instance {name} is not currently in the available state."
    )


@before("rds", "CreateDBInstance", "CreateDBCluster")
def _can_be_created(call: Call) -> None:
    params = call.params
    store = moto_state.rds(call.region)
    if call.operation == "CreateDBCluster" and params["DBClusterIdentifier"].lower() in store.clusters:
        raise Refused("DBClusterAlreadyExistsFault", "DB Cluster already exists")
    group = params.get("DBSubnetGroupName")
    if group and group.lower() not in {name.lower() for name in store.subnet_groups} | {"default"}:
        raise Refused("DBSubnetGroupNotFoundFault", f"DB subnet group '{group}' does not exist.", 404)
    for group_id in params.get("VpcSecurityGroupIds", ()):
        if moto_state.ec2(call.region).get_security_group_from_id(group_id) is None:
            raise Refused("InvalidParameterValue", f"Invalid security group , groupId= {group_id}, groupName= .")
    user, password = params.get("MasterUsername"), params.get("MasterUserPassword")
    if user in RESERVED_USERS.get(params.get("Engine", ""), ()):
        raise Refused(
            "InvalidParameterValue",
            f"MasterUsername {user} cannot be used as it is a reserved word used by the engine",
        )
    if password is not None and (not _PASSWORD.fullmatch(password) or set(password) & set('/@" ')):
        raise Refused(
            "InvalidParameterValue",
            "The parameter MasterUserPassword is not a valid password. It must have 8 to 128 printable ASCII "
            "characters besides '/', '@', '\"', ' '.",
        )


@handles("rds", "CreateDBInstance")
def create_db_instance(call: Call) -> dict[str, Any]:
    """`creating` first, without an endpoint."""
    answer = call.moto()
    instance = moto_state.rds(call.region).databases[answer["DBInstance"]["DBInstanceIdentifier"]]
    database_settings.keep(instance, call.params)
    instance.status = "creating"
    instance.interface_ids = _place(call.region, instance)
    after(CREATE_SECONDS, lambda: _settle(instance, "creating"))
    return {"DBInstance": _shown(answer["DBInstance"], instance)}


def _settle(database: Any, from_status: str) -> None:
    if database.status == from_status:
        database.status = "available"


def _place(region: str, instance: Any) -> list[str]:
    group = moto_state.rds(region).subnet_groups.get(subnet_group_of(instance))
    if group is None:
        return []
    made = interfaces.create(
        region,
        group._subnets[0].id,
        description="RDSNetworkInterface",
        requester="amazon-rds",
        groups=instance.vpc_security_group_ids or (),
    )
    return [made.id]


def subnet_group_of(database: Any) -> str:
    """The subnet group of an instance or a cluster; an instance of a cluster has the cluster's."""
    owner = getattr(database, "cluster", database)
    name = getattr(owner, "_db_subnet_group_name", None) or owner.__dict__.get("db_subnet_group_name")
    return str(name or "").lower()


def _shown(shown: dict[str, Any], instance: Any) -> dict[str, Any]:
    shown["DBInstanceStatus"] = instance.status
    database_settings.show(shown, instance)
    if instance.status == "creating":
        shown.pop("Endpoint", None)
        shown.pop("InstanceCreateTime", None)
    return shown


@handles("rds", "DescribeDBInstances")
def describe_db_instances(call: Call) -> dict[str, Any]:
    """An instance that is being created has no endpoint yet."""
    answer = call.moto()
    known = moto_state.rds(call.region).databases
    for shown in answer.get("DBInstances", ()):
        _shown(shown, known[shown["DBInstanceIdentifier"]])
    return answer


@before("rds", "ModifyDBInstance", "DeleteDBInstance", "CreateDBSnapshot", "StopDBInstance", "RebootDBInstance")
def _instance_is_ready(call: Call) -> None:
    params = call.params
    name = params["DBInstanceIdentifier"].lower()
    instance = moto_state.rds(call.region).databases.get(name)
    if instance is None or instance.status == "available":
        return
    if call.operation == "DeleteDBInstance":
        if instance.status == "deleting":
            raise _state(f"Instance {name} is already being deleted.")
        if not params.get("SkipFinalSnapshot") and not instance.db_cluster_identifier:
            raise _no_snapshot(name)
    elif call.operation == "CreateDBSnapshot":
        raise _no_snapshot(name)
    else:
        raise _state(f"Database instance {name} is not in available state.")


@handles("rds", "ModifyDBInstance")
def modify_db_instance(call: Call) -> dict[str, Any]:
    """`modifying` for two minutes when something is applied at once."""
    answer = call.moto()
    instance = moto_state.rds(call.region).databases[answer["DBInstance"]["DBInstanceIdentifier"]]
    database_settings.keep(instance, call.params)
    if call.params.get("ApplyImmediately"):
        instance.status = "modifying"
        after(MODIFY_SECONDS, lambda: _settle(instance, "modifying"))
    return answer


@before("rds", "DeleteDBInstance")
def _snapshot_is_decided(call: Call) -> None:
    params = call.params
    instance = moto_state.rds(call.region).databases.get(params["DBInstanceIdentifier"].lower())
    if instance is None or instance.db_cluster_identifier:
        return
    skip, final = params.get("SkipFinalSnapshot", False), params.get("FinalDBSnapshotIdentifier")
    if not skip and not final:
        raise Refused(
            "InvalidParameterCombination",
            "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.",
        )
    if skip and final:
        raise Refused(
            "InvalidParameterCombination",
            "FinalDBSnapshotIdentifier can not be specified when deleting with SkipFinalSnapshot.",
        )


@handles("rds", "DeleteDBInstance")
def delete_db_instance(call: Call) -> dict[str, Any]:
    """`deleting` for four minutes; the final snapshot is there when the instance is gone."""
    store = moto_state.rds(call.region)
    name = call.params["DBInstanceIdentifier"].lower()
    instance = store.databases.get(name)
    answer = call.moto()
    store.databases[name] = instance
    instance.status = answer["DBInstance"]["DBInstanceStatus"] = "deleting"
    if final := call.params.get("FinalDBSnapshotIdentifier"):
        _take(store.database_snapshots.get(final), DELETE_SECONDS)
    after(DELETE_SECONDS, lambda: _instance_gone(call.region, instance))
    return answer


def _instance_gone(region: str, instance: Any) -> None:
    moto_state.rds(region).databases.pop(instance.db_instance_identifier, None)
    interfaces.remove(region, getattr(instance, "interface_ids", ()))
    cluster = getattr(instance, "cluster", None)
    if cluster is not None and instance in cluster._members:
        cluster._members.remove(instance)


@handles("rds", "CreateDBSnapshot", "CreateDBClusterSnapshot")
def create_snapshot(call: Call) -> dict[str, Any]:
    """`creating` for two minutes."""
    answer = call.moto()
    store = moto_state.rds(call.region)
    if call.operation == "CreateDBSnapshot":
        shown, taken = answer["DBSnapshot"], store.database_snapshots[call.params["DBSnapshotIdentifier"]]
    else:
        shown, taken = answer["DBClusterSnapshot"], store.cluster_snapshots[call.params["DBClusterSnapshotIdentifier"]]
    _take(taken, SNAPSHOT_SECONDS)
    shown["Status"] = "creating"
    return answer


def _take(snapshot: Any, aws_seconds: float) -> None:
    if snapshot is not None:
        snapshot.status = "creating"
        after(aws_seconds, lambda: _settle(snapshot, "creating"))


@handles("rds", "CreateDBCluster")
def create_db_cluster(call: Call) -> dict[str, Any]:
    """`creating` for a minute; its instances take longer."""
    answer = call.moto()
    cluster = moto_state.rds(call.region).clusters[answer["DBCluster"]["DBClusterIdentifier"]]
    cluster.status = answer["DBCluster"]["Status"] = "creating"
    after(CLUSTER_CREATE_SECONDS, lambda: _settle(cluster, "creating"))
    return answer


@before("rds", "ModifyDBCluster", "DeleteDBCluster", "CreateDBClusterSnapshot")
def _cluster_is_ready(call: Call) -> None:
    name = call.params["DBClusterIdentifier"].lower()
    cluster = moto_state.rds(call.region).clusters.get(name)
    if cluster is not None and cluster.status != "available":
        raise Refused("InvalidDBClusterStateFault", f"DBCluster {name} is not currently in the available state.")
    if cluster is None or call.operation != "DeleteDBCluster":
        return
    if not call.params.get("SkipFinalSnapshot") and not call.params.get("FinalDBSnapshotIdentifier"):
        raise Refused(
            "InvalidParameterCombination",
            "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.",
        )
    if cluster._members:
        raise Refused(
            "InvalidDBClusterStateFault",
            "Cluster cannot be deleted, it still contains DB instances in non-deleting state.",
        )


@handles("rds", "DeleteDBCluster")
def delete_db_cluster(call: Call) -> dict[str, Any]:
    """`deleting` for a minute."""
    store = moto_state.rds(call.region)
    name = call.params["DBClusterIdentifier"].lower()
    cluster = store.clusters.get(name)
    answer = call.moto()
    store.clusters[name] = cluster
    cluster.status = answer["DBCluster"]["Status"] = "deleting"
    if final := call.params.get("FinalDBSnapshotIdentifier"):
        _take(store.cluster_snapshots.get(final), CLUSTER_DELETE_SECONDS)
    after(CLUSTER_DELETE_SECONDS, lambda: store.clusters.pop(name, None))
    return answer


@before("rds", "DeleteDBSubnetGroup")
def _subnet_group_is_free(call: Call) -> None:
    store = moto_state.rds(call.region)
    name = call.params["DBSubnetGroupName"].lower()
    for database in (*store.databases.values(), *store.clusters.values()):
        if subnet_group_of(database) == name:
            raise Refused(
                "InvalidDBSubnetGroupStateFault",
                f"Cannot delete the subnet group '{name}' because at least one database is still using it.",
            )


@before("rds", "CreateDBSubnetGroup", "ModifyDBSubnetGroup")
def _two_zones(call: Call) -> None:
    store = moto_state.ec2(call.region)
    known = {subnet.id: subnet for zone in store.subnets.values() for subnet in zone.values()}
    zones = {known[one].availability_zone for one in call.params["SubnetIds"] if one in known}
    if all(one in known for one in call.params["SubnetIds"]) and len(zones) < 2:
        raise Refused(
            "DBSubnetGroupDoesNotCoverEnoughAZs",
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage: "
            f"{', '.join(sorted(zones))}. Add subnets to cover at least 2 AZs.",
        )
