"""What the answers change in a starter: single values, so that its comments and its order stay as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wizard.blueprint.checks.data import source_of
from wizard.blueprint.document import Document
from wizard.blueprint.problems import Path
from wizard.walk.situation import Situation, section


@dataclass(frozen=True)
class Edit:
    """One value at one path of the file."""

    path: Path
    value: Any


def edits_of(situation: Situation) -> tuple[Edit, ...]:
    """The changes, none for what the starter says already."""
    document = situation.starter
    found = [
        Edit(("name",), situation.name),
        Edit(("region",), situation.region),
        *_hosts(situation, document),
        *_made_up(situation, document),
    ]
    return tuple(edit for edit in found if document.get(edit.path) != edit.value)


def edited(data: Mapping[str, Any], edits: tuple[Edit, ...]) -> dict[str, Any]:
    """Plain data with the edits in it."""
    made: Any = dict(data)
    for edit in edits:
        made = _with(made, edit.path, edit.value)
    result: dict[str, Any] = made
    return result


def _with(node: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    inner = dict(node) if isinstance(node, Mapping) else {}
    inner[str(path[0])] = _with(inner.get(str(path[0])), path[1:], value)
    return inner


def host_path(document: Document, environment: str) -> Path | None:
    """Where the host of an environment stands; None when it has no load balancer."""
    own: Path = ("environments", environment, "ingress", "host")
    for path in (own, ("ingress", "host")):
        if document.get(path) is not None:
            return path
    return None


def _hosts(situation: Situation, document: Document) -> Iterator[Edit]:
    """The host, and when it leaves the starter's domain, the zone and the hosts of the other environments with it."""
    here = host_path(document, situation.environment)
    if here is None or not situation.host:
        return
    yield Edit(here, situation.host)
    zone = str(document.get(("ingress", "zone"), "")).rstrip(".")
    if not zone or situation.host == zone or situation.host.endswith(f".{zone}"):
        return
    domain = situation.host.partition(".")[2]
    yield Edit(("ingress", "zone"), domain if domain.count(".") else situation.host)
    for other in situation.starter_environments:
        there = host_path(document, other)
        if there is not None and there != here:
            yield Edit(there, f"{str(document.get(there)).partition('.')[0]}.{domain}")


def _made_up(situation: Situation, document: Document) -> Iterator[Edit]:
    """Secrets that are to be random from now on."""
    for name, how in starter_secrets(situation).items():
        variable = str(how.get("source") or variable_of(name))
        if variable in situation.variables.generated and not how.get("generate"):
            yield Edit(("secrets", name, "generate"), True)


def starter_secrets(situation: Situation) -> dict[str, Mapping[str, Any]]:
    """The secrets of the starter in the environment that is made first."""
    data = situation.starter.data
    overlay = section(section(section(data, "environments"), situation.environment), "secrets")
    found: dict[str, Mapping[str, Any]] = {}
    for name, how in {**section(data, "secrets"), **overlay}.items():
        base = section(section(data, "secrets"), name)
        found[name] = {**base, **(how if isinstance(how, Mapping) else {})}
    return found


def variable_of(name: str) -> str:
    """The name under which a run looks for a secret's value."""
    from wizard.blueprint.model import Secret

    return source_of(name, Secret())
