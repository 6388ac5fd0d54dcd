"""What is different between two revisions: image, size, environment, secrets (by reference, never by value), ports."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

ABSENT = "(not set)"
OF_A_CONTAINER = ("command", "entryPoint", "user", "cpu", "memory", "memoryReservation", "essential", "healthCheck")
OF_THE_TASK = ("cpu", "memory", "taskRoleArn", "executionRoleArn", "runtimePlatform", "volumes", "networkMode")


@dataclass(frozen=True)
class Different:
    """One thing that differs. A variable's value is shown as a fingerprint: people put secrets there too."""

    place: str
    before: str
    after: str

    @property
    def sentence(self) -> str:
        """In one line."""
        if self.before == ABSENT:
            return f"{self.place}  added: {self.after}"
        if self.after == ABSENT:
            return f"{self.place}  removed"
        return f"{self.place}  {self.before} → {self.after}"


def fingerprint(value: str) -> str:
    """Eight hexadecimal digits that tell two values apart without showing either."""
    return f"#{hashlib.sha256(value.encode()).hexdigest()[:8]}"


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Different]:
    """Everything that differs between two task definitions as ECS describes them, most telling first."""
    found = list(_containers(before, after))
    for name in OF_THE_TASK:
        found += _one(name, before.get(name), after.get(name))
    return found


def _containers(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Different]:
    old = {each["name"]: each for each in before.get("containerDefinitions") or ()}
    new = {each["name"]: each for each in after.get("containerDefinitions") or ()}
    for name in dict.fromkeys((*old, *new)):
        if name not in new:
            yield Different(f"container {name}", "there", ABSENT)
            continue
        one, other = old.get(name, {}), new[name]
        yield from _one(f"{name} image", _image(one.get("image")), _image(other.get("image")))
        yield from _named(f"{name} secret", one, other, "secrets", "valueFrom", str)
        yield from _named(f"{name} variable", one, other, "environment", "value", fingerprint)
        yield from _one(f"{name} ports", _ports(one), _ports(other))
        for field in OF_A_CONTAINER:
            yield from _one(f"{name} {field}", one.get(field), other.get(field))


def _named(
    place: str, one: Mapping[str, Any], other: Mapping[str, Any], field: str, value: str, shown: Any
) -> Iterator[Different]:
    old = {each["name"]: each.get(value, "") for each in one.get(field) or ()}
    new = {each["name"]: each.get(value, "") for each in other.get(field) or ()}
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield Different(
                f"{place} {name}",
                shown(old[name]) if name in old else ABSENT,
                shown(new[name]) if name in new else ABSENT,
            )


def _one(place: str, before: Any, after: Any) -> Iterator[Different]:
    old, new = before or None, after or None
    if old != new:
        yield Different(place, ABSENT if old is None else str(old), ABSENT if new is None else str(new))


def _image(reference: str | None) -> str | None:
    """The end of an image's name with the first digits of its digest: what a person compares."""
    if not reference:
        return None
    name, _, digest = reference.partition("@")
    return f"{name.rpartition('/')[2]}@{digest.removeprefix('sha256:')[:12]}" if digest else name.rpartition("/")[2]


def _ports(container: Mapping[str, Any]) -> str:
    return ", ".join(f"{each.get('containerPort')}" for each in container.get("portMappings") or ())
