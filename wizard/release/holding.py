"""Puts the hold on a service, and takes it away."""

from __future__ import annotations

from wizard.engine.kind import Calls
from wizard.errors import AmbiguousAnswer, AwsError
from wizard.release.claim import tag, tags_of, untag
from wizard.release.hold import TAG, Hold, read_hold
from wizard.release.service_ref import ServiceRef

IAM_ACTIONS = (
    "ecs:DescribeServices",
    "ecs:TagResource",
    "ecs:UntagResource",
    "apprunner:ListTagsForResource",
    "apprunner:TagResource",
    "apprunner:UntagResource",
)


def hold(aws: Calls, ref: ServiceRef, wanted: Hold) -> bool:
    """Hold a service; False when AWS refuses."""
    try:
        insist_on_hold(aws, ref, wanted)
    except AmbiguousAnswer:
        raise
    except AwsError:
        return False
    return True


def insist_on_hold(aws: Calls, ref: ServiceRef, wanted: Hold) -> None:
    """Hold a service; raises `AwsError` when AWS refuses."""
    tag(aws, ref, {TAG: wanted.value})


def let_go(aws: Calls, ref: ServiceRef) -> Hold | None:
    """Take the hold away, also one whose time has passed; None when there was none."""
    value = tags_of(aws, ref).get(TAG)
    if value is None:
        return None
    untag(aws, ref, [TAG])
    return read_hold(value)
