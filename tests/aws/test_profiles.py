"""Whose profile is used: the sandbox knows none, and one that is missing is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard.aws.session import Session, Target
from wizard.errors import CredentialsError

SANDBOX = Target(region="us-east-1", sandbox_url="http://127.0.0.1:1")


def test_a_profile_of_this_machine_means_nothing_to_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "not-there")
    credentials = Session(SANDBOX).client("sts")._get_credentials()
    assert credentials.access_key == "sandbox"


def test_files_of_this_machine_mean_nothing_to_the_sandbox(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    files = tmp_path / "config"
    files.write_text("[default]\nregion = eu-central-1\nendpoint_url = http://127.0.0.1:9\n", encoding="utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(files))
    session = Session(Target(sandbox_url="http://127.0.0.1:1"))
    assert session.region == "us-east-1"
    assert session.client("ecs").meta.endpoint_url == "http://127.0.0.1:1"


@pytest.mark.parametrize("given", [None, "asked-for"])
def test_a_profile_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, given: str | None) -> None:
    monkeypatch.setenv("AWS_PROFILE", "not-there")
    with pytest.raises(CredentialsError) as refused:
        Session(Target(profile=given, region="us-east-1"))
    assert refused.value.summary == f"the profile {given or 'not-there'} is not known here"
