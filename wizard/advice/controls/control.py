"""The words of the table: a control, the kinds of resource that carry it, and a verdict about one resource."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from wizard.engine.graph import Graph, Resource
from wizard.engine.kind import Live


class State(StrEnum):
    """Whether a control holds."""

    OK = "ok"
    BROKEN = "broken"
    NOT_CHECKED = "not checked"
    """AWS does not show it, or it is made by somebody else: a person must look."""


@dataclass(frozen=True)
class Verdict:
    """What a look at one resource says, and what it rests on."""

    state: State
    evidence: str


@dataclass(frozen=True)
class Around:
    """What else the deployment has: some controls join two resources."""

    graph: Graph
    live: Mapping[str, Live]

    def of_kind(self, kind: str) -> list[Live]:
        """Live resources of a kind."""
        return [found for address, found in self.live.items() if address.partition(".")[0] == kind]

    @property
    def own_keys(self) -> frozenset[str]:
        """Every way to name a KMS key of this deployment: ARN, id, alias."""
        keys = self.of_kind("kms_key")
        named = {str(key.attributes.get(name) or "") for key in keys for name in ("arn", "id", "alias")}
        return frozenset(named - {""})


Judge = Callable[[Live, Around], Verdict]


def always(_resource: Resource) -> bool:
    """Every resource of the kind."""
    return True


@dataclass(frozen=True)
class Carrier:
    """A kind of resource that carries a control.

    `by_hand` is an `aws` command that shows a person the same; `{name}` and the like are filled in from the resource.
    `otherwise` says what repairs it where a replay alone does not.
    """

    kind: str
    judge: Judge
    by_hand: str
    carries: Callable[[Resource], bool] = always
    otherwise: str = ""


@dataclass(frozen=True)
class Absent:
    """What it means when no resource of the deployment carries a control."""

    judge: Callable[[Graph], Verdict]
    by_hand: str


@dataclass(frozen=True)
class Control:
    """One promise of the preset, in plain words, with the section of the HIPAA Security Rule (45 CFR) that it serves.

    Without `absent`, a control that nothing carries says nothing about this deployment and is not listed.
    """

    id: str
    sentence: str
    section: str
    carriers: tuple[Carrier, ...]
    absent: Absent | None = None
