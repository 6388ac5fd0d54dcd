"""Brokers and databases: slow to come, picky, holding their networks."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.conftest import Aws, Network

USER = {"Username": "app", "Password": "not-a-secret-1"}


def _broker(net: Network, **change: Any) -> dict[str, Any]:
    return {
        "BrokerName": "queue",
        "EngineType": "RABBITMQ",
        "EngineVersion": "4.2",
        "HostInstanceType": "mq.m7g.medium",
        "DeploymentMode": "SINGLE_INSTANCE",
        "PubliclyAccessible": False,
        "AutoMinorVersionUpgrade": True,
        "SubnetIds": net.subnets[:1],
        "SecurityGroups": [net.group],
        "Users": [USER],
        "CreatorRequestId": "one",
    } | change


def test_a_broker_has_an_endpoint_once_it_runs_and_lets_its_network_go_after_the_end(aws: Aws) -> None:
    mq, net = aws.client("mq"), aws.network()
    broker = mq.create_broker(**_broker(net))["BrokerId"]
    assert aws.refusal("mq", "delete_broker", BrokerId=broker)[0] == "BadRequestException"
    aws.pass_time(1015)
    shown = mq.describe_broker(BrokerId=broker)
    assert (shown["BrokerState"], shown["BrokerInstances"]) == ("CREATION_IN_PROGRESS", [])
    aws.pass_time(10)
    shown = mq.describe_broker(BrokerId=broker)
    assert shown["BrokerState"] == "RUNNING"
    assert shown["BrokerInstances"][0]["Endpoints"] == [f"amqps://{broker}.mq.us-east-1.amazonaws.com:5671"]
    mq.delete_broker(BrokerId=broker)
    assert mq.describe_broker(BrokerId=broker)["BrokerState"] == "DELETION_IN_PROGRESS"
    aws.pass_time(300)
    assert aws.refusal("mq", "describe_broker", BrokerId=broker)[0] == "NotFoundException"
    assert aws.refusal("ec2", "delete_security_group", GroupId=net.group)[0] == "DependencyViolation"
    aws.pass_time(60)
    aws.client("ec2").delete_security_group(GroupId=net.group)
    assert not [one for one in aws.control("GET", "inventory") if one["service"] == "mq"]


def test_a_broker_is_made_once_for_a_request_id_and_once_for_a_name(aws: Aws) -> None:
    mq, net = aws.client("mq"), aws.network()
    made = mq.create_broker(**_broker(net))
    assert mq.create_broker(**_broker(net))["BrokerId"] == made["BrokerId"]
    for change in ({"EngineVersion": "3.13"}, {"CreatorRequestId": "two"}):
        assert aws.refusal("mq", "create_broker", **_broker(net, **change))[0] == "ConflictException"


def test_a_cluster_takes_longer_and_more_subnets(aws: Aws) -> None:
    net = aws.network()
    broker = aws.client("mq").create_broker(**_broker(net, DeploymentMode="CLUSTER_MULTI_AZ", SubnetIds=net.subnets))[
        "BrokerId"
    ]
    aws.pass_time(1495)
    assert aws.client("mq").describe_broker(BrokerId=broker)["BrokerState"] == "CREATION_IN_PROGRESS"
    aws.pass_time(10)
    assert aws.client("mq").describe_broker(BrokerId=broker)["BrokerState"] == "RUNNING"


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"HostInstanceType": "mq.t3.micro"}, "[RabbitMQ] does not support host instance type [mq.t3.micro]"),
        ({"HostInstanceType": "mq.m5.large"}, "[4.2] does not support host instance type"),
        ({"EngineVersion": "3.8"}, "engine version [3.8] is invalid"),
        ({"AutoMinorVersionUpgrade": False}, "AutoMinorVersionUpgrade must be true"),
        ({"Users": [USER | {"Password": "short"}]}, "at least 12 characters"),
        ({"Users": [USER | {"Password": "has,a-comma-in"}]}, "commas"),
        ({"Users": [USER, USER]}, "exactly one user"),
        ({"SubnetIds": ["subnet-0"]}, "do not exist"),
        ({"SecurityGroups": ["sg-0"]}, "does not exist"),
        ({"DeploymentMode": "ACTIVE_STANDBY_MULTI_AZ"}, "ACTIVE_STANDBY_MULTI_AZ"),
    ],
)
def test_what_rabbitmq_does_not_take_is_refused(aws: Aws, change: dict[str, Any], part: str) -> None:
    code, message = aws.refusal("mq", "create_broker", **_broker(aws.network(), **change))
    assert code == "BadRequestException"
    assert part in message
    assert USER["Password"] not in message


def test_one_instance_takes_one_subnet(aws: Aws) -> None:
    net = aws.network()
    assert "exactly 1 subnet" in aws.refusal("mq", "create_broker", **_broker(net, SubnetIds=net.subnets))[1]


def test_instance_options_list_what_is_accepted(aws: Aws) -> None:
    options = aws.client("mq").describe_broker_instance_options(EngineType="RABBITMQ")["BrokerInstanceOptions"]
    assert "mq.m7g.medium" in {option["HostInstanceType"] for option in options}
    assert not {option["HostInstanceType"] for option in options} & {"mq.t3.micro"}


def _subnet_group(aws: Aws, net: Network) -> None:
    aws.client("rds").create_db_subnet_group(
        DBSubnetGroupName="data", DBSubnetGroupDescription="data", SubnetIds=net.subnets
    )


def _database(net: Network, **change: Any) -> dict[str, Any]:
    return {
        "DBInstanceIdentifier": "main",
        "Engine": "postgres",
        "DBInstanceClass": "db.t4g.micro",
        "AllocatedStorage": 20,
        "MasterUsername": "app",
        "MasterUserPassword": "not-a-secret-1",
        "DBSubnetGroupName": "data",
        "VpcSecurityGroupIds": [net.group],
    } | change


def _instance(aws: Aws, name: str = "main") -> dict[str, Any]:
    return dict(aws.client("rds").describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0])


def test_a_database_comes_and_goes_in_its_own_time(aws: Aws) -> None:
    rds, net = aws.client("rds"), aws.network()
    _subnet_group(aws, net)
    rds.create_db_instance(**_database(net))
    assert (_instance(aws)["DBInstanceStatus"], "Endpoint" in _instance(aws)) == ("creating", False)
    aws.pass_time(480)
    assert (_instance(aws)["DBInstanceStatus"], "Endpoint" in _instance(aws)) == ("available", True)
    assert aws.refusal("rds", "delete_db_instance", DBInstanceIdentifier="main")[0] == "InvalidParameterCombination"
    rds.delete_db_instance(DBInstanceIdentifier="main", FinalDBSnapshotIdentifier="last")
    assert _instance(aws)["DBInstanceStatus"] == "deleting"
    assert aws.refusal("rds", "delete_db_subnet_group", DBSubnetGroupName="data")[0] == "InvalidDBSubnetGroupStateFault"
    assert aws.refusal("ec2", "delete_security_group", GroupId=net.group)[0] == "DependencyViolation"
    code, _ = aws.refusal("rds", "delete_db_instance", DBInstanceIdentifier="main", SkipFinalSnapshot=True)
    assert code == "InvalidDBInstanceState"
    aws.pass_time(240)
    assert aws.refusal("rds", "describe_db_instances", DBInstanceIdentifier="main")[0] == "DBInstanceNotFound"
    snapshot = rds.describe_db_snapshots(DBSnapshotIdentifier="last")["DBSnapshots"][0]
    assert snapshot["Status"] == "available"
    rds.delete_db_subnet_group(DBSubnetGroupName="data")
    aws.client("ec2").delete_security_group(GroupId=net.group)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"DBSubnetGroupName": "none"}, "DBSubnetGroupNotFoundFault"),
        ({"VpcSecurityGroupIds": ["sg-0"]}, "InvalidParameterValue"),
        ({"MasterUsername": "admin"}, "InvalidParameterValue"),
        ({"MasterUserPassword": "with@sign-in-it"}, "InvalidParameterValue"),
    ],
)
def test_a_database_needs_sound_settings(aws: Aws, change: dict[str, Any], code: str) -> None:
    net = aws.network()
    _subnet_group(aws, net)
    assert aws.refusal("rds", "create_db_instance", **_database(net, **change))[0] == code


def test_documentdb_has_a_cluster_and_instances(aws: Aws) -> None:
    docdb, net = aws.client("docdb"), aws.network()
    _subnet_group(aws, net)
    cluster = docdb.create_db_cluster(
        DBClusterIdentifier="documents",
        Engine="docdb",
        MasterUsername="app",
        MasterUserPassword="not-a-secret-1",
        DBSubnetGroupName="data",
        VpcSecurityGroupIds=[net.group],
    )["DBCluster"]
    assert (cluster["Status"], cluster["Port"]) == ("creating", 27017)
    docdb.create_db_instance(
        DBInstanceIdentifier="one", DBClusterIdentifier="documents", Engine="docdb", DBInstanceClass="db.t4g.medium"
    )
    aws.pass_time(480)
    shown = docdb.describe_db_clusters(DBClusterIdentifier="documents")["DBClusters"][0]
    assert (shown["Status"], [one["DBInstanceIdentifier"] for one in shown["DBClusterMembers"]]) == (
        "available",
        ["one"],
    )
    code, _ = aws.refusal("docdb", "delete_db_cluster", DBClusterIdentifier="documents", SkipFinalSnapshot=True)
    assert code == "InvalidDBClusterStateFault"
    docdb.delete_db_instance(DBInstanceIdentifier="one")
    aws.pass_time(240)
    docdb.delete_db_cluster(DBClusterIdentifier="documents", FinalDBSnapshotIdentifier="last")
    aws.pass_time(60)
    assert docdb.describe_db_clusters()["DBClusters"] == []
    docdb.delete_db_subnet_group(DBSubnetGroupName="data")
