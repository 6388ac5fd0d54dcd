"""Databases, keys, parameters, queues and files: nothing is lost by a delete, and no secret is told to anybody."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kinds.cases import Case
from tests.kinds.cases.compute import sensitive
from tests.kinds.cases.data import CASES
from tests.kinds.driver import DEPLOYMENT, Account, Builder
from wizard.engine.graph import Resource
from wizard.engine.kind import Live, State
from wizard.engine.values import shown
from wizard.engine.world import differences
from wizard.errors import UsageError
from wizard.kinds import _rds
from wizard.kinds.registry import all_kinds

VALUE = "a-value-that-nobody-may-see"


def case(name: str) -> Case:
    return next(one for one in CASES if str(one) == name)


def made(account: Account, name: str, **other: Any) -> tuple[Builder, Resource]:
    """The example, ready, with other values for some properties."""
    example = case(name)
    builder = Builder(account, account.context())
    builder.build(example.world)
    subject = Resource(example.kind, "subject", {**example.properties, **other})
    builder.converge(subject)
    builder.context = account.context()
    return builder, subject


def removed(builder: Builder, resource: Resource) -> None:
    builder.remove(all_kinds()[resource.kind], builder.lives[resource.address])


@pytest.mark.parametrize(
    ("name", "operation", "key"),
    [
        ("db_instance", "describe_db_snapshots", "DBSnapshots"),
        ("db_cluster", "describe_db_cluster_snapshots", "DBClusterSnapshots"),
    ],
)
def test_a_protected_database_goes_only_with_a_final_snapshot_named_after_the_run(
    account: Account, name: str, operation: str, key: str
) -> None:
    builder, subject = made(account, name)
    assert builder.lives[subject.address].properties["deletion_protection"] is True
    removed(builder, subject)
    kept = [one for one in account.aws.read("rds", operation)[key] if one["SnapshotType"] == "manual"]
    assert [next(value for name, value in one.items() if name.endswith("SnapshotIdentifier")) for one in kept] == [
        f"{subject.properties['name']}-final-run1"
    ]


def test_a_database_is_never_public_and_says_so_itself(account: Account) -> None:
    made(account, "db_instance")
    (instance,) = account.aws.read("rds", "describe_db_instances")["DBInstances"]
    assert instance["PubliclyAccessible"] is False
    assert instance["StorageEncrypted"] is True


def test_another_password_is_set_once_and_is_in_no_tag(account: Account) -> None:
    builder, subject = made(account, "db_instance", password=sensitive(VALUE))
    before = len(account.calls)
    builder.converge(Resource(subject.kind, subject.name, {**subject.properties, "password": sensitive(VALUE)}))
    assert [call.operation for call in account.calls[before:] if call.mutating] == []
    builder.converge(Resource(subject.kind, subject.name, {**subject.properties, "password": sensitive("another-one")}))
    assert [call.operation for call in account.calls[before:] if call.mutating] == [
        "ModifyDBInstance",
        "AddTagsToResource",
    ]
    (instance,) = account.aws.read("rds", "describe_db_instances")["DBInstances"]
    assert VALUE not in repr(instance)
    assert "another-one" not in repr(instance)


@pytest.mark.parametrize("password", ["short", "has/a/slash-in-it", 'has"quotes"in-it', "x" * 129])
def test_a_password_that_aws_would_refuse_is_refused_before_without_telling_it(account: Account, password: str) -> None:
    kind, context = all_kinds()["db_instance"], account.context()
    properties = {**case("db_instance-managed-password").properties, "subnet_group": "any", "security_groups": []}
    properties |= {"managed_password": False, "password": sensitive(password)}
    with pytest.raises(UsageError) as refused:
        kind.create(context, "db_instance.subject", properties, "token")
    assert password not in f"{refused.value} {refused.value.evidence} {refused.value.next_step}"
    assert account.calls[-1].service != "rds"


@pytest.mark.parametrize("name", ["db_instance", "db_cluster"])
def test_another_key_for_the_secret_that_rds_keeps_never_costs_a_database(name: str) -> None:
    kept = Live(f"{name}.main", "shop", {"managed_password": True, "secret_key": "first"}, {})
    assert differences(all_kinds()[name], {"managed_password": True, "secret_key": "second"}, kept) == ()


def test_a_password_that_rds_keeps_is_told_by_its_secret_only(account: Account) -> None:
    builder, subject = made(account, "db_instance-managed-password")
    live = builder.lives[subject.address]
    assert ":secret:rds!db-" in live.attributes["secret_arn"]
    assert live.attributes["port"] == 5432
    assert live.properties["password"] is None


def test_the_log_group_that_rds_made_itself_is_taken_over_and_a_strangers_is_not(account: Account) -> None:
    names = {"log_group.database": "/aws/rds/instance/shop-dev/postgresql", "log_group.web": "/ecs/shop-dev"}
    for name in names.values():
        account.aws.write("logs", "create_log_group", logGroupName=name)
    builder = Builder(account, account.context())
    wanted = {address: {"name": name, "retention_days": 365} for address, name in names.items()}
    found = all_kinds()["log_group"].read_many(builder.context, wanted)
    assert {live.address: live.owner for live in found} == {"log_group.database": DEPLOYMENT, "log_group.web": ""}

    taken = builder.converge(Resource("log_group", "database", wanted["log_group.database"]))
    assert (taken.properties["retention_days"], taken.attributes["tagged"]) == (365, True)


def test_a_disk_that_grew_by_itself_is_no_drift_and_keeps_its_size_when_it_may_grow_no_more(account: Account) -> None:
    builder, subject = made(account, "db_instance-managed-password", max_storage_gib=100)
    account.aws.write(
        "rds", "modify_db_instance", DBInstanceIdentifier="shop-dev", AllocatedStorage=60, ApplyImmediately=True
    )
    before = len(account.calls)
    builder.converge(subject)
    assert not [call for call in account.calls[before:] if call.mutating]
    builder.converge(Resource(subject.kind, subject.name, {**subject.properties, "max_storage_gib": 0}))
    (instance,) = account.aws.read("rds", "describe_db_instances")["DBInstances"]
    assert (instance["AllocatedStorage"], instance.get("MaxAllocatedStorage")) == (60, None)


def test_an_instance_that_never_came_up_is_a_corpse_and_one_with_data_is_not() -> None:
    fresh, old = (_rds.status_of("failed", "DB instance", was_ready) for was_ready in (False, True))
    assert (fresh.state, fresh.corpse) == (State.FAILED, True)
    assert (old.state, old.corpse) == (State.FAILED, False)
    stopped = _rds.status_of("stopped", "DB instance", was_ready=True)
    assert (stopped.state, stopped.corpse) == (State.FAILED, False)
    assert _rds.status_of("backing-up", "DB instance", was_ready=True).state is State.READY


@pytest.mark.parametrize(
    ("kind", "properties", "rule"),
    [
        ("db_instance", {"name": "Shop"}, "lower-case"),
        ("db_instance", {"name": "shop--dev"}, "--"),
        ("db_instance", {"username": "admin"}, "keeps"),
        ("db_instance", {"storage_gib": 5}, "20 to 65,536"),
        ("db_instance", {"storage_gib": 100, "max_storage_gib": 105}, "a tenth more"),
        ("file_system", {"to_ia_days": 8}, "not after 8"),
        ("db_instance", {"backup_days": 36}, "35 days"),
        ("db_instance", {"encrypted": False, "kms_key": "arn"}, "encrypted"),
        ("db_cluster", {"backup_days": 0}, "1 to 35"),
        ("db_cluster", {"engine": "docdb", "min_capacity": 0, "max_capacity": 2}, "0.5"),
        ("db_cluster", {"engine": "aurora-postgresql", "min_capacity": 4, "max_capacity": 2}, "at least min_capacity"),
        ("db_subnet_group", {"subnets": ["subnet-1"]}, "two Availability Zones"),
        ("queue", {"name": "jobs", "fifo": True}, ".fifo"),
        ("queue", {"visibility_seconds": 43201}, "43200"),
        ("parameter", {"name": "shop/dev"}, "after a /"),
        ("parameter", {"name": "/aws/shop"}, "aws or ssm"),
        ("kms_key", {"alias": "alias/aws/shop"}, "alias/aws"),
        ("table", {"name": "ab"}, "3-255"),
        ("file_system", {"performance": "fast"}, "generalPurpose"),
        ("mount_target", {"security_groups": list("abcdef")}, "at most 5"),
        ("access_point", {"path": "uploads"}, "begins with /"),
    ],
)
def test_rules_of_aws_are_told_before_anything_is_sent(kind: str, properties: dict[str, Any], rule: str) -> None:
    (problem,) = all_kinds()[kind].problems(properties)
    assert rule in problem


def test_a_key_that_waits_for_its_deletion_is_taken_back_instead_of_making_another(account: Account) -> None:
    builder, subject = made(account, "kms_key")
    first = builder.lives[subject.address].id
    removed(builder, subject)
    assert account.aws.read("kms", "describe_key", KeyId=first)["KeyMetadata"]["KeyState"] == "PendingDeletion"
    builder.context = account.context()
    again = builder.converge(subject)
    assert again.id == first
    assert account.aws.read("kms", "describe_key", KeyId="alias/shop-dev")["KeyMetadata"]["KeyState"] == "Enabled"


def test_an_alias_on_the_key_of_a_stranger_is_seen_as_not_ours_and_stays_there(account: Account) -> None:
    theirs = account.aws.write("kms", "create_key")["KeyMetadata"]["KeyId"]
    account.aws.write("kms", "create_alias", AliasName="alias/shop-dev", TargetKeyId=theirs)
    wanted = case("kms_key").properties
    (live,) = all_kinds()["kms_key"].read_many(account.context(), {"kms_key.subject": wanted})
    assert (live.id, live.owner) == (theirs, "")


def test_a_key_without_its_alias_is_found_by_its_tags(account: Account) -> None:
    kind, context = all_kinds()["kms_key"], account.context()
    made_id = kind.create(context, "kms_key.subject", case("kms_key").properties, "token")
    (live,) = kind.read_many(context, {"kms_key.subject": case("kms_key").properties})
    assert (live.id, live.owner, live.properties["alias"]) == (made_id, DEPLOYMENT, None)


def test_reading_a_parameter_decrypts_nothing_and_no_value_is_in_a_tag(account: Account) -> None:
    builder, subject = made(account, "parameter", value=sensitive(VALUE))
    before = len(account.calls)
    (live,) = builder.look(all_kinds()["parameter"], subject.address, builder.resolved(subject))
    called = {call.operation for call in account.calls[before:] if call.service == "ssm"}
    assert called == {"DescribeParameters"}
    assert VALUE not in repr(live) + repr(shown(live.properties))
    answer = account.aws.read(
        "ssm", "list_tags_for_resource", ResourceType="Parameter", ResourceId="/shop/dev/jwt-secret"
    )
    assert VALUE not in repr(answer)
    assert live.attributes["value"].reveal() == VALUE


def test_a_made_up_parameter_keeps_its_value_when_its_description_changes(account: Account) -> None:
    builder, subject = made(account, "parameter-generated")
    first = builder.lives[subject.address].attributes["value"].reveal()
    assert len(first) == 24
    changed = builder.converge(Resource(subject.kind, subject.name, {**subject.properties, "description": "changed"}))
    assert changed.attributes["value"].reveal() == first


def test_parameters_of_an_engine_go_back_to_their_defaults_when_they_are_no_longer_wanted(account: Account) -> None:
    builder, subject = made(account, "db_parameter_group")
    live = builder.converge(Resource(subject.kind, subject.name, {**subject.properties, "parameters": {}}))
    assert live.properties["parameters"] == {}


def test_statements_that_others_gave_a_queue_stay_when_ours_goes(account: Account) -> None:
    builder, subject = made(account, "queue-fifo", tls_only=True)
    live = builder.lives[subject.address]
    theirs = '{"Sid": "Theirs", "Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}'
    policy = live.attributes["policy"].replace('"Statement": [', f'"Statement": [{theirs}, ')
    account.aws.write("sqs", "set_queue_attributes", QueueUrl=live.attributes["url"], Attributes={"Policy": policy})
    after = builder.converge(Resource(subject.kind, subject.name, {**subject.properties, "tls_only": False}))
    assert "Theirs" in after.attributes["policy"]
    assert "SecureTransport" not in after.attributes["policy"]


def test_a_table_leaves_a_backup(account: Account) -> None:
    builder, subject = made(account, "table")
    removed(builder, subject)
    (backup,) = account.aws.read("dynamodb", "list_backups")["BackupSummaries"]
    assert (backup["BackupName"], backup["BackupStatus"]) == ("shop-dev-carts-final-run1", "AVAILABLE")


def test_a_mount_target_that_nobody_wants_any_more_is_found_by_the_tag_of_its_file_system(account: Account) -> None:
    builder, subject = made(account, "mount_target")
    (live,) = all_kinds()["mount_target"].read_many(account.context(), {})
    assert (live.address, live.owner) == (subject.address, DEPLOYMENT)
    removed(builder, subject)


def test_a_mount_target_without_our_mark_is_not_ours(account: Account) -> None:
    example = case("mount_target")
    builder = Builder(account, account.context())
    builder.build(example.world)
    properties = builder.resolved(example.subject)
    account.aws.write(
        "efs", "create_mount_target", FileSystemId=properties["file_system"], SubnetId=properties["subnet"]
    )
    (live,) = builder.look(all_kinds()["mount_target"], example.subject.address, properties)
    assert live.owner == ""
