"""A private ECR repository, one for all environments of an application."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import tag_list, tag_map
from wizard.engine.kind import ADDRESS_TAG, DEPLOYMENT_TAG, Context, Identity, Kind, Live, Properties
from wizard.errors import AwsError
from wizard.kinds._named import Tags, addresses_by_name, ignoring, owner_of, with_surplus

USED_BY = "pilotage:used-by:"
"""Tag key, followed by the environment; its value is the deployment."""
GONE = "RepositoryNotFoundException"


class Repository(Kind):
    """The environment that comes first makes it and every one marks its use; the last one out may delete it."""

    name = "repository"
    title = "image repository"
    identity = Identity.NAMED
    found_by = frozenset({"name"})
    immutable = frozenset({"name", "encryption"})
    data = True
    shared_in_app = True
    iam = {
        "read": ("ecr:DescribeRepositories", "ecr:ListTagsForResource"),
        "create": ("ecr:CreateRepository", "ecr:TagResource"),
        "update": ("ecr:PutImageScanningConfiguration", "ecr:PutImageTagMutability", "ecr:TagResource"),
        "delete": ("ecr:ListTagsForResource", "ecr:TagResource", "ecr:UntagResource", "ecr:DeleteRepository"),
    }

    def problems(self, properties: Properties) -> list[str]:
        """The name: lower case, in segments."""
        name = properties.get("name")
        segment = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
        if isinstance(name, str) and not (2 <= len(name) <= 256 and re.fullmatch(rf"{segment}(?:/{segment})*", name)):
            return [f"the repository name {name!r} must be 2-256 lower-case letters and digits, parted by . _ - or /"]
        return []

    def monthly_usd(self, properties: Properties) -> float | None:
        """Paid by the gigabyte kept (0.10)."""
        return 0.0

    def read_many(self, context: Context, wanted: Mapping[str, Properties]) -> list[Live]:
        """One DescribeRepositories; tags are asked directly unless this environment is the only user."""
        addresses = with_surplus(context, self.name, addresses_by_name(wanted), "/")
        names = list(addresses)
        found = sorted(_described(context, names), key=lambda one: names.index(one["repositoryName"]))
        return [self._live(context, one, addresses[one["repositoryName"]]) for one in found]

    @staticmethod
    def _live(context: Context, repository: Mapping[str, Any], address: str) -> Live:
        arn, uri, name = repository["repositoryArn"], repository["repositoryUri"], repository["repositoryName"]
        indexed = context.index.tags(arn) or {}
        # The index lags, and marks come and go: only a repository with no mark but ours cannot be left to another.
        alone = [key for key in indexed if key.startswith(USED_BY)] == [_mark(context)]
        tags = indexed if alone else _tags(context, arn)
        used = tags.get(_mark(context)) == context.scope.deployment
        encryption = repository.get("encryptionConfiguration", {})
        properties = {
            "name": name,
            "scan_on_push": repository.get("imageScanningConfiguration", {}).get("scanOnPush", False),
            "immutable_tags": repository.get("imageTagMutability", "MUTABLE") == "IMMUTABLE",
            "encryption": encryption.get("kmsKey") or "aes256",
            "user": used,
        }
        attributes = {"id": name, "arn": arn, "uri": uri, "name": name}
        owner = context.scope.deployment if used else owner_of(tags)
        # Without our mark it is another environment's: after we leave, the one that we used is gone.
        id_ = name if owner == context.scope.deployment else f"{name} of {owner or 'nobody'}"
        return Live(address, id_, properties, attributes, owner)

    def create(self, context: Context, address: str, properties: Properties, token: str) -> str:
        """Everything goes into the one call, the mark of this environment included."""
        key = properties.get("encryption") or "aes256"
        encryption = {"encryptionType": "AES256"} if key == "aes256" else {"encryptionType": "KMS", "kmsKey": key}
        with ignoring("RepositoryAlreadyExistsException"):
            context.aws.write(
                "ecr",
                "create_repository",
                repositoryName=properties["name"],
                imageScanningConfiguration={"scanOnPush": bool(properties.get("scan_on_push"))},
                imageTagMutability=_mutability(properties),
                encryptionConfiguration=encryption,
                tags=tag_list(context.scope.tags(address) | {_mark(context): context.scope.deployment}),
            )
        return str(properties["name"])

    def update(self, context: Context, live: Live, properties: Properties, changed: frozenset[str]) -> None:
        """Settings, and the mark of an environment that begins to use it."""
        aws = context.aws
        if "scan_on_push" in changed:
            scanning = {"scanOnPush": bool(properties["scan_on_push"])}
            aws.write(
                "ecr",
                "put_image_scanning_configuration",
                repositoryName=live.attributes["name"],
                imageScanningConfiguration=scanning,
            )
        if "immutable_tags" in changed:
            mutability = _mutability(properties)
            aws.write(
                "ecr", "put_image_tag_mutability", repositoryName=live.attributes["name"], imageTagMutability=mutability
            )
        if "user" in changed:
            tags = tag_list({_mark(context): context.scope.deployment})
            aws.write("ecr", "tag_resource", resourceArn=live.attributes["arn"], tags=tags)

    def delete(self, context: Context, live: Live) -> None:
        """Take this environment's mark away; with no other mark left, delete it and its images."""
        arn, aws = live.attributes["arn"], context.aws
        with ignoring(GONE):
            tags = _tags(context, arn)
            mine = context.scope.deployment
            others = sorted(value for key, value in tags.items() if key.startswith(USED_BY) and value != mine)
            if not others:
                aws.write("ecr", "delete_repository", repositoryName=live.attributes["name"], force=True)
                return
            if owner_of(tags) == mine:
                # It must belong to somebody that uses it, or nobody would find it any more.
                heir = tag_list({DEPLOYMENT_TAG: others[0], ADDRESS_TAG: live.address})
                aws.write("ecr", "tag_resource", resourceArn=arn, tags=heir)
            aws.write("ecr", "untag_resource", resourceArn=arn, tagKeys=[_mark(context)])


def _described(context: Context, names: list[str]) -> list[Mapping[str, Any]]:
    """The repositories that exist. One absent name fails the whole call, so then each is asked for."""
    if not names:
        return []
    try:
        return list(context.aws.read("ecr", "describe_repositories", repositoryNames=names)["repositories"])
    except AwsError as error:
        if error.code != GONE:
            raise
    return [one for name in names for one in _described(context, [name])] if len(names) > 1 else []


def _tags(context: Context, arn: str) -> Tags:
    return tag_map(context.aws.read("ecr", "list_tags_for_resource", resourceArn=arn)["tags"])


def _mark(context: Context) -> str:
    return USED_BY + context.scope.deployment.partition("/")[2]


def _mutability(properties: Properties) -> str:
    return "IMMUTABLE" if properties.get("immutable_tags") else "MUTABLE"
