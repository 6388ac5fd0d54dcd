"""An SNS topic: where alarms and budgets tell what happened."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import tag_list
from wizard.engine.kind import Context, Identity, Kind, Live, Properties, Settling
from wizard.errors import AwsError
from wizard.kinds._named import addresses_by_name, owner_of, tags_of
from wizard.kinds._policy import document, same_policy

GONE = ("NotFound", "NotFoundException")


class Topic(Kind):
    """A standard topic. Its ARN follows from its name."""

    name = "topic"
    title = "SNS topic"
    identity = Identity.NAMED
    found_by = frozenset({"name"})
    immutable = frozenset({"name"})
    uses = frozenset({"kms_key"})
    settling = tuple(Settling(verb, "ConcurrentAccess", "", 60) for verb in ("create", "update", "delete"))
    iam = {
        "read": ("sns:GetTopicAttributes", "sns:ListTagsForResource"),
        "create": ("sns:CreateTopic", "sns:TagResource"),
        "update": ("sns:SetTopicAttributes",),
        "delete": ("sns:DeleteTopic",),
    }

    def problems(self, properties: Properties) -> list[str]:
        """The name, and who may publish: AWS refuses a policy without a statement."""
        found = []
        name, policy = properties.get("name"), properties.get("policy")
        if isinstance(name, str) and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", name):
            found.append(f"name: {name!r} must be 1 to 256 letters, digits, hyphens or underscores")
        if isinstance(policy, Mapping) and not policy.get("Statement"):
            found.append("policy: a topic's policy needs a statement")
        return found

    def monthly_usd(self, properties: Properties) -> float | None:
        """Paid by the message; the first thousand e-mails of a month are free."""
        return 0.0

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """Policies are compared by meaning."""
        return same_policy(desired, actual) if name == "policy" else bool(desired == actual)

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One read for each topic: SNS has no batch."""
        names = addresses_by_name(wanted)
        for address, arn in context.index.arns(self.name).items() if context.neighbours else ():
            names.setdefault(arn.rpartition(":")[2], address)
        found = [self._live(context, name, address) for name, address in names.items()]
        return [live for live in found if live is not None]

    @staticmethod
    def _live(context: Context, name: str, address: str) -> Live | None:
        arn = context.scope.arn("sns", name)
        try:
            attributes = context.aws.read("sns", "get_topic_attributes", TopicArn=arn)["Attributes"]
            tags = tags_of(context, arn, "sns", "list_tags_for_resource", "Tags", ResourceArn=arn)
        except AwsError as error:
            if error.code not in GONE:
                raise
            return None
        properties = {
            "name": name,
            "kms_key": attributes.get("KmsMasterKeyId", ""),
            "policy": document(attributes.get("Policy") or {}),
        }
        return Live(address, arn, properties, {"id": arn, "arn": arn, "name": name}, owner_of(tags))

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """With its key, so that it is never unencrypted. A topic of that name with other tags is left as it is."""
        key = {"KmsMasterKeyId": properties["kms_key"]} if properties.get("kms_key") else {}
        tags = tag_list(context.scope.tags(address))
        try:
            context.aws.write("sns", "create_topic", Name=properties["name"], Attributes=key, Tags=tags)
        except AwsError as error:
            if "already exists" not in error.message:
                raise
        return context.scope.arn("sns", properties["name"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Each attribute is a call of its own."""
        values = {}
        if "kms_key" in changed:
            values["KmsMasterKeyId"] = properties["kms_key"]
        if "policy" in changed:
            values["Policy"] = json.dumps(properties["policy"])
        for name, value in values.items():
            context.aws.write("sns", "set_topic_attributes", TopicArn=live.id, AttributeName=name, AttributeValue=value)

    def delete(self, context: Context, live: Live) -> None:
        """With its subscriptions; deleting one that is gone is no error to SNS."""
        context.aws.write("sns", "delete_topic", TopicArn=live.id)
