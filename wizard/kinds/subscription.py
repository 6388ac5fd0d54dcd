"""A subscription to an SNS topic: who is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import Context, Identity, Kind, Live, Properties, Settling
from wizard.errors import AwsError
from wizard.kinds._named import ignoring, owner_of, tags_of

GONE = ("NotFound", "NotFoundException")
UNCONFIRMED = "PendingConfirmation"


class Subscription(Kind):
    """It has no tags: it belongs to whom its topic belongs to, once it is confirmed.

    Until the person who gets the e-mail confirms it, AWS shows no ARN and lets nobody delete it (it drops it itself
    after three days). So an unconfirmed one counts as nobody's: it will do as it is, and is never deleted.
    """

    name = "subscription"
    title = "SNS subscription"
    identity = Identity.NAMED
    found_with = frozenset({"topic"})
    immutable = frozenset({"topic", "protocol", "endpoint"})
    uses = frozenset({"topic"})
    accepts_equal = True
    settling = (
        Settling("create", "NotFound", "", 120),
        Settling("delete", "ConcurrentAccess", "", 60),
    )
    iam = {
        "read": ("sns:ListSubscriptionsByTopic", "sns:ListTagsForResource"),
        "create": ("sns:Subscribe",),
        "delete": ("sns:Unsubscribe",),
    }

    def problems(self, properties: Properties) -> list[str]:
        """An e-mail address must look like one: SNS refuses others."""
        endpoint = properties.get("endpoint")
        if properties.get("protocol") == "email" and isinstance(endpoint, str):
            name, _, domain = endpoint.partition("@")
            if not name or "." not in domain or "@" in domain or " " in endpoint:
                return [f"endpoint: {endpoint} is not an e-mail address"]
        return []

    def monthly_usd(self, properties: Properties) -> float | None:
        """Paid by the message."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One paged list for each topic. What others subscribed to our topic is theirs, so it is not listed."""
        places = {
            (one["topic"], one["protocol"], one["endpoint"]): address
            for address, one in wanted.items()
            if all(isinstance(one.get(name), str) for name in self.immutable)
        }
        found = []
        for topic in sorted({topic for topic, _, _ in places}):
            with ignoring(*GONE):
                pages = context.aws.pages("sns", "list_subscriptions_by_topic", "Subscriptions", TopicArn=topic)
                items = {(topic, item["Protocol"], item["Endpoint"]): item for item in pages}
                mine = [(place, items[place]) for place in places if place in items]
                owner = self._owner(context, topic) if mine else ""
                found += [self._live(place, item, places[place], owner) for place, item in mine]
        return found

    @staticmethod
    def _owner(context: Context, topic: str) -> str:
        return owner_of(tags_of(context, topic, "sns", "list_tags_for_resource", "Tags", ResourceArn=topic))

    @staticmethod
    def _live(place: tuple[str, str, str], item: Mapping[str, Any], address: str, owner: str) -> Live:
        topic, protocol, endpoint = place
        id_, arn = "/".join(place), item["SubscriptionArn"]
        waiting = arn == UNCONFIRMED
        properties = {"topic": topic, "protocol": protocol, "endpoint": endpoint}
        attributes = {"id": id_, "arn": "" if waiting else arn, "unconfirmed": waiting}
        return Live(address, id_, properties, attributes, "" if waiting else owner)

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """Subscribing again is the same subscription; an unconfirmed one gets its e-mail once more."""
        place = (properties["topic"], properties["protocol"], properties["endpoint"])
        topic, protocol, endpoint = place
        context.aws.write("sns", "subscribe", TopicArn=topic, Protocol=protocol, Endpoint=endpoint)
        return "/".join(place)

    def delete(self, context: Context, live: Live) -> None:
        """An unconfirmed one cannot be deleted: AWS drops it."""
        if not live.attributes["arn"]:
            return
        try:
            context.aws.write("sns", "unsubscribe", SubscriptionArn=live.attributes["arn"])
        except AwsError as error:
            if error.code not in GONE and "pending confirmation" not in error.message:
                raise
