"""Two revisions are compared without showing the value of any variable."""

from __future__ import annotations

from typing import Any

from wizard.release.difference import differences

OLD: dict[str, Any] = {
    "cpu": "256",
    "containerDefinitions": [
        {
            "name": "backend",
            "image": "1.dkr.ecr.us-east-1.amazonaws.com/shop@sha256:aaaaaaaaaaaaaaaa",
            "environment": [{"name": "MODE", "value": "slow"}, {"name": "GONE", "value": "x"}],
            "secrets": [{"name": "DATABASE_URL", "valueFrom": "arn:old"}],
            "portMappings": [{"containerPort": 8000}],
        }
    ],
}


def changed(**fields: Any) -> list[str]:
    container = {**OLD["containerDefinitions"][0], **fields}
    return [each.sentence for each in differences(OLD, {**OLD, "containerDefinitions": [container]})]


def test_equal_revisions_differ_in_nothing() -> None:
    assert differences(OLD, OLD) == []


def test_another_image_is_told_by_the_beginning_of_its_digest() -> None:
    found = changed(image="1.dkr.ecr.us-east-1.amazonaws.com/shop@sha256:bbbbbbbbbbbbbbbb")
    assert found == ["backend image  shop@aaaaaaaaaaaa → shop@bbbbbbbbbbbb"]


def test_a_secret_that_is_gone_is_named() -> None:
    assert changed(secrets=[]) == ["backend secret DATABASE_URL  removed"]


def test_a_changed_variable_shows_two_fingerprints_and_no_value() -> None:
    found = changed(environment=[{"name": "MODE", "value": "canary-7f3a"}, {"name": "GONE", "value": "x"}])
    assert len(found) == 1
    assert found[0].startswith("backend variable MODE  #")
    assert "canary" not in found[0]
    assert "slow" not in found[0]


def test_a_container_more_and_a_container_less() -> None:
    more = {**OLD, "containerDefinitions": [*OLD["containerDefinitions"], {"name": "proxy", "image": "nginx:1"}]}
    assert "proxy image  added: nginx:1" in [each.sentence for each in differences(OLD, more)]
    assert [each.sentence for each in differences(more, OLD)] == ["container proxy  removed"]


def test_the_size_of_the_task_counts() -> None:
    assert [each.sentence for each in differences(OLD, {**OLD, "cpu": "512"})] == ["cpu  256 → 512"]
