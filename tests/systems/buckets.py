"""Buckets as boto3 shows them."""

from __future__ import annotations

import json
from typing import Any

from tests.systems import rights
from tests.systems.account import Account

OURS = "pilotage-"
"""The logbook's bucket, which belongs to no system."""


def bucket(account: Account) -> str:
    """The name of the one bucket that the system has."""
    names = [each["Name"] for each in account.client("s3").list_buckets()["Buckets"]]
    (one,) = [name for name in names if not name.startswith(OURS)]
    return str(one)


def buckets(account: Account) -> set[str]:
    """The names of all buckets of the system."""
    names = {each["Name"] for each in account.client("s3").list_buckets()["Buckets"]}
    return {name for name in names if not name.startswith(OURS)}


def is_closed_to_the_public(account: Account, name: str) -> bool:
    """Whether all four blocks of public access are on."""
    blocked = account.client("s3").get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
    return len(blocked) == 4 and all(blocked.values())


def encryption(account: Account, name: str) -> dict[str, Any]:
    """The algorithm, and the key when there is one."""
    answer = account.client("s3").get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]
    (rule,) = answer["Rules"]
    return dict(rule["ApplyServerSideEncryptionByDefault"])


def keeps_old_versions(account: Account, name: str) -> bool:
    """Whether versioning is on."""
    return bool(account.client("s3").get_bucket_versioning(Bucket=name).get("Status") == "Enabled")


def region(account: Account, name: str) -> str:
    """Where the bucket is; AWS says nothing for us-east-1."""
    return str(account.client("s3").get_bucket_location(Bucket=name).get("LocationConstraint") or "us-east-1")


def lifecycle(account: Account, name: str) -> list[dict[str, Any]]:
    """The lifecycle rules."""
    return list(account.client("s3").get_bucket_lifecycle_configuration(Bucket=name)["Rules"])


def takes_plain_http(account: Account, name: str) -> bool:
    """Whether a request without TLS gets through the bucket's own policy."""
    policy = json.loads(account.client("s3").get_bucket_policy(Bucket=name)["Policy"])
    asked = {"aws:SecureTransport": "false"}
    denied = [statement for statement in policy["Statement"] if statement["Effect"] == "Deny"]
    return not rights.speaking(denied, "s3:GetObject", f"arn:aws:s3:::{name}/file", asked)
