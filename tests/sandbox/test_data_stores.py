"""Parameter groups, queues, keys, tables and file systems: their durations and what AWS refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sandbox.conftest import Aws


def _left(aws: Aws, service: str) -> list[dict[str, Any]]:
    """What the inventory shows of a service."""
    return [one for one in aws.control("GET", "inventory") if one["service"] == service]


def test_static_parameters_wait_for_a_reboot_and_a_reset_forgets_them(aws: Aws) -> None:
    rds = aws.client("rds")
    rds.create_db_parameter_group(DBParameterGroupName="pg", DBParameterGroupFamily="postgres17", Description="pg")
    static: dict[str, Any] = {"ParameterName": "max_connections", "ParameterValue": "100", "ApplyMethod": "immediate"}
    code, _ = aws.refusal("rds", "modify_db_parameter_group", DBParameterGroupName="pg", Parameters=[static])
    assert code == "InvalidParameterCombination"
    rds.modify_db_parameter_group(DBParameterGroupName="pg", Parameters=[static | {"ApplyMethod": "pending-reboot"}])
    mine = rds.describe_db_parameters(DBParameterGroupName="pg", Source="user")["Parameters"]
    assert [one["ParameterName"] for one in mine] == ["max_connections"]
    rds.reset_db_parameter_group(DBParameterGroupName="pg", Parameters=[{"ParameterName": "max_connections"}])
    assert rds.describe_db_parameters(DBParameterGroupName="pg", Source="user")["Parameters"] == []
    assert (
        aws.refusal("rds", "describe_db_parameter_groups", DBParameterGroupName="no")[0] == "DBParameterGroupNotFound"
    )


def test_a_subnet_group_is_made_once_and_keeps_its_description(aws: Aws) -> None:
    rds, net = aws.client("rds"), aws.network()
    asked = {"DBSubnetGroupName": "data", "DBSubnetGroupDescription": "first", "SubnetIds": net.subnets}
    rds.create_db_subnet_group(**asked)
    assert aws.refusal("rds", "create_db_subnet_group", **asked)[0] == "DBSubnetGroupAlreadyExists"
    rds.modify_db_subnet_group(DBSubnetGroupName="data", SubnetIds=net.subnets)
    assert rds.describe_db_subnet_groups()["DBSubnetGroups"][0]["DBSubnetGroupDescription"] == "first"
    code, _ = aws.refusal("rds", "modify_db_subnet_group", DBSubnetGroupName="data", SubnetIds=net.subnets[:1])
    assert code == "DBSubnetGroupDoesNotCoverEnoughAZs"


def test_the_name_of_a_deleted_queue_rests_a_minute(aws: Aws) -> None:
    sqs = aws.client("sqs")
    url = sqs.create_queue(QueueName="jobs")["QueueUrl"]
    sqs.delete_queue(QueueUrl=url)
    assert "60 seconds" in aws.refusal("sqs", "create_queue", QueueName="jobs")[1]
    aws.pass_time(60)
    sqs.create_queue(QueueName="jobs")


def test_setting_one_attribute_of_a_queue_leaves_its_policy(aws: Aws) -> None:
    sqs = aws.client("sqs")
    deny = {"Sid": "No", "Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    url = sqs.create_queue(QueueName="jobs", Attributes={"Policy": policy})["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "60"})
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert json.loads(attributes["Policy"]) == json.loads(policy)
    assert attributes["VisibilityTimeout"] == "60"


def test_a_key_that_waits_for_its_deletion_refuses_everything_but_being_taken_back(aws: Aws) -> None:
    kms = aws.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    assert aws.refusal("kms", "cancel_key_deletion", KeyId=key)[0] == "KMSInvalidStateException"
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=30)
    for operation in ("enable_key", "schedule_key_deletion", "enable_key_rotation"):
        assert aws.refusal("kms", operation, KeyId=key)[0] == "KMSInvalidStateException"
    (left,) = _left(aws, "kms")
    assert left["deletion_date"]
    kms.cancel_key_deletion(KeyId=key)
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Disabled"
    kms.enable_key(KeyId=key)


def test_an_alias_names_one_key_and_a_policy_keeps_the_account_in(aws: Aws) -> None:
    kms = aws.client("kms")
    first, second = (kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(2))
    kms.create_alias(AliasName="alias/app", TargetKeyId=first)
    code, _ = aws.refusal("kms", "create_alias", AliasName="alias/app", TargetKeyId=second)
    assert code == "AlreadyExistsException"
    assert aws.refusal("kms", "delete_alias", AliasName="alias/none")[0] == "NotFoundException"
    locked_out = json.dumps({"Version": "2012-10-17", "Statement": []})
    assert aws.refusal("kms", "create_key", Policy=locked_out)[0] == "MalformedPolicyDocumentException"


def test_a_table_takes_one_change_at_a_time_and_its_backup_outlives_it(aws: Aws) -> None:
    dynamodb = aws.client("dynamodb")
    dynamodb.create_table(
        TableName="carts",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )
    assert dynamodb.describe_table(TableName="carts")["Table"]["TableStatus"] == "CREATING"
    assert aws.refusal("dynamodb", "delete_table", TableName="carts")[0] == "ResourceInUseException"
    aws.pass_time(8)
    dynamodb.create_backup(TableName="carts", BackupName="last")
    assert "backed up" in aws.refusal("dynamodb", "delete_table", TableName="carts")[1]
    aws.pass_time(4)
    dynamodb.delete_table(TableName="carts")
    assert dynamodb.describe_table(TableName="carts")["Table"]["TableStatus"] == "DELETING"
    aws.pass_time(8)
    assert aws.refusal("dynamodb", "describe_table", TableName="carts")[0] == "ResourceNotFoundException"
    assert [one["BackupStatus"] for one in dynamodb.list_backups()["BackupSummaries"]] == ["AVAILABLE"]


def test_mount_targets_take_their_time_and_hold_file_system_and_subnet(aws: Aws) -> None:
    efs, net = aws.client("efs"), aws.network()
    files = efs.create_file_system(CreationToken="files")["FileSystemId"]
    asked = {"FileSystemId": files, "SubnetId": net.subnets[0], "SecurityGroups": [net.group]}
    assert aws.refusal("efs", "create_mount_target", **asked)[0] == "IncorrectFileSystemLifeCycleState"
    aws.pass_time(5)
    target = efs.create_mount_target(**asked)["MountTargetId"]
    aws.pass_time(90)
    assert efs.describe_mount_targets(FileSystemId=files)["MountTargets"][0]["LifeCycleState"] == "available"
    efs.delete_mount_target(MountTargetId=target)
    assert aws.refusal("efs", "delete_file_system", FileSystemId=files)[0] == "FileSystemInUse"
    assert aws.refusal("ec2", "delete_subnet", SubnetId=net.subnets[0])[0] == "DependencyViolation"
    aws.pass_time(60)
    efs.delete_file_system(FileSystemId=files)
    assert _left(aws, "elasticfilesystem") == []


def test_the_token_of_an_access_point_gives_the_same_one_and_no_other(aws: Aws) -> None:
    efs = aws.client("efs")
    files = efs.create_file_system(CreationToken="files")["FileSystemId"]
    aws.pass_time(5)
    first, second = (
        efs.create_access_point(ClientToken="token", FileSystemId=files)["AccessPointId"] for _ in range(2)
    )
    assert first == second
    other = {"PosixUser": {"Uid": 1, "Gid": 1}}
    code, _ = aws.refusal("efs", "create_access_point", ClientToken="token", FileSystemId=files, **other)
    assert code == "AccessPointAlreadyExists"


@pytest.mark.parametrize(("service", "kind"), [("rds", "pg"), ("rds", "cluster-pg")])
def test_parameter_groups_are_in_the_inventory(aws: Aws, service: str, kind: str) -> None:
    rds = aws.client("rds")
    if kind == "pg":
        rds.create_db_parameter_group(DBParameterGroupName="g", DBParameterGroupFamily="postgres17", Description="g")
    else:
        rds.create_db_cluster_parameter_group(
            DBClusterParameterGroupName="g", DBParameterGroupFamily="docdb5.0", Description="g"
        )
    assert [(one["type"], one["name"]) for one in _left(aws, service)] == [(kind, "g")]
