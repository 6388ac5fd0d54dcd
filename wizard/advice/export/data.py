"""What holds files and messages in CloudFormation's words: buckets, file systems, queues, brokers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wizard.advice.export.form import Intrinsic, Note, One, Part, Piece, Shape, att, ref
from wizard.kinds import _bucket, _queue
from wizard.kinds._broker import MODES
from wizard.kinds.access_point import PERMISSIONS
from wizard.kinds.file_system import TO_IA

VERSION = "2012-10-17"


def _bucket_of(one: One) -> Iterable[Part]:
    block = one.raw("block_public")
    yield Piece(
        "AWS::S3::Bucket",
        {
            "BucketName": one("name"),
            "VersioningConfiguration": {"Status": "Enabled"} if one.raw("versioning") else None,
            "BucketEncryption": _bucket_encryption(one("encryption")),
            "PublicAccessBlockConfiguration": dict(_bucket.BLOCKED) if block else None,
            "LifecycleConfiguration": _lifecycle(one("lifecycle", ())),
        },
        kept="Retain",
    )
    statements = list(one("statements", ()))
    if one.raw("tls_only"):
        arn = att(one.id, "Arn")
        everything = one.values.text("{bucket}/*", bucket=arn)
        statements.append({**_bucket.tls_statement("aws", ""), "Resource": [arn, everything]})
    if statements:
        policy = {"Version": VERSION, "Statement": statements}
        yield Piece("AWS::S3::BucketPolicy", {"Bucket": ref(one.id), "PolicyDocument": policy}, part="Policy")


def _bucket_encryption(encryption: Any) -> dict[str, Any] | None:
    if encryption is None:
        return None
    rules = [
        {
            "ServerSideEncryptionByDefault": rule["ApplyServerSideEncryptionByDefault"],
            "BucketKeyEnabled": rule.get("BucketKeyEnabled"),
        }
        for rule in _bucket.encryption_rules(encryption)["Rules"]
    ]
    return {"ServerSideEncryptionConfiguration": rules}


def _lifecycle(rules: Iterable[Mapping[str, Any]]) -> dict[str, Any] | None:
    found = [_rule(dict(rule)) for rule in _bucket.lifecycle_rules(rules)]
    return {"Rules": found} if found else None


def _rule(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule of S3 with the names that CloudFormation has for some of its parts."""
    moves = rule.pop("Transitions", ())
    expires = rule.pop("Expiration", {})
    return {
        "Id": rule.pop("ID"),
        "Prefix": rule.pop("Filter")["Prefix"],
        "Transitions": [{"StorageClass": each["StorageClass"], "TransitionInDays": each["Days"]} for each in moves]
        or None,
        "ExpirationInDays": expires.get("Days"),
        **rule,
    }


def _file_system(one: One) -> Iterable[Part]:
    days = one.raw("to_ia_days")
    yield Piece(
        "AWS::EFS::FileSystem",
        {
            "Encrypted": bool(one.raw("encrypted")),
            "KmsKeyId": one("kms_key"),
            "PerformanceMode": one("performance"),
            "BackupPolicy": {"Status": "ENABLED" if one.raw("backups") else "DISABLED"},
            "LifecyclePolicies": [{TO_IA: f"AFTER_{days}_DAYS"}] if days else None,
            "FileSystemTags": one.tags,
        },
        kept="Retain",
    )


def _mount_target(one: One) -> Iterable[Part]:
    yield Piece(
        "AWS::EFS::MountTarget",
        {
            "FileSystemId": one("file_system"),
            "SubnetId": one("subnet"),
            "SecurityGroups": one("security_groups"),
        },
    )


def _access_point(one: One) -> Iterable[Part]:
    user, group = str(one("uid")), str(one("gid"))
    owner = {"OwnerUid": user, "OwnerGid": group, "Permissions": PERMISSIONS}
    yield Piece(
        "AWS::EFS::AccessPoint",
        {
            "FileSystemId": one("file_system"),
            "PosixUser": {"Uid": user, "Gid": group},
            "RootDirectory": {"Path": one("path"), "CreationInfo": owner},
            "AccessPointTags": one.tags,
        },
    )


def _queue_of(one: One) -> Iterable[Part]:
    encryption, dead = one("encryption"), one("dead_letter", {})
    own = encryption not in (None, _queue.SSE_SQS)
    yield Piece(
        "AWS::SQS::Queue",
        {
            "QueueName": one("name"),
            "FifoQueue": True if one.raw("fifo") else None,
            "VisibilityTimeout": one("visibility_seconds"),
            "MessageRetentionPeriod": one("retention_seconds"),
            "RedrivePolicy": {"deadLetterTargetArn": dead["arn"], "maxReceiveCount": dead["max_receives"]}
            if dead
            else None,
            "KmsMasterKeyId": encryption if own else None,
            "SqsManagedSseEnabled": None if own or encryption is None else True,
        },
    )
    if one.raw("tls_only"):
        plain = {"Bool": {"aws:SecureTransport": "false"}}
        refused = {"Sid": _queue.TLS_SID, "Effect": "Deny", "Principal": "*", "Action": "sqs:*"}
        statement = {**refused, "Resource": att(one.id, "Arn"), "Condition": plain}
        policy = {"Version": VERSION, "Statement": [statement]}
        yield Piece("AWS::SQS::QueuePolicy", {"Queues": [ref(one.id)], "PolicyDocument": policy}, part="Policy")


def _broker_of(one: One) -> Iterable[Part]:
    yield Piece(
        "AWS::AmazonMQ::Broker",
        {
            "BrokerName": one("name"),
            "EngineType": "RABBITMQ",
            "EngineVersion": one("version"),
            "DeploymentMode": MODES[one.raw("mode")],
            "HostInstanceType": one("instance"),
            "StorageSize": one("storage_gib"),
            "PubliclyAccessible": bool(one.raw("public")),
            "AutoMinorVersionUpgrade": True,
            "SubnetIds": one("subnets"),
            "SecurityGroups": one("security_groups"),
            "Logs": {"General": bool(one.raw("logs"))},
            "Users": [{"Username": one("user"), "Password": one("password")}],
        },
    )
    yield Note("Amazon MQ takes no snapshot: messages that are in the broker go with it.")


def _broker_host(one: One) -> Any:
    """The first endpoint is `amqps://<host>:5671`."""
    address = _picked(1, "//", _picked(0, None, att(one.id, "AmqpEndpoints")))
    return _picked(0, ":", address)


def _picked(number: int, mark: str | None, value: Any) -> Any:
    parts = value if mark is None else Intrinsic("Split", [mark, value])
    return Intrinsic("Select", [number, parts])


_OF_FILES = {"id": "", "arn": "Arn"}
SHAPES: Mapping[str, Shape] = {
    "bucket": Shape(_bucket_of, {"id": "", "name": "", "arn": "Arn"}),
    "file_system": Shape(_file_system, _OF_FILES),
    "mount_target": Shape(_mount_target, {"id": ""}),
    "access_point": Shape(_access_point, _OF_FILES),
    "queue": Shape(_queue_of, {"id": "QueueName", "name": "QueueName", "arn": "Arn", "url": ""}),
    "broker": Shape(_broker_of, {"id": "", "arn": "Arn", "host": _broker_host, "port": lambda one: "5671"}),
}
