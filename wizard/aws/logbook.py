"""Pilotage's own record in AWS: a private bucket an account and Region: history, last blueprint, lock.

So a new laptop with no local file sees the same deployments (CONTRACT §6). No secret is ever in it. The bucket's name
is account-regional (`BucketNamespace`), so nobody else can hold it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from wizard.aws.ownership import tag_list
from wizard.engine.kind import Calls, Scope
from wizard.errors import AwsError

GONE = frozenset({"404", "NoSuchKey", "NoSuchBucket", "NotFound"})
REFUSED_CONDITION = frozenset({"PreconditionFailed", "412", "ConditionalRequestConflict", "409"})


@dataclass(frozen=True)
class Entry:
    """One object as read, with the mark that a conditional write needs."""

    body: dict[str, Any]
    etag: str
    age_seconds: float
    """Real seconds since it was written, by the clock of S3."""


class Logbook:
    """Reads and writes JSON objects under `deployments/<app>/<env>/`."""

    def __init__(self, aws: Calls, scope: Scope) -> None:
        self._aws = aws
        self._scope = scope
        self.bucket = f"pilotage-{scope.account}-{scope.region}-an"
        self._owner = {"Bucket": self.bucket, "ExpectedBucketOwner": scope.account}

    def open(self) -> bool:
        """Make the bucket unless it is there; whether it was made, and `furnish` is due."""
        try:
            self._aws.read("s3", "head_bucket", **self._owner)
            return False
        except AwsError as error:
            if error.code not in GONE:
                raise
        place: dict[str, Any] = {}
        if self._scope.region != "us-east-1":
            place = {"CreateBucketConfiguration": {"LocationConstraint": self._scope.region}}
        self._aws.write("s3", "create_bucket", Bucket=self.bucket, BucketNamespace="account-regional", **place)
        return True

    def furnish(self) -> None:
        """Close a new bucket to the public (AWS does so by itself since 2023; this says so) and label it."""
        closed = dict.fromkeys(
            ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
        )
        self._aws.write("s3", "put_public_access_block", PublicAccessBlockConfiguration=closed, **self._owner)
        tags = tag_list({"pilotage:logbook": "history and locks of Pilotage; no secrets"})
        self._aws.write("s3", "put_bucket_tagging", Tagging={"TagSet": tags}, **self._owner)

    def names(self) -> list[str]:
        """Every deployment that has ever been recorded here, as `<app>/<env>`."""
        try:
            found = self._aws.pages("s3", "list_objects_v2", "Contents", Prefix="deployments/", **self._owner)
            keys = [item["Key"].split("/") for item in found]
        except AwsError as error:
            if error.code in GONE:
                return []
            raise
        return sorted({f"{key[1]}/{key[2]}" for key in keys if len(key) > 3})

    def list(self, deployment: str, prefix: str) -> list[str]:
        """Names of a deployment's objects that begin with `prefix`, in order."""
        start = f"deployments/{deployment}/"
        try:
            found = self._aws.pages("s3", "list_objects_v2", "Contents", Prefix=start + prefix, **self._owner)
            return sorted(item["Key"].removeprefix(start) for item in found)
        except AwsError as error:
            if error.code in GONE:
                return []
            raise

    def get(self, deployment: str, name: str) -> Entry | None:
        """One object, None when it is not there."""
        try:
            answer = self._aws.read("s3", "get_object", Key=f"deployments/{deployment}/{name}", **self._owner)
        except AwsError as error:
            if error.code in GONE:
                return None
            raise
        age = (_server_time(answer) - answer["LastModified"]).total_seconds()
        return Entry(json.loads(answer["Body"]), answer["ETag"], max(0.0, age))

    def put(self, deployment: str, name: str, body: dict[str, Any], **conditions: str) -> str | None:
        """Write one object; with a condition (`IfMatch`, `IfNoneMatch`) None means that it does not hold."""
        content = json.dumps(body, indent=1, sort_keys=True, default=str).encode()
        try:
            answer = self._aws.write(
                "s3",
                "put_object",
                Key=f"deployments/{deployment}/{name}",
                Body=content,
                ContentType="application/json",
                **self._owner,
                **conditions,
            )
        except AwsError as error:
            if error.code in REFUSED_CONDITION:
                return None
            raise
        return str(answer["ETag"])

    def delete(self, deployment: str, name: str, **conditions: str) -> None:
        """Remove one object; gone is gone, and one that does not meet the condition stays."""
        try:
            key = f"deployments/{deployment}/{name}"
            self._aws.write("s3", "delete_object", Key=key, **self._owner, **conditions)
        except AwsError as error:
            if error.code not in REFUSED_CONDITION | GONE:
                raise


def _server_time(answer: dict[str, Any]) -> Any:
    from email.utils import parsedate_to_datetime

    return parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
