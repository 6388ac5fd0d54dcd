"""Secrets Manager: a name that waits for its deletion cannot be taken, and nothing can be written to it."""

from __future__ import annotations

from typing import Any

from wizard.sandbox import moto_state
from wizard.sandbox.handling import Call, Refused, before

MARKED = "You can't perform this operation on the secret because it was marked for deletion."


def _secret(region: str, secret_id: str) -> Any:
    store = moto_state.secretsmanager(region)
    return store.secrets.get(secret_id)


@before("secretsmanager", "CreateSecret")
def _name_is_free(call: Call) -> None:
    secret = _secret(call.region, call.params["Name"])
    if secret is not None and secret.is_deleted():
        raise Refused(
            "InvalidRequestException",
            "You can't create this secret because a secret with this name is already scheduled for deletion.",
        )
    if key := call.params.get("KmsKeyId"):
        _key_exists(call.region, key)


def _key_exists(region: str, key_id: str) -> None:
    if key_id.endswith("alias/aws/secretsmanager"):
        return
    store = moto_state.kms(region)
    name = store.get_alias_name(key_id)
    known = store.alias_exists(name) if name.startswith("alias/") else store.get_key_id(key_id) in store.keys
    if not known:
        raise Refused("InvalidRequestException", f"The KMS key {key_id} does not exist or cannot be used.")


@before("secretsmanager", "PutSecretValue", "UpdateSecret", "RotateSecret", "TagResource", "PutResourcePolicy")
def _not_marked(call: Call) -> None:
    secret = _secret(call.region, call.params["SecretId"])
    if secret is not None and secret.is_deleted():
        raise Refused("InvalidRequestException", MARKED)


@before("secretsmanager", "DeleteSecret")
def _deletable(call: Call) -> None:
    params = call.params
    window, force = params.get("RecoveryWindowInDays"), params.get("ForceDeleteWithoutRecovery")
    if window is not None and not 7 <= window <= 30:
        raise Refused(
            "InvalidParameterException", "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive)."
        )
    if window is not None and force:
        raise Refused(
            "InvalidParameterException",
            "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
        )
    secret = _secret(call.region, params["SecretId"])
    if secret is not None and secret.is_deleted() and not force:
        raise Refused(
            "InvalidRequestException", "You tried to perform the operation on a secret that's currently marked deleted."
        )
