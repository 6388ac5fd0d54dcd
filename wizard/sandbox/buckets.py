"""S3: new buckets are private and encrypted as they have been since 2023, and stay so unless told otherwise."""

from __future__ import annotations

import json
from typing import Any

from moto.s3.models import PublicAccessBlock

from wizard.sandbox import moto_state
from wizard.sandbox.handling import Call, Refused, before, handles


@handles("s3", "CreateBucket")
def create_bucket(call: Call) -> dict[str, Any]:
    """AES-256 by default, all public access blocked, objects owned by the bucket's owner."""
    store = moto_state.s3()
    name = call.params["Bucket"]
    is_new = name not in store.buckets
    answer = call.moto()
    if not is_new:
        return answer
    bucket = store.buckets[name]
    bucket.encryption = {
        "Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": "false"}
    }
    bucket.public_access_block = PublicAccessBlock(True, True, True, True)
    bucket.ownership_rule = call.params.get("ObjectOwnership", "BucketOwnerEnforced")
    if tags := call.params.get("CreateBucketConfiguration", {}).get("Tags"):
        store.tagger.tag_resource(bucket.arn, tags)
    return answer


@before("s3", "PutBucketPolicy")
def _policy_is_not_public(call: Call) -> None:
    bucket = moto_state.s3().buckets.get(call.params["Bucket"])
    block = bucket.public_access_block if bucket is not None else None
    if block is None or not block.block_public_policy:
        return
    try:
        policy = json.loads(call.params["Policy"])
    except ValueError as error:
        raise Refused("MalformedPolicy", "This policy contains invalid Json") from error
    if any(_opens_to_all(statement) for statement in _listed(policy.get("Statement", []))):
        raise Refused(
            "AccessDenied",
            "User is not authorized to perform: s3:PutBucketPolicy because public policies are prevented by the "
            "BlockPublicPolicy setting in S3 Block Public Access.",
            403,
        )


def _opens_to_all(statement: dict[str, Any]) -> bool:
    principal = statement.get("Principal")
    everyone = principal == "*" or (isinstance(principal, dict) and "*" in _listed(principal.get("AWS", [])))
    return statement.get("Effect") == "Allow" and everyone and not statement.get("Condition")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@before("s3", "PutBucketAcl")
def _no_lists_when_owner_enforced(call: Call) -> None:
    bucket = moto_state.s3().buckets.get(call.params["Bucket"])
    if bucket is not None and bucket.ownership_rule == "BucketOwnerEnforced" and call.params.get("ACL") != "private":
        raise Refused("AccessControlListNotSupported", "The bucket does not allow ACLs")


@handles("s3", "DeleteBucketEncryption")
def delete_bucket_encryption(call: Call) -> dict[str, Any]:
    """Deleting the setting brings the default back: there is no unencrypted bucket any more."""
    call.moto()
    moto_state.s3().buckets[call.params["Bucket"]].encryption = {
        "Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": "false"}
    }
    return {}
