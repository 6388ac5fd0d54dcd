"""Cognito user pools, their clients and domains, without the people in them.

A domain takes a minute and belongs to one pool; a pool goes only when nothing protects it; an update forgets what it
is not told again. moto's part for Cognito would need another package, so all of it is here.
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from wizard.sandbox.handling import Call, Refused, handles
from wizard.sandbox.world import after, on_reset

DOMAIN_SECONDS = 60.0
"""Of a prefix domain; one of your own takes an hour."""
FIXED = ("UsernameAttributes", "AliasAttributes", "UsernameConfiguration", "Schema")
"""What a pool is made with and keeps for ever."""
PASSWORD = {
    "MinimumLength": 8,
    "RequireUppercase": True,
    "RequireLowercase": True,
    "RequireNumbers": True,
    "RequireSymbols": True,
    "TemporaryPasswordValidityDays": 7,
}


@dataclass
class Pool:
    """One user pool: its settings, its clients by id."""

    region: str
    arn: str
    shown: dict[str, Any]
    clients: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """`us-east-1_AbCdEfGhI`."""
        return str(self.shown["Id"])


@dataclass
class Domain:
    """The sign-in pages of a pool."""

    name: str
    region: str
    pool: str
    status: str = "CREATING"


POOLS: dict[str, Pool] = {}
DOMAINS: dict[tuple[str, str], Domain] = {}


@on_reset
def _clear() -> None:
    POOLS.clear()
    DOMAINS.clear()


def pools(region: str) -> Iterator[Pool]:
    """The pools of a region."""
    return (pool for pool in list(POOLS.values()) if pool.region == region)


def domains(region: str) -> Iterator[Domain]:
    """The domains of a region."""
    return (domain for domain in list(DOMAINS.values()) if domain.region == region)


def _some(letters: str, length: int) -> str:
    return "".join(secrets.choice(letters) for _ in range(length))


def _pool(call: Call) -> Pool:
    id_ = call.params["UserPoolId"]
    pool = POOLS.get(id_)
    if pool is None or pool.region != call.region:
        raise Refused("ResourceNotFoundException", f"User pool {id_} does not exist.")
    return pool


def _with_defaults(settings: dict[str, Any]) -> dict[str, Any]:
    password = {**PASSWORD, **settings.get("Policies", {}).get("PasswordPolicy", {})}
    admin = {"AllowAdminCreateUserOnly": False, **settings.get("AdminCreateUserConfig", {})}
    defaults = {"DeletionProtection": "INACTIVE", "MfaConfiguration": "OFF", "UserPoolTags": {}}
    return {**defaults, **settings, "Policies": {"PasswordPolicy": password}, "AdminCreateUserConfig": admin}


def _described(call: Call, pool: Pool) -> dict[str, Any]:
    names = [domain.name for domain in domains(call.region) if domain.pool == pool.id]
    return {**pool.shown, **({"Domain": names[0]} if names else {}), "EstimatedNumberOfUsers": 0}


@handles("cognito-idp", "CreateUserPool")
def create_user_pool(call: Call) -> dict[str, Any]:
    """Names are not unique: each call makes another one."""
    settings = dict(call.params)
    id_ = f"{call.region}_{_some(string.ascii_letters + string.digits, 9)}"
    arn = f"arn:aws:cognito-idp:{call.region}:{call.account}:userpool/{id_}"
    now = call.clock.now()
    own = {"Id": id_, "Arn": arn, "Name": settings.pop("PoolName"), "CreationDate": now, "LastModifiedDate": now}
    POOLS[id_] = Pool(call.region, arn, {**_with_defaults(settings), **own})
    return {"UserPool": _described(call, POOLS[id_])}


@handles("cognito-idp", "DescribeUserPool")
def describe_user_pool(call: Call) -> dict[str, Any]:
    """With its domain."""
    return {"UserPool": _described(call, _pool(call))}


@handles("cognito-idp", "ListUserPools")
def list_user_pools(call: Call) -> dict[str, Any]:
    """Page by page, without tags."""
    start, size = int(call.params.get("NextToken") or 0), call.params["MaxResults"]
    found = list(pools(call.region))
    keys = ("Id", "Name", "CreationDate", "LastModifiedDate")
    page = [{key: pool.shown[key] for key in keys} for pool in found[start : start + size]]
    more = {"NextToken": str(start + size)} if len(found) > start + size else {}
    return {"UserPools": page, **more}


@handles("cognito-idp", "UpdateUserPool")
def update_user_pool(call: Call) -> dict[str, Any]:
    """What is not told again goes back to its default."""
    pool, settings = _pool(call), dict(call.params)
    del settings["UserPoolId"]
    name = settings.pop("PoolName", pool.shown["Name"])
    kept = {key: pool.shown[key] for key in (*FIXED, "Id", "Arn", "CreationDate") if key in pool.shown}
    pool.shown = {**_with_defaults(settings), **kept, "Name": name, "LastModifiedDate": call.clock.now()}
    return {}


@handles("cognito-idp", "SetUserPoolMfaConfig")
def set_user_pool_mfa_config(call: Call) -> dict[str, Any]:
    """MFA needs a second factor to ask for."""
    pool, mfa = _pool(call), call.params.get("MfaConfiguration", "OFF")
    token = call.params.get("SoftwareTokenMfaConfiguration") or {}
    if mfa != "OFF" and not (token.get("Enabled") or call.params.get("SmsMfaConfiguration")):
        raise Refused(
            "InvalidParameterException", "Invalid MFA configuration given, can't turn on MFA and disable all MFAs."
        )
    pool.shown["MfaConfiguration"] = mfa
    return {"MfaConfiguration": mfa, "SoftwareTokenMfaConfiguration": token}


@handles("cognito-idp", "DeleteUserPool")
def delete_user_pool(call: Call) -> dict[str, Any]:
    """Not while it is protected, nor while it has a domain."""
    pool = _pool(call)
    if pool.shown["DeletionProtection"] == "ACTIVE":
        raise Refused(
            "InvalidParameterException",
            "The user pool cannot be deleted because deletion protection is activated. "
            "Deletion protection must be inactivated first.",
        )
    if any(domain.pool == pool.id for domain in domains(call.region)):
        raise Refused(
            "InvalidParameterException",
            "User pool cannot be deleted. It has a domain configured that should be deleted first.",
        )
    del POOLS[pool.id]
    return {}


@handles("cognito-idp", "CreateUserPoolDomain")
def create_user_pool_domain(call: Call) -> dict[str, Any]:
    """Its name is taken at once, its pages are there later."""
    pool, name = _pool(call), call.params["Domain"]
    if (call.region, name) in DOMAINS:
        raise Refused("InvalidParameterException", "Domain already associated with another user pool.")
    if any(domain.pool == pool.id for domain in domains(call.region)):
        raise Refused("InvalidParameterException", "User pool already has a domain configured.")
    domain = DOMAINS[call.region, name] = Domain(name, call.region, pool.id)
    after(DOMAIN_SECONDS, lambda: setattr(domain, "status", "ACTIVE"))
    return {}


@handles("cognito-idp", "DescribeUserPoolDomain")
def describe_user_pool_domain(call: Call) -> dict[str, Any]:
    """An empty description when there is none."""
    domain = DOMAINS.get((call.region, call.params["Domain"]))
    if domain is None:
        return {"DomainDescription": {}}
    shown = {"Domain": domain.name, "UserPoolId": domain.pool, "AWSAccountId": call.account, "Status": domain.status}
    return {"DomainDescription": shown}


@handles("cognito-idp", "DeleteUserPoolDomain")
def delete_user_pool_domain(call: Call) -> dict[str, Any]:
    """Free for others at once."""
    pool, key = _pool(call), (call.region, call.params["Domain"])
    if key not in DOMAINS or DOMAINS[key].pool != pool.id:
        raise Refused("InvalidParameterException", "No such domain or user pool exists.")
    del DOMAINS[key]
    return {}


@handles("cognito-idp", "CreateUserPoolClient")
def create_user_pool_client(call: Call) -> dict[str, Any]:
    """Names are not unique: each call makes another one."""
    pool, settings = _pool(call), dict(call.params)
    letters = string.ascii_lowercase + string.digits
    secret = {"ClientSecret": _some(letters, 51)} if settings.pop("GenerateSecret", False) else {}
    id_, now = _some(letters, 26), call.clock.now()
    pool.clients[id_] = {**settings, **secret, "ClientId": id_, "CreationDate": now, "LastModifiedDate": now}
    return {"UserPoolClient": pool.clients[id_]}


def _client(call: Call) -> dict[str, Any]:
    pool, id_ = _pool(call), call.params["ClientId"]
    if id_ not in pool.clients:
        raise Refused("ResourceNotFoundException", f"User pool client {id_} does not exist.")
    return pool.clients[id_]


@handles("cognito-idp", "DescribeUserPoolClient")
def describe_user_pool_client(call: Call) -> dict[str, Any]:
    """With its secret."""
    return {"UserPoolClient": _client(call)}


@handles("cognito-idp", "ListUserPoolClients")
def list_user_pool_clients(call: Call) -> dict[str, Any]:
    """Names and ids, page by page."""
    start, size = int(call.params.get("NextToken") or 0), call.params.get("MaxResults", 60)
    found = list(_pool(call).clients.values())
    page = [{key: one[key] for key in ("ClientId", "UserPoolId", "ClientName")} for one in found[start : start + size]]
    more = {"NextToken": str(start + size)} if len(found) > start + size else {}
    return {"UserPoolClients": page, **more}


@handles("cognito-idp", "UpdateUserPoolClient")
def update_user_pool_client(call: Call) -> dict[str, Any]:
    """What is not told again goes back to its default."""
    old = _client(call)
    names = ("ClientId", "ClientName", "ClientSecret", "CreationDate")
    kept: dict[str, Any] = {key: old[key] for key in names if key in old}
    _pool(call).clients[old["ClientId"]] = {**kept, **call.params, "LastModifiedDate": call.clock.now()}
    return {"UserPoolClient": _client(call)}


@handles("cognito-idp", "DeleteUserPoolClient")
def delete_user_pool_client(call: Call) -> dict[str, Any]:
    """At once."""
    del _pool(call).clients[_client(call)["ClientId"]]
    return {}
