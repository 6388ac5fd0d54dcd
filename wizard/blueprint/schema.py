"""The JSON Schema of a blueprint file, with overlays: editors complete, explain and check with it while one types."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from wizard.blueprint.model import Blueprint
from wizard.blueprint.model.base import EnvironmentName

Schema = dict[str, Any]
_OVERLAY = "Overlay"
_FIXED = ("blueprint", "name")


def json_schema() -> Schema:
    """The schema of a whole blueprint file, as JSON-ready values."""
    made = Blueprint.model_json_schema(schema_generator=_Titles)
    sections: Schema = made.pop("$defs")
    top = {key: value for key, value in made["properties"].items() if key not in _FIXED}
    overlay = {"type": "object", "additionalProperties": False, "properties": top}
    overlays = {f"{name}{_OVERLAY}": _loose(section) for name, section in sections.items()}
    overlays[_OVERLAY] = {**_loose(overlay), "description": "What differs in this environment. null removes a key."}
    made["properties"]["environments"] = {
        "type": "object",
        "minProperties": 1,
        "description": "Overlays by name. One is chosen with --env.",
        "propertyNames": {"pattern": _pattern(EnvironmentName)},
        "additionalProperties": {"anyOf": [{"$ref": f"#/$defs/{_OVERLAY}"}, {"type": "null"}]},
    }
    # What the base leaves out an environment may add, so that only the first keys are demanded of the file.
    made["required"] = ["blueprint", "name", "region"]
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **made,
        "title": "Pilotage blueprint",
        "description": "An application in AWS, as its owner wants it.",
        "$defs": {**sections, **overlays},
    }
    for node in _nodes(whole):
        node.pop("discriminator", None)  # a word of OpenAPI that editors do not know
    return whole


class _Titles(GenerateJsonSchema):
    """Descriptions say more than titles made of key names."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _pattern(annotated: Any) -> str:
    return next(f"^(?:{note.pattern})$" for note in annotated.__metadata__ if hasattr(note, "pattern"))


def _loose(schema: Schema) -> Schema:
    """The schema of an overlay on a section: nothing is demanded, null removes, references lead to overlays."""
    made = copy.deepcopy(schema)
    for node in _nodes(made):
        node.pop("required", None)
        node.pop("default", None)
        node.pop("minProperties", None)
        if "oneOf" in node:
            # Without its required keys an overlay may fit several kinds, which is no mistake.
            node["anyOf"] = node.pop("oneOf")
        if isinstance(node.get("$ref"), str):
            node["$ref"] += _OVERLAY
        for key in ("properties", "patternProperties"):
            if isinstance(node.get(key), dict):
                node[key] = {name: _or_null(inner) for name, inner in node[key].items()}
        if isinstance(node.get("additionalProperties"), dict):
            node["additionalProperties"] = _or_null(node["additionalProperties"])
    return made


def _or_null(schema: Schema) -> Schema:
    described = {key: schema[key] for key in ("description",) if key in schema}
    rest = {key: value for key, value in schema.items() if key not in described}
    return {**described, "anyOf": [rest, {"type": "null"}]}


def _nodes(schema: Any) -> Iterator[Schema]:
    """Every schema inside a schema, inner ones first, so that changing an outer one does not hide them."""
    if isinstance(schema, list):
        for each in schema:
            yield from _nodes(each)
    elif isinstance(schema, dict):
        named = ("properties", "patternProperties", "$defs")
        for key, value in list(schema.items()):
            if key in named and isinstance(value, dict):
                for each in value.values():
                    yield from _nodes(each)
            elif key not in ("default", "const", "enum", "mapping"):
                yield from _nodes(value)
        yield schema


def schema_text() -> str:
    """The schema as the text of `blueprints/blueprint.schema.json`."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
