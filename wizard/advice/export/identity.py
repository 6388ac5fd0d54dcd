"""Who may do what in CloudFormation's words: roles, keys, secrets, user pools."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wizard.advice.export.form import Asked, Note, One, Part, Piece, Shape, ref, sub
from wizard.engine.values import SecretInput, Sensitive
from wizard.kinds._role import INLINE
from wizard.kinds.user_pool import STRONG
from wizard.kinds.user_pool_client import SIGN_IN


def _role(one: One) -> Iterable[Part]:
    policy = one("policy")
    yield Piece(
        "AWS::IAM::Role",
        {
            "RoleName": one("name"),
            "Path": one("path"),
            "Description": one("description") or None,
            "AssumeRolePolicyDocument": one("trust"),
            "Policies": [{"PolicyName": INLINE, "PolicyDocument": policy}] if policy else None,
            "ManagedPolicyArns": one("managed_policies") or None,
        },
    )


def _oidc_provider(one: One) -> Iterable[Part]:
    yield Piece("AWS::IAM::OIDCProvider", {"Url": one("url"), "ClientIdList": one("audiences")}, kept="Retain")
    yield Note("An account has one for each URL: where yours has it, take it from here and use its ARN in the role.")


def _kms_key(one: One) -> Iterable[Part]:
    yield Piece(
        "AWS::KMS::Key",
        {
            "Description": one("description"),
            "KeyPolicy": one("policy"),
            "EnableKeyRotation": bool(one.raw("rotation")),
            "PendingWindowInDays": 30,
        },
        kept="Retain",
    )
    named = {"AliasName": one("alias"), "TargetKeyId": ref(one.id)}
    yield Piece("AWS::KMS::Alias", named, part="Alias")


def _secret(one: One) -> Iterable[Part]:
    """Made up by Secrets Manager, given as a parameter that is not shown, or composed when the stack is made."""
    value = one.raw("value")
    how: dict[str, Any]
    if isinstance(value, SecretInput) and value.generate:
        how = {"GenerateSecretString": {"PasswordLength": value.generate, "ExcludePunctuation": True}}
    elif isinstance(value, (SecretInput, Sensitive)):
        how = {"SecretString": ref(f"{one.id}Value")}
        yield Asked("String", f"The value of the secret {one.raw('name')}", secret=True, part="Value")
    else:
        how = {"SecretString": one.values.of(value)}
    yield Piece(
        "AWS::SecretsManager::Secret",
        {"Name": one("name"), "Description": one("description") or None, "KmsKeyId": one("kms_key"), **how},
        kept="Retain",
    )


def _secret_value(one: One) -> Any:
    """CloudFormation fetches it when it makes what needs it; it is in no template and no event."""
    return sub(f"{{{{resolve:secretsmanager:${{{one.id}}}}}}}")


def _parameter(one: One) -> Iterable[Part]:
    yield Note(
        "CloudFormation cannot make a SecureString. Make it before the stack: "
        f"aws ssm put-parameter --type SecureString --name {one.raw('name')} --value file://FILE"
    )


def _parameter_arn(one: One) -> Any:
    path = str(one.raw("name")).lstrip("/")
    return sub(f"arn:${{AWS::Partition}}:ssm:${{AWS::Region}}:${{AWS::AccountId}}:parameter/{path}")


def _user_pool(one: One) -> Iterable[Part]:
    mfa = one("mfa", "OFF")
    length = one("password_length")
    password = {**STRONG, "MinimumLength": length} if length else dict(STRONG)
    sign_up = one.raw("self_sign_up")
    yield Piece(
        "AWS::Cognito::UserPool",
        {
            "UserPoolName": one("name"),
            "UsernameAttributes": ["email"],
            "AutoVerifiedAttributes": ["email"],
            "AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]},
            "Policies": {"PasswordPolicy": password},
            "MfaConfiguration": mfa,
            "EnabledMfas": None if mfa == "OFF" else ["SOFTWARE_TOKEN_MFA"],
            "DeletionProtection": "ACTIVE" if one.raw("deletion_protection") else "INACTIVE",
            "AdminCreateUserConfig": None if sign_up is None else {"AllowAdminCreateUserOnly": not sign_up},
        },
        kept="Retain",
    )


def _user_pool_client(one: One) -> Iterable[Part]:
    urls = one("callback_urls", ())
    yield Piece(
        "AWS::Cognito::UserPoolClient",
        {
            "UserPoolId": one("pool"),
            "ClientName": one("name"),
            "GenerateSecret": bool(one.raw("secret")),
            "CallbackURLs": list(urls) or None,
            **(SIGN_IN if urls else {}),
        },
    )


def _user_pool_domain(one: One) -> Iterable[Part]:
    yield Piece("AWS::Cognito::UserPoolDomain", {"UserPoolId": one("pool"), "Domain": one("domain")})


SHAPES: Mapping[str, Shape] = {
    "role": Shape(_role, {"id": "", "name": "", "arn": "Arn"}),
    "oidc_provider": Shape(_oidc_provider, {"id": "", "arn": ""}),
    "kms_key": Shape(_kms_key, {"id": "", "arn": "Arn"}),
    "secret": Shape(_secret, {"id": "", "arn": "", "name": lambda one: one("name"), "value": _secret_value}),
    "parameter": Shape(
        _parameter,
        {
            "id": lambda one: one("name"),
            "name": lambda one: one("name"),
            "arn": _parameter_arn,
            "value": lambda one: f"{{{{resolve:ssm-secure:{one.raw('name')}}}}}",
        },
    ),
    "user_pool": Shape(_user_pool, {"id": "", "arn": "Arn"}),
    "user_pool_client": Shape(_user_pool_client, {"id": "", "client_id": ""}),
    "user_pool_domain": Shape(
        _user_pool_domain,
        {
            "id": "",
            "domain": "",
            "host": lambda one: one.values.text("{domain}.auth.${AWS::Region}.amazoncognito.com", domain=one("domain")),
        },
    ),
}
