"""SQS: a name rests a minute after its queue was deleted, and setting one attribute leaves the others alone."""

from __future__ import annotations

import json
from typing import Any

from wizard.sandbox import moto_state
from wizard.sandbox.handling import Call, Refused, before, handles
from wizard.sandbox.world import after, on_reset

REST_SECONDS = 60.0

_RESTING: set[tuple[str, str]] = set()


@on_reset
def _clear() -> None:
    _RESTING.clear()


def _name(call: Call) -> str:
    return str(call.params["QueueUrl"].rpartition("/")[2])


@before("sqs", "CreateQueue")
def _name_has_rested(call: Call) -> None:
    if (call.region, call.params["QueueName"]) in _RESTING:
        raise Refused(
            "QueueDeletedRecently",
            "You must wait 60 seconds after deleting a queue before you can create another with the same name.",
        )


@before("sqs", "CreateQueue", "SetQueueAttributes")
def _one_encryption(call: Call) -> None:
    attributes = call.params.get("Attributes", {})
    if attributes.get("KmsMasterKeyId") and attributes.get("SqsManagedSseEnabled") == "true":
        raise Refused("InvalidAttributeValue", "You can use one type of server-side encryption (SSE) at one time.")
    if policy := attributes.get("Policy"):
        try:
            json.loads(policy)
        except ValueError as error:
            raise Refused("InvalidAttributeValue", "Invalid value for the parameter Policy.") from error


@handles("sqs", "SetQueueAttributes")
def set_queue_attributes(call: Call) -> dict[str, Any]:
    """What is not named stays as it is, the policy too; an empty text takes a setting away."""
    attributes = call.params.get("Attributes", {})
    queue = moto_state.sqs(call.region).queues.get(_name(call))
    policy = getattr(queue, "policy", None)
    answer = call.moto()
    if queue is not None:
        queue.policy = (attributes["Policy"] or None) if "Policy" in attributes else policy
        if attributes.get("KmsMasterKeyId"):
            queue.sqs_managed_sse_enabled = False
        if attributes.get("RedrivePolicy") == "":
            queue.redrive_policy, queue.dead_letter_queue = None, None
    return answer


@handles("sqs", "DeleteQueue")
def delete_queue(call: Call) -> dict[str, Any]:
    """Gone at once; its name is free a minute later."""
    answer = call.moto()
    resting = (call.region, _name(call))
    _RESTING.add(resting)
    after(REST_SECONDS, lambda: _RESTING.discard(resting))
    return answer
