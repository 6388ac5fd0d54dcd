"""An OpenID Connect provider of IAM: whose tokens (GitHub's) may be exchanged for a role."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import tag_list, tag_map
from wizard.engine.kind import ADDRESS_TAG, DEPLOYMENT_TAG, RUN_TAG, Context, Identity, Kind, Live, Properties, Settling
from wizard.errors import AwsError
from wizard.kinds._named import ignoring, owner_of
from wizard.kinds._policy import document

GONE = ("NoSuchEntity", "NoSuchEntityException")


class OidcProvider(Kind):
    """An account has one for each URL, so all deployments share it: one that accepts our audience will do as it is.

    When ours is to be deleted and a role outside this deployment trusts it, it only loses our tags: from then on it
    is nobody's, and stays.
    """

    name = "oidc_provider"
    title = "OpenID Connect provider"
    identity = Identity.NAMED
    found_by = frozenset({"url"})
    immutable = frozenset({"url"})
    accepts_equal = True
    leaves_behind = "the provider itself, while a role outside this deployment trusts it"
    settling = (
        *(Settling(verb, "ConcurrentModification", "", 120) for verb in ("create", "update", "delete")),
        Settling("create", "OpenIdIdpCommunicationError", "", 120),
    )
    iam = {
        "read": ("iam:GetOpenIDConnectProvider",),
        "create": ("iam:CreateOpenIDConnectProvider", "iam:TagOpenIDConnectProvider"),
        "update": ("iam:AddClientIDToOpenIDConnectProvider",),
        "delete": ("iam:ListRoles", "iam:DeleteOpenIDConnectProvider", "iam:UntagOpenIDConnectProvider"),
    }

    def problems(self, properties: Properties) -> list[str]:
        """An https URL without port or query, and somebody whom the tokens are for."""
        found = []
        url, audiences = properties.get("url"), properties.get("audiences")
        if isinstance(url, str) and (not url.startswith("https://") or any(mark in url for mark in "?#")):
            found.append(f"url: {url} must begin with https:// and have no query")
        if isinstance(audiences, list) and not audiences:
            found.append("audiences: at least one is needed; for AWS it is sts.amazonaws.com")
        return found

    def monthly_usd(self, properties: Properties) -> float | None:
        """IAM is free."""
        return 0.0

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        """Audiences of others do not matter."""
        return set(desired) <= set(actual or ()) if name == "audiences" else bool(desired == actual)

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One read for each: the ARN follows from the URL."""
        addresses = {
            self._arn(context, one["url"]): address
            for address, one in wanted.items()
            if isinstance(one.get("url"), str)
        }
        for address, arn in context.index.arns(self.name).items() if context.neighbours else ():
            addresses.setdefault(arn, address)
        found = [self._live(context, arn, address) for arn, address in addresses.items()]
        return [live for live in found if live is not None]

    @staticmethod
    def _arn(context: Context, url: str) -> str:
        return context.scope.arn("iam", f"oidc-provider/{url.removeprefix('https://').rstrip('/')}", region=False)

    @staticmethod
    def _live(context: Context, arn: str, address: str) -> Live | None:
        try:
            item = context.aws.read("iam", "get_open_id_connect_provider", OpenIDConnectProviderArn=arn)
        except AwsError as error:
            if error.code not in GONE:
                raise
            return None
        properties = {"url": f"https://{item['Url']}", "audiences": sorted(item.get("ClientIDList", ()))}
        return Live(address, arn, properties, {"id": arn, "arn": arn}, owner_of(tag_map(item.get("Tags"))))

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """Without thumbprints: IAM checks well-known providers by its own list of authorities."""
        with ignoring("EntityAlreadyExists", "EntityAlreadyExistsException"):
            context.aws.write(
                "iam",
                "create_open_id_connect_provider",
                Url=properties["url"],
                ClientIDList=list(properties["audiences"]),
                Tags=tag_list(context.scope.tags(address)),
            )
        return self._arn(context, properties["url"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Audiences are only added: who else relies on the others cannot be known."""
        for audience in sorted(set(properties["audiences"]) - set(live.properties["audiences"])):
            context.aws.write(
                "iam",
                "add_client_id_to_open_id_connect_provider",
                OpenIDConnectProviderArn=live.id,
                ClientID=audience,
            )

    def delete(self, context: Context, live: Live) -> None:
        """Deleted when nobody else needs it, given away otherwise."""
        with ignoring(*GONE):
            if self._is_trusted_by_others(context, live.id):
                tags = [DEPLOYMENT_TAG, ADDRESS_TAG, RUN_TAG]
                context.aws.write(
                    "iam", "untag_open_id_connect_provider", OpenIDConnectProviderArn=live.id, TagKeys=tags
                )
            else:
                context.aws.write("iam", "delete_open_id_connect_provider", OpenIDConnectProviderArn=live.id)

    @staticmethod
    def _is_trusted_by_others(context: Context, arn: str) -> bool:
        """Whether a role outside the deployment's path names it in its trust policy."""
        ours = f"/pilotage/{context.scope.deployment}/"
        roles = context.aws.pages("iam", "list_roles", "Roles")
        return any(
            role["Path"] != ours and arn in json.dumps(document(role.get("AssumeRolePolicyDocument") or {}))
            for role in roles
        )
