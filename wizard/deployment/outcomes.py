"""Writes down what became of each version that a run deployed, so that whoever must go back knows what worked.

On ECS the note is a tag of the task definition, on App Runner one of the service. Express Mode registers its own task
definitions; AWS's record of its deployments has to do. What AWS refuses to note is not noted: the run stands.
"""

from __future__ import annotations

from collections.abc import Mapping

from wizard.deployment.opening import Deployment
from wizard.engine.kind import Context, Live
from wizard.engine.plan import Action, Plan
from wizard.engine.runner import Outcome as Ran
from wizard.errors import AwsError
from wizard.release.claim import tag, untag
from wizard.release.finding import app_runner_service
from wizard.release.notes import OUTCOME_TAG, outcome_value, write
from wizard.release.revision import Outcome
from wizard.release.runner import image_of
from wizard.release.runner_history import digest_of, ran_value, tags_for_run


def note_outcomes(deployment: Deployment, context: Context, plan: Plan, ran: Ran, known: Mapping[str, Live]) -> None:
    """One call for each service whose version this run changed; two or three for one on App Runner."""
    for change in plan.changes:
        if change.action in (Action.NO_OP, Action.DELETE):
            continue
        worked, failed = change.address in ran.done, change.address in ran.errors
        if change.kind == "service" and (worked or failed):
            _on_definition(context, change.address, known, Outcome.WORKED if worked else Outcome.FAILED)
        elif change.kind == "app_runner_service" and worked:
            _on_runner(deployment, context, known.get(change.address))


def _on_definition(context: Context, address: str, known: Mapping[str, Live], outcome: Outcome) -> None:
    definition = known.get(f"task_definition.{address.partition('.')[2]}")
    if definition:
        arn = str(definition.attributes["arn"])
        write(context.aws, arn, {OUTCOME_TAG: outcome_value(outcome, context.clock.now())})


def _on_runner(deployment: Deployment, context: Context, live: Live | None) -> None:
    aws = context.aws
    try:
        found = app_runner_service(aws, live.id) if live else None
        digest = digest_of(aws, image_of(found.shown)) if found else ""
        if found is None or not digest:
            return
        version = deployment.request.tag or image_of(found.shown).rpartition("/")[2].partition("@")[0].partition(":")[2]
        who = deployment.connection.identity.arn.split(":")[-1]
        value = ran_value(digest, context.clock.now(), version, who, f"replay {context.scope.run}")
        written, surplus = tags_for_run(found.tags, value, digest)
        if written:
            tag(aws, found.ref, written)
        if surplus:
            untag(aws, found.ref, surplus)
    except AwsError:
        return
