"""A symmetric KMS key and its alias.

A key has no name and cannot be deleted at once. Whatever was encrypted with it is lost with it, so a key of ours that
waits for its deletion is taken back instead of making another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import Context, Identity, Kind, Live, Properties, Settling
from wizard.kinds._kms import GONE, aliases, metadata, tagged_keys, tags_of_key
from wizard.kinds._named import Tags, address_of, ignoring, owner_of
from wizard.kinds._policy import same_policy, size

PENDING_DAYS = 30


class KmsKey(Kind):
    """Made with its policy and tags; description, alias and rotation are settings."""

    name = "kms_key"
    title = "KMS key"
    identity = Identity.TAGGED
    found_by = frozenset({"alias"})
    data = True
    leaves_behind = "scheduled for deletion in 30 days; until then it can be taken back"
    settling = (
        Settling("create", "MalformedPolicyDocumentException", "", 120),
        Settling("update", "MalformedPolicyDocumentException", "", 120),
        Settling("update", "NotFoundException", "", 120),
        Settling("update", "DisabledException", "", 600),
    )
    iam = {
        "read": (
            "kms:ListAliases",
            "kms:ListKeys",
            "kms:DescribeKey",
            "kms:ListResourceTags",
            "kms:GetKeyPolicy",
            "kms:GetKeyRotationStatus",
        ),
        "create": (
            "kms:ListAliases",
            "kms:ListKeys",
            "kms:DescribeKey",
            "kms:ListResourceTags",
            "kms:CreateKey",
            "kms:TagResource",
            "kms:CancelKeyDeletion",
            "kms:EnableKey",
        ),
        "update": (
            "kms:CreateAlias",
            "kms:DeleteAlias",
            "kms:UpdateKeyDescription",
            "kms:PutKeyPolicy",
            "kms:EnableKeyRotation",
            "kms:DisableKeyRotation",
            "kms:EnableKey",
        ),
        "delete": ("kms:DeleteAlias", "kms:ScheduleKeyDeletion"),
    }

    def problems(self, properties: Properties) -> list[str]:
        """Alias and the size of the policy."""
        found = []
        alias = properties.get("alias")
        if isinstance(alias, str) and (
            not re.fullmatch(r"alias/[a-zA-Z0-9/_-]{1,250}", alias) or alias.startswith("alias/aws")
        ):
            found.append(
                f"the key alias {alias!r} must be alias/ and 1-250 letters, digits or / _ -, and not alias/aws"
            )
        if size(properties.get("policy") or {}) > 32768:
            found.append("a key policy may have 32,768 characters")
        return found

    def monthly_usd(self, properties: Properties) -> float | None:
        """A fixed price for each; the first two rotations add one dollar each."""
        return 1.0

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """Policies are compared by meaning."""
        return same_policy(desired, actual) if name == "policy" else bool(desired == actual)

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """By alias and by the index; only what neither finds is searched for among all keys of the account."""
        by_alias = aliases(context)
        keys = {
            by_alias[properties["alias"]]: address
            for address, properties in wanted.items()
            if isinstance(properties.get("alias"), str) and properties["alias"] in by_alias
        }
        for address, arn in context.index.arns(self.name).items():
            keys.setdefault(arn.rpartition("/")[2], address)
        found = self._lives(context, keys, by_alias, wanted)
        missing = wanted.keys() - {live.address for live in found}
        if missing:
            ours = {
                key: address_of(tags, self.name)
                for key, tags in tagged_keys(context, by_alias)
                if owner_of(tags) == context.scope.deployment and address_of(tags, self.name) in missing
            }
            found += self._lives(context, ours, by_alias, wanted)
        return found

    def _lives(
        self,
        context: Context,
        keys: Mapping[str, str],
        by_alias: Mapping[str, str],
        wanted: Mapping[str, Properties],
    ) -> list[Live]:
        """Those that are not waiting for their deletion."""
        found = []
        for key, address in keys.items():
            shown = metadata(context, key)
            if shown is not None and shown["KeyState"] not in ("PendingDeletion", "PendingReplicaDeletion"):
                mine = sorted(alias for alias, target in by_alias.items() if target == key)
                found.append(self._live(context, shown, address, mine, wanted.get(address, {})))
        return found

    @staticmethod
    def _live(context: Context, shown: Mapping[str, Any], address: str, mine: list[str], wanted: Properties) -> Live:
        key, arn = shown["KeyId"], shown["Arn"]
        tags: Tags = context.index.tags(arn) or tags_of_key(context, key)
        alias = wanted.get("alias") if wanted.get("alias") in mine else next(iter(mine), None)
        properties: dict[str, Any] = {
            "alias": alias,
            "description": shown.get("Description", ""),
            "enabled": shown["KeyState"] != "Disabled",
        }
        if wanted.get("policy") is not None:
            answer = context.aws.read("kms", "get_key_policy", KeyId=key, PolicyName="default")
            properties["policy"] = json.loads(answer["Policy"])
        if wanted.get("rotation") is not None:
            answer = context.aws.read("kms", "get_key_rotation_status", KeyId=key)
            properties["rotation"] = answer["KeyRotationEnabled"]
        attributes = {"id": key, "arn": arn, "alias": alias, "aliases": mine}
        return Live(address, key, properties, attributes, owner_of(tags))

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """Our own key that waits for its deletion is taken back; otherwise a new one is made."""
        if key := self._waiting(context, address):
            context.aws.write("kms", "cancel_key_deletion", KeyId=key)
            context.aws.write("kms", "enable_key", KeyId=key)
            return key
        policy = {"Policy": json.dumps(properties["policy"])} if properties.get("policy") else {}
        answer = context.aws.once(
            "kms",
            "create_key",
            Description=properties.get("description") or "",
            Tags=[{"TagKey": key, "TagValue": value} for key, value in context.scope.tags(address).items()],
            **policy,
        )
        return str(answer["KeyMetadata"]["KeyId"])

    def _waiting(self, context: Context, address: str) -> str:
        for key, tags in tagged_keys(context, aliases(context)):
            if owner_of(tags) == context.scope.deployment and address_of(tags, self.name) == address:
                shown = metadata(context, key)
                if shown is not None and shown["KeyState"] == "PendingDeletion":
                    return key
        return ""

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Each property is a call of its own; the old alias goes once the new one is there."""
        aws, key = context.aws, live.id
        if not live.properties["enabled"]:
            aws.write("kms", "enable_key", KeyId=key)
        if "policy" in changed:
            policy = json.dumps(properties["policy"])
            aws.write("kms", "put_key_policy", KeyId=key, PolicyName="default", Policy=policy)
        if "description" in changed:
            aws.write("kms", "update_key_description", KeyId=key, Description=properties["description"])
        if "rotation" in changed:
            verb = "enable" if properties["rotation"] else "disable"
            aws.write("kms", f"{verb}_key_rotation", KeyId=key)
        if "alias" in changed:
            # Taken by another key, it stays there: the read that follows shows that it is not ours.
            with ignoring("AlreadyExistsException"):
                aws.write("kms", "create_alias", AliasName=properties["alias"], TargetKeyId=key)
            for alias in live.attributes["aliases"]:
                with ignoring("NotFoundException"):
                    aws.write("kms", "delete_alias", AliasName=alias)

    def delete(self, context: Context, live: Live) -> None:
        """The alias first, or it would stay on a key that no read shows; the key waits 30 days."""
        for alias in live.attributes["aliases"]:
            with ignoring("NotFoundException"):
                context.aws.write("kms", "delete_alias", AliasName=alias)
        with ignoring(*GONE):
            context.aws.write("kms", "schedule_key_deletion", KeyId=live.id, PendingWindowInDays=PENDING_DAYS)
