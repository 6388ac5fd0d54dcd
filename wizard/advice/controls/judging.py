"""Questions that many controls ask of a live resource, each answered with a verdict and its evidence.

What a read does not show is never taken for good: the verdict is then "not checked".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wizard.advice.controls.control import Around, Judge, State, Verdict
from wizard.engine.kind import Live


def verdict(holds: bool, good: str, bad: str) -> Verdict:
    """`ok` or `broken`, with the evidence for it."""
    return Verdict(State.OK, good) if holds else Verdict(State.BROKEN, bad)


def shows(property_: str, question: Callable[[Any], Verdict]) -> Judge:
    """Ask about one property, if AWS shows it."""

    def judge(live: Live, _around: Around) -> Verdict:
        if property_ not in live.properties:
            return Verdict(State.NOT_CHECKED, f"{property_} was not read")
        return question(live.properties[property_])

    return judge


def is_on(property_: str, what: str) -> Judge:
    """A switch that must be on."""
    return shows(property_, lambda value: verdict(value is True, f"{what} is on", f"{what} is off"))


def is_private(property_: str = "public") -> Judge:
    """A server that must have no public address."""
    return shows(
        property_, lambda value: verdict(value is False, "it has no public address", "it has a public address")
    )


def at_least(property_: str, least: int, what: str) -> Judge:
    """A number that must not be below another."""

    def question(value: Any) -> Verdict:
        holds = isinstance(value, (int, float)) and value >= least
        return verdict(holds, f"{what}: {value}", f"{what}: {value if value is not None else 'none'}, not {least}")

    return shows(property_, question)


def own_key(property_: str) -> Judge:
    """Encrypted with a key of this deployment, whose use is recorded and which can be taken away."""

    def judge(live: Live, around: Around) -> Verdict:
        if property_ not in live.properties:
            return Verdict(State.NOT_CHECKED, f"{property_} was not read")
        key = str(live.properties[property_] or "")
        return verdict(
            key in around.own_keys,
            f"encrypted with {key}",
            f"not encrypted with this deployment's key, but with {key or 'a key of AWS or none'}",
        )

    return judge


def both(first: Judge, second: Judge) -> Judge:
    """Two questions: the graver answer counts, and where both are good the evidence of both."""

    def judge(live: Live, around: Around) -> Verdict:
        one, other = first(live, around), second(live, around)
        if one.state is other.state is State.OK:
            return Verdict(State.OK, f"{one.evidence}, {other.evidence}")
        graver = (State.BROKEN, State.NOT_CHECKED, State.OK)
        return min(one, other, key=lambda each: graver.index(each.state))

    return judge


def known(state: State, evidence: str) -> Judge:
    """What AWS's own documentation settles for every resource of a kind."""
    return lambda _live, _around: Verdict(state, evidence)
