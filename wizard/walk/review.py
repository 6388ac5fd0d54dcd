"""One page before anything is made: each value with its source, what will be made, price, minutes, rights needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wizard.advice.permissions import Role
from wizard.advice.policy import Policy, policy_for
from wizard.blueprint.document import Document
from wizard.blueprint.environments import resolve
from wizard.blueprint.model import Blueprint
from wizard.walk.drawing import Drawing, desired, draw, drawing_of
from wizard.walk.edits import edits_of
from wizard.walk.shown import shown
from wizard.walk.situation import section
from wizard.walk.walk import Walk
from wizard.walk.writing import text_of

MOST_LARGEST = 3


@dataclass(frozen=True)
class Row:
    """One value: what it is, where it came from, and the question at which it is changed."""

    value: str
    is_: str
    because: str
    question: str = ""


@dataclass(frozen=True)
class Largest:
    """One of the dearest sections of the price list."""

    section: str
    monthly_usd: float


@dataclass(frozen=True)
class Review:
    """Everything that somebody should have seen before saying yes."""

    deployment: str
    environment: str
    region: str
    rows: tuple[Row, ...]
    to_make: int
    monthly_usd: float
    hourly_usd: float
    not_priced: tuple[str, ...]
    largest: tuple[Largest, ...]
    minutes: int
    actions: tuple[str, ...]
    """IAM actions that making and removing it needs, sorted; `policies` holds them as documents."""
    policy_documents: tuple[Any, ...]
    text: str
    missing: tuple[str, ...] = ()
    """Variables whose secret value nobody gave yet."""
    problem: str = ""

    @property
    def rights(self) -> int:
        """How many different IAM actions are needed."""
        return len(self.actions)


def review(walk: Walk, environment: str | None = None) -> Review:
    """The review of a walk."""
    situation = walk.situation
    env = environment or situation.environment
    drawing = draw(situation, env)
    rows = tuple(_rows_of_walk(walk))
    return _review(drawing, f"{situation.name}/{env}", env, situation.region, rows, text_of(situation), walk)


def review_document(document: Document, environment: str | None = None) -> Review:
    """The review of a blueprint that was written before. Raises BlueprintInvalid."""
    blueprint, env = resolve(document, environment)
    drawing = drawing_of(blueprint, env)
    rows = tuple(_rows_of_document(document, blueprint, env))
    return _review(drawing, f"{blueprint.name}/{env}", env, blueprint.region, rows, document.dump(), None)


def _review(
    drawing: Drawing, deployment: str, env: str, region: str, rows: tuple[Row, ...], text: str, walk: Walk | None
) -> Review:
    policy: Policy | None = policy_for(drawing.paper, Role.SETUP) if drawing.paper else None
    actions = {action for each in (policy.statements if policy else ()) for action in each.actions}
    prices = drawing.prices
    return Review(
        deployment,
        env,
        region,
        rows,
        drawing.to_make,
        drawing.monthly_usd,
        prices.hourly_usd if prices else 0.0,
        prices.not_priced if prices else (),
        tuple(_largest(drawing)),
        drawing.minutes,
        tuple(sorted(actions)),
        policy.documents if policy else (),
        text,
        walk.missing_values() if walk else (),
        drawing.problem,
    )


def _largest(drawing: Drawing) -> Iterator[Largest]:
    found = [
        Largest(name, round(sum(each.monthly_usd or 0.0 for each in members), 2))
        for name, members in (drawing.prices.sections() if drawing.prices else ())
    ]
    yield from sorted(found, key=lambda each: -each.monthly_usd)[:MOST_LARGEST]


def _rows_of_walk(walk: Walk) -> Iterator[Row]:
    situation = walk.situation
    order = {step.id: step.label for step in walk.steps()}
    for question, label in order.items():
        answer = situation.answers.get(question)
        if answer is not None:
            yield Row(label, shown(answer.value), answer.because, question)
    if situation.region_given:
        yield Row("region", situation.region, "--region or AWS_REGION")
    for finding in situation.app.findings:
        yield Row(finding.what, finding.value, finding.source, "app")
    if situation.is_starter:
        for edit in edits_of(situation):
            yield Row(".".join(map(str, edit.path)), str(edit.value), "changed in the starter")
        return
    data = desired(situation)
    for name, how in section(data, "secrets").items():
        because = "made by the run" if how.get("composed") else "made up once" if how.get("generate") else "you give it"
        yield Row(f"secret {name}", "in Secrets Manager", because, "secrets")


def _rows_of_document(document: Document, blueprint: Blueprint, env: str) -> Iterator[Row]:
    """The sections that were chosen, each with its line."""
    overlay = section(section(document.data, "environments"), env)
    for name in ("region", "network", "ingress", "services", "storage", "broker", "database", "hardening"):
        path = ("environments", env, name) if name in overlay else (name,)
        if document.get(path) is None:
            continue
        line, _ = document.places.of(path, key=True)
        yield Row(name, _words(getattr(blueprint, name)), f"{document.file.rpartition('/')[2]}:{line}")


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(value)
    return str(getattr(value, "kind", None) or getattr(value, "preset", None) or value)
