"""A queue of Amazon SQS."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import Context, Identity, Kind, Live, Properties, Settling
from wizard.kinds._named import addresses_by_name, ignoring, owner_of, tags_of
from wizard.kinds._queue import attributes_for, properties_of

ABSENT = ("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue")
TAKEN = ("QueueNameExists", "QueueAlreadyExists")
RECENTLY = ("QueueDeletedRecently", "AWS.SimpleQueueService.QueueDeletedRecently")
SETTINGS = frozenset({"visibility_seconds", "retention_seconds", "dead_letter", "encryption", "tls_only"})


class Queue(Kind):
    """By name. AWS wants a minute between a deletion and the next queue of that name."""

    name = "queue"
    title = "SQS queue"
    identity = Identity.NAMED
    found_by = frozenset({"name"})
    immutable = frozenset({"name", "fifo"})
    data = True
    uses = frozenset({"kms_key"})
    settling = (
        *(Settling("create", code, "", 120) for code in RECENTLY),
        *(Settling(verb, code, "", 120) for verb in ("create", "update") for code in ABSENT),
    )
    iam = {
        "read": ("sqs:GetQueueUrl", "sqs:GetQueueAttributes", "sqs:ListQueueTags"),
        "create": ("sqs:CreateQueue", "sqs:TagQueue"),
        "update": ("sqs:SetQueueAttributes",),
        "delete": ("sqs:DeleteQueue",),
    }

    def problems(self, properties: Properties) -> list[str]:
        """Name, times, attempts."""
        found = []
        name, fifo = properties.get("name"), properties.get("fifo")
        if isinstance(name, str) and not (re.fullmatch(r"[A-Za-z0-9_-]+(\.fifo)?", name) and len(name) <= 80):
            found.append(f"the queue name {name!r} must be 1-80 letters, digits, - or _ ({len(name)} now)")
        if isinstance(name, str) and isinstance(fifo, bool) and name.endswith(".fifo") is not fifo:
            found.append(f"the name of a FIFO queue, and of no other, ends with .fifo: not {name!r}")
        limits = {"visibility_seconds": (0, 43200), "retention_seconds": (60, 1209600)}
        for key, (least, most) in limits.items():
            value = properties.get(key)
            if isinstance(value, int) and not least <= value <= most:
                found.append(f"{key} of a queue is {least} to {most}, not {value}")
        dead_letter = properties.get("dead_letter")
        receives = dead_letter.get("max_receives") if isinstance(dead_letter, Mapping) else None
        if isinstance(receives, int) and not 1 <= receives <= 1000:
            found.append(f"a message goes to the dead-letter queue after 1 to 1,000 attempts, not {receives}")
        return found

    def monthly_usd(self, properties: Properties) -> float | None:
        """Paid by the request, after the first million."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """Two calls for each, and its tags when the index does not list it: SQS has no batch."""
        names = addresses_by_name(wanted)
        for address, arn in context.index.arns(self.name).items():
            names.setdefault(arn.rpartition(":")[2], address)
        found = []
        for name, address in names.items():
            with ignoring(*ABSENT):
                found.append(self._live(context, name, address))
        return found

    @staticmethod
    def _live(context: Context, name: str, address: str) -> Live:
        url = context.aws.read("sqs", "get_queue_url", QueueName=name)["QueueUrl"]
        answer = context.aws.read("sqs", "get_queue_attributes", QueueUrl=url, AttributeNames=["All"])
        attributes: Mapping[str, str] = answer["Attributes"]
        arn = attributes["QueueArn"]
        tags = tags_of(context, arn, "sqs", "list_queue_tags", "Tags", QueueUrl=url)
        facts = {"id": name, "arn": arn, "name": name, "url": url, "policy": attributes.get("Policy", "")}
        return Live(address, name, properties_of(name, attributes), facts, owner_of(tags))

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """Everything in one call; with the same settings AWS answers with the one that exists."""
        name = properties["name"]
        attributes = attributes_for(properties, SETTINGS, context.scope.arn("sqs", name), "")
        said = {key: value for key, value in attributes.items() if value}
        if properties.get("fifo"):
            said["FifoQueue"] = "true"
        with ignoring(*TAKEN):
            tags = context.scope.tags(address)
            context.aws.write("sqs", "create_queue", QueueName=name, Attributes=said, tags=tags)
        return str(name)

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """One call; AWS may show the old settings for a minute."""
        facts = live.attributes
        attributes = attributes_for(properties, changed, facts["arn"], facts["policy"])
        context.aws.write("sqs", "set_queue_attributes", QueueUrl=facts["url"], Attributes=attributes)

    def delete(self, context: Context, live: Live) -> None:
        """With the messages in it."""
        with ignoring(*ABSENT):
            context.aws.write("sqs", "delete_queue", QueueUrl=live.attributes["url"])

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """An empty setting is none."""
        return bool((desired or None) == (actual or None)) if name == "dead_letter" else bool(desired == actual)
