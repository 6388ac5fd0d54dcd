"""cost, diagram, export, policy, explain: answers from a file alone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import ROOT, STARTER, Pilotage
from wizard.aws import sandbox

COMMANDS = (("cost",), ("diagram",), ("policy", "--for", "ci"), ("export", "--to", "cloudformation"))
each = pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])


@each
def test_it_works_without_credentials_and_network(pilotage: Pilotage, command: tuple[str, ...]) -> None:
    ran = pilotage(command[0], STARTER, "--env", "dev", *command[1:])
    assert ran.code == 0, ran.err
    assert ran.out


@each
def test_json_is_lines_on_stdout_and_nothing_else_is_said(pilotage: Pilotage, command: tuple[str, ...]) -> None:
    ran = pilotage(command[0], STARTER, "--env", "dev", *command[1:], "--json")
    assert ran.code == 0
    assert {line["type"] for line in ran.lines} == {command[0]}
    assert all(line["v"] == 1 for line in ran.lines)
    assert ran.err == ""


@each
def test_an_invalid_file_is_exit_2_with_the_place(pilotage: Pilotage, tmp_path: Path, command: tuple[str, ...]) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(Path(STARTER).read_text().replace("region: us-east-1", "regoin: us-east-1"))
    ran = pilotage(command[0], str(file), *command[1:])
    assert ran.code == 2
    assert f"{file}:" in ran.err


def test_cost_shows_the_total_and_set_changes_it(pilotage: Pilotage) -> None:
    one = pilotage("cost", STARTER, "--env", "dev", "--json").lines[0]
    two = pilotage("cost", STARTER, "--env", "dev", "--set", "services.backend.count=2", "--json").lines[0]
    prices = {line["address"]: line["monthly_usd"] for line in one["resources"]}
    assert two["monthly_usd"] - one["monthly_usd"] == pytest.approx(prices["service.backend"])
    shown = pilotage("cost", STARTER, "--env", "dev").out
    assert f"{one['monthly_usd']:,.2f}" in next(line for line in shown.splitlines() if line.startswith("total"))


def test_live_prices_are_no_business_of_the_sandbox(pilotage: Pilotage) -> None:
    ran = pilotage("cost", STARTER, "--env", "dev", "--live", "--sandbox")
    assert ran.code == 2
    assert "price list" in ran.err


def test_an_export_is_a_whole_template_and_says_what_is_not_in_it(pilotage: Pilotage) -> None:
    ran = pilotage("export", STARTER, "--env", "dev", "--to", "cloudformation")
    assert "AWSTemplateFormatVersion: '2010-09-09'" in ran.out
    assert "certificate_validation.main" in ran.err
    (line,) = pilotage("export", STARTER, "--env", "dev", "--to", "cloudformation", "--json").lines
    assert line["template"] == ran.out
    assert "certificate_validation.main" in line["not_in_it"]
    assert pilotage("export", STARTER, "--env", "dev").code == 2


def test_a_secret_that_this_run_has_a_value_for_is_priced(pilotage: Pilotage, tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text(
        "blueprint: 1\nname: shop\nregion: us-east-1\nnetwork: {kind: new-vpc, tasks: public}\n"
        "services: {web: {containers: {web: {image: 'ghcr.io/o/f:1', secrets: {KEY: key}}}}}\n"
        "secrets: {key: {optional: true}}\n"
    )
    (without,) = pilotage("cost", str(file), "--json").lines
    given = tmp_path / "given.env"
    given.write_text("KEY=value\n")
    (with_it,) = pilotage("cost", str(file), "--json", "--secrets-file", str(given)).lines
    assert with_it["monthly_usd"] - without["monthly_usd"] == pytest.approx(0.40)


def test_diagram_is_a_whole_document_on_stdout(pilotage: Pilotage) -> None:
    svg = pilotage("diagram", STARTER, "--env", "dev", "--format", "svg")
    assert ElementTree.fromstring(svg.out).tag.endswith("svg")
    assert svg.err == ""
    assert pilotage("diagram", STARTER, "--env", "dev", "--format", "mermaid").out.startswith("flowchart LR\n")
    assert "internet\n└─ 443 → Application Load Balancer" in pilotage("diagram", STARTER, "--env", "dev").out


def test_policy_says_on_stderr_which_account_it_made_up_and_why_resources_stay_open(pilotage: Pilotage) -> None:
    ran = pilotage("policy", STARTER, "--env", "dev", "--for", "oncall")
    assert "made-up 123456789012" in ran.err
    assert "ApiKnowsNoResource1" in ran.err
    assert "123456789012" in ran.out
    known = pilotage("policy", STARTER, "--env", "dev", "--for", "oncall", "--account", "210987654321")
    assert "made-up" not in known.err
    assert "123456789012" not in known.out


def test_the_parts_of_a_policy_are_the_documents_of_the_list(pilotage: Pilotage) -> None:
    whole = json.loads(pilotage("policy", STARTER, "--env", "dev", "--for", "setup").out)
    assert len(whole) > 1
    parts = [
        json.loads(pilotage("policy", STARTER, "--env", "dev", "--for", "setup", "--part", str(number)).out)
        for number in range(1, len(whole) + 1)
    ]
    assert parts == whole
    beyond = pilotage("policy", STARTER, "--env", "dev", "--for", "setup", "--part", "99")
    assert beyond.code == 2
    assert "there is no part 99" in beyond.err


def test_policy_needs_to_know_for_whom(pilotage: Pilotage) -> None:
    ran = pilotage("policy", STARTER)
    assert ran.code == 2
    assert "--for" in ran.err


def test_policy_takes_the_account_of_the_sandbox(pilotage: Pilotage, apart: Path) -> None:
    sandbox.start(apart, 60.0)
    try:
        ran = pilotage("policy", STARTER, "--env", "dev", "--for", "ci", "--sandbox")
    finally:
        sandbox.stop(apart)
    assert ran.code == 0, ran.err
    assert ":000000000000:" in ran.out


def test_a_profile_that_is_named_must_work(pilotage: Pilotage) -> None:
    assert pilotage("policy", STARTER, "--env", "dev", "--for", "ci", "--profile", "nobody").code == 4


def test_explain_says_what_to_do_and_names_the_nearest(pilotage: Pilotage) -> None:
    assert "pilotage resume" in pilotage("explain", "130").out
    assert pilotage("explain", "AccessDenied", "--json").lines[0]["type"] == "explanation"
    unknown = pilotage("explain", "AcessDenied")
    assert unknown.code == 2
    assert "did you mean: pilotage explain AccessDenied" in unknown.err


@pytest.mark.parametrize("command", [*COMMANDS[:2], ("explain", "7")], ids=lambda words: words[0])
def test_neither_boto3_nor_textual_is_loaded(command: tuple[str, ...]) -> None:
    arguments = [*command] if command[0] == "explain" else [command[0], STARTER, "--env", "dev"]
    script = (
        "import sys; from wizard.cli import main; code = main(sys.argv[1:]);"
        "loaded = {'boto3', 'textual', 'moto', 'keyring', 'questionary'} & set(sys.modules);"
        "sys.exit(code or (f'loaded: {loaded}' if loaded else 0))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr
