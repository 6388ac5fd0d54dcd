"""User pools of Cognito: what they are asked to be, and the changes that AWS wants told as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wizard.engine.kind import Context
from wizard.errors import AwsError
from wizard.kinds._named import Tags

PAGE = 60
GONE = ("ResourceNotFoundException",)
MFA = ("OFF", "OPTIONAL", "ON")
KEPT = (
    "Policies",
    "DeletionProtection",
    "LambdaConfig",
    "AutoVerifiedAttributes",
    "SmsVerificationMessage",
    "EmailVerificationMessage",
    "EmailVerificationSubject",
    "VerificationMessageTemplate",
    "SmsAuthenticationMessage",
    "UserAttributeUpdateSettings",
    "DeviceConfiguration",
    "EmailConfiguration",
    "SmsConfiguration",
    "UserPoolTags",
    "AdminCreateUserConfig",
    "UserPoolAddOns",
    "AccountRecoverySetting",
    "UserPoolTier",
    "KeyConfiguration",
    "IssuerConfiguration",
    "AcrConfiguration",
    "DcrConfiguration",
)
"""What UpdateUserPool would set back to its default if it were not told again."""


def described(context: Context, id_: str) -> Mapping[str, Any] | None:
    """One user pool; None when it is gone."""
    try:
        pool: Mapping[str, Any] = context.aws.read("cognito-idp", "describe_user_pool", UserPoolId=id_)["UserPool"]
    except AwsError as error:
        if error.code not in GONE:
            raise
        return None
    return pool


def called(context: Context, names: set[str]) -> Iterator[str]:
    """Ids of all pools with these names, which are not unique."""
    for item in context.aws.pages("cognito-idp", "list_user_pools", "UserPools", MaxResults=PAGE):
        if item["Name"] in names:
            yield item["Id"]


def tags_of_pool(context: Context, id_: str) -> Tags:
    """Tags of a pool, from the index or from the pool itself; none when it is gone."""
    indexed = context.index.tags(context.scope.arn("cognito-idp", f"userpool/{id_}"))
    if indexed is not None:
        return indexed
    pool = described(context, id_)
    return (pool or {}).get("UserPoolTags") or {}


def settings(properties: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """The properties in Cognito's shape, over what the pool says of the same things."""
    found: dict[str, Any] = {}
    if properties.get("password_length") is not None:
        policies = dict(before.get("Policies") or {})
        password = {**policies.get("PasswordPolicy", {}), "MinimumLength": properties["password_length"]}
        found["Policies"] = {**policies, "PasswordPolicy": password}
    if properties.get("deletion_protection") is not None:
        found["DeletionProtection"] = "ACTIVE" if properties["deletion_protection"] else "INACTIVE"
    if properties.get("self_sign_up") is not None:
        admin = dict(before.get("AdminCreateUserConfig") or {})
        found["AdminCreateUserConfig"] = {**admin, "AllowAdminCreateUserOnly": not properties["self_sign_up"]}
    return found


def update(context: Context, pool: Mapping[str, Any], new: Mapping[str, Any], mfa: str) -> None:
    """Change these settings and tell all others again.

    UpdateUserPool cannot name MFA by software token, so it is told after it, in a call of its own; a run that ends
    between the two leaves a difference that the next plan sees.
    """
    kept: dict[str, Any] = {**{key: pool[key] for key in KEPT if pool.get(key)}, **new}
    # Deprecated in favour of the password policy, and refused together with it.
    kept["AdminCreateUserConfig"] = {
        key: value for key, value in kept.get("AdminCreateUserConfig", {}).items() if key != "UnusedAccountValidityDays"
    }
    aws, id_ = context.aws, pool["Id"]
    if new:
        aws.write("cognito-idp", "update_user_pool", UserPoolId=id_, **kept)
    if mfa != (pool.get("MfaConfiguration") or "OFF") or (new and mfa != "OFF"):
        token = {"SoftwareTokenMfaConfiguration": {"Enabled": True}} if mfa != "OFF" else {}
        aws.write("cognito-idp", "set_user_pool_mfa_config", UserPoolId=id_, MfaConfiguration=mfa, **token)
