"""Databases in CloudFormation's words: RDS, Aurora and DocumentDB, which share their forms, and DynamoDB."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wizard.advice.export.form import Asked, One, Part, Piece, Shape, att
from wizard.kinds import _db_cluster, _db_instance, _table

DOCDB = "docdb"


def _db_instance_of(one: One) -> Iterable[Part]:
    said = _db_instance.settings(one.said)
    groups = said.pop("VpcSecurityGroupIds", None)
    storage = said.pop("AllocatedStorage", None)
    rotated = one.raw("managed_password")
    yield Piece(
        "AWS::RDS::DBInstance",
        {
            "DBInstanceIdentifier": one("name"),
            "Engine": one("engine"),
            "PubliclyAccessible": False,
            **said,
            "EngineLifecycleSupport": _db_instance.LIFECYCLE[one("lifecycle_support", "disabled")],
            "AllocatedStorage": None if storage is None else str(storage),
            "MaxAllocatedStorage": one("max_storage_gib") or None,
            "StorageType": "gp3",
            "StorageEncrypted": bool(one.raw("encrypted")),
            "KmsKeyId": one("kms_key"),
            "DBName": one("database"),
            "MasterUsername": one("username"),
            "MasterUserPassword": None if rotated else one("password"),
            "ManageMasterUserPassword": True if rotated else None,
            "MasterUserSecret": {"KmsKeyId": one("secret_key")} if rotated and one.raw("secret_key") else None,
            "DBSubnetGroupName": one("subnet_group"),
            "VPCSecurityGroups": groups,
            "EnableCloudwatchLogsExports": one("log_exports") or None,
            "AutoMinorVersionUpgrade": True,
            "CopyTagsToSnapshot": True,
        },
        kept="Snapshot",
    )


def _db_cluster_of(one: One) -> Iterable[Part]:
    rotated, key = one.raw("managed_password"), one("secret_key")
    said = {
        "DBClusterIdentifier": one("name"),
        **_db_cluster.settings(one.said),
        "MasterUsername": one("username"),
        "MasterUserPassword": None if rotated else one("password"),
        "ManageMasterUserPassword": True if rotated else None,
        "DBSubnetGroupName": one("subnet_group"),
        "StorageEncrypted": bool(one.raw("encrypted")),
        "KmsKeyId": one("kms_key"),
        "EnableCloudwatchLogsExports": one("log_exports") or None,
        "CopyTagsToSnapshot": True,
    }
    if one.raw("engine") == DOCDB:
        sealed = {"MasterUserSecretKmsKeyId": key if rotated else None}
        yield Piece("AWS::DocDB::DBCluster", {**said, **sealed}, kept="Snapshot")
    else:
        engine = {"Engine": one("engine"), "DatabaseName": one("database")}
        engine["MasterUserSecret"] = {"KmsKeyId": key} if rotated and key else None
        yield Piece("AWS::RDS::DBCluster", {**engine, **said}, kept="Snapshot")


def _endpoint(of_docdb: str, of_rds: str) -> Any:
    """An attribute of a cluster, which the two services name otherwise."""
    return lambda one: att(one.id, of_docdb if one.raw("engine") == DOCDB else of_rds)


def _cluster_secret(one: One) -> Any:
    """The secret that the service keeps the password in; CloudFormation tells that of RDS alone."""
    if one.raw("engine") != DOCDB:
        return att(one.id, "MasterUserSecret.SecretArn")
    about = Asked(
        "String", f"The ARN of the secret that DocumentDB makes for {one.raw('name')}; known after the cluster"
    )
    return one.values.ask(f"{one.id}SecretArn", about)


def _db_cluster_instance(one: One) -> Iterable[Part]:
    said = {
        "DBInstanceIdentifier": one("name"),
        "DBClusterIdentifier": one("cluster"),
        "DBInstanceClass": one("instance_class"),
        "AutoMinorVersionUpgrade": True,
    }
    if one.raw("engine") == DOCDB:
        yield Piece("AWS::DocDB::DBInstance", said)
    else:
        # Its data is the cluster's, whose deletion takes the snapshot.
        yield Piece(
            "AWS::RDS::DBInstance",
            {**said, "Engine": one("engine"), "PubliclyAccessible": bool(one.raw("public"))},
            kept="Delete",
        )


def _db_subnet_group(one: One) -> Iterable[Part]:
    users = (each for each in one.values.resources.values() if each.kind == "db_cluster")
    ours = [each for each in users if one.resource in one.parents(each.properties.get("subnet_group"))]
    service = "DocDB" if any(each.properties.get("engine") == DOCDB for each in ours) else "RDS"
    yield Piece(
        f"AWS::{service}::DBSubnetGroup",
        {
            "DBSubnetGroupName": one("name"),
            "DBSubnetGroupDescription": one("description"),
            "SubnetIds": one("subnets"),
        },
    )


def _db_parameter_group(one: One) -> Iterable[Part]:
    family = str(one.raw("family"))
    about = {"Description": f"Parameters of {family}", "Family": family}
    parameters = {key: str(value) for key, value in one("parameters", {}).items()}
    if not one.raw("cluster"):
        yield Piece(
            "AWS::RDS::DBParameterGroup",
            {"DBParameterGroupName": one("name"), **about, "Parameters": parameters or None},
        )
    elif family.startswith(DOCDB):
        yield Piece("AWS::DocDB::DBClusterParameterGroup", {"Name": one("name"), **about, "Parameters": parameters})
    else:
        name = {"DBClusterParameterGroupName": one("name")}
        yield Piece("AWS::RDS::DBClusterParameterGroup", {**name, **about, "Parameters": parameters})


def _table_of(one: One) -> Iterable[Part]:
    key, expires = one("kms_key"), one("ttl")
    own = {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}
    yield Piece(
        "AWS::DynamoDB::Table",
        {
            "TableName": one("name"),
            "BillingMode": "PAY_PER_REQUEST",
            **_table.key_schema(one.said),
            "SSESpecification": own if key else None,
            "DeletionProtectionEnabled": bool(one.raw("deletion_protection")),
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": bool(one.raw("pitr"))},
            "TimeToLiveSpecification": {"Enabled": True, "AttributeName": expires} if expires else None,
        },
        kept="Retain",
    )


SHAPES: Mapping[str, Shape] = {
    "db_instance": Shape(
        _db_instance_of,
        {
            "id": "",
            "name": "",
            "arn": "DBInstanceArn",
            "host": "Endpoint.Address",
            "port": "Endpoint.Port",
            "secret_arn": "MasterUserSecret.SecretArn",
        },
    ),
    "db_cluster": Shape(
        _db_cluster_of,
        {
            "id": "",
            "name": "",
            "host": _endpoint("Endpoint", "Endpoint.Address"),
            "reader_host": _endpoint("ReadEndpoint", "ReadEndpoint.Address"),
            "port": _endpoint("Port", "Endpoint.Port"),
            "secret_arn": _cluster_secret,
        },
    ),
    "db_cluster_instance": Shape(_db_cluster_instance, {"id": "", "name": ""}),
    "db_subnet_group": Shape(_db_subnet_group, {"id": "", "name": ""}),
    "db_parameter_group": Shape(_db_parameter_group, {"id": "", "name": ""}),
    "table": Shape(_table_of, {"id": "", "name": "", "arn": "Arn"}),
}
