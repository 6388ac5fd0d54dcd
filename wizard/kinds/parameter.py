"""A SecureString of SSM Parameter Store.

SSM shows no value without decrypting it, so a tag holds the fingerprint of the value that was written last.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import tag_list, tag_map
from wizard.engine.kind import Context, Identity, Kind, Live, Properties, Settling
from wizard.engine.values import SecretInput, Sensitive
from wizard.kinds._named import Tags, addresses_by_name, ignoring, owner_of
from wizard.kinds._secret_value import mark_of, token_of, value_of

FINGERPRINT_TAG = "pilotage:fingerprint"
GONE = "ParameterNotFound"
BATCH = 50
"""AWS: values in one filter of DescribeParameters."""
STANDARD_BYTES = 4096
"""AWS: a longer value needs the advanced tier, which costs 0.05 a month."""


class Parameter(Kind):
    """By name. SSM takes tags only in the call that makes it, so an overwrite is followed by the fingerprint."""

    name = "parameter"
    title = "SSM parameter"
    identity = Identity.NAMED
    found_by = frozenset({"name"})
    immutable = frozenset({"name"})
    renewed_by_update = frozenset({"value", "version"})
    lost_with_it = "its value would be lost"
    uses = frozenset({"kms_key"})
    settling = (
        Settling("create", "InvalidKeyId", "", 120),
        Settling("create", "TooManyUpdates", "", 120),
        Settling("update", "InvalidKeyId", "", 120),
        Settling("update", "TooManyUpdates", "", 120),
    )
    iam = {
        "read": ("ssm:DescribeParameters", "ssm:ListTagsForResource", "ssm:GetParameter", "kms:Decrypt"),
        "create": ("ssm:PutParameter", "ssm:AddTagsToResource", "kms:Encrypt", "kms:GenerateDataKey"),
        "update": (
            "ssm:PutParameter",
            "ssm:AddTagsToResource",
            "ssm:GetParameter",
            "kms:Decrypt",
            "kms:Encrypt",
            "kms:GenerateDataKey",
        ),
        "delete": ("ssm:DeleteParameter",),
    }

    def problems(self, properties: Properties) -> list[str]:
        """The name; values are never looked at."""
        name = properties.get("name")
        if not isinstance(name, str):
            return []
        found = []
        if not re.fullmatch(r"(/[A-Za-z0-9_.-]+){1,15}|[A-Za-z0-9_.-]+", name) or len(name) > 1011:
            found.append(
                f"the parameter name {name!r} must be letters, digits or _ . - in up to 15 parts, each after a /"
            )
        if re.match(r"/?(aws|ssm)", name, re.IGNORECASE):
            found.append(f"the parameter name {name!r} may not begin with aws or ssm")
        return found

    def monthly_usd(self, properties: Properties) -> float | None:
        """A standard parameter is free."""
        return 0.0

    def renews(self, changed: frozenset[str]) -> frozenset[str]:
        """Another description or key leaves the value as it is."""
        return self.renewed_by_update if "value" in changed else frozenset()

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """A value that nobody supplied is kept as it is; one that was is compared by its fingerprint."""
        if name != "value":
            return bool(desired == actual)
        if isinstance(desired, SecretInput):
            return isinstance(actual, Sensitive)
        return isinstance(actual, Sensitive) and bool(actual.fingerprint) and token_of(desired) == actual.fingerprint

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One DescribeParameters; tags directly when the index knows none, or none that are as wanted: it lags."""
        addresses = addresses_by_name(wanted)
        names = dict(addresses)
        for address, arn in context.index.arns(self.name).items():
            path = arn.split(":parameter/", 1)[-1]
            for name in (path, f"/{path}"):
                if path not in addresses and f"/{path}" not in addresses:
                    names.setdefault(name, address)
        return [
            self._live(context, item, names[item["Name"]], wanted.get(names[item["Name"]], {}))
            for item in _described(context, sorted(names))
        ]

    def _live(self, context: Context, item: Mapping[str, Any], address: str, wanted: Properties) -> Live:
        name = item["Name"]
        arn = context.scope.arn("ssm", f"parameter/{name.removeprefix('/')}")
        tags = context.index.tags(arn)
        supplied = wanted.get("value")
        fingerprint = token_of(supplied) if isinstance(supplied, Sensitive) else ""
        if tags is None or fingerprint not in ("", tags.get(FINGERPRINT_TAG)):
            tags = _tags(context, name)
        value = _value(context, name, tags)
        properties = {
            "name": name,
            "value": value,
            "kms_key": item.get("KeyId"),
            "description": item.get("Description", ""),
        }
        attributes = {"id": name, "arn": arn, "name": name, "value": value, "version": mark_of(value)}
        return Live(address, name, properties, attributes, owner_of(tags))

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """The value with its fingerprint; a made-up one is told by the token of the step."""
        fingerprint, value = value_of(properties["value"], token, address)
        tags = context.scope.tags(address) | {FINGERPRINT_TAG: fingerprint}
        with ignoring("ParameterAlreadyExists"):
            _put(context, properties["name"], value, properties, Overwrite=False, Tags=tag_list(tags))
        return str(properties["name"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """SSM writes everything or nothing, so also a new description comes with the value."""
        kept = "value" not in changed and isinstance(properties.get("value"), SecretInput)
        wanted = live.properties["value"] if kept else properties["value"]
        fingerprint, value = value_of(wanted, context.token(live.address), live.address)
        _put(context, live.id, value, properties, Overwrite=True)
        if "value" in changed:
            context.aws.write(
                "ssm",
                "add_tags_to_resource",
                ResourceType="Parameter",
                ResourceId=live.id,
                Tags=tag_list({FINGERPRINT_TAG: fingerprint}),
            )

    def delete(self, context: Context, live: Live) -> None:
        """At once and for good; AWS wants half a minute before the name is used again."""
        with ignoring(GONE):
            context.aws.write("ssm", "delete_parameter", Name=live.id)


def _described(context: Context, names: list[str]) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for start in range(0, len(names), BATCH):
        filters = [{"Key": "Name", "Option": "Equals", "Values": names[start : start + BATCH]}]
        found += context.aws.pages(
            "ssm", "describe_parameters", "Parameters", ParameterFilters=filters, MaxResults=BATCH
        )
    return found


def _tags(context: Context, name: str) -> Tags:
    with ignoring("InvalidResourceId"):
        answer = context.aws.read("ssm", "list_tags_for_resource", ResourceType="Parameter", ResourceId=name)
        return tag_map(answer["TagList"])
    return {}


def _value(context: Context, name: str, tags: Tags) -> Sensitive:
    def reveal() -> str:
        answer = context.aws.read("ssm", "get_parameter", Name=name, WithDecryption=True)
        return str(answer["Parameter"]["Value"])

    return Sensitive(tags.get(FINGERPRINT_TAG, ""), reveal)


def _put(context: Context, name: str, value: str, properties: Properties, **how: Any) -> None:
    key = {"KeyId": properties["kms_key"]} if properties.get("kms_key") else {}
    tier = {"Tier": "Advanced"} if len(value.encode()) > STANDARD_BYTES else {}
    description = properties.get("description") or ""
    context.aws.write(
        "ssm",
        "put_parameter",
        Name=name,
        Value=value,
        Type="SecureString",
        Description=description,
        **key,
        **tier,
        **how,
    )
