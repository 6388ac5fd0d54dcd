"""CloudTrail: a name is used once, and the bucket must let CloudTrail write before a trail may point at it."""

from __future__ import annotations

import json
from typing import Any

from wizard.sandbox import moto_state
from wizard.sandbox.handling import Call, Refused, before, handles

PRINCIPAL = "cloudtrail.amazonaws.com"
NEEDED = ("s3:GetBucketAcl", "s3:PutObject")


@before("cloudtrail", "CreateTrail")
def _name_is_free(call: Call) -> None:
    name = call.params["Name"]
    if name in moto_state.cloudtrail(call.region).trails:
        raise Refused("TrailAlreadyExistsException", f"Trail {name} already exists for customer: {call.account}")


@before("cloudtrail", "CreateTrail", "UpdateTrail")
def _may_write(call: Call) -> None:
    name = call.params.get("S3BucketName")
    if not name:
        return
    bucket = moto_state.s3().buckets.get(name)
    if bucket is None:
        raise Refused("S3BucketDoesNotExistException", f"S3 bucket {name} does not exist!")
    if not set(NEEDED) <= _allowed(bucket):
        raise Refused(
            "InsufficientS3BucketPolicyException", f"Incorrect S3 bucket policy is detected for bucket: {name}"
        )


@handles("cloudtrail", "DescribeTrails")
def describe_trails(call: Call) -> dict[str, Any]:
    """Only those that were asked for, by name or ARN."""
    answer = call.moto()
    asked = set(call.params.get("trailNameList") or ())
    if asked:
        answer["trailList"] = [one for one in answer["trailList"] if asked & {one["Name"], one["TrailARN"]}]
    return answer


@before("cloudtrail", "DeleteTrail")
def _exists(call: Call) -> None:
    moto_state.cloudtrail(call.region).get_trail(call.params["Name"])


def _allowed(bucket: Any) -> set[str]:
    """What the bucket's policy lets CloudTrail do."""
    text = bucket.policy or "{}"
    statements = json.loads(text).get("Statement", [])
    found: set[str] = set()
    for statement in statements:
        principal = statement.get("Principal")
        services = principal.get("Service", []) if isinstance(principal, dict) else []
        if statement.get("Effect") == "Allow" and PRINCIPAL in services:
            action = statement.get("Action", [])
            found |= set(action if isinstance(action, list) else [action])
    return found
