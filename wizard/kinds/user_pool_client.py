"""A client of a user pool: the application, or the load balancer, that lets people sign in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wizard.aws.client_names import FRONT, name_in_front
from wizard.engine.kind import Context, Identity, Kind, Live, Properties, Settling
from wizard.kinds import _user_pools
from wizard.kinds._named import ignoring, owner_of

SIGN_IN: Mapping[str, Any] = {
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthScopes": ["openid", "email", "profile"],
    "SupportedIdentityProviders": ["COGNITO"],
    "PreventUserExistenceErrors": "ENABLED",
}
"""The authorization code flow, which is what load balancers use."""


class UserPoolClient(Kind):
    """It has no tags: it belongs to whom its pool belongs to, and is known by its name there.

    So of those that nobody wants any more only the load balancer's is found: clients that somebody else made in our
    pool have other names and stay.
    Its secret is never read into a property: a load balancer fetches it by itself.
    """

    name = "user_pool_client"
    title = "Cognito app client"
    identity = Identity.TAGGED
    found_by = frozenset({"name", "pool"})
    immutable = frozenset({"name", "pool", "secret"})
    uses = frozenset({"user_pool"})
    settling = tuple(
        Settling(verb, "ConcurrentModificationException", "", 120) for verb in ("create", "update", "delete")
    )
    iam = {
        "read": (
            "cognito-idp:ListUserPoolClients",
            "cognito-idp:DescribeUserPoolClient",
            "cognito-idp:DescribeUserPool",
        ),
        "create": ("cognito-idp:CreateUserPoolClient",),
        "update": ("cognito-idp:UpdateUserPoolClient",),
        "delete": ("cognito-idp:DeleteUserPoolClient",),
    }

    def problems(self, properties: Properties) -> list[str]:
        """Name and addresses to come back to."""
        found = []
        name, urls = properties.get("name"), properties.get("callback_urls")
        if isinstance(name, str) and not re.fullmatch(r"[\w\s+=,.@-]{1,128}", name):
            found.append(f"name: {name!r} must be 1 to 128 letters, digits, spaces or +=,.@_-")
        for url in urls if isinstance(urls, list) else ():
            if isinstance(url, str) and not url.startswith(("https://", "http://localhost")):
                found.append(f"callback_urls: {url} must begin with https:// (http:// only for localhost)")
        return found

    def monthly_usd(self, properties: Properties) -> float | None:
        """Paid by the person who signs in."""
        return 0.0

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """The order of addresses means nothing."""
        if name == "callback_urls":
            return sorted(desired) == sorted(actual or ())
        return bool(desired == actual)

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One paged list for each pool, and one read for each wanted client."""
        places = {
            (one["pool"], one["name"]): address
            for address, one in wanted.items()
            if isinstance(one.get("pool"), str) and isinstance(one.get("name"), str)
        }
        if context.neighbours and f"{self.name}.{FRONT}" not in wanted:
            places |= {(pool, name_in_front(name)): f"{self.name}.{FRONT}" for pool, name in places}
        found = []
        for pool in sorted({pool for pool, _ in places}):
            with ignoring(*_user_pools.GONE):
                items = context.aws.pages(
                    "cognito-idp", "list_user_pool_clients", "UserPoolClients", UserPoolId=pool, MaxResults=60
                )
                mine = [item for item in items if (pool, item["ClientName"]) in places]
                owner = owner_of(_user_pools.tags_of_pool(context, pool)) if mine else ""
                found += [self._live(context, item, places[pool, item["ClientName"]], owner) for item in mine]
        return sorted(found, key=lambda live: str(live.attributes["created"]))

    @staticmethod
    def _live(context: Context, item: Mapping[str, Any], address: str, owner: str) -> Live:
        pool, id_ = item["UserPoolId"], item["ClientId"]
        client = context.aws.read("cognito-idp", "describe_user_pool_client", UserPoolId=pool, ClientId=id_)
        shown = client["UserPoolClient"]
        # Without the code flow and `openid` no address of a client is ever come back to.
        signs_in = shown.get("AllowedOAuthFlowsUserPoolClient") and all(
            set(SIGN_IN[key]) <= set(shown.get(key, ()))
            for key in ("AllowedOAuthFlows", "AllowedOAuthScopes", "SupportedIdentityProviders")
        )
        properties = {
            "name": shown["ClientName"],
            "pool": pool,
            "callback_urls": sorted(shown.get("CallbackURLs", ())) if signs_in else [],
            "secret": bool(shown.get("ClientSecret")),
        }
        attributes = {"id": id_, "client_id": id_, "created": str(shown.get("CreationDate", ""))}
        return Live(address, id_, properties, attributes, owner)

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """AWS would make a second one of the name, so this is never sent twice."""
        answer = context.aws.once(
            "cognito-idp",
            "create_user_pool_client",
            UserPoolId=properties["pool"],
            GenerateSecret=bool(properties.get("secret")),
            **self._content(properties),
        )
        return str(answer["UserPoolClient"]["ClientId"])

    @staticmethod
    def _content(properties: Properties) -> dict[str, Any]:
        urls = list(properties.get("callback_urls") or ())
        return {"ClientName": properties["name"], "CallbackURLs": urls, **(SIGN_IN if urls else {})}

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """What is not told again goes back to its default, so all is told."""
        content = self._content(properties)
        pool = live.properties["pool"]
        context.aws.write("cognito-idp", "update_user_pool_client", UserPoolId=pool, ClientId=live.id, **content)

    def delete(self, context: Context, live: Live) -> None:
        """By pool and id."""
        pool = live.properties["pool"]
        with ignoring(*_user_pools.GONE):
            context.aws.write("cognito-idp", "delete_user_pool_client", UserPoolId=pool, ClientId=live.id)
