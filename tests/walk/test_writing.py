"""The file: for every combination of answers valid, expandable, and exactly what was answered."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.walk.walking import moved, several, single, walked, written
from wizard.blueprint.document import Document
from wizard.blueprint.environments import environment_names, problems_of
from wizard.question import Variables
from wizard.walk.drawing import desired, draw
from wizard.walk.reading import starter_names
from wizard.walk.reading.starters import FOLDER
from wizard.walk.saving import cannot_save, save
from wizard.walk.walk import Walk
from wizard.walk.writing import blueprint_text, scalar

ECR_IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:1"


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("apps")
    return [str(single(folder / "single")), str(several(folder / "several")), "ghcr.io/o/app:1", ECR_IMAGE]


@given(data=st.data())
@settings(max_examples=120, deadline=None)
def test_every_combination_of_answers_is_valid_expands_and_says_what_was_answered(
    places: list[str], data: st.DataObject
) -> None:
    walk = moved(Walk.begin(where=data.draw(st.sampled_from(places), label="app")))
    while not walk.at_review:
        able = [each.value for each in walk.asked().choices if not each.cannot]
        offered = able if walk.at != "region" else ["us-east-1", "eu-north-1"]
        able = [each for each in offered if walk.problem(each) is None]
        walk = moved(walk.answer(data.draw(st.sampled_from(able), label=walk.at) if able else walk.current()))
    text = blueprint_text(walk)
    document = Document(text)
    assert [each for each in problems_of(document) if each.level == "error"] == []
    assert document.data == desired(walk.situation)
    for environment in environment_names(document):
        drawing = draw(walk.situation, environment)
        assert drawing.problem == "" and drawing.to_make > 3 and drawing.monthly_usd > 0
    assert max(len(line) for line in text.splitlines() if not line.startswith("#")) <= 120


@pytest.mark.parametrize("starter", starter_names())
def test_a_starter_whose_answers_are_its_own_stays_byte_for_byte_as_it_is(starter: str) -> None:
    assert blueprint_text(walked(starter)) == (FOLDER / f"{starter}.yaml").read_text("utf-8")


def test_edits_of_a_starter_change_their_lines_and_no_other() -> None:
    walk = walked("fasttriage", name="triage", region="eu-central-1", domain="bot-dev.clinic.org", environments="dev")
    before = (FOLDER / "fasttriage.yaml").read_text("utf-8").splitlines()
    text = blueprint_text(walk)
    changed = {line.strip() for line in text.splitlines() if line not in before}
    assert len(text.splitlines()) == len(before)
    assert {line.split(" #")[0].strip() for line in changed} == {
        "name: triage",
        "region: eu-central-1",
        "host: bot-dev.clinic.org",
        "zone: clinic.org",
        "host: fasttriage.clinic.org",
    }
    assert [each for each in problems_of(Document(text)) if each.level == "error"] == []


def test_the_host_of_the_chosen_environment_is_changed_where_it_stands() -> None:
    document = Document(blueprint_text(walked("fasttriage", environments="prod", domain="bot.example.com")))
    assert document.get(("environments", "prod", "ingress", "host")) == "bot.example.com"
    assert document.get(("ingress", "host")) == "fasttriage-dev.example.com"


def test_the_same_answers_give_the_same_bytes(places: list[str]) -> None:
    assert blueprint_text(walked(places[1])) == blueprint_text(walked(places[1]))


def test_two_containers_with_ports_share_a_task_and_a_worker_has_its_own(places: list[str]) -> None:
    data = desired(walked(places[1]).situation)
    assert {name: list(service["containers"]) for name, service in data["services"].items()} == {
        "several": ["web", "api"],
        "jobs": ["jobs"],
    }
    assert [(each["path"], each["container"]) for each in data["ingress"]["routes"]] == [
        ("/api/*", "api"),
        ("/*", "web"),
    ]
    images = {
        inner: box["image"]["repository"]
        for service in data["services"].values()
        for inner, box in service["containers"].items()
    }
    assert images == {"web": "web", "api": "api", "jobs": "api"}


def test_values_that_follow_from_what_is_made_are_never_typed(places: list[str]) -> None:
    data = desired(walked(places[1]).situation)
    api = data["services"]["several"]["containers"]["api"]
    assert api["environment"]["S3_BUCKET"] == "{bucket.files}"
    assert data["secrets"]["database-url"] == {"composed": "database-uri"}
    assert data["secrets"]["celery-broker-url"] == {"composed": "broker-uri"}
    assert data["secrets"]["jwt-secret"] == {"generate": True}
    assert "AWS_ACCESS_KEY_ID" not in str(data)


def test_a_page_is_not_given_the_secrets_of_the_api(tmp_path: Path) -> None:
    folder = several(tmp_path / "shop")
    compose = (folder / "compose.yaml").read_text().replace("  web:", "  frontend:")
    (folder / "compose.yaml").write_text(compose)
    data = desired(walked(str(folder)).situation)
    assert "secrets" not in data["services"]["shop"]["containers"]["frontend"]


@given(st.one_of(st.text(st.characters(exclude_categories=["Cs"])), st.booleans(), st.integers(), st.floats(0, 99)))
@settings(max_examples=300, deadline=None)
def test_every_value_reads_back_as_it_was(value: object) -> None:
    try:
        read = Document(f"value: {scalar(value)}\n").get(("value",))
    except Exception as error:  # noqa: BLE001 - whatever it is, the value is told
        pytest.fail(f"{value!r}: {error}")
    assert read == value


def test_a_file_is_saved_whole_and_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text("old")
    path.chmod(0o600)
    assert cannot_save(path) is None
    assert save(path, "new: 1\n") is None
    assert path.read_text() == "new: 1\n" and path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["shop.yaml"]


@pytest.mark.parametrize("name", ["shop", "nowhere/shop.yaml", "."])
def test_where_nothing_can_be_saved_is_said_with_an_example(tmp_path: Path, name: str) -> None:
    wrong = cannot_save(tmp_path / name)
    assert wrong is not None and wrong.example.endswith(".yaml")


def test_many_containers_get_a_size_that_can_be_bought_and_no_task_is_too_full(tmp_path: Path) -> None:
    def services(count: int) -> dict[str, list[str]]:
        entries = "".join(f"  part{n}:\n    image: ghcr.io/o/p:{n}\n    ports: ['{8000 + n}']\n" for n in range(count))
        folder = written(tmp_path / str(count), {"compose.yaml": f"services:\n{entries}"})
        walk = walked(str(folder))
        assert draw(walk.situation).problem == ""
        return {name: list(each["containers"]) for name, each in desired(walk.situation)["services"].items()}

    assert [len(parts) for parts in services(7).values()] == [7]
    assert [len(parts) for parts in services(12).values()] == [1] * 12
    assert len(services(25)) == 20


def test_a_path_that_nobody_named_may_send_people_on(places: list[str]) -> None:
    routes = desired(walked(places[1]).situation)["ingress"]["routes"]
    assert {each["container"]: each["health"] for each in routes} == {
        "api": {"path": "/health"},
        "web": {"path": "/", "codes": "200-399"},
    }


_NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,60}", fullmatch=True)
_VALUES = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


@given(
    secret=st.sets(_NAMES, max_size=4),
    made_up=st.sets(_NAMES, max_size=3),
    plain=st.dictionaries(_NAMES, _VALUES, max_size=4),
    database=st.sampled_from(["none", "external", "rds-postgres"]),
)
@settings(max_examples=40, deadline=None)
def test_any_variables_make_a_valid_file_that_says_what_was_answered(
    secret: set[str], made_up: set[str], plain: dict[str, str], database: str
) -> None:
    made_up -= secret
    given = Variables(
        tuple(sorted(secret)),
        tuple(sorted(made_up)),
        {name: text for name, text in plain.items() if name not in secret | made_up},
    )
    walk = moved(walked("ghcr.io/o/app:1", database=database).go("secrets").answer(given))
    document = Document(blueprint_text(walk))
    assert [each for each in problems_of(document) if each.level == "error"] == []
    assert document.data == desired(walk.situation)


def test_a_worker_alone_needs_no_name_and_no_load_balancer() -> None:
    walk = walked("ghcr.io/o/app:1", listens="none")
    assert "domain" not in [step.id for step in walk.steps()]
    card = walk.go("compute").asked().choice("ecs-express")
    assert card is not None and "has no port" in card.cannot
    data = desired(walk.situation)
    assert "ingress" not in data and data["services"]["app"]["deploy"]["minimum_healthy_percent"] == 0
    assert draw(walk.situation).problem == ""
