"""Reads and sets the settings of a bucket; every call says whose bucket it expects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import tag_list
from wizard.engine.kind import Context, Properties
from wizard.kinds._bucket import (
    BLOCKED,
    bucket_policy,
    encryption_of,
    lifecycle_of,
    other_statements,
    refuses_plain_http,
)
from wizard.kinds._named import ignoring

UNSET = (
    "NoSuchTagSet",
    "NoSuchBucketPolicy",
    "NoSuchLifecycleConfiguration",
    "NoSuchPublicAccessBlockConfiguration",
    "ServerSideEncryptionConfigurationNotFoundError",
)


def settings_of(context: Context, name: str, wanted: Properties) -> dict[str, Any]:
    """The declared settings as S3 has them, a call for each."""
    found: dict[str, Any] = {}
    declared = {key for key, value in wanted.items() if value is not None}
    if "encryption" in declared:
        answer = get(context, name, "encryption")
        found["encryption"] = encryption_of(answer.get("ServerSideEncryptionConfiguration", {}))
    if "block_public" in declared:
        answer = get(context, name, "public_access_block")
        found["block_public"] = answer.get("PublicAccessBlockConfiguration") == BLOCKED
    if declared & {"tls_only", "statements"}:
        policy = get(context, name, "policy").get("Policy", "")
        found["tls_only"] = refuses_plain_http(policy, context.scope.partition, name)
        found["statements"] = other_statements(policy)
    if "lifecycle" in declared:
        found["lifecycle"] = lifecycle_of(get(context, name, "lifecycle_configuration").get("Rules") or ())
    return found


def get(context: Context, name: str, what: str) -> Mapping[str, Any]:
    """One setting; nothing when it was never set."""
    operation = f"get_{what}" if what == "public_access_block" else f"get_bucket_{what}"
    with ignoring(*UNSET):
        return context.aws.read("s3", operation, Bucket=name, ExpectedBucketOwner=context.scope.account)
    return {}


def put(context: Context, name: str, what: str, **setting: Any) -> None:
    """Set one setting."""
    context.aws.write("s3", f"put_{what}", Bucket=name, ExpectedBucketOwner=context.scope.account, **setting)


def tag(context: Context, name: str, address: str, others: Mapping[str, str]) -> None:
    """PutBucketTagging replaces all tags, so the others go along."""
    tags = {**others, **context.scope.tags(address)}
    put(context, name, "bucket_tagging", Tagging={"TagSet": tag_list(tags)})


def set_policy(context: Context, name: str, changed: Properties) -> None:
    """Set `tls_only`, `statements` or both; what is not given stays as it is."""
    partition = context.scope.partition
    policy = get(context, name, "policy").get("Policy", "")
    tls_only = changed.get("tls_only", refuses_plain_http(policy, partition, name))
    statements = changed.get("statements", other_statements(policy))
    policy = bucket_policy(statements, partition, name, tls_only=bool(tls_only))
    if policy:
        put(context, name, "bucket_policy", Policy=policy)
    else:
        mine = {"Bucket": name, "ExpectedBucketOwner": context.scope.account}
        context.aws.write("s3", "delete_bucket_policy", **mine)
