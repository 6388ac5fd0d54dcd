"""Registers a revision again as it was, with its images by digest: `:latest` resolved once more is no way back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.aws.ownership import ecs_tag_list
from wizard.engine.kind import RUN_TAG, WHY_TAG, Calls
from wizard.release.hold import tag_text
from wizard.release.notes import COPY_TAG, LEFT_TAG, OUTCOME_TAG
from wizard.release.revision import Revision

TOLD_ONLY = frozenset(
    {
        "taskDefinitionArn",
        "revision",
        "status",
        "requiresAttributes",
        "compatibilities",
        "registeredAt",
        "registeredBy",
        "deregisteredAt",
        "deleteRequestedAt",
    }
)
"""What DescribeTaskDefinition tells and RegisterTaskDefinition does not take."""
OF_ITS_OWN = frozenset({OUTCOME_TAG, LEFT_TAG, COPY_TAG})
"""Notes on the original that are not true of a copy."""


def request_for_copy(revision: Revision, run: str, why: str) -> dict[str, Any]:
    """The parameters of RegisterTaskDefinition."""
    images = {image.container: image.pinned for image in revision.images}
    kept = {key: value for key, value in revision.definition.items() if key not in TOLD_ONLY}
    kept["containerDefinitions"] = [
        {**container, "image": images.get(container["name"], container["image"])}
        for container in revision.definition["containerDefinitions"]
    ]
    return kept | {"tags": ecs_tag_list(_tags(revision, run, why))}


def _tags(revision: Revision, run: str, why: str) -> Mapping[str, str]:
    kept = {key: value for key, value in revision.tags.items() if not key.startswith("aws:") and key not in OF_ITS_OWN}
    return kept | {
        RUN_TAG: run,
        WHY_TAG: tag_text(why or f"copy of {revision.number} for a rollback"),
        COPY_TAG: str(revision.origin),
    }


def register_copy(aws: Calls, revision: Revision, run: str, why: str) -> str:
    """The ARN of the copy. Sent once: after a lost answer `AmbiguousAnswer` is raised, and at most one is there."""
    answer = aws.once("ecs", "register_task_definition", **request_for_copy(revision, run, why))
    return str(answer["taskDefinition"]["taskDefinitionArn"])
