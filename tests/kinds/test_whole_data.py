"""The real engine over all kinds of data together: made, seen as made, changed in place, removed with backups."""

from __future__ import annotations

import dataclasses
import threading
from pathlib import Path
from typing import Any

from tests.kinds.cases import data as world
from tests.kinds.cases.compute import sensitive
from tests.kinds.driver import DEPLOYMENT, Account
from wizard.engine.apply import apply_plan, remove_all
from wizard.engine.events import EventStream
from wizard.engine.graph import Graph, Resource
from wizard.engine.journal import Journal
from wizard.engine.plan import Action, Plan, make_plan
from wizard.engine.site import Site
from wizard.engine.values import SecretInput, Sensitive
from wizard.kinds.registry import all_kinds

DATA = {"db_instance", "db_cluster", "kms_key", "file_system", "table"}
"""Kinds that nothing deletes without being asked by name."""


def no_secret(_wanted: SecretInput) -> Sensitive | None:
    return None


def example(kind: str, **other: Any) -> Resource:
    """The example of the contract test, with other properties."""
    case = next(case for case in world.CASES if case.kind == kind)
    return Resource(kind, "main", {**case.properties, **other})


def graph(**other: dict[str, Any]) -> Graph:
    """A database of each sort, files, a table, a queue and a parameter, all under one key."""
    key = example("kms_key", **other.get("kms_key", {}))
    mine = {"kms_key": key.ref("arn")}
    secret = Resource(
        "secret",
        "password",
        {
            "name": "shop/dev/password",
            "value": SecretInput("P", generate=24),
            "description": "",
            **other.get("secret", {}),
        },
    )
    database = {**mine, "password": secret.ref("value"), **other.get("db_instance", {})}
    files = example("file_system", **mine)
    target = {"file_system": files.ref("id")}
    return Graph.of(
        [
            *world.PLACE,
            *world.POSTGRES,
            *world.DOCUMENTS,
            key,
            secret,
            example("db_instance", **database),
            Resource("db_cluster", "main", {**world.CLUSTER.properties, "password": secret.ref("value"), **mine}),
            example("db_cluster_instance"),
            files,
            example("mount_target", **target),
            example("access_point", **target),
            example("table", **mine, **other.get("table", {})),
            *world.DEAD,
            example("queue", encryption=key.ref("arn")),
            example("parameter", **mine),
        ]
    )


def site(account: Account, folder: Path) -> Site:
    """A run."""
    context = account.context()
    journal = Journal(folder / "run.jsonl")
    return Site(context, all_kinds(), journal, EventStream("run1", context.clock), no_secret, threading.Event())


def plan(account: Account, wanted: Graph) -> Plan:
    return make_plan(wanted, all_kinds(), account.context(), no_secret)


def needed(plan: Plan) -> dict[str, Action]:
    return {change.address: change.action for change in plan.changes if change.action is not Action.NO_OP}


def test_data_is_made_seen_as_made_changed_in_place_and_removed_with_backups(account: Account, tmp_path: Path) -> None:
    first = graph()
    outcome, _ = apply_plan(first, plan(account, first), site(account, tmp_path / "apply"))
    assert outcome.errors == {}
    assert needed(plan(account, first)) == {}

    second = graph(
        secret={"value": sensitive("given-later-by-a-person")},
        db_instance={"instance_class": "db.t4g.small", "deletion_protection": False},
        table={"deletion_protection": True, "pitr": False, "ttl": ""},
    )
    changes = plan(account, second)
    assert needed(changes) == dict.fromkeys(
        ("secret.password", "db_instance.main", "db_cluster.main", "table.main"), Action.UPDATE
    )
    outcome, lives = apply_plan(second, changes, site(account, tmp_path / "change"))
    assert outcome.errors == {}
    assert needed(plan(account, second)) == {}

    made = {address: live for address, live in lives.items() if live.owner == DEPLOYMENT}
    databases = {address: live for address, live in made.items() if address.split(".")[0] in DATA}
    _, kept = remove_all(site(account, tmp_path / "unasked"), databases)
    assert kept.keys() == databases.keys()
    asked = dataclasses.replace(site(account, tmp_path / "destroy"), may_delete_data=True)
    outcome, kept = remove_all(asked, made)
    assert (outcome.errors, kept) == ({}, {})
    kinds = {address.split(".")[0] for address in made}
    assert [live for kind in kinds for live in all_kinds()[kind].read_many(account.context(), {})] == []
