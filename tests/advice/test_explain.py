"""Every exit code is explained, and every explanation says what to do."""

from __future__ import annotations

import re

import pytest

from wizard.advice.explain import all_codes, explain, near
from wizard.errors import ExitCode
from wizard.release.diagnosis import RULES


@pytest.mark.parametrize("code", [str(int(each)) for each in ExitCode])
def test_every_exit_code_is_explained(code: str) -> None:
    found = explain(code)
    assert found is not None
    assert found.origin == "exit code of Pilotage"


@pytest.mark.parametrize("code", all_codes())
def test_every_explanation_has_a_meaning_and_something_to_do_on_one_line(code: str) -> None:
    found = explain(code)
    assert found is not None
    assert found.meaning and found.advice
    assert "\n" not in found.meaning + found.advice


def test_letters_may_be_small_and_what_is_near_is_named() -> None:
    found = explain("accessdenied")
    assert found is not None and found.code == "AccessDenied"
    assert explain("AcessDenied") is None
    assert near("AcessDenied")[0] == "AccessDenied"
    assert explain("99") is None


@pytest.mark.parametrize("cause", sorted({rule.cause for rule in RULES}))
def test_every_cause_that_a_diagnosis_names_is_explained_however_it_is_written(cause: str) -> None:
    found = explain(cause.replace(" ", "-"))
    assert found is not None and found == explain(cause.upper())
    assert found.origin == "cause of a failed version"
    assert not re.search(r"\{\w+\}", found.meaning + found.advice)


@pytest.mark.parametrize(
    ("code", "origin", "word"),
    [
        ("137", "exit code of a container", "killed"),
        ("139", "exit code of a container", "crashed"),
        ("143", "exit code of a container", "SIGTERM"),
        ("129", "exit code of a container", "signal HUP"),
        ("EssentialContainerExited", "stop code of an ECS task", "ended"),
        ("SpotInterruption", "stop code of an ECS task", "Spot"),
        ("Target.ResponseCodeMismatch", "reason of a load balancer's target", "status code"),
    ],
)
def test_what_a_task_a_container_or_a_target_shows_is_explained(code: str, origin: str, word: str) -> None:
    found = explain(code)
    assert found is not None
    assert found.origin == origin and word in found.meaning


def test_a_number_that_pilotage_and_a_container_both_use_tells_of_both() -> None:
    found = explain("1")
    assert found is not None and found.origin == "exit code of Pilotage"
    assert found.also == "of a container: the application ended with an error"


def test_a_cause_that_is_misspelt_is_named_as_it_is_typed() -> None:
    assert explain("image-not-fund") is None
    assert near("image-not-fund")[0] == "image-not-found"
