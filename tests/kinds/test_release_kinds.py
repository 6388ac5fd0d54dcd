"""Old revisions go when new ones come, and a migration is run once for what it is, whatever is lost on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.practice import Practice
from tests.kinds.cases.compute import CLUSTER, NETWORK, NEXT, ROLE, WEB, container
from tests.kinds.cases.releases import MIGRATION
from tests.kinds.conftest import SCALE
from tests.kinds.driver import Account, Builder
from wizard.engine.graph import Resource
from wizard.engine.kind import Context, State
from wizard.engine.world import differences
from wizard.errors import AwsError, ExitCode
from wizard.kinds.registry import all_kinds

KIND = all_kinds()["migration"]
SERVICE = {
    "name": "web",
    "cluster": CLUSTER.ref("name"),
    "task_definition": WEB.ref("arn"),
    "count": 1,
    "subnets": MIGRATION["subnets"],
    "security_groups": MIGRATION["security_groups"],
    "public_ip": True,
}


def revision(number: int, keep: int) -> Resource:
    """One more revision of a family of which the service `web` runs some revision."""
    properties = {**WEB.properties, "keep": keep, "runs_in": {"cluster": "shop-dev", "name": "web"}}
    properties["containers"] = [container(environment=[{"name": "RELEASE", "value": str(number)}])]
    return Resource("task_definition", "web", properties)


def active(account: Account) -> list[int]:
    arns = account.aws.read("ecs", "list_task_definitions", familyPrefix="shop-dev-web", status="ACTIVE")
    return [int(arn.rpartition(":")[2]) for arn in arns["taskDefinitionArns"]]


@pytest.fixture
def builder(account: Account) -> Builder:
    made = Builder(account, account.context())
    made.build([*NETWORK, ROLE, CLUSTER, WEB, NEXT])
    return made


@pytest.fixture
def slowly(sandbox_home: Path) -> Iterator[None]:
    """A pace at which a task still runs when it is looked at."""
    practice = Practice(sandbox_home, SCALE)
    practice.control("POST", "clock", {"scale": 100})
    yield
    practice.control("POST", "clock", {"scale": SCALE})


def migrating(builder: Builder, **other: Any) -> Resource:
    return Resource("migration", "web", {**MIGRATION, "service": "web", **other})


def in_another_run(account: Account, run: str) -> Context:
    context = account.context()
    return replace(context, scope=replace(context.scope, run=run))


def ran(account: Account) -> int:
    return sum(call.operation == "RunTask" for call in account.calls)


def test_the_newest_old_revisions_stay_and_older_ones_go_with_the_next_release(account: Account) -> None:
    builder = Builder(account, account.context())
    builder.build([ROLE])
    for number in range(1, 6):
        builder.converge(revision(number, keep=2))
    assert active(account) == [3, 4, 5]


def test_the_revision_that_a_service_runs_stays_however_old_it_is(account: Account, builder: Builder) -> None:
    builder.converge(Resource("service", "web", SERVICE))
    for number in range(2, 6):
        builder.converge(revision(number, keep=2))
    assert active(account) == [1, 3, 4, 5]


def test_a_young_family_is_not_even_listed(account: Account) -> None:
    builder = Builder(account, account.context())
    builder.build([ROLE])
    for number in range(1, 4):
        builder.converge(revision(number, keep=10))
    assert "ListTaskDefinitions" not in [call.operation for call in account.calls]


def test_another_command_or_revision_is_another_migration(account: Account, builder: Builder) -> None:
    builder.converge(migrating(builder))
    builder.converge(migrating(builder))
    assert ran(account) == 1
    builder.converge(migrating(builder, command=["alembic", "upgrade", "+1"]))
    assert ran(account) == 2
    builder.converge(migrating(builder, task_definition=NEXT.ref("arn")))
    assert ran(account) == 3


def test_one_that_failed_is_told_of_in_its_run_and_tried_again_in_the_next(account: Account, builder: Builder) -> None:
    wanted = migrating(builder, command=["alembic", "fail"])
    desired = builder.resolved(wanted)
    KIND.create(builder.context, wanted.address, desired, "token-1")
    builder.context.clock.sleep(200)
    (live,) = builder.look(KIND, wanted.address, desired)
    assert {one.property for one in differences(KIND, desired, live)} == {"recorded"}
    failed = KIND.status(builder.context, live, desired)
    assert (failed.state, failed.exit_code) == (State.FAILED, ExitCode.NEEDS_PERSON)
    assert "exit code 1" in failed.detail["evidence"]
    (seen,) = KIND.read_many(in_another_run(account, "run2"), {wanted.address: desired})
    assert "task_definition" in {one.property for one in differences(KIND, desired, seen)}
    KIND.update(in_another_run(account, "run2"), seen, desired, frozenset({"task_definition"}))
    (again,) = KIND.read_many(in_another_run(account, "run2"), {wanted.address: desired})
    assert again.id != seen.id


def test_a_token_of_a_dead_run_starts_no_second_task(account: Account, builder: Builder) -> None:
    wanted = migrating(builder)
    desired = builder.resolved(wanted)
    KIND.create(builder.context, wanted.address, desired, "token-1")
    KIND.create(in_another_run(account, "run2"), wanted.address, desired, "token-1")
    tasks = [
        arn
        for state in ("RUNNING", "STOPPED")
        for arn in account.aws.read("ecs", "list_tasks", cluster="shop-dev", desiredStatus=state)["taskArns"]
    ]
    assert len(set(tasks)) == 1


def test_an_answer_without_a_task_is_a_refusal_that_is_waited_out(account: Account, builder: Builder) -> None:
    class NoRoom:
        def __getattr__(self, name: str) -> Any:
            return getattr(account.aws, name)

        def write(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
            return {"tasks": [], "failures": [{"reason": "Capacity is unavailable at this time."}]}

    wanted = migrating(builder)
    with pytest.raises(AwsError) as refused:
        KIND.create(account.context(aws=NoRoom()), wanted.address, builder.resolved(wanted), "token")
    assert any((rule.verb, rule.code) == ("create", refused.value.code) for rule in KIND.settling)
    assert "Capacity" in refused.value.message


def test_one_that_still_runs_is_stopped_when_it_is_no_longer_wanted(
    account: Account, builder: Builder, slowly: None
) -> None:
    wanted = migrating(builder)
    KIND.create(builder.context, wanted.address, builder.resolved(wanted), "token")
    (live,) = KIND.read_many(account.context(), {})
    assert live.address == wanted.address
    builder.remove(KIND, live)
    assert "StopTask" in [call.operation for call in account.calls]
    assert KIND.read_many(account.context(), {}) == []
