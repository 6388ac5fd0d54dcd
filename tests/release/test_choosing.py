"""Which revision a rollback goes to, and what it says about those that it passes over."""

from __future__ import annotations

from typing import Any

import pytest

from wizard.errors import ExitCode, NeedsPerson, PilotageError
from wizard.release.readiness import Can, Finding, Readiness, summed
from wizard.release.revision import Outcome, Revision
from wizard.release.rollback_plan import choose
from wizard.release.service_ref import Platform, ServiceRef

REF = ServiceRef(Platform.ECS, "api", "arn", "main", "shop/prod", "api")
YES = Readiness(Can.YES, (Finding.there("all"),))
NO = summed([Finding.broken("image", "the image is gone"), Finding.there("role")])
UNKNOWN = summed([Finding.unclear("image", "ghcr.io cannot be asked")])


def revision(number: int, outcome: Outcome = Outcome.WORKED, **more: Any) -> Revision:
    plain: dict[str, Any] = {"origin": number}
    return Revision(f"arn:{number}", number, f"api:{number}", outcome=outcome, **(plain | more))


NOW = revision(9, serving=True)


def chosen(*others: tuple[Revision, Readiness], to: str = "") -> tuple[int, dict[int, str]]:
    found = [NOW, *(one for one, _ in others)]
    ready = {one.id: readiness for one, readiness in others} | {NOW.id: YES}
    choice = choose(REF, found, ready, to)
    return choice.target.number, {one.number: one.words() for one in choice.skipped}


def test_the_newest_that_worked_and_can_start_is_taken() -> None:
    assert chosen((revision(8), YES), (revision(7), YES)) == (8, {})


@pytest.mark.parametrize(
    ("passed_over", "ready", "reason"),
    [
        (revision(8), NO, "the image is gone"),
        (revision(8), UNKNOWN, "ghcr.io cannot be asked"),
        (revision(8, Outcome.FAILED, outcome_reason="circuit breaker"), YES, "it never worked: circuit breaker"),
        (revision(8, Outcome.UNKNOWN), YES, "nobody knows whether it ever worked"),
        (revision(8, left="for 7 by ana"), YES, "a rollback left it: for 7 by ana"),
        (revision(10), YES, "it is newer than what runs"),
        (revision(10, origin=9), YES, "it is the same as what runs"),
        (revision(8, Outcome.IN_PROGRESS), YES, "it is only just being deployed"),
    ],
)
def test_one_that_is_passed_over_is_named_with_its_reason_on_one_line(
    passed_over: Revision, ready: Readiness, reason: str
) -> None:
    target, skipped = chosen((passed_over, ready), (revision(7), YES))
    assert target == 7
    assert skipped[passed_over.number].startswith(f"revision {passed_over.number} is skipped: ")
    assert reason in skipped[passed_over.number]
    assert "\n" not in skipped[passed_over.number]


def test_what_is_not_known_is_taken_only_when_nothing_better_is_there() -> None:
    assert chosen((revision(8), UNKNOWN), (revision(7), NO))[0] == 8


def test_a_copy_counts_as_the_revision_that_it_repeats() -> None:
    copy = revision(9, serving=True, origin=5)
    found = [copy, revision(8), revision(5, status="INACTIVE"), revision(4)]
    choice = choose(REF, found, {one.id: YES for one in found})
    assert choice.target.number == 4


@pytest.mark.parametrize(
    ("to", "ready", "code"), [("8", NO, ExitCode.PREFLIGHT), ("77", YES, ExitCode.USAGE), ("x", YES, ExitCode.USAGE)]
)
def test_a_named_one_is_refused_when_it_cannot_start_or_does_not_exist(
    to: str, ready: Readiness, code: ExitCode
) -> None:
    with pytest.raises(PilotageError) as refused:
        chosen((revision(8), ready), to=to)
    assert (refused.value.exit_code, refused.value.safe) == (code, "nothing was changed")


def test_a_named_one_may_be_one_that_was_left_or_failed_or_is_newer() -> None:
    assert chosen((revision(10, Outcome.FAILED, left="for 9"), UNKNOWN), to="10")[0] == 10
    assert chosen((revision(8), YES), to="api:8")[0] == 8


def test_a_number_means_the_family_that_runs() -> None:
    other = Revision("arn:old:8", 8, "old-api:8", outcome=Outcome.WORKED, origin=8)
    found = [NOW, other, revision(8)]
    assert choose(REF, found, {one.id: YES for one in found}, "8").target.label == "api:8"


def test_when_there_is_none_each_is_named_with_its_reason() -> None:
    with pytest.raises(NeedsPerson) as refused:
        chosen((revision(8), NO), (revision(7, Outcome.FAILED), YES))
    assert refused.value.evidence.splitlines() == [
        "revision 8 is skipped: the image is gone",
        "revision 7 is skipped: it never worked",
    ]


def test_nothing_looked_at_is_unknown_and_one_no_outweighs_all_else() -> None:
    assert summed([]).can is Can.UNKNOWN
    assert summed([Finding.there("a"), Finding.unclear("b", "b?"), Finding.broken("c", "c!")]).reason == "c!"
