"""The readiness of revisions of an ECS or Express service: all that they need, asked once, in few calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain

from wizard.aws.memory import RememberedReads
from wizard.engine.kind import Calls
from wizard.release import ready_images, ready_places, ready_secrets
from wizard.release.finding import together
from wizard.release.needs import Need, Sort, needs_of, of_sort
from wizard.release.readiness import Can, Finding, Place, Readiness, summed
from wizard.release.ready_fit import findings_about_fit
from wizard.release.revision import Outcome, Revision
from wizard.release.service_ref import Platform
from wizard.release.standing import Standing

Ask = Callable[[Place, Sequence[Need]], dict[Need, Finding]]
ASKED: Mapping[Sort, Ask] = {
    Sort.SECRET: ready_secrets.findings_about_secrets,
    Sort.PARAMETER: ready_secrets.findings_about_parameters,
    Sort.ROLE: ready_places.findings_about_roles,
    Sort.LOG_GROUP: ready_places.findings_about_log_groups,
    Sort.FILE_SYSTEM: ready_places.findings_about_file_systems,
    Sort.ACCESS_POINT: ready_places.findings_about_access_points,
}
IAM_ACTIONS = (*ready_images.IAM_ACTIONS, *ready_secrets.IAM_ACTIONS, *ready_places.IAM_ACTIONS)


def readiness_of(aws: Calls, standing: Standing, revisions: Iterable[Revision]) -> dict[str, Readiness]:
    """For each revision by its id. Raises `AmbiguousAnswer` when AWS cannot be reached; a refusal is "unknown"."""
    several = list(revisions)
    place = Place.of(RememberedReads(aws), standing.ref.arn)
    needs = {one.id: list(needs_of(one)) for one in several}
    answers = _answers(place, list(chain.from_iterable(needs.values())), _architectures(several, needs))
    shared = ready_places.findings_about_network(place, standing.service)
    groups = ready_places.target_groups(place, _group_arns(standing))
    found = {}
    for one in several:
        fit = findings_about_fit(one, standing.service, groups)
        findings = [*fit, *shared, *(answers[need] for need in needs[one.id])]
        found[one.id] = summed(findings, _notes(one, standing))
    return found


def _answers(place: Place, needs: Sequence[Need], architectures: Mapping[Need, str]) -> dict[Need, Finding]:
    def images(_: Sort) -> dict[Need, Finding]:
        return ready_images.findings_about(place, of_sort(needs, Sort.IMAGE), architectures)

    def others(sort: Sort) -> dict[Need, Finding]:
        return ASKED[sort](place, of_sort(needs, sort))

    jobs = [(images, Sort.IMAGE), *((others, sort) for sort in ASKED)]
    found = {
        need: finding for answers in together(lambda job: job[0](job[1]), jobs) for need, finding in answers.items()
    }
    for need in of_sort(needs, Sort.SETTINGS):
        found[need] = Finding.unclear(need.name, f"{need.name} is not a thing that can be looked up from here")
    return found


def _architectures(revisions: Iterable[Revision], needs: Mapping[str, Sequence[Need]]) -> dict[Need, str]:
    return {
        need: (one.definition.get("runtimePlatform") or {}).get("cpuArchitecture", "X86_64")
        for one in revisions
        for need in needs[one.id]
        if need.sort is Sort.IMAGE
    }


def _group_arns(standing: Standing) -> Iterable[str]:
    for balancer in standing.service.get("loadBalancers") or ():
        yield from filter(None, [balancer.get("targetGroupArn")])
        yield from filter(None, [(balancer.get("advancedConfiguration") or {}).get("alternateTargetGroupArn")])


def _notes(revision: Revision, standing: Standing) -> tuple[str, ...]:
    """What does not keep it from starting, but whoever decides must know."""
    notes = []
    if revision.status in ("INACTIVE", "DELETE_IN_PROGRESS") and standing.ref.platform is Platform.ECS:
        notes.append(f"{revision.label} is {revision.status}, so it is registered again as it was")
    current = standing.current
    if current and current.origin > revision.origin:
        later = [one for one in standing.revisions if revision.origin < one.origin <= current.origin]
        if migrated := next((one for one in later if one.migration and one.outcome is not Outcome.UNKNOWN), None):
            notes.append(
                f"the database was changed after it: {migrated.label} ran `{migrated.migration}`, and going back does "
                "not undo that"
            )
    return tuple(notes)


def can_start(readiness: Readiness | None) -> bool:
    """Whether it is known that it could start."""
    return readiness is not None and readiness.can is Can.YES
