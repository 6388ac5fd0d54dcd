"""A Cognito user pool: the people who may sign in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import Context, Identity, Kind, Live, Properties
from wizard.kinds import _user_pools
from wizard.kinds._named import address_of, addresses_by_name, ignoring, owner_of

STRONG = {"RequireUppercase": True, "RequireLowercase": True, "RequireNumbers": True, "RequireSymbols": True}


class UserPool(Kind):
    """People sign in with their e-mail address. Names of pools are not unique: ours is known by its tag.

    The name is a label that is given once: another one in the blueprint changes nothing here.
    """

    name = "user_pool"
    title = "Cognito user pool"
    identity = Identity.TAGGED
    found_by = frozenset({"name"})
    data = True
    iam = {
        "read": ("cognito-idp:ListUserPools", "cognito-idp:DescribeUserPool"),
        "create": ("cognito-idp:CreateUserPool", "cognito-idp:TagResource"),
        "update": (
            "cognito-idp:DescribeUserPool",
            "cognito-idp:UpdateUserPool",
            "cognito-idp:SetUserPoolMfaConfig",
        ),
        "delete": (
            "cognito-idp:DescribeUserPool",
            "cognito-idp:UpdateUserPool",
            "cognito-idp:SetUserPoolMfaConfig",
            "cognito-idp:DeleteUserPoolDomain",
            "cognito-idp:DeleteUserPool",
        ),
    }

    def problems(self, properties: Properties) -> list[str]:
        """Name, password length, and the words for MFA."""
        found = []
        name, length, mfa = (properties.get(key) for key in ("name", "password_length", "mfa"))
        if isinstance(name, str) and not 1 <= len(name) <= 128:
            found.append(f"name: a user pool's name has 1 to 128 characters, this one has {len(name)}")
        if isinstance(length, int) and not 6 <= length <= 99:
            found.append(f"password_length: Cognito wants 6 to 99, not {length}")
        if isinstance(mfa, str) and mfa not in _user_pools.MFA:
            found.append(f"mfa: {mfa} is none of {', '.join(_user_pools.MFA)}")
        return found

    def monthly_usd(self, properties: Properties) -> float | None:
        """Free for 10,000 people a month, 0.015 for each one more."""
        return 0.0

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """The name is never changed."""
        return name == "name" or bool(desired == actual)

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """A read for each that the index knows; a list by name when it does not know all that are wanted."""
        indexed = {
            address: arn.rpartition("/")[2]
            for address, arn in context.index.arns(self.name).items()
            if context.neighbours or address in wanted
        }
        ids = list(indexed.values())
        names = {name for name, address in addresses_by_name(wanted).items() if address not in indexed}
        if names:
            ids += [id_ for id_ in _user_pools.called(context, names) if id_ not in ids]
        pools = [pool for pool in (_user_pools.described(context, id_) for id_ in ids) if pool is not None]
        pools.sort(key=lambda pool: str(pool.get("CreationDate", "")))
        lives = [self._live(pool) for pool in pools]
        return [live for live in lives if live.address and live.owner == context.scope.deployment]

    def _live(self, pool: Mapping[str, Any]) -> Live:
        tags = pool.get("UserPoolTags") or {}
        properties = {
            "name": pool["Name"],
            "mfa": pool.get("MfaConfiguration") or "OFF",
            "password_length": pool.get("Policies", {}).get("PasswordPolicy", {}).get("MinimumLength"),
            "deletion_protection": pool.get("DeletionProtection") == "ACTIVE",
            "self_sign_up": not pool.get("AdminCreateUserConfig", {}).get("AllowAdminCreateUserOnly", False),
        }
        attributes = {"id": pool["Id"], "arn": pool["Arn"], "name": pool["Name"]}
        return Live(address_of(tags, self.name), pool["Id"], properties, attributes, owner_of(tags))

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """Everything but MFA, which is a call of its own. E-mail as the user name can never be changed."""
        before = {"Policies": {"PasswordPolicy": STRONG}}
        answer = context.aws.once(
            "cognito-idp",
            "create_user_pool",
            PoolName=properties["name"],
            UsernameAttributes=["email"],
            AutoVerifiedAttributes=["email"],
            AccountRecoverySetting={"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]},
            UserPoolTags=context.scope.tags(address),
            **{"Policies": before["Policies"], **_user_pools.settings(properties, before)},
        )
        return str(answer["UserPool"]["Id"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Read again, because every setting that is not told would be lost."""
        pool = _user_pools.described(context, live.id)
        if pool is not None:
            new = _user_pools.settings({key: properties[key] for key in changed}, pool)
            _user_pools.update(context, pool, new, properties.get("mfa") or live.properties["mfa"])

    def delete(self, context: Context, live: Live) -> None:
        """With its people, its clients and its domain. Its protection is taken off first: consent was asked before."""
        pool = _user_pools.described(context, live.id)
        if pool is None:
            return
        if pool.get("DeletionProtection") == "ACTIVE":
            off = {"DeletionProtection": "INACTIVE"}
            _user_pools.update(context, pool, off, pool.get("MfaConfiguration") or "OFF")
        with ignoring(*_user_pools.GONE):
            if pool.get("Domain"):
                context.aws.write("cognito-idp", "delete_user_pool_domain", Domain=pool["Domain"], UserPoolId=live.id)
            context.aws.write("cognito-idp", "delete_user_pool", UserPoolId=live.id)
