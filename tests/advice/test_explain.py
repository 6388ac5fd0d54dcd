"""Every exit code is explained, and every explanation says what to do."""

from __future__ import annotations

import pytest

from wizard.advice.explain import all_codes, explain, near
from wizard.errors import ExitCode


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
