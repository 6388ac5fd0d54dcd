"""A private S3 bucket."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import tag_map
from wizard.engine.kind import Context, Identity, Kind, Live, Properties, Settling
from wizard.errors import AwsError
from wizard.kinds._bucket import (
    BLOCKED,
    STORAGE_CLASSES,
    encryption_rules,
    lifecycle_rules,
    same_lifecycle,
    same_statements,
)
from wizard.kinds._bucket_calls import get, put, set_policy, settings_of, tag
from wizard.kinds._bucket_content import empty
from wizard.kinds._named import addresses_by_name, ignoring, owner_of

ABSENT = ("NoSuchBucket", "404", "NotFound")
DENIED = ("AccessDenied", "403", "Forbidden")
SOMEBODY = "another account"
POLICY = frozenset({"tls_only", "statements"})
"""Properties that are written in the bucket policy; whoever may use the bucket besides is among its statements."""
SETTING = (
    "s3:PutBucketVersioning",
    "s3:PutEncryptionConfiguration",
    "s3:PutBucketPublicAccessBlock",
    "s3:GetBucketPolicy",
    "s3:PutBucketPolicy",
    "s3:PutLifecycleConfiguration",
)
"""What setting anything needs."""
FRESH = {
    "versioning": False,
    "encryption": "sse-s3",
    "block_public": True,
    "lifecycle": [],
    "tls_only": False,
    "statements": [],
}
"""A bucket as S3 makes it: closed to the public and encrypted, without being asked."""


class Bucket(Kind):
    """CreateBucket answers 200 for one that exists and is ours already; every setting is a call of its own.

    The name holds the deployment, so one without tags was made by a run that ended before it could tag it.
    """

    name = "bucket"
    title = "S3 bucket"
    identity = Identity.NAMED
    found_by = frozenset({"name"})
    immutable = frozenset({"name"})
    data = True
    adopts_untagged = True
    settling = (
        *(Settling(verb, "OperationAborted", "", 300) for verb in ("create", "update", "delete")),
        *(Settling(verb, "NoSuchBucket", "", 120) for verb in ("create", "update")),
        Settling("delete", "BucketNotEmpty", "", 300),
    )
    iam = {
        "read": (
            "s3:GetBucketVersioning",
            "s3:GetBucketTagging",
            "s3:GetEncryptionConfiguration",
            "s3:GetBucketPublicAccessBlock",
            "s3:GetBucketPolicy",
            "s3:GetLifecycleConfiguration",
        ),
        "create": ("s3:CreateBucket", "s3:PutBucketTagging", *SETTING),
        "update": ("s3:GetBucketTagging", "s3:PutBucketTagging", "s3:DeleteBucketPolicy", *SETTING),
        "delete": (
            "s3:ListBucketVersions",
            "s3:DeleteObject",
            "s3:DeleteObjectVersion",
            "s3:ListBucketMultipartUploads",
            "s3:AbortMultipartUpload",
            "s3:DeleteBucket",
        ),
    }

    def problems(self, properties: Properties) -> list[str]:
        """The name, and what lifecycle rules may say."""
        found = []
        name = properties.get("name")
        if isinstance(name, str) and (
            not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", name) or ".." in name or name.startswith("xn--")
        ):
            found.append(f"the bucket name {name!r} must be 3-63 lower-case letters, digits, . or - ({len(name)} now)")
        lifecycle = properties.get("lifecycle")
        for rule in lifecycle if isinstance(lifecycle, list) else ():
            for storage_class, days in (rule.get("transitions") or {}).items():
                if storage_class not in STORAGE_CLASSES:
                    found.append(f"lifecycle {rule['id']}: {storage_class} is none of {', '.join(STORAGE_CLASSES)}")
                elif storage_class.endswith("_IA") and days < 30:
                    found.append(f"lifecycle {rule['id']}: objects stay 30 days in S3 before {storage_class}")
        return found

    def create_seconds(self, properties: Properties) -> float:
        """A handful of quick calls."""
        return 5

    def monthly_usd(self, properties: Properties) -> float | None:
        """Paid by the gigabyte kept (0.023)."""
        return 0.0

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """Lifecycle rules and policy statements are compared by meaning."""
        if name == "statements":
            return same_statements(desired, actual)
        return same_lifecycle(desired, actual) if name == "lifecycle" else bool(desired == actual)

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """A call for each declared setting: S3 has no batch."""
        names = addresses_by_name(wanted)
        for address, arn in context.index.arns(self.name).items():
            names.setdefault(arn.rpartition(":")[2], address)
        found = [self._live(context, name, address, wanted.get(address, {})) for name, address in names.items()]
        return [live for live in found if live is not None]

    def _live(self, context: Context, name: str, address: str, wanted: Properties) -> Live | None:
        arn = f"arn:{context.scope.partition}:s3:::{name}"
        attributes = {"id": name, "arn": arn, "name": name}
        try:
            versioning = get(context, name, "versioning").get("Status") == "Enabled"
            properties = {"name": name, "versioning": versioning, **settings_of(context, name, wanted)}
            tags = context.index.tags(arn) or tag_map(get(context, name, "tagging").get("TagSet"))
        except AwsError as error:
            if error.code in ABSENT:
                return None
            if error.code in DENIED and not context.index.tags(arn):
                return Live(address, name, {"name": name}, attributes, SOMEBODY)
            raise
        return Live(address, name, properties, attributes, owner_of(tags))

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """The bucket, its tags, its settings; us-east-1 takes no LocationConstraint.

        What is not reached, or was made by an earlier run, is seen by the read that follows.
        """
        name, region = properties["name"], context.scope.region
        where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        with ignoring("BucketAlreadyOwnedByYou"):
            context.aws.write("s3", "create_bucket", Bucket=name, **where)
            tag(context, name, address, {})
            wanted = {key: value for key, value in properties.items() if key in FRESH and value is not None}
            different = {key for key, value in wanted.items() if not self.same(key, value, FRESH[key])}
            _set(context, name, properties, frozenset(different))
        return str(name)

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """One setting after the other; first the tags of one that was made and not tagged."""
        if not live.owner:
            tag(context, live.id, live.address, tag_map(get(context, live.id, "tagging").get("TagSet")))
        _set(context, live.id, properties, changed)

    def delete(self, context: Context, live: Live) -> None:
        """With every version of every object; the engine asks for consent before."""
        with ignoring(*ABSENT):
            empty(context, live.id)
            context.aws.write("s3", "delete_bucket", Bucket=live.id, ExpectedBucketOwner=context.scope.account)


def _set(context: Context, name: str, properties: Properties, changed: frozenset[str]) -> None:
    """Closed to the public first, its policy last but one: S3 refuses settings that are sent at the same time."""
    if "block_public" in changed:
        blocked = dict.fromkeys(BLOCKED, bool(properties["block_public"]))
        put(context, name, "public_access_block", PublicAccessBlockConfiguration=blocked)
    if "encryption" in changed:
        rules = encryption_rules(properties["encryption"])
        put(context, name, "bucket_encryption", ServerSideEncryptionConfiguration=rules)
    if "versioning" in changed:
        status = "Enabled" if properties["versioning"] else "Suspended"
        put(context, name, "bucket_versioning", VersioningConfiguration={"Status": status})
    if policy := {key: properties[key] for key in POLICY & changed}:
        set_policy(context, name, policy)
    if "lifecycle" in changed and properties["lifecycle"]:
        rules = {"Rules": lifecycle_rules(properties["lifecycle"])}
        put(context, name, "bucket_lifecycle_configuration", LifecycleConfiguration=rules)
    elif "lifecycle" in changed:
        mine = {"Bucket": name, "ExpectedBucketOwner": context.scope.account}
        context.aws.write("s3", "delete_bucket_lifecycle", **mine)
