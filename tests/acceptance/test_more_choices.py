"""Choices that no starter makes, as another program runs them: made, found unchanged, and taken down without a trace.

The starters themselves are in tests/systems.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.practice import Practice, is_left

SNAPSHOTS = ("snapshot", "cluster-snapshot")
KEPT = {
    "task_definition",
    "secret",
    "kms_key",
    "db_instance",
    "db_cluster",
    "table",
    "oidc_provider",
    "subscription",
    "s3://pilotage-000000000000-us-east-1-an",
}
"""What CONTRACT §8 lets stay, by the kind in its address: the database's is its final snapshot."""


def test_a_mongo_uri_that_is_given_once_stays_the_database_of_later_runs(practice: Practice) -> None:
    made = practice.replay("fasttriage.yaml", "--no-input", "--env", "prod")
    assert (made.code, made.last["verdict"]) == (0, "ok"), made.stderr + made.stdout[-2000:]
    assert not [item for item in practice.inventory() if item["service"] == "rds"]
    again = practice.run("replay", "blueprints/fasttriage.yaml", "--env", "prod", "--sandbox", "--yes", "--json")
    assert (again.code, again.last["verdict"]) == (0, "no_changes"), again.stdout[-2000:]
    _takes_everything_down(practice, "fasttriage/prod")


def _takes_everything_down(practice: Practice, name: str) -> None:
    gone = practice.run("destroy", name, "--sandbox", "--yes", "--yes-delete-data", "--json")
    assert (gone.code, gone.last["verdict"]) == (0, "ok"), gone.stderr + gone.stdout[-2000:]
    assert [item for item in practice.inventory() if is_left(item) and not _may_stay(item)] == []
    kept = gone.last["detail"]["kept"]
    assert {address.split(".")[0] for address in kept} <= KEPT
    assert all(kept.values())


def _may_stay(item: Mapping[str, Any]) -> bool:
    """A secret or key that is scheduled for deletion, or the final snapshot of a database."""
    going = item.get("deletion_date") or item.get("status") == "PendingDeletion"
    return bool(going) or (item["type"] in SNAPSHOTS and "-final-" in item["name"])


CHOICES = {
    "files, queue and table behind NAT": """
        network: {kind: new-vpc, tasks: private, nat: one, endpoints: [dynamodb]}
        storage: {files: {kind: efs}}
        broker: {kind: sqs}
        database: {kind: dynamodb}
        observability: {alarms: true, email: ops@example.com}
        delivery: {github: {repository: owner/shop}}
        services:
          web:
            containers: {web: {image: "ghcr.io/owner/shop:1", port: 8080, mounts: {files: /mnt/files}}}
            rights:
              - {to: broker, allow: [send, receive]}
              - {to: database, allow: [read, write]}
    """,
    "aurora in the default VPC, all sealed": """
        ingress: {kind: alb, host: shop.example.com, routes: [{service: web}]}
        database: {kind: aurora-postgres}
        storage: {files: {kind: s3}}
        hardening: {kms: true}
        secrets: {url: {composed: database-uri}, token: {generate: true, store: ssm}}
        services:
          web:
            spot: true
            containers:
              web: {image: "ghcr.io/owner/shop:1", port: 8080, secrets: {DATABASE_URL: url, TOKEN: token}}
    """,
}


@pytest.mark.parametrize("choice", CHOICES)
def test_choices_that_no_starter_makes_are_made_stay_and_leave_nothing(
    choice: str, practice: Practice, tmp_path: Path
) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text("blueprint: 1\nname: shop\nregion: us-east-1\n" + textwrap.dedent(CHOICES[choice]))
    command = ("replay", str(file), "--sandbox", "--yes", "--json")
    made = practice.run(*command)
    assert (made.code, made.last["verdict"]) == (0, "ok"), made.stderr + made.stdout[-2000:]
    before = practice.last_call()
    again = practice.run(*command)
    assert (again.code, again.last["verdict"]) == (0, "no_changes"), again.stdout[-2000:]
    assert [call for call in practice.calls_since(before) if call["mutating"]] == []
    _takes_everything_down(practice, "shop/main")
