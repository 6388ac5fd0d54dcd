"""Examples of the kinds that hold data, and of the keys and parameters that protect it."""

from __future__ import annotations

from typing import Any

from tests.kinds.cases import Case
from tests.kinds.cases.compute import GROUPS, NETWORK, SUBNETS, sensitive
from wizard.engine.graph import Resource
from wizard.engine.values import Ref, SecretInput


def subnet(zone: str, number: int) -> Resource:
    """One more subnet in a zone of its own."""
    properties = {**SUBNETS[0].properties, "name": f"shop-{zone}", "cidr": f"10.0.{number}.0/24"}
    return Resource("subnet", f"private-{zone}", {**properties, "zone": f"us-east-1{zone}"})


def ids(*resources: Resource) -> list[Ref]:
    """References to their ids."""
    return [resource.ref("id") for resource in resources]


def parameter_group(name: str, family: str, *, cluster: bool) -> Resource:
    """A parameter group without parameters."""
    properties = {"name": f"shop-{name}", "family": family, "parameters": {}, "cluster": cluster}
    return Resource("db_parameter_group", name, properties)


THIRD = subnet("c", 9)
SUBNET_GROUP = Resource(
    "db_subnet_group", "main", {"name": "shop-dev", "description": "databases", "subnets": ids(*SUBNETS)}
)
PLACE = [*NETWORK, SUBNET_GROUP]
POSTGRES = [parameter_group(name, "postgres17", cluster=False) for name in ("postgres-1", "postgres-2")]
DOCUMENTS = [parameter_group(name, "docdb5.0", cluster=True) for name in ("documents-1", "documents-2")]
CLUSTER = Resource(
    "db_cluster",
    "main",
    {
        "name": "shop-documents",
        "engine": "docdb",
        "version": "5.0.0",
        "username": "shop",
        "password": sensitive("correct-horse-1"),
        "managed_password": False,
        "subnet_group": SUBNET_GROUP.ref("name"),
        "security_groups": ids(GROUPS[0]),
        "encrypted": True,
        "deletion_protection": True,
        "backup_days": 7,
        "parameter_group": DOCUMENTS[0].ref("name"),
        "log_exports": ["audit"],
    },
)
AURORA = Resource(
    "db_cluster",
    "aurora",
    {
        "name": "shop-aurora",
        "engine": "aurora-postgresql",
        "version": "17.5",
        "username": "shop",
        "password": sensitive("correct-horse-1"),
        "subnet_group": SUBNET_GROUP.ref("name"),
        "security_groups": ids(GROUPS[0]),
        "encrypted": True,
        "deletion_protection": False,
        "backup_days": 1,
        "database": "shop",
        "min_capacity": 0.5,
        "max_capacity": 4,
    },
)

ROOT = {"AWS": "arn:aws:iam::000000000000:root"}
KEY = Resource("kms_key", "main", {"alias": "alias/shop-dev", "description": "data", "rotation": True})


def key_policy(*services: str) -> dict[str, Any]:
    """The account decides by IAM, and these services may use the key."""
    use = [
        {"Effect": "Allow", "Principal": {"Service": name}, "Action": "kms:Decrypt", "Resource": "*"}
        for name in services
    ]
    own = {"Effect": "Allow", "Principal": ROOT, "Action": "kms:*", "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [own, *use]}


def queue(name: str) -> Resource:
    """A plain queue."""
    properties = {"name": f"shop-{name}", "fifo": False, "visibility_seconds": 30, "retention_seconds": 1209600}
    return Resource("queue", name, {**properties, "encryption": "sse-sqs", "tls_only": True})


FILES = Resource(
    "file_system",
    "main",
    {"name": "shop-files", "encrypted": True, "performance": "generalPurpose", "backups": False},
)

DEAD = [queue("dead"), queue("other")]

INSTANCE = {
    "name": "shop-dev",
    "engine": "postgres",
    "version": "17.6",
    "instance_class": "db.t4g.micro",
    "storage_gib": 20,
    "max_storage_gib": 0,
    "multi_az": False,
    "username": "shop",
    "database": "shop",
    "subnet_group": SUBNET_GROUP.ref("name"),
    "security_groups": ids(GROUPS[0]),
    "encrypted": True,
    "deletion_protection": True,
    "backup_days": 7,
    "lifecycle_support": "disabled",
    "performance_insights": True,
    "public": False,
}

CASES = [
    Case(
        "db_subnet_group",
        world=[*NETWORK, THIRD],
        properties={"name": "shop-dev", "description": "databases", "subnets": ids(*SUBNETS)},
        changes={"description": "databases of the shop", "subnets": ids(SUBNETS[0], THIRD)},
        replacements={"name": "shop-other"},
    ),
    Case(
        "db_parameter_group",
        properties={
            "name": "shop-dev",
            "family": "postgres17",
            "parameters": {"log_min_duration_statement": "500", "max_connections": 200},
            "cluster": False,
        },
        changes={"parameters": {"max_connections": 100, "work_mem": "8192"}},
        replacements={"name": "shop-other", "family": "postgres18", "cluster": True},
    ),
    Case(
        "db_parameter_group",
        variant="cluster",
        properties={
            "name": "shop-documents",
            "family": "docdb5.0",
            "parameters": {"tls": "enabled", "audit_logs": "disabled"},
            "cluster": True,
        },
        changes={"parameters": {"tls": "enabled"}},
        replacements={"name": "shop-other", "family": "docdb4.0", "cluster": False},
    ),
    Case(
        "db_instance",
        world=[*PLACE, *POSTGRES],
        properties={
            **INSTANCE,
            "password": sensitive("correct-horse-1"),
            "managed_password": False,
            "parameter_group": POSTGRES[0].ref("name"),
            "log_exports": ["postgresql"],
        },
        changes={
            "version": "18",
            "instance_class": "db.t4g.small",
            "storage_gib": 40,
            "max_storage_gib": 100,
            "multi_az": True,
            "password": sensitive("correct-horse-2"),
            "security_groups": ids(GROUPS[1]),
            "backup_days": 14,
            "parameter_group": POSTGRES[1].ref("name"),
            "performance_insights": False,
            "log_exports": ["upgrade"],
            "managed_password": True,
            "deletion_protection": False,
            "public": True,
        },
        replacements={
            "name": "shop-prod",
            "engine": "mysql",
            "username": "other",
            "database": "other",
            "subnet_group": "another",
            "encrypted": False,
            "lifecycle_support": "enabled",
        },
    ),
    Case(
        "db_instance",
        variant="managed-password",
        world=[*PLACE, KEY],
        properties={**INSTANCE, "managed_password": True, "secret_key": KEY.ref("arn")},
        changes={"backup_days": 1},
        replacements={"name": "shop-prod"},
        constant=frozenset(INSTANCE) | {"managed_password", "secret_key"},
    ),
    Case(
        "db_cluster",
        world=[*PLACE, *DOCUMENTS],
        properties=CLUSTER.properties,
        changes={
            "version": "8.0.0",
            "password": sensitive("correct-horse-2"),
            "security_groups": ids(GROUPS[1]),
            "backup_days": 14,
            "parameter_group": DOCUMENTS[1].ref("name"),
            "log_exports": ["profiler"],
            "managed_password": True,
            "deletion_protection": False,
        },
        replacements={
            "name": "shop-other",
            "engine": "aurora-postgresql",
            "username": "other",
            "subnet_group": "another",
            "encrypted": False,
        },
    ),
    Case(
        "db_cluster",
        variant="aurora",
        world=PLACE,
        properties=AURORA.properties,
        changes={"min_capacity": 1, "max_capacity": 8, "deletion_protection": True},
        replacements={"name": "shop-other", "engine": "docdb", "database": "other"},
        constant=frozenset(CLUSTER.properties),
    ),
    Case(
        "db_cluster",
        variant="managed-password",
        world=[*PLACE, KEY],
        properties={**AURORA.properties, "managed_password": True, "secret_key": KEY.ref("arn")},
        changes={"backup_days": 2},
        constant=frozenset(AURORA.properties) | {"managed_password", "secret_key"},
    ),
    Case(
        "db_cluster_instance",
        world=[*PLACE, *DOCUMENTS, CLUSTER],
        properties={
            "name": "shop-documents-1",
            "cluster": CLUSTER.ref("name"),
            "engine": "docdb",
            "instance_class": "db.t4g.medium",
        },
        changes={"instance_class": "db.r6g.large"},
        replacements={"name": "shop-documents-2", "cluster": "another", "engine": "aurora-postgresql"},
    ),
    Case(
        "db_cluster_instance",
        variant="aurora",
        world=[*PLACE, AURORA],
        properties={
            "name": "shop-aurora-1",
            "cluster": AURORA.ref("name"),
            "engine": "aurora-postgresql",
            "instance_class": "db.t4g.medium",
            "public": False,
        },
        changes={"public": True},
        constant=frozenset({"name", "cluster", "engine", "instance_class"}),
    ),
    Case(
        "kms_key",
        properties={
            "alias": "alias/shop-dev",
            "description": "data of the shop",
            "policy": key_policy(),
            "rotation": True,
        },
        changes={
            "description": "everything of the shop",
            "policy": key_policy("logs.us-east-1.amazonaws.com"),
            "rotation": False,
            "alias": "alias/shop-dev-2",
        },
    ),
    Case(
        "parameter",
        world=[KEY],
        properties={
            "name": "/shop/dev/jwt-secret",
            "value": sensitive("first"),
            "description": "signs",
            "kms_key": KEY.ref("arn"),
        },
        changes={"value": sensitive("second"), "description": "signs tokens", "kms_key": KEY.ref("id")},
        replacements={"name": "/shop/dev/other"},
    ),
    Case(
        "parameter",
        variant="generated",
        properties={"name": "shop-dev-password", "value": SecretInput("PASSWORD", generate=24), "description": ""},
        changes={"description": "a password", "value": sensitive("supplied later")},
        replacements={"name": "shop-dev-other"},
    ),
    Case(
        "queue",
        world=[*DEAD, KEY],
        properties={
            "name": "shop-jobs",
            "fifo": False,
            "visibility_seconds": 60,
            "retention_seconds": 345600,
            "dead_letter": {"arn": DEAD[0].ref("arn"), "max_receives": 5},
            "encryption": "sse-sqs",
            "tls_only": True,
        },
        changes={
            "visibility_seconds": 120,
            "retention_seconds": 1209600,
            "dead_letter": {"arn": DEAD[1].ref("arn"), "max_receives": 3},
            "encryption": KEY.ref("arn"),
            "tls_only": False,
        },
        replacements={"name": "shop-mails", "fifo": True},
    ),
    Case(
        "queue",
        variant="fifo",
        properties={
            "name": "shop-jobs.fifo",
            "fifo": True,
            "visibility_seconds": 60,
            "retention_seconds": 345600,
            "encryption": "sse-sqs",
            "tls_only": False,
        },
        changes={"tls_only": True, "visibility_seconds": 30, "retention_seconds": 60, "encryption": "alias/aws/sqs"},
        replacements={"name": "shop-other.fifo", "fifo": False},
    ),
    Case(
        "table",
        world=[KEY],
        properties={
            "name": "shop-dev-carts",
            "hash_key": {"name": "customer", "type": "S"},
            "range_key": {"name": "number", "type": "N"},
            "pitr": True,
            "deletion_protection": False,
            "kms_key": "",
            "ttl": "expires",
        },
        changes={"pitr": False, "deletion_protection": True, "kms_key": KEY.ref("arn"), "ttl": ""},
        replacements={
            "name": "shop-dev-other",
            "hash_key": {"name": "other", "type": "S"},
            "range_key": {"name": "other", "type": "S"},
        },
    ),
    Case(
        "file_system",
        world=[KEY],
        properties={
            "name": "shop-files",
            "encrypted": True,
            "kms_key": KEY.ref("arn"),
            "performance": "generalPurpose",
            "backups": True,
            "to_ia_days": 0,
        },
        changes={"name": "shop-files-2", "backups": False, "to_ia_days": 30},
        replacements={"encrypted": False, "kms_key": "another", "performance": "maxIO"},
    ),
    Case(
        "mount_target",
        world=[*NETWORK, FILES],
        properties={
            "file_system": FILES.ref("id"),
            "subnet": SUBNETS[0].ref("id"),
            "security_groups": ids(GROUPS[0]),
        },
        changes={"security_groups": ids(GROUPS[1])},
        replacements={"file_system": "fs-other", "subnet": "subnet-other"},
    ),
    Case(
        "access_point",
        world=[FILES],
        properties={
            "name": "shop-uploads",
            "file_system": FILES.ref("id"),
            "path": "/uploads",
            "uid": 1000,
            "gid": 1000,
        },
        changes={"name": "shop-uploads-2"},
        replacements={"file_system": "fs-other", "path": "/other", "uid": 0, "gid": 0},
    ),
]
