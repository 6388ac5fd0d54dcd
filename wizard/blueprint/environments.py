"""Environments: overlays on the base of a blueprint, chosen by name, and `--set` on top of both.

Sections merge key by key, lists and single values replace, null removes. An overlay that gives a section another
`kind` replaces the section: settings of one kind mean nothing to another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from pydantic import TypeAdapter, ValidationError

from wizard.blueprint import shape
from wizard.blueprint.building import build
from wizard.blueprint.document import Document, load, value_of
from wizard.blueprint.model import Blueprint
from wizard.blueprint.model.base import EnvironmentName
from wizard.blueprint.problems import BlueprintInvalid, Finding, Path, Problem, did_you_mean, dotted, in_order, listing

DEFAULT_ENVIRONMENT = "main"
_ENVIRONMENTS = "environments"
_FIXED = ("blueprint", "name", _ENVIRONMENTS)
_NAME: TypeAdapter[str] = TypeAdapter(EnvironmentName)


@dataclass
class Merged:
    """The plain data of one environment, and for each path the path in the file from which it came."""

    data: dict[str, Any]
    origins: dict[Path, Path] = field(default_factory=dict)
    sets: dict[Path, int] = field(default_factory=dict)

    def take(self, value: Any, path: Path, origin: Path) -> Any:
        """A copy of a value of the file, its origin noted all the way down."""
        self.origins[path] = origin
        if isinstance(value, Mapping):
            return {key: self.take(inner, (*path, key), (*origin, key)) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.take(inner, (*path, index), (*origin, index)) for index, inner in enumerate(value)]
        return value

    def merge(self, base: dict[str, Any], overlay: Mapping[str, Any], path: Path, origin: Path) -> None:
        """Lay an overlay over a section."""
        for key, value in overlay.items():
            here, there = (*path, key), (*origin, key)
            old = base.get(key)
            if value is None:
                base.pop(key, None)
            elif isinstance(old, dict) and isinstance(value, Mapping) and _same_kind(old, value):
                self.merge(old, value, here, there)
            else:
                for stale in [each for each in self.origins if each[: len(here)] == here]:
                    del self.origins[stale]
                base[key] = self.take(value, here, there)


def _same_kind(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return "kind" not in new or new["kind"] == old.get("kind")


def environment_names(document: Document) -> tuple[str, ...]:
    """The environments that a document declares, in its order; `main` alone when it declares none."""
    declared = document.data.get(_ENVIRONMENTS)
    return tuple(declared) if isinstance(declared, Mapping) and declared else (DEFAULT_ENVIRONMENT,)


def resolve(document: Document, env: str | None = None, sets: Sequence[str] = ()) -> tuple[Blueprint, str]:
    """The blueprint of one environment and its name. Raises BlueprintInvalid with every problem at its place."""
    name = _choose(document, env)
    merged = _overlay(document, name)
    refused = [problem for number, text in enumerate(sets, 1) for problem in _set(merged, text, number)]
    if refused:
        raise BlueprintInvalid(refused)
    blueprint, found = build(merged.data, name)
    errors = [each for each in found if each.level == "error"]
    if blueprint is None or errors or _overlay_findings(document):
        problems = [_place(each, document, merged, sets) for each in errors]
        problems += [_at(document, each) for each in _overlay_findings(document)]
        raise BlueprintInvalid(in_order(problems))
    return blueprint, name


def validate(path: str | FilePath) -> list[Problem]:
    """Every problem of a blueprint file in all its environments, warnings included, from top to bottom."""
    try:
        document = load(path)
    except BlueprintInvalid as invalid:
        return list(invalid.problems)
    return problems_of(document)


def problems_of(document: Document) -> list[Problem]:
    """Every problem of a document in all its environments, warnings included, from top to bottom."""
    problems = [_at(document, each) for each in _overlay_findings(document)]
    names = environment_names(document)
    if names != (DEFAULT_ENVIRONMENT,):
        base = _overlay(document, None)
        _, found = build(base.data, names[0])
        # What the base lacks, an environment may add: each is checked as a whole below.
        problems += [_place(each, document, base) for each in found if each.unknown]
    for name in names:
        merged = _overlay(document, name)
        _, found = build(merged.data, name)
        problems += [_place(each, document, merged) for each in found]
    return in_order(problems)


def _choose(document: Document, env: str | None) -> str:
    names = environment_names(document)
    if env is None and len(names) == 1:
        return names[0]
    if env in names:
        return str(env)
    line, column = document.places.of((_ENVIRONMENTS,), key=True)
    if env is None:
        message = f"this blueprint has {len(names)} environments, {listing(names, last='and')}, and none is chosen"
        hint = f"add --env {names[0]}, or set PILOTAGE_ENV"
    else:
        message = f"there is no environment `{env}` in this blueprint"
        hint = did_you_mean(env, names, what="it has")
    raise BlueprintInvalid([Problem(document.file, line, column, message, hint)])


def _overlay(document: Document, name: str | None) -> Merged:
    merged = Merged({})
    base = {key: value for key, value in document.data.items() if key != _ENVIRONMENTS}
    merged.data = merged.take(base, (), ())
    declared = document.data.get(_ENVIRONMENTS)
    overlay = declared.get(name) if name and isinstance(declared, Mapping) else None
    if isinstance(overlay, Mapping):
        usable = {key: value for key, value in overlay.items() if key not in _FIXED}
        merged.merge(merged.data, usable, (), (_ENVIRONMENTS, str(name)))
    return merged


def _overlay_findings(document: Document) -> list[Finding]:
    """What is wrong with the section `environments` itself."""
    declared = document.data.get(_ENVIRONMENTS)
    if _ENVIRONMENTS not in document.data:
        return []
    if not isinstance(declared, Mapping) or not declared:
        return [
            Finding(
                (_ENVIRONMENTS,),
                "`environments`: a section with at least one environment is expected",
                "such as `dev:`",
            )
        ]
    found = []
    for name, overlay in declared.items():
        path: Path = (_ENVIRONMENTS, name)
        try:
            _NAME.validate_python(name, strict=True)
        except ValidationError as error:
            rule = error.errors(include_url=False)[0].get("ctx", {}).get("words", "text")
            found.append(Finding(path, f"`{name}` is no name for an environment: expected is {rule}"))
        if overlay is not None and not isinstance(overlay, Mapping):
            found.append(Finding(path, f"`{dotted(path)}`: a section is expected", "write what differs below it"))
        elif overlay is not None:
            fixed = [key for key in _FIXED if key in overlay]
            found += [
                Finding((*path, key), f"`{key}` cannot differ between environments", "remove it here") for key in fixed
            ]
    return found


def _at(document: Document, finding: Finding) -> Problem:
    line, column = document.places.of(finding.path, key=True)
    return Problem(document.file, line, column, finding.message, finding.hint, finding.level)


def _place(finding: Finding, document: Document, merged: Merged, sets: Sequence[str] = ()) -> Problem:
    for path, number in merged.sets.items():
        if finding.path[: len(path)] == path:
            return Problem("--set", number, 1, finding.message, finding.hint or f"given as --set {sets[number - 1]}")
    # What is not in the file itself is shown where the file says what calls for it.
    around = (_origin(merged, path) for path in (finding.path, *finding.reads))
    origin = next((each for each in around if each), ())
    line, column = document.places.of(origin, key=bool(finding.missing or finding.unknown))
    return Problem(document.file, line, column, finding.message, finding.hint, finding.level)


def _origin(merged: Merged, path: Path) -> Path:
    """Where a path, or the closest thing around it, stands in the file."""
    while path and path not in merged.origins:
        path = path[:-1]
    return merged.origins.get(path, ())


def _set(merged: Merged, text: str, number: int) -> list[Problem]:
    """Put `a.b.c=value` into the data; a problem when it is no such text or names an unknown path."""
    dotted_path, equals, written = text.partition("=")
    if not equals or not dotted_path:
        return [Problem("--set", number, 1, "KEY=VALUE is expected", "such as --set services.backend.count=2")]
    value = value_of(written, "--set")
    node: Any = merged.data
    steps: list[str | int] = [int(step) if step.isdigit() else step for step in dotted_path.split(".")]
    path: Path = ()
    while steps:
        kind = shape.chosen(shape.at(path, merged.data), node)
        step = steps.pop(0)
        if steps and shape.is_map(kind) and not shape.is_section(shape.chosen(shape.inside(kind, step), {})):
            step, steps = dotted((step, *steps)), []
        problem = _unknown_step(kind, node, path, step, bool(steps), number)
        if problem is not None:
            return [problem]
        path = (*path, step)
        if not steps:
            node[step] = value
        else:
            if isinstance(node, dict) and not isinstance(node.get(step), (dict, list)):
                if not _holds_keys(shape.inside(kind, step)):
                    return [Problem("--set", number, 1, f"`{dotted(path)}` is one value, with nothing inside", "")]
                node[step] = {}
            node = node[step]
    merged.sets[path] = number
    return []


def _holds_keys(kind: Any) -> bool:
    """May something of this type be a section?"""
    holder = shape.chosen(kind, {})
    return shape.is_section(holder) or shape.is_map(holder)


def _unknown_step(kind: Any, node: Any, path: Path, step: str | int, further: bool, number: int) -> Problem | None:
    known: list[str]
    if isinstance(node, list):
        if isinstance(step, int) and step < len(node):
            return None
        known = [str(index) for index in range(len(node))]
    elif not isinstance(node, dict) or kind is None:
        known = []
    elif shape.is_section(kind):
        known = list(shape.fields(kind))
        if step in known:
            return None
    else:
        known = list(node)
        if step in node or not further:
            return None
    full = dotted((*path, step))
    return Problem("--set", number, 1, f"`{full}` is not in the blueprint", did_you_mean(str(step), known))
