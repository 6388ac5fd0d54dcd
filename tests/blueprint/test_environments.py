"""Overlays, `--set`, and that every problem points at the line that causes it."""

from __future__ import annotations

import pytest

from tests.blueprint.samples import problems, sample, told
from wizard.blueprint.document import Document
from wizard.blueprint.environments import environment_names, problems_of, resolve
from wizard.blueprint.model import Alb, Blueprint, DocumentDb, EcsFargate
from wizard.blueprint.problems import BlueprintInvalid

LAYERS = """\
observability:
  log_days: 30
  alarms: true
database:
  kind: external
  secret: mongo
secrets:
  mongo: {}
environments:
  dev: {}
  prod:
    ingress:
      host: big.example.com
      routes:
        - {service: web, health: {path: /ready}}
    database:
      kind: documentdb
    observability:
      alarms: null
    services:
      web:
        count: 2
"""


def web(blueprint: Blueprint) -> EcsFargate:
    service = blueprint.services["web"]
    assert isinstance(service, EcsFargate)
    return service


def refusal(document: Document, env: str | None = None, *sets: str) -> str:
    with pytest.raises(BlueprintInvalid) as caught:
        resolve(document, env, sets)
    return told(list(caught.value.problems))


def test_a_blueprint_without_environments_has_one_called_main() -> None:
    assert environment_names(sample()) == ("main",)
    assert resolve(sample())[1] == "main"
    assert "there is no environment `dev`" in refusal(sample(), "dev")


def test_the_only_environment_need_not_be_chosen() -> None:
    blueprint, name = resolve(sample(add="environments: {live: {services: {web: {count: 3}}}}\n"))
    assert (name, web(blueprint).count) == ("live", 3)


def test_one_of_several_must_be_chosen_and_the_refusal_says_how() -> None:
    text = refusal(sample(add=LAYERS))
    assert "2 environments, dev and prod, and none is chosen" in text
    assert "--env dev" in text
    assert "PILOTAGE_ENV" in text
    assert "did you mean `prod`?" in refusal(sample(add=LAYERS), "prdo")


def test_sections_merge_lists_replace_and_null_removes() -> None:
    blueprint, _ = resolve(sample(add=LAYERS), "prod")
    assert isinstance(blueprint.ingress, Alb)
    assert blueprint.ingress.host == "big.example.com"
    assert [route.health.path for route in blueprint.ingress.routes] == ["/ready"]
    assert blueprint.observability.log_days == 30
    assert blueprint.observability.alarms is None
    assert web(blueprint).count == 2
    assert web(blueprint).containers["web"].port == 8080


def test_another_kind_replaces_the_whole_section() -> None:
    assert isinstance(resolve(sample(add=LAYERS), "prod")[0].database, DocumentDb)


def test_an_environment_that_changes_nothing_equals_the_base() -> None:
    blueprint, _ = resolve(sample(add=LAYERS), "dev")
    assert blueprint.database.kind == "external"
    assert blueprint.observability.alarms is not None


def test_a_mistake_in_an_overlay_is_shown_on_its_own_line_and_one_in_the_base_only_once() -> None:
    document = sample(
        replace=("port: 8080", "prt: 8080"),
        add="""\
        environments:
          dev:
            services:
              web:
                cpu: 300
          prod:
            ingress:
              wfa: true
        """,
    )
    found = [(each.line, each.message.partition(":")[0]) for each in problems_of(document)]
    assert found == [
        (14, "`prt` is not known in `services.web.containers.web`"),
        (19, "Fargate has no size with 300 CPU units and 512 MiB"),
        (22, "`wfa` is not known in `ingress`"),
    ]


def test_the_base_may_leave_to_the_environments_what_each_gives() -> None:
    hosts = "environments:\n  a: {ingress: {host: a.example.com}}\n  b: {ingress: {host: b.example.com}}\n"
    assert problems(replace=("  host: shop.example.com\n", ""), add=hosts) == []


def test_what_one_environment_lacks_is_told() -> None:
    hosts = "environments:\n  a: {ingress: {host: a.example.com}}\n  b: {}\n"
    assert "`host` is missing in `ingress`" in told(problems(replace=("  host: shop.example.com\n", ""), add=hosts))


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ("environments: dev\n", "a section with at least one environment is expected"),
        ("environments:\n", "a section with at least one environment is expected"),
        ("environments: {dev: 3}\n", "`environments.dev`: a section is expected"),
        ("environments: {Dev: {}}\n", "`Dev` is no name for an environment"),
        ("environments: {dev: {name: other}}\n", "`name` cannot differ between environments"),
        ("environments: {dev: {environments: {}}}\n", "`environments` cannot differ between environments"),
    ],
)
def test_environments_themselves_are_checked(section: str, words: str) -> None:
    assert words in told(problems(add=section))


def test_set_wins_over_the_file_and_is_typed_as_the_file_would_be() -> None:
    sets = [
        "services.web.count=3",
        "services.web.containers.web.environment.MODE=on",
        "ingress.waf=true",
        "ingress.routes.0.health.path=/up",
        "observability.alarms.cpu=70",
        "names.parts.service.web=front",
    ]
    blueprint, _ = resolve(sample(add="observability: {alarms: false}\n"), None, sets)
    assert isinstance(blueprint.ingress, Alb)
    assert web(blueprint).count == 3
    assert web(blueprint).containers["web"].environment == {"MODE": "on"}
    assert blueprint.ingress.waf
    assert blueprint.ingress.routes[0].health.path == "/up"
    assert blueprint.observability.alarms is not None
    assert blueprint.observability.alarms.cpu == 70
    assert blueprint.names.parts == {"service.web": "front"}


def test_set_comes_after_the_overlay() -> None:
    assert web(resolve(sample(add=LAYERS), "prod", ["services.web.count=5"])[0]).count == 5


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("services.web.cont=3", "did you mean `count`?"),
        ("services.wbe.count=3", "did you mean `web`?"),
        ("ingress.routes.7.path=/x", "`ingress.routes.7` is not in the blueprint"),
        ("name.first=x", "`name` is one value, with nothing inside"),
        ("nonsense", "KEY=VALUE is expected"),
        ("services.web.count=many", "a whole number is expected"),
        ("services.web.count=[", "--set:1:"),
    ],
)
def test_a_wrong_set_is_a_problem_of_the_command_line(text: str, words: str) -> None:
    told_text = refusal(sample(), None, text)
    assert words in told_text
    assert told_text.startswith("--set:1:")


def test_set_leaves_the_document_as_it_is() -> None:
    document = sample()
    resolve(document, None, ["services.web.count=3"])
    assert web(resolve(document)[0]).count == 1
