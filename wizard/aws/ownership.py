"""Tags as the record of what is ours, and the index of them that the tagging API keeps for a whole deployment."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping

from wizard.engine.kind import ADDRESS_TAG, DEPLOYMENT_TAG, Calls


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as most services take them: `[{"Key": …, "Value": …}]`."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def ecs_tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as ECS takes them: `[{"key": …, "value": …}]`."""
    return [{"key": key, "value": value} for key, value in tags.items()]


def tag_map(tags: Iterable[Mapping[str, str]] | None) -> dict[str, str]:
    """Tags from either list form as a mapping."""
    return {tag.get("Key", tag.get("key", "")): tag.get("Value", tag.get("value", "")) for tag in tags or ()}


def _is_of_a_service(arn: str, tags: Mapping[str, str]) -> bool:
    """Whether it is a task that carries the tags of its service (propagateTags), the address included."""
    return ":task/" in arn and tags.get(ADDRESS_TAG, "").partition(".")[0].endswith("service")


class TagIndex:
    """Everything that carries a deployment's tag, by one paged call made on first use. It lags behind AWS."""

    def __init__(self, aws: Calls, deployment: str) -> None:
        self._aws = aws
        self._deployment = deployment
        self._lock = threading.Lock()
        self._tags: dict[str, dict[str, str]] | None = None

    def _load(self) -> dict[str, dict[str, str]]:
        with self._lock:
            if self._tags is None:
                filters = [{"Key": DEPLOYMENT_TAG, "Values": [self._deployment]}]
                found = self._aws.pages(
                    "resourcegroupstaggingapi", "get_resources", "ResourceTagMappingList", TagFilters=filters
                )
                tags = {item["ResourceARN"]: tag_map(item["Tags"]) for item in found}
                self._tags = {arn: each for arn, each in tags.items() if not _is_of_a_service(arn, each)}
            return self._tags

    def arns(self, kind: str) -> Mapping[str, str]:
        """ARN by address for one kind; of two with one address, the last listed."""
        found = self._load().items()
        return {tags[ADDRESS_TAG]: arn for arn, tags in found if tags.get(ADDRESS_TAG, "").split(".")[0] == kind}

    def tags(self, arn: str) -> Mapping[str, str] | None:
        """Tags of an ARN, None when the index does not list it."""
        return self._load().get(arn)
