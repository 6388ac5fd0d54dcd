"""A CloudTrail trail: who called AWS, written to a bucket."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import tag_list, tag_map
from wizard.engine.kind import Context, Identity, Kind, Live, Properties, Settling
from wizard.kinds._named import Tags, addresses_by_name, ignoring, owner_of, with_surplus

GONE = ("TrailNotFoundException",)
FIELDS = {
    "bucket": "S3BucketName",
    "multi_region": "IsMultiRegionTrail",
    "log_validation": "EnableLogFileValidation",
    "kms_key": "KmsKeyId",
}


class Trail(Kind):
    """A new trail does not record: that is the property `logging`, and a call of its own."""

    name = "trail"
    title = "CloudTrail trail"
    identity = Identity.NAMED
    found_by = frozenset({"name"})
    immutable = frozenset({"name"})
    uses = frozenset({"bucket", "kms_key"})
    settling = tuple(
        Settling(verb, code, "", 120)
        for verb in ("create", "update")
        for code in (
            "InsufficientS3BucketPolicyException",
            "InsufficientEncryptionPolicyException",
            "S3BucketDoesNotExistException",
            "ConflictException",
        )
    )
    iam = {
        "read": ("cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus", "cloudtrail:ListTags"),
        "create": ("cloudtrail:CreateTrail", "cloudtrail:AddTags", "iam:CreateServiceLinkedRole"),
        "update": ("cloudtrail:UpdateTrail", "cloudtrail:StartLogging", "cloudtrail:StopLogging"),
        "delete": ("cloudtrail:DeleteTrail",),
    }

    def problems(self, properties: Properties) -> list[str]:
        """The name."""
        name = properties.get("name")
        sound = isinstance(name, str) and re.fullmatch(r"(?=.{3,128}$)[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*", name)
        if isinstance(name, str) and not sound:
            return [f"name: {name!r} must be 3 to 128 letters or digits, joined by single dots, hyphens or underscores"]
        return []

    def monthly_usd(self, properties: Properties) -> float | None:
        """The first trail of management events is free."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One describe for all, and one read each for whether it records."""
        mine = addresses_by_name(wanted)
        addresses = with_surplus(context, self.name, mine, "/") if context.neighbours else mine
        if not addresses:
            return []
        answer = context.aws.read(
            "cloudtrail", "describe_trails", trailNameList=sorted(addresses), includeShadowTrails=False
        )
        found = []
        for item in answer.get("trailList", ()):
            with ignoring(*GONE):
                address = addresses[item["Name"]]
                found.append(self._live(context, item, address, wanted.get(address, {})))
        return sorted(found, key=lambda live: live.id not in mine)

    def _live(self, context: Context, item: Mapping[str, Any], address: str, wanted: Properties) -> Live:
        name, arn = item["Name"], item["TrailARN"]
        properties = {
            "name": name,
            "bucket": item["S3BucketName"],
            "multi_region": item.get("IsMultiRegionTrail", False),
            "log_validation": item.get("LogFileValidationEnabled", False),
            "kms_key": item.get("KmsKeyId") or "",
        }
        if wanted.get("logging") is not None:
            status = context.aws.read("cloudtrail", "get_trail_status", Name=arn)
            properties["logging"] = status["IsLogging"]
        attributes = {"id": name, "arn": arn, "name": name}
        return Live(address, name, properties, attributes, owner_of(self._tags(context, arn)))

    @staticmethod
    def _tags(context: Context, arn: str) -> Tags:
        indexed = context.index.tags(arn)
        if indexed is not None:
            return indexed
        answer = context.aws.read("cloudtrail", "list_tags", ResourceIdList=[arn])
        return {key: value for one in answer["ResourceTagList"] for key, value in tag_map(one["TagsList"]).items()}

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """With its tags; whether it records is set by `update`."""
        with ignoring("TrailAlreadyExistsException"):
            context.aws.write(
                "cloudtrail",
                "create_trail",
                Name=properties["name"],
                IncludeGlobalServiceEvents=True,
                TagsList=tag_list(context.scope.tags(address)),
                **{FIELDS[key]: properties[key] for key in FIELDS if properties.get(key)},
            )
        return str(properties["name"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Only what changed is sent."""
        fields = {FIELDS[key]: properties[key] for key in FIELDS.keys() & changed}
        if fields:
            context.aws.write("cloudtrail", "update_trail", Name=live.id, **fields)
        if "logging" in changed:
            operation = "start_logging" if properties["logging"] else "stop_logging"
            context.aws.write("cloudtrail", operation, Name=live.id)

    def delete(self, context: Context, live: Live) -> None:
        """What it has written stays in the bucket."""
        with ignoring(*GONE):
            context.aws.write("cloudtrail", "delete_trail", Name=live.id)
