"""Settings of a bucket between our shape and S3's."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from wizard.kinds._policy import document, same_policy

TLS_ONLY = "PilotageTlsOnly"
"""Id of the statement in the bucket policy that refuses plain HTTP."""
BLOCKED = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
STORAGE_CLASSES = frozenset(
    {"STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER", "GLACIER_IR", "DEEP_ARCHIVE"}
)


def encryption_rules(encryption: str) -> dict[str, Any]:
    """`sse-s3` or a key's ARN as a ServerSideEncryptionConfiguration; a bucket key saves calls to KMS."""
    if encryption == "sse-s3":
        return {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
    by_default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": encryption}
    return {"Rules": [{"ApplyServerSideEncryptionByDefault": by_default, "BucketKeyEnabled": True}]}


def encryption_of(configuration: Mapping[str, Any]) -> str:
    """The other way round."""
    rules = configuration.get("Rules") or [{}]
    by_default = rules[0].get("ApplyServerSideEncryptionByDefault", {})
    return "sse-s3" if by_default.get("SSEAlgorithm") == "AES256" else str(by_default.get("KMSMasterKeyID", ""))


def tls_statement(partition: str, bucket: str) -> dict[str, Any]:
    """The statement that refuses plain HTTP."""
    arn = f"arn:{partition}:s3:::{bucket}"
    return {
        "Sid": TLS_ONLY,
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def refuses_plain_http(policy: str, partition: str, bucket: str) -> bool:
    """Whether the policy has that very statement."""
    wanted = {"Statement": tls_statement(partition, bucket)}
    return any(same_policy(wanted, {"Statement": one}) for one in _statements(policy))


def other_statements(policy: str) -> list[dict[str, Any]]:
    """What the policy says besides that."""
    return [one for one in _statements(policy) if one.get("Sid") != TLS_ONLY]


def bucket_policy(statements: Iterable[Mapping[str, Any]], partition: str, bucket: str, *, tls_only: bool) -> str:
    """A policy of these statements, and the one that refuses plain HTTP if so; empty when there is nothing to say."""
    listed = [dict(one) for one in statements] + ([tls_statement(partition, bucket)] if tls_only else [])
    return json.dumps({"Version": "2012-10-17", "Statement": listed}) if listed else ""


def same_statements(desired: Any, actual: Any) -> bool:
    """Whether two lists of statements mean the same."""
    return same_policy({"Statement": list(desired)}, {"Statement": list(actual or ())})


def _statements(policy: str) -> list[dict[str, Any]]:
    if not policy:
        return []
    found = document(policy).get("Statement", [])
    return list(found) if isinstance(found, list) else [found]


def lifecycle_rules(lifecycle: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Our lifecycle list as S3's rules."""
    return [_rule(one) for one in lifecycle]


def _rule(one: Mapping[str, Any]) -> dict[str, Any]:
    rule: dict[str, Any] = {"ID": one["id"], "Status": "Enabled", "Filter": {"Prefix": one.get("prefix") or ""}}
    if one.get("transitions"):
        transitions = sorted(one["transitions"].items(), key=lambda item: item[1])
        rule["Transitions"] = [{"StorageClass": name, "Days": days} for name, days in transitions]
    if one.get("expire_days"):
        rule["Expiration"] = {"Days": one["expire_days"]}
    if one.get("old_versions_days"):
        rule["NoncurrentVersionExpiration"] = {"NoncurrentDays": one["old_versions_days"]}
    if one.get("abort_multipart_days"):
        rule["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": one["abort_multipart_days"]}
    return rule


def lifecycle_of(rules: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """S3's rules as our lifecycle list, in the order of their ids."""
    return sorted((_lifecycle(rule) for rule in rules), key=lambda one: str(one["id"]))


def _lifecycle(rule: Mapping[str, Any]) -> dict[str, Any]:
    one: dict[str, Any] = {"id": rule.get("ID", "")}
    prefix = rule.get("Filter", {}).get("Prefix") or rule.get("Prefix")
    transitions = {item["StorageClass"]: item["Days"] for item in rule.get("Transitions") or () if "Days" in item}
    found = {
        "prefix": prefix,
        "transitions": transitions,
        "expire_days": rule.get("Expiration", {}).get("Days"),
        "old_versions_days": rule.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays"),
        "abort_multipart_days": rule.get("AbortIncompleteMultipartUpload", {}).get("DaysAfterInitiation"),
    }
    return one | {key: value for key, value in found.items() if value}


def same_lifecycle(desired: Iterable[Mapping[str, Any]], actual: Any) -> bool:
    """Whether two lifecycle lists mean the same: order and empty fields mean nothing."""
    return lifecycle_of(lifecycle_rules(desired)) == lifecycle_of(lifecycle_rules(actual or ()))
