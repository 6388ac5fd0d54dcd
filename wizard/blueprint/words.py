"""Pydantic's findings in plain words: what is expected, where, and the nearest thing that would be right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic_core import ErrorDetails

from wizard.blueprint import shape
from wizard.blueprint.problems import Finding, Path, did_you_mean, dotted, listing, nearest

_VALUE_KEYS = frozenset({"value", "plaintext", "secret_string", "secretstring", "password", "text", "data"})
_QUOTES = 'put it in quotes, such as "5001" or "false"'

Sentence = tuple[str, str]


def _text(value: Any, context: Mapping[str, Any]) -> Sentence:
    if value is None:
        return "text is expected and nothing is there", "write a value, or remove the key"
    return "text is expected", _QUOTES if not isinstance(value, (dict, list)) else "write one value on the line"


def _number(value: Any, context: Mapping[str, Any]) -> Sentence:
    hint = "write it without quotes, such as 1024" if isinstance(value, str) else "write a number such as 1024"
    return "a whole number is expected", hint


def _decimal(value: Any, context: Mapping[str, Any]) -> Sentence:
    return "a number is expected", "write a number such as 0.5"


def _switch(value: Any, context: Mapping[str, Any]) -> Sentence:
    meant = {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(str(value).lower())
    return "true or false is expected", f"write `{meant}`" if meant else "write true or false without quotes"


def _section(value: Any, context: Mapping[str, Any]) -> Sentence:
    if value is None:
        return "a section is expected and nothing is there", "write its keys below it, or remove the line"
    return "a section is expected: `key: value` lines, indented", "write the keys on lines of their own below it"


def _list(value: Any, context: Mapping[str, Any]) -> Sentence:
    hint = (
        f"write [{value}]"
        if isinstance(value, (str, int)) and not isinstance(value, bool)
        else "begin each line with -"
    )
    return "a list is expected", hint


def _choice(value: Any, context: Mapping[str, Any]) -> Sentence:
    expected = str(context.get("expected", ""))
    words = [word.strip().strip("'") for word in expected.replace(" or ", ", ").split(",")]
    near = nearest(value, words) if isinstance(value, str) else None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        numbers = [int(word) for word in words if word.isdigit()]
        if "'" in expected and str(value) in words:
            return f"expected is one of {listing(words)}, as text", f'write "{value}" in quotes'
        near = str(min(numbers, key=lambda each: abs(each - value))) if numbers else None
    return f"expected is one of {listing(words)}", f"did you mean `{near}`?" if near else ""


def _matches(value: Any, context: Mapping[str, Any]) -> Sentence:
    return f"expected is {context['words']}", ""


def _bound(sign: str, key: str) -> Callable[[Any, Mapping[str, Any]], Sentence]:
    def say(value: Any, context: Mapping[str, Any]) -> Sentence:
        return f"{sign} {context[key]} is expected", ""

    return say


def _length(sign: str, key: str) -> Callable[[Any, Mapping[str, Any]], Sentence]:
    def say(value: Any, context: Mapping[str, Any]) -> Sentence:
        unit = ("character", "characters") if isinstance(value, str) else ("entry", "entries")
        count = context[key]
        return f"{sign} {count} {unit[0]} is expected" if count == 1 else f"{sign} {count} {unit[1]} are expected", ""

    return say


_WORDS: Mapping[str, Callable[[Any, Mapping[str, Any]], Sentence]] = {
    "string_type": _text,
    "int_type": _number,
    "int_from_float": _number,
    "int_parsing": _number,
    "int_parsing_size": _number,
    "float_type": _decimal,
    "float_parsing": _decimal,
    "finite_number": _decimal,
    "bool_type": _switch,
    "bool_parsing": _switch,
    "model_type": _section,
    "model_attributes_type": _section,
    "dict_type": _section,
    "mapping_type": _section,
    "tuple_type": _list,
    "list_type": _list,
    "literal_error": _choice,
    "matches": _matches,
    "greater_than_equal": _bound("at least", "ge"),
    "greater_than": _bound("more than", "gt"),
    "less_than_equal": _bound("at most", "le"),
    "less_than": _bound("less than", "lt"),
    "too_short": _length("at least", "min_length"),
    "too_long": _length("at most", "max_length"),
    "string_too_short": _length("at least", "min_length"),
    "string_too_long": _length("at most", "max_length"),
}


def findings(errors: Sequence[ErrorDetails], data: Mapping[str, Any]) -> list[Finding]:
    """Every error of pydantic as a finding, without those that only follow from another one."""
    places = [error["loc"] for error in errors]
    found = [_finding(error, data) for error in errors if not _follows(error, places)]
    meant = {(each.path[:-1], near) for each in found if each.unknown and (near := _near(each, data))}
    return [each for each in found if not (each.missing and (each.path, each.missing) in meant)]


def _follows(error: ErrorDetails, places: Sequence[tuple[int | str, ...]]) -> bool:
    """A list that is too short because its entries are wrong is not a mistake of its own."""
    here = error["loc"]
    return error["type"] == "too_short" and any(len(each) > len(here) and each[: len(here)] == here for each in places)


def _near(finding: Finding, data: Mapping[str, Any]) -> str | None:
    return nearest(finding.unknown, shape.known_keys(finding.path[:-1], data))


def _finding(error: ErrorDetails, data: Mapping[str, Any]) -> Finding:
    path, on_key = shape.path_of(error["loc"])
    kind, context, value = error["type"], error.get("ctx", {}), error.get("input")
    if on_key:
        message = (
            f"`{path[-1]}` is no name for an entry of `{dotted(path[:-1])}`: expected is {context.get('words', 'text')}"
        )
        return Finding(path, message, unknown="")
    if kind == "missing":
        return _missing(path, data)
    if kind == "extra_forbidden":
        return unknown_key(path, data)
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _kind(path, value, data)
    say = _WORDS.get(kind)
    message, hint = say(value, context) if say else (error["msg"][:1].lower() + error["msg"][1:], "")
    return Finding(path, f"{_named(path)}: {message}", hint)


def _named(path: Path) -> str:
    return f"`{dotted(path)}`" if path else "the blueprint"


def _missing(path: Path, data: Mapping[str, Any]) -> Finding:
    parent, key = path[:-1], str(path[-1])
    where = f" in `{dotted(parent)}`" if parent else ""
    info = None
    section = shape.at(parent, data)
    if section is not None:
        chosen = shape.chosen(section, _at(parent, data))
        info = shape.fields(chosen).get(key) if shape.is_section(chosen) else None
    hint = f"add `{key}:` {info.description}" if info is not None and info.description else f"add `{key}:`"
    return Finding(parent, f"`{key}` is missing{where}", hint, missing=key)


def unknown_key(path: Path, data: Mapping[str, Any]) -> Finding:
    """The finding for a key that the language does not know at its place."""
    parent, key = path[:-1], str(path[-1])
    where = f"in `{dotted(parent)}`" if parent else "at the top of a blueprint"
    if len(parent) == 2 and parent[0] == "secrets" and key.lower().replace("-", "_") in _VALUE_KEYS:
        hint = "give it with --secrets-file, PILOTAGE_SECRET_<NAME> or the keyring, or write `generate: true`"
        return Finding(path, f"`{dotted(path)}`: a blueprint never holds a secret's value", hint, unknown=key)
    known = shape.known_keys(parent, data)
    if not parent:
        known = [*known, "environments"]
    return Finding(path, f"`{key}` is not known {where}", did_you_mean(key, known), unknown=key)


def _kind(path: Path, value: Any, data: Mapping[str, Any]) -> Finding:
    kinds = shape.kinds_of(shape.at(path, data))
    word = value.get("kind") if isinstance(value, Mapping) else None
    if word is None:
        return Finding(
            path, f"`kind` is missing in `{dotted(path)}`", f"write `kind:` and one of {listing(kinds)}", missing="kind"
        )
    near = nearest(str(word), kinds)
    hint = f"did you mean `{near}`?" if near else ""
    return Finding((*path, "kind"), f"`{dotted(path)}.kind`: expected is one of {listing(kinds)}", hint)


def _at(path: Path, data: Any) -> Any:
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data
