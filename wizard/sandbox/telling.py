"""SNS and CloudWatch: people confirm before they are told anything; an alarm knows nothing until it has seen data."""

from __future__ import annotations

from typing import Any

from wizard.sandbox import moto_state
from wizard.sandbox.handling import Call, Refused, before, handles

CONFIRMING = frozenset({"email", "email-json", "http", "https"})
"""Protocols whose other end must agree; here nobody ever does."""
UNCONFIRMED = "PendingConfirmation"


@before("sns", "CreateTopic")
def _same_tags(call: Call) -> None:
    topic = moto_state.sns(call.region).topics.get(f"arn:aws:sns:{call.region}:{call.account}:{call.params['Name']}")
    tags = {tag["Key"]: tag["Value"] for tag in call.params.get("Tags") or ()}
    if topic is not None and tags and tags != dict(topic._tags or {}):
        raise Refused("InvalidParameter", "Invalid parameter: Tags Reason: Topic already exists with different tags")


@handles("sns", "Subscribe")
def subscribe(call: Call) -> dict[str, Any]:
    """The ARN is shown only once it is confirmed, or when it is asked for."""
    params = call.params
    if params["Protocol"] == "email" and "@" not in params.get("Endpoint", ""):
        raise Refused("InvalidParameter", "Invalid parameter: Email address")
    answer = call.moto()
    subscription = moto_state.sns(call.region).subscriptions[answer["SubscriptionArn"]]
    if _is_unconfirmed(subscription) and not params.get("ReturnSubscriptionArn"):
        return {"SubscriptionArn": "pending confirmation"}
    return answer


@handles("sns", "ListSubscriptions", "ListSubscriptionsByTopic")
def list_subscriptions(call: Call) -> dict[str, Any]:
    """Unconfirmed ones without their ARN."""
    answer = call.moto()
    known = moto_state.sns(call.region).subscriptions
    for shown in answer.get("Subscriptions", ()):
        if _is_unconfirmed(known[shown["SubscriptionArn"]]):
            shown["SubscriptionArn"] = UNCONFIRMED
    return answer


@handles("sns", "GetSubscriptionAttributes")
def get_subscription_attributes(call: Call) -> dict[str, Any]:
    """Says whether it is confirmed."""
    answer = call.moto()
    subscription = moto_state.sns(call.region).subscriptions[call.params["SubscriptionArn"]]
    answer["Attributes"]["PendingConfirmation"] = str(_is_unconfirmed(subscription)).lower()
    return answer


@before("sns", "Unsubscribe")
def _only_confirmed(call: Call) -> None:
    subscription = moto_state.sns(call.region).subscriptions.get(call.params["SubscriptionArn"])
    if subscription is not None and _is_unconfirmed(subscription):
        raise Refused(
            "InvalidParameter",
            "Invalid parameter: SubscriptionArn Reason: This subscription is pending confirmation; "
            "Cannot unsubscribe a subscription that is pending confirmation",
        )


def _is_unconfirmed(subscription: Any) -> bool:
    return subscription.protocol in CONFIRMING


@handles("cloudwatch", "PutMetricAlarm")
def put_metric_alarm(call: Call) -> dict[str, Any]:
    """A changed alarm keeps its state and its tags; tags in the request count for a new one only."""
    store, name = moto_state.cloudwatch(call.region), call.params["AlarmName"]
    old = store.alarms.get(name)
    tags = dict(store.tagger.get_tag_dict_for_resource(old.alarm_arn)) if old is not None else {}
    answer = call.moto()
    alarm = store.alarms[name]
    if old is None:
        alarm.update_state("Unchecked: Initial alarm creation", "{}", "INSUFFICIENT_DATA")
        return answer
    alarm.update_state(old.state_reason, old.state_reason_data, old.state_value)
    store.tagger.delete_all_tags_for_resource(alarm.alarm_arn)
    store.tagger.tag_resource(alarm.alarm_arn, [{"Key": key, "Value": value} for key, value in tags.items()])
    return answer
