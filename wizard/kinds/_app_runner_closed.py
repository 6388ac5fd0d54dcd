"""How an account learns that App Runner does not take it, and what it can do instead."""

from __future__ import annotations

from wizard.errors import AwsError, NeedsPerson, PilotageError

CODES = ("AccessDeniedException", "SubscriptionRequiredException", "OptInRequired")
"""AWS does not document which error a new customer gets (aws-2026.md §1)."""
CLOSED_WORDS = "no longer open to new customers"
LACKING = "not authorized to perform"
"""Only a missing permission is told in these words."""


def said_unless_closed(address: str, error: AwsError) -> PilotageError:
    """The error itself, or what it means when App Runner is closed to this account."""
    closed = CLOSED_WORDS in error.message or (error.code in CODES and LACKING not in error.message)
    if not closed:
        return error
    return NeedsPerson(
        f"{address}: App Runner is closed to this account",
        evidence=f"{error.code}: {error.message} AWS has taken no new customers since 30 April 2026; an account that "
        "had services before goes on.",
        safe="nothing of App Runner was made; what else was made stays and is recorded",
        next_step="write `kind: ecs-express` for this service, as in blueprints/carepolicy-hub-express.yaml, or "
        "`kind: ecs-fargate`; then run the same command again",
    )
