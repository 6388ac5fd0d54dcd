"""The JSON Schema that editors use is current, is a schema, and knows overlays."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.blueprint.samples import BLUEPRINTS, STARTERS
from wizard.blueprint.document import load
from wizard.blueprint.schema import json_schema, schema_text


def test_the_schema_beside_the_starters_is_current() -> None:
    assert (BLUEPRINTS / "blueprint.schema.json").read_text(encoding="utf-8") == schema_text()


def test_every_starter_names_the_schema_in_its_first_line() -> None:
    for name in STARTERS:
        first = (BLUEPRINTS / f"{name}.yaml").read_text(encoding="utf-8").splitlines()[0]
        assert first == "# yaml-language-server: $schema=blueprint.schema.json"


def test_the_file_demands_its_first_keys_and_an_overlay_demands_nothing() -> None:
    schema = json_schema()
    assert schema["required"] == ["blueprint", "name", "region"]
    overlays = {name: section for name, section in schema["$defs"].items() if name.endswith("Overlay")}
    assert {"Overlay", "AlbOverlay", "ContainerOverlay"} <= set(overlays)
    assert not [name for name, section in overlays.items() if '"required": [' in json.dumps(section)]
    assert set(overlays["Overlay"]["properties"]) == set(schema["properties"]) - {"blueprint", "name", "environments"}


def references(node: Any) -> set[str]:
    """Every reference in a schema."""
    if isinstance(node, list):
        return {found for each in node for found in references(each)}
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own | {found for each in node.values() for found in references(each)}
    return set()


def test_every_reference_leads_somewhere_and_overlays_stay_among_overlays() -> None:
    schema = json_schema()
    known = {f"#/$defs/{name}" for name in schema["$defs"]}
    assert references(schema) <= known
    for name, section in schema["$defs"].items():
        if name.endswith("Overlay"):
            assert all(each.endswith("Overlay") for each in references(section))


def test_every_key_of_every_section_is_explained() -> None:
    schema = json_schema()
    for name, section in schema["$defs"].items():
        for key, inner in section.get("properties", {}).items():
            assert inner.get("description") or "$ref" in json.dumps(inner), f"{name}.{key} has no description"


@pytest.mark.parametrize("name", STARTERS)
def test_a_starter_satisfies_the_schema_and_a_mistake_in_an_overlay_does_not(name: str) -> None:
    validator = Draft202012Validator(json_schema())
    document = load(BLUEPRINTS / f"{name}.yaml")
    assert [error.message for error in validator.iter_errors(document.data)] == []
    document.set(("environments", "other", "observability", "log_dayz"), 30)
    assert not validator.is_valid(document.data)
