"""What a release does before any request reaches it: migrations, and who may run them."""

from __future__ import annotations

from typing import Any

from tests.options.starters import expansion, graph, statements, written
from tests.options.test_graphs import check
from wizard.engine.graph import Graph
from wizard.engine.values import Ref, text
from wizard.options import expand

SHOP = """
blueprint: 1
name: shop
region: us-east-1
network: {kind: new-vpc, nat: one}
ingress: {kind: alb, host: shop.example.com, routes: [{service: web}]}
database: {kind: aurora-postgres}
secrets: {address: {composed: database-uri}}
delivery: {github: {repository: owner/shop}, keep_revisions: 4}
services:
  web:
    migrate: {container: web, command: [alembic, upgrade, head]}
    containers: {web: {image: {repository: web}, port: 8080, secrets: {DATABASE_URL: address}}}
  worker:
    containers: {worker: {image: {repository: web}, secrets: {DATABASE_URL: address}}}
"""


def shop(**given: Any) -> Graph:
    made = expand(expansion(written(SHOP), **given))
    check(made)
    return made


def test_a_migration_runs_where_its_service_runs_and_only_when_it_can_reach_the_database() -> None:
    made = shop()
    migration, service = made.resources["migration.web"], made.resources["service.web"]
    for name in ("cluster", "task_definition", "subnets", "security_groups", "public_ip"):
        assert migration.properties[name] == service.properties[name]
    assert migration.properties["command"] == ["alembic", "upgrade", "head"]
    assert made.dependencies("migration.web") >= {
        "db_cluster_instance.1",
        "security_group_rule.database-from-web",
        "security_group_rule.web-to-database",
        "route_table.private",
    }


def test_it_waits_for_no_listener_and_every_service_of_the_release_waits_for_it() -> None:
    made = shop()
    assert not [each for each in made.dependencies("migration.web") if each.startswith("listener")]
    assert "migration.web" in made.dependencies("service.web")
    assert "migration.web" in made.dependencies("service.worker")


def test_a_stand_in_for_an_image_has_nothing_to_migrate() -> None:
    made = shop(placeholder_images=True)
    assert "migration.web" not in made.resources
    assert "migration.web" not in made.dependencies("service.web")


def test_the_workflow_that_deploys_may_run_the_migration_and_no_other_task() -> None:
    allowed = statements(shop(), "deploy")
    assert allowed["RunOwnMigrations"] == (
        ["ecs:RunTask"],
        ["arn:aws:ecs:us-east-1:123456789012:task-definition/shop-main-web:*"],
    )
    (tasks,) = allowed["FollowOwnMigrations"][1]
    assert tasks == text("arn:aws:ecs:us-east-1:123456789012:task/{cluster}/*", cluster=Ref("cluster.main", "name"))


def test_no_starter_migrates_apart_from_its_start() -> None:
    assert not [each for each in graph("augmed", None).resources if each.startswith("migration.")]


def test_old_revisions_are_kept_as_many_as_asked_and_those_that_run() -> None:
    properties = shop().resources["task_definition.web"].properties
    assert properties["keep"] == 4
    assert properties["runs_in"] == {"cluster": "shop-main-cluster", "name": "shop-main-web"}
