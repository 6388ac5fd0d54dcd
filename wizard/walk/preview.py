"""What stands beside a question: the picture so far, its price, and what each choice would change. Asks nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wizard.question import Value
from wizard.walk import overlays
from wizard.walk.answers import YOU
from wizard.walk.drawing import Drawing, draw
from wizard.walk.situation import Situation
from wizard.walk.sketch import sketch
from wizard.walk.walk import Walk, unfold


@dataclass(frozen=True)
class Difference:
    """One choice: the price and the minutes of the whole with it, and how much more than what is chosen now."""

    monthly_usd: float
    minutes: int
    more_usd: float
    problem: str = ""


@dataclass(frozen=True)
class Preview:
    """The deployment as far as it was said."""

    monthly_usd: float = 0.0
    hourly_usd: float = 0.0
    not_priced: tuple[str, ...] = ()
    minutes: int = 0
    resources: int = 0
    picture: tuple[str, ...] = ()
    differences: Mapping[str, Difference] = field(default_factory=dict)
    problem: str = ""


def preview(walk: Walk, width: int = 36, choosing: Value | None = None) -> Preview:
    """What is known with the value that is highlighted, or with the one that holds; at the review, the whole."""
    if not walk.app.form:
        return Preview(problem="nothing is known about the application yet")
    if walk.at_review or walk.at == "app":
        return _preview(draw(walk.situation), width, {})
    chosen = walk.current() if choosing is None else choosing
    return _preview(draw(_with(walk, chosen)), width, _differences(walk, chosen))


def _differences(walk: Walk, chosen: Value) -> dict[str, Difference]:
    """What each choice that can serve would come to."""
    found: dict[str, Difference] = {}
    if not walk.question.priced:
        return found
    now = _monthly(walk, chosen)
    for choice in walk.asked().choices:
        if not choice.cannot:
            there = draw(_with(walk, choice.value))
            monthly = _monthly(walk, choice.value)
            found[choice.value] = Difference(monthly, there.minutes, round(monthly - now, 2), there.problem)
    return found


def _monthly(walk: Walk, value: Value) -> float:
    """The price of all that the file will describe: of several environments, their sum."""
    situation = _with(walk, value)
    names = () if situation.is_starter else overlays.NAMES.get(situation.environments, ())
    return round(sum(draw(situation, name).monthly_usd for name in names or (situation.environment,)), 2)


def _with(walk: Walk, value: Value) -> Situation:
    """The situation with this value as the answer here; a value that cannot be one changes nothing."""
    if walk.problem(value) is not None:
        return walk.situation
    return unfold(walk.given.plus(walk.at, value, YOU), walk.read, walk.region).situation


def _preview(drawing: Drawing, width: int, differences: Mapping[str, Difference]) -> Preview:
    prices = drawing.prices
    return Preview(
        drawing.monthly_usd,
        prices.hourly_usd if prices else 0.0,
        prices.not_priced if prices else (),
        drawing.minutes,
        drawing.to_make,
        tuple(sketch(drawing.topology, width)) if drawing.topology else (),
        differences,
        drawing.problem,
    )
