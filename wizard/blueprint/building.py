"""From plain data to a blueprint, with everything that is wrong with it told in one pass.

Broken parts are mended or left out so that the rest can be checked nevertheless. A check that rests on a part that
was left out stays silent: it would only repeat, in other words, what is said already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from wizard.blueprint import shape, words
from wizard.blueprint.checks import check
from wizard.blueprint.model import Blueprint
from wizard.blueprint.problems import Finding, Path, nearest

# What stands in for the first keys while the rest of a file is checked.
_STAND_INS: Mapping[str, Any] = {"blueprint": 1, "name": "app", "region": "us-east-1"}
_ROUNDS = 12


def build(data: Mapping[str, Any], env: str) -> tuple[Blueprint | None, list[Finding]]:
    """The blueprint, or None when it has errors of form; and every finding, warnings included."""
    try:
        blueprint = Blueprint.model_validate(data)
    except ValidationError as error:
        found = words.findings(error.errors(include_url=False), data)
    else:
        return blueprint, list(check(blueprint, env))
    rest, removed = _mended(data, found)
    if rest is None:
        return None, found
    return None, [*found, *(each for each in check(rest, env) if not _rests_on(each, removed))]


def _mended(data: Mapping[str, Any], found: Sequence[Finding]) -> tuple[Blueprint | None, list[Path]]:
    """A blueprint of what is sound, and the paths that had to be left out for it."""
    removed: list[Path] = []
    for _ in range(_ROUNDS):
        for finding in found:
            if finding.unknown:
                meant = nearest(finding.unknown, shape.known_keys(finding.path[:-1], data))
                data = _changed(data, finding.path, meant)
            else:
                # Leaving out one entry of a list would shift its neighbours away from their lines.
                path = finding.path
                while path and isinstance(path[-1], int):
                    path = path[:-1]
                if not path:
                    continue
                data = _changed(data, path, None)
                removed.append(path)
        data = {**_STAND_INS, **data}
        try:
            return Blueprint.model_validate(data), removed
        except ValidationError as error:
            found = words.findings(error.errors(include_url=False), data)
    return None, removed


def _changed(data: Any, path: Path, rename: str | None) -> Any:
    """A copy without the thing at a path, or with its last key renamed where the new one is still free."""
    step = path[0]
    if isinstance(data, Mapping) and step in data:
        made = dict(data)
        if len(path) > 1:
            made[str(step)] = _changed(data[str(step)], path[1:], rename)
            return made
        value = made.pop(str(step))
        if rename is not None:
            made.setdefault(rename, value)
        return made
    if isinstance(data, list) and isinstance(step, int) and step < len(data) and len(path) > 1:
        return [*data[:step], _changed(data[step], path[1:], rename), *data[step + 1 :]]
    return data


def _rests_on(finding: Finding, removed: Sequence[Path]) -> bool:
    """Does a check rest on something that was left out: the thing itself, or an entry of a map that it searched?"""
    for path in (finding.path, *finding.reads):
        for part in removed:
            if path[: len(part)] == part or part[:-1] == path:
                return True
    return False
