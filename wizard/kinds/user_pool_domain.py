"""The domain of a user pool: where its sign-in pages are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wizard.engine.kind import READY, Context, Identity, Kind, Live, Properties, Settling, State, Status
from wizard.errors import AwsError
from wizard.kinds import _user_pools
from wizard.kinds._named import addresses_by_name, owner_of


class UserPoolDomain(Kind):
    """A prefix of amazoncognito.com, unique in the Region for all of AWS. It belongs to whom its pool belongs to."""

    name = "user_pool_domain"
    title = "Cognito domain"
    identity = Identity.NAMED
    found_by = frozenset({"domain"})
    immutable = frozenset({"domain", "pool"})
    uses = frozenset({"user_pool"})
    settling = tuple(Settling(verb, "ConcurrentModificationException", "", 120) for verb in ("create", "delete"))
    iam = {
        "read": ("cognito-idp:DescribeUserPoolDomain", "cognito-idp:DescribeUserPool"),
        "create": ("cognito-idp:CreateUserPoolDomain", "cognito-idp:DescribeUserPoolDomain"),
        "delete": ("cognito-idp:DeleteUserPoolDomain",),
    }

    def problems(self, properties: Properties) -> list[str]:
        """AWS: lower-case letters, digits and hyphens, and none of its own names."""
        domain = properties.get("domain")
        if not isinstance(domain, str):
            return []
        found = []
        if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", domain):
            found.append(f"domain: {domain!r} must be 1 to 63 lower-case letters, digits or hyphens between them")
        found += [
            f"domain: {domain} must not contain {word}" for word in ("aws", "amazon", "cognito") if word in domain
        ]
        return found

    def create_seconds(self, properties: Properties) -> float:
        """A minute for a prefix."""
        return 60

    def monthly_usd(self, properties: Properties) -> float | None:
        """Costs nothing."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One read for each; AWS describes one that is not there as empty."""
        found = []
        for domain, address in addresses_by_name(wanted, "domain").items():
            item = self._described(context, domain)
            pool = item.get("UserPoolId", "")
            mine = item.get("AWSAccountId", context.scope.account) == context.scope.account
            if item.get("Domain"):
                owner = owner_of(_user_pools.tags_of_pool(context, pool)) if pool and mine else ""
                attributes = {
                    "id": domain,
                    "domain": domain,
                    "host": f"{domain}.auth.{context.scope.region}.amazoncognito.com",
                    "status": item.get("Status", ""),
                }
                found.append(Live(address, domain, {"domain": domain, "pool": pool}, attributes, owner))
        return found

    @staticmethod
    def _described(context: Context, domain: str) -> Mapping[str, Any]:
        answer = context.aws.read("cognito-idp", "describe_user_pool_domain", Domain=domain)
        found: Mapping[str, Any] = answer.get("DomainDescription") or {}
        return found

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """A name that is taken is looked at again by the read that follows, when it is this account's."""
        domain = str(properties["domain"])
        try:
            context.aws.write("cognito-idp", "create_user_pool_domain", Domain=domain, UserPoolId=properties["pool"])
        except AwsError as error:
            if "already associated" not in error.message or not self._described(context, domain).get("Domain"):
                raise
        return domain

    def delete(self, context: Context, live: Live) -> None:
        """Before its pool."""
        place = {"Domain": live.id, "UserPoolId": live.properties["pool"]}
        try:
            context.aws.write("cognito-idp", "delete_user_pool_domain", **place)
        except AwsError as error:
            if error.code not in _user_pools.GONE and "No such domain" not in error.message:
                raise

    def is_on_its_way(self, live: Live) -> bool:
        """Its pages cannot be reached yet."""
        return live.attributes["status"] in ("CREATING", "UPDATING")

    def status(self, context: Context, live: Live, properties: Properties) -> Status:
        """One that failed can only be deleted and made again."""
        if live.attributes["status"] == "ACTIVE":
            return READY
        state = self._described(context, live.id).get("Status", "CREATING")
        if state == "ACTIVE":
            return READY
        if state == "FAILED":
            return Status(State.FAILED, f"the domain {live.id} could not be made", corpse=True)
        return Status(State.PENDING, f"the domain {live.id} is being made")
