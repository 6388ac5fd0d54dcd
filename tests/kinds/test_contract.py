"""What every kind promises the engine, driven as the engine does, for every case in `cases`.

That a verb calls only what its kind declares in `iam` is checked after each of these tests (`Stage`). The tests of one
case follow each other (conftest) and share what they leave standing; each can also be run alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.kinds.cases import Case, all_cases
from tests.kinds.driver import DEPLOYMENT, Account, Builder
from tests.kinds.stage import Scene, Stage
from wizard.engine.graph import Resource
from wizard.engine.kind import FoundKind, Identity, Kind, Live
from wizard.engine.values import UNKNOWN
from wizard.engine.world import differences
from wizard.errors import AmbiguousAnswer
from wizard.kinds.registry import all_kinds

CASES = all_cases()
MADE = [case for case in CASES if not isinstance(all_kinds()[case.kind], FoundKind)]
REPEATABLE = [case for case in MADE if all_kinds()[case.kind].identity in (Identity.NAMED, Identity.TOKENED)]
FOUND = [case for case in CASES if case not in MADE]
every_case = pytest.mark.parametrize("case", CASES, ids=str)
every_made_case = pytest.mark.parametrize("case", MADE, ids=str)


def kind_of(case: Case) -> Kind:
    return all_kinds()[case.kind]


def with_(case: Case, **other: Any) -> Resource:
    """The subject with other properties."""
    return Resource(case.kind, case.subject.name, {**case.properties, **other})


def same_address(builder: Builder, case: Case, resource: Resource | None = None) -> list[Live]:
    wanted = resource or case.subject
    return builder.look(kind_of(case), wanted.address, builder.resolved(wanted))


def partly_unknown(builder: Builder, case: Case) -> list[dict[str, Any]]:
    """The subject's properties while nothing of them is known, then each while one is not."""
    known = builder.resolved(case.subject)
    return [dict.fromkeys(known, UNKNOWN), *({**known, name: UNKNOWN} for name in known)]


class LosingAnswers:
    """Carries out the first change it is asked for and then says that the answer was lost."""

    def __init__(self, account: Account) -> None:
        self._aws = account.aws
        self.lost = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._aws, name)

    def write(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        return self._lose(self._aws.write, service, operation, params)

    def once(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        return self._lose(self._aws.once, service, operation, params)

    def _lose(self, call: Callable[..., dict[str, Any]], service: str, operation: str, params: Any) -> dict[str, Any]:
        answer = call(service, operation, **params)
        if not self.lost:
            self.lost = True
            raise AmbiguousAnswer(f"{service}:{operation}", "the connection was closed")
        return answer


def test_every_kind_has_a_case() -> None:
    assert {case.kind for case in CASES} == set(all_kinds())


@every_made_case
def test_a_case_gives_another_value_for_every_property(case: Case) -> None:
    kind = kind_of(case)
    changeable = case.properties.keys() - kind.immutable
    assert case.changes.keys() | case.constant >= changeable
    assert case.replacements.keys() | case.constant >= case.properties.keys() & kind.immutable
    assert not case.changes.keys() & kind.immutable


@every_case
def test_the_example_breaks_no_rule(case: Case) -> None:
    assert kind_of(case).problems(case.properties) == [] or any(True for _ in case.subject.refs)
    assert kind_of(case).problems(dict.fromkeys(case.properties, UNKNOWN)) == []


@every_case
def test_values_not_known_yet_find_nothing_where_nothing_is(stage: Stage, case: Case) -> None:
    with stage.world(case) as builder:
        for properties in partly_unknown(builder, case):
            found = builder.look(kind_of(case), case.subject.address, properties)
            assert found == [] or isinstance(kind_of(case), FoundKind)


@every_made_case
def test_a_lost_answer_ends_with_one_resource(stage: Stage, case: Case) -> None:
    with stage.world(case, leaves=Scene.MADE) as builder:
        fresh = builder.context
        losing = LosingAnswers(builder.account)
        builder.context = builder.account.context(aws=losing)
        builder.converge(case.subject)
        assert losing.lost
        builder.context = fresh
        assert len(same_address(builder, case)) == 1


@every_case
def test_values_not_known_yet_disturb_no_read(stage: Stage, case: Case) -> None:
    with stage.made(case) as builder:
        for properties in partly_unknown(builder, case):
            builder.look(kind_of(case), case.subject.address, properties)


@every_made_case
def test_ours_is_found_by_its_tag_and_another_deployment_sees_that_it_is_not_its_own(stage: Stage, case: Case) -> None:
    with stage.made(case) as builder:
        kind, live, account = kind_of(case), builder.lives[case.subject.address], builder.account
        if not case.needs_wanted:
            unasked = kind.read_many(account.context(), {})
            assert live.id in [one.id for one in unasked if one.address == live.address and one.owner == DEPLOYMENT]
        stranger = account.context("shop/prod")
        found = builder.look(kind, case.subject.address, builder.resolved(case.subject), stranger)
        assert all(one.owner != "shop/prod" for one in found)
        if kind.identity is Identity.NAMED:
            assert [one.owner for one in found] == [DEPLOYMENT]


@every_made_case
def test_another_value_of_what_cannot_change_shows_before_anything_is_sent(stage: Stage, case: Case) -> None:
    with stage.made(case) as builder:
        for name, value in case.replacements.items():
            wanted = with_(case, **{name: value})
            found = same_address(builder, case, wanted)
            shown = {
                one.property for live in found for one in differences(kind_of(case), builder.resolved(wanted), live)
            }
            assert not found or name in shown


@every_made_case
def test_what_was_made_reads_back_equal_and_changes_one_by_one(stage: Stage, case: Case) -> None:
    with stage.made(case, leaves=None) as builder:
        live = builder.lives[case.subject.address]
        assert live.owner == DEPLOYMENT
        assert live.attributes["id"]
        changed: dict[str, Any] = {}
        for name, value in case.changes.items():
            changed[name] = value
            wanted = with_(case, **changed)
            before = same_address(builder, case, wanted)[0]
            assert name in {one.property for one in differences(kind_of(case), builder.resolved(wanted), before)}
            after = builder.converge(wanted)
            assert after.id == live.id or kind_of(case).renewed_by_update


@pytest.mark.parametrize("case", REPEATABLE, ids=str)
def test_creating_again_by_name_or_token_gives_the_same_one(stage: Stage, case: Case) -> None:
    with stage.world(case, leaves=None) as builder:
        kind = kind_of(case)
        wanted = builder.resolved(case.subject)
        token = builder.context.token(case.subject.address)
        ids = {kind.create(builder.context, case.subject.address, wanted, token) for _ in range(2)}
        assert len(ids) == 1
        assert len(same_address(builder, case)) == 1


@every_made_case
def test_it_is_deleted_until_it_is_gone_and_deleting_again_is_no_error(stage: Stage, case: Case) -> None:
    with stage.world(case, leaves=None) as builder:
        live = builder.converge(with_(case, **case.changes))
        builder.context = builder.account.context()
        builder.remove(kind_of(case), live)
        kind_of(case).delete(builder.context, live)
        builder.context = builder.account.context()
        assert same_address(builder, case) == []


@pytest.mark.parametrize("case", FOUND, ids=str)
def test_what_is_looked_up_is_found_as_it_is_wanted(stage: Stage, case: Case) -> None:
    with stage.made(case) as builder:
        kind, live = kind_of(case), builder.lives[case.subject.address]
        assert isinstance(kind, FoundKind)
        assert live.attributes["id"]
        assert kind.missing(builder.resolved(case.subject))
