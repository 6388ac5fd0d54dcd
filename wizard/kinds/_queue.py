"""A queue's attributes: SQS takes and gives all of them as text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import Properties

TLS_SID = "PilotageTlsOnly"
SSE_SQS = "sse-sqs"


def properties_of(name: str, attributes: Mapping[str, str]) -> dict[str, Any]:
    """Our properties from what GetQueueAttributes answers."""
    key = attributes.get("KmsMasterKeyId", "")
    managed = attributes.get("SqsManagedSseEnabled", "").lower() == "true"
    return {
        "name": name,
        "fifo": attributes.get("FifoQueue", "").lower() == "true",
        "visibility_seconds": int(attributes["VisibilityTimeout"]),
        "retention_seconds": int(attributes["MessageRetentionPeriod"]),
        "dead_letter": _dead_letter(attributes.get("RedrivePolicy", "")),
        "encryption": key or (SSE_SQS if managed else ""),
        "tls_only": any(statement.get("Sid") == TLS_SID for statement in statements(attributes.get("Policy", ""))),
    }


def _dead_letter(policy: str) -> dict[str, Any]:
    if not policy:
        return {}
    parsed = json.loads(policy)
    return {"arn": parsed["deadLetterTargetArn"], "max_receives": int(parsed["maxReceiveCount"])}


def statements(policy: str) -> list[dict[str, Any]]:
    """The statements of a queue's policy."""
    found = json.loads(policy).get("Statement", []) if policy else []
    return found if isinstance(found, list) else [found]


def attributes_for(properties: Properties, names: frozenset[str], arn: str, policy: str) -> dict[str, str]:
    """Attributes to set for these properties; `policy` is the one in place, whose other statements stay."""
    said = {name: properties[name] for name in names if properties.get(name) is not None}
    found: dict[str, str] = {}
    if "visibility_seconds" in said:
        found["VisibilityTimeout"] = str(said["visibility_seconds"])
    if "retention_seconds" in said:
        found["MessageRetentionPeriod"] = str(said["retention_seconds"])
    if "dead_letter" in said:
        found["RedrivePolicy"] = _redrive(said["dead_letter"])
    if "encryption" in said:
        own = said["encryption"] != SSE_SQS
        found["KmsMasterKeyId"] = said["encryption"] if own else ""
        found["SqsManagedSseEnabled"] = "false" if own else "true"
    if "tls_only" in said:
        found["Policy"] = _policy(policy, arn, tls_only=bool(said["tls_only"]))
    return found


def _redrive(wanted: Mapping[str, Any]) -> str:
    if not wanted:
        return ""
    policy = {"deadLetterTargetArn": wanted["arn"], "maxReceiveCount": wanted["max_receives"]}
    return json.dumps(policy, sort_keys=True)


def _policy(policy: str, arn: str, *, tls_only: bool) -> str:
    kept = [statement for statement in statements(policy) if statement.get("Sid") != TLS_SID]
    if tls_only:
        kept.append(
            {
                "Sid": TLS_SID,
                "Effect": "Deny",
                "Principal": "*",
                "Action": "sqs:*",
                "Resource": arn,
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        )
    return json.dumps({"Version": "2012-10-17", "Statement": kept}, sort_keys=True) if kept else ""
