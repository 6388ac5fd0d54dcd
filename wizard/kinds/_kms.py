"""KMS keys found again: by alias, and by tags when the alias is not there yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wizard.engine.kind import Context
from wizard.errors import AwsError
from wizard.kinds._named import Tags, ignoring

GONE = ("NotFoundException", "KMSInvalidStateException")
OF_AWS = "alias/aws/"
NOT_OURS = ("AccessDeniedException", "NotFoundException")


def aliases(context: Context) -> dict[str, str]:
    """Key id by alias, of the whole region."""
    found = context.aws.pages("kms", "list_aliases", "Aliases")
    return {one["AliasName"]: one["TargetKeyId"] for one in found if one.get("TargetKeyId")}


def tags_of_key(context: Context, key: str) -> Tags:
    """Its tags, asked directly: the index lags."""
    found = context.aws.pages("kms", "list_resource_tags", "Tags", KeyId=key)
    return {tag["TagKey"]: tag["TagValue"] for tag in found}


def tagged_keys(context: Context, by_alias: Mapping[str, str]) -> Iterator[tuple[str, Tags]]:
    """Every key of the account that shows its tags to us, AWS's own left out: KMS cannot search by tag."""
    of_aws = {key for alias, key in by_alias.items() if alias.startswith(OF_AWS)}
    for listed in context.aws.pages("kms", "list_keys", "Keys"):
        if listed["KeyId"] in of_aws:
            continue
        try:
            yield listed["KeyId"], tags_of_key(context, listed["KeyId"])
        except AwsError as error:
            if error.code not in NOT_OURS:
                raise


def metadata(context: Context, key: str) -> Mapping[str, object] | None:
    """What DescribeKey answers; None when there is no such key."""
    with ignoring("NotFoundException"):
        found: Mapping[str, object] = context.aws.read("kms", "describe_key", KeyId=key)["KeyMetadata"]
        return found
    return None
