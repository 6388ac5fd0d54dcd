"""What is read of an application, where it was found, and what happens with files that are not what they seem."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.walk.walking import several, single, written
from wizard.options.expand import _TAKEN
from wizard.walk.reading import App, Unreadable, read_app, starter_names
from wizard.walk.reading.compose import container_port, read_compose
from wizard.walk.reading.dockerfile import read_dockerfile
from wizard.walk.reading.dotenv import lines_of
from wizard.walk.reading.naming import RESERVED, app_name, part_name
from wizard.walk.reading.variables import can_be_made_up, looks_secret


def sources(app: App) -> dict[str, str]:
    return {each.what: f"{each.value} {each.source}" for each in app.findings}


def test_a_dockerfile_tells_port_and_health_path_of_its_last_stage_and_where(tmp_path: Path) -> None:
    app = read_app(str(single(tmp_path / "care-hub")))
    found = sources(app)
    assert found["port of care-hub"] == "5001 Dockerfile:5"
    assert found["health path of care-hub"] == "/health Dockerfile:6"
    assert app.name == "care-hub"


def test_a_compose_file_tells_containers_workers_and_what_stands_for_services_of_aws(tmp_path: Path) -> None:
    app = read_app(str(several(tmp_path / "shop")))
    assert [(part.name, part.port, part.is_worker) for part in app.parts] == [
        ("web", 80, False),
        ("api", 8000, False),
        ("jobs", None, True),
    ]
    assert app.parts[2].command == ("celery", "-A", "jobs", "worker")
    assert [(hint.need, hint.kind, hint.source) for hint in app.hints[:2]] == [
        ("database", "postgres", "compose.yaml:17"),
        ("broker", "rabbitmq", "compose.yaml:19"),
    ]
    assert sources(app)["health path of api"] == "/health compose.yaml:11"


def test_example_values_of_secrets_are_dropped_while_reading(tmp_path: Path) -> None:
    app = read_app(str(single(tmp_path)))
    by_name = {each.name: each for each in app.variables}
    assert by_name["JWT_SECRET"].secret and by_name["JWT_SECRET"].value == ""
    assert by_name["CELERY_BROKER_URL"].secret
    assert by_name["LOG_LEVEL"].value == "info" and by_name["LOG_LEVEL"].source == ".env.example:4"
    assert "change-me" not in repr(app) and "guest" not in repr(app)


def test_folders_inside_with_dockerfiles_are_containers_too(tmp_path: Path) -> None:
    written(tmp_path, {"frontend/Dockerfile": "FROM nginx\nEXPOSE 80\n", "backend/Dockerfile": "FROM x\nEXPOSE 8000\n"})
    app = read_app(str(tmp_path))
    assert [(part.name, part.context, part.port) for part in app.parts] == [
        ("backend", "backend", 8000),
        ("frontend", "frontend", 80),
    ]


def test_an_image_with_a_tag_and_a_starter_are_recognised() -> None:
    image = read_app("ghcr.io/Owner/app:1".lower())
    assert (image.form, image.name, image.parts[0].image) == ("image", "app", "ghcr.io/owner/app:1")
    assert read_app("nginx:1.27").parts[0].port == 80
    assert all(read_app(name).form == "starter" for name in starter_names())


@pytest.mark.parametrize(
    "where", ["", "  ", "nope", "./nope", "/nope/at/all", "Foo/Bar:1", "shop", "a" * 5000, "x\0y", "~nobody/x"]
)
def test_what_is_nothing_says_what_is_allowed_and_gives_an_example(where: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_app(where)
    assert caught.value.what and caught.value.allowed and caught.value.example
    assert len(caught.value.what) < 200


BROKEN = {
    "compose.yaml that is no YAML": {"compose.yaml": "services: [\n"},
    "compose.yaml that is a list": {"compose.yaml": "- a\n"},
    "compose.yaml without services": {"compose.yaml": "version: 3\n"},
    "services that are text": {"compose.yaml": "services: web\n"},
    "a service that is empty": {"compose.yaml": "services:\n  web:\n"},
    "binary": {"compose.yaml": "\0\1\2"},
    "an empty folder": {},
}


@pytest.mark.parametrize("files", BROKEN.values(), ids=BROKEN)
def test_a_broken_folder_is_refused_in_words(tmp_path: Path, files: dict[str, str]) -> None:
    with pytest.raises(Unreadable) as caught:
        read_app(str(written(tmp_path, files)))
    assert caught.value.what


def test_a_huge_file_is_not_read_and_that_is_said(tmp_path: Path) -> None:
    written(tmp_path, {"Dockerfile": "FROM x\nEXPOSE 80\n", ".env.example": "A=b\n" * 200_000})
    app = read_app(str(tmp_path))
    assert app.parts[0].port == 80
    assert any("larger than 256 KB" in note for note in app.notes)


def test_a_folder_that_may_not_be_entered_is_no_crash(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").mkdir()
    with pytest.raises(Unreadable):
        read_app(str(tmp_path))


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_text_makes_a_reader_fail(text: str) -> None:
    read_compose(text, "compose.yaml")
    read_dockerfile(text)
    assert all(line.number > 0 for line in lines_of(text))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=12),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["services", "web", "build", "image", "ports", "healthcheck", "test", "environment"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=20,
    )
)
@settings(max_examples=150, deadline=None)
def test_no_shape_of_a_compose_file_makes_the_reader_fail(data: object) -> None:
    import json

    found = read_compose(json.dumps({"services": data}), "compose.yaml")
    assert all(part.image or part.context for part in found.parts)


@pytest.mark.parametrize(
    ("entry", "port"),
    [
        ("8080:80", 80),
        ("127.0.0.1:8080:80/tcp", 80),
        ("${PORT:-3000}:3000", 3000),
        (80, 80),
        ({"target": 443}, 443),
        ("9000-9005:9000-9005", 9000),
        ("99999", None),
        ("", None),
    ],
)
def test_the_containers_side_of_a_port_is_found(entry: object, port: int | None) -> None:
    assert container_port(entry) == port


@pytest.mark.parametrize(
    ("name", "value", "secret"),
    [
        ("STRIPE_API_KEY", "", True),
        ("TWILIO_ACCOUNT_SID", "", True),
        ("MONGO_URI", "", True),
        ("SERVICE_URL", "https://user:pw@host/", True),
        ("SOMETHING", "AKIAABCDEFGHIJKL1234567890", True),
        ("LOG_LEVEL", "info", False),
        ("PORT", "8080", False),
        ("APP_BASE_URL", "http://localhost:3000", False),
        ("JWT_ACCESS_TOKEN_EXPIRES", "259200", False),
        ("AWS_REGION", "us-east-1", False),
    ],
)
def test_what_looks_secret_does(name: str, value: str, secret: bool) -> None:
    assert looks_secret(name, value) is secret


def test_only_what_the_application_alone_checks_can_be_made_up() -> None:
    assert can_be_made_up("JWT_SECRET") and can_be_made_up("DJANGO_SECRET_KEY")
    assert not can_be_made_up("STRIPE_SECRET_KEY") and not can_be_made_up("GOOGLE_CLIENT_SECRET")
    assert not can_be_made_up("OPENAI_API_KEY")


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_every_text_gives_names_that_a_blueprint_allows(text: str) -> None:
    from pydantic import TypeAdapter

    from wizard.blueprint.model.base import AppName, PartName

    TypeAdapter(AppName).validate_python(app_name(text))
    TypeAdapter(PartName).validate_python(part_name(text, [part_name(text)]))


def test_names_that_a_deployment_needs_itself_are_not_given_to_services() -> None:
    assert RESERVED == _TAKEN
    assert part_name("database") == "database-service"
