"""KMS: what a key that waits for its deletion refuses, and aliases that point to one key only."""

from __future__ import annotations

import json
from typing import Any

from wizard.sandbox import moto_state
from wizard.sandbox.handling import Call, Refused, before


def _key(call: Call, param: str = "KeyId") -> Any:
    store = moto_state.kms(call.region)
    return store.keys.get(store.any_id_to_key_id(call.params[param]))


@before(
    "kms",
    "ScheduleKeyDeletion",
    "EnableKey",
    "DisableKey",
    "EnableKeyRotation",
    "DisableKeyRotation",
    "PutKeyPolicy",
    "UpdateKeyDescription",
    "TagResource",
    "UntagResource",
    "Encrypt",
    "GenerateDataKey",
    "Decrypt",
)
def _is_not_waiting(call: Call) -> None:
    key = _key(call) if call.params.get("KeyId") else None
    if key is not None and key.key_state == "PendingDeletion":
        raise Refused("KMSInvalidStateException", f"{key.arn} is pending deletion.")
    if key is not None and key.key_state == "Disabled" and call.operation in ("EnableKeyRotation", "Encrypt"):
        raise Refused("DisabledException", f"{key.arn} is disabled.")


@before("kms", "CancelKeyDeletion")
def _is_waiting(call: Call) -> None:
    key = _key(call)
    if key is not None and key.key_state != "PendingDeletion":
        raise Refused("KMSInvalidStateException", f"{key.arn} is not pending deletion.")


@before("kms", "CreateAlias")
def _alias_is_free(call: Call) -> None:
    name = call.params["AliasName"]
    if moto_state.kms(call.region).alias_exists(name):
        raise Refused("AlreadyExistsException", f"An alias with the name {name} already exists")


@before("kms", "DeleteAlias")
def _alias_exists(call: Call) -> None:
    name = call.params["AliasName"]
    if not moto_state.kms(call.region).alias_exists(name):
        raise Refused("NotFoundException", f"Alias {name} is not found.")


@before("kms", "CreateKey", "PutKeyPolicy")
def _policy_keeps_a_door_open(call: Call) -> None:
    policy = call.params.get("Policy")
    if policy is None or call.params.get("BypassPolicyLockoutSafetyCheck"):
        return
    try:
        statements = json.loads(policy).get("Statement", [])
    except ValueError as error:
        raise Refused("MalformedPolicyDocumentException", "The policy is not valid JSON.") from error
    if not any(one.get("Effect") == "Allow" and "kms:*" in str(one.get("Action")) for one in statements):
        raise Refused(
            "MalformedPolicyDocumentException",
            "The new key policy will not allow you to update the key policy in the future.",
        )
