"""The shape of one cause: the signs that show it, and what a person is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wizard.release.diagnosis.symptoms import Symptoms

Details = Mapping[str, str]
Sign = Callable[[Symptoms], Details | None]
"""None when the sign is absent; else what it tells, for the texts of the rule."""


@dataclass(frozen=True)
class Diagnosis:
    """What failed, why, what is safe, and the command to type next."""

    cause: str
    sentence: str
    evidence: str
    safe: str
    command: str
    final: bool = False
    """Trying again cannot help: something must be changed first."""

    def as_detail(self) -> dict[str, str]:
        """The fields of a `diagnosis` event."""
        return {
            "cause": self.cause,
            "sentence": self.sentence,
            "evidence": self.evidence,
            "safe": self.safe,
            "command": self.command,
        }


@dataclass(frozen=True)
class Rule:
    """One cause. The texts may name `{container}`, `{image}`, `{target}` (the image as a push takes it), `{task}`,
    `{cluster}`, `{service}`, `{look}` and whatever the sign tells."""

    cause: str
    when: Sign
    sentence: str
    command: str = "{look}"
    final: bool = False

    def diagnosis(self, symptoms: Symptoms, details: Details) -> Diagnosis:
        """What a person is told when this is the cause."""
        known = {
            "container": symptoms.container or "CONTAINER",
            "image": symptoms.image or "IMAGE",
            "target": _pushable(symptoms.image),
            "task": symptoms.task or "TASK",
            "cluster": symptoms.cluster or "CLUSTER",
            "service": symptoms.service or "SERVICE",
            "look": symptoms.look,
            **details,
        }
        return Diagnosis(
            self.cause,
            self.sentence.format_map(known),
            symptoms.evidence,
            symptoms.safe,
            self.command.format_map(known),
            self.final,
        )


def _pushable(image: str) -> str:
    """The image as a push takes it: a digest cannot be pushed to, its repository with a tag can."""
    repository, at, _ = image.partition("@")
    return f"{repository}:TAG" if at else image or "IMAGE"


def says(*patterns: str) -> Sign:
    """AWS's words about the task match one of the patterns; named groups are details."""
    compiled = [re.compile(pattern, re.IGNORECASE) for pattern in patterns]

    def sign(symptoms: Symptoms) -> Details | None:
        for pattern in compiled:
            if found := pattern.search(symptoms.words):
                return {name: text for name, text in found.groupdict().items() if text}
        return None

    return sign


def event_says(*patterns: str) -> Sign:
    """An event of the service matches one of the patterns."""
    compiled = [re.compile(pattern, re.IGNORECASE) for pattern in patterns]

    def sign(symptoms: Symptoms) -> Details | None:
        for text in (*symptoms.events, symptoms.words):
            for pattern in compiled:
                if found := pattern.search(text):
                    return {name: part for name, part in found.groupdict().items() if part}
        return None

    return sign


def ended_with(*codes: int) -> Sign:
    """The container ended with one of these codes; with none given, any but 0."""

    def sign(symptoms: Symptoms) -> Details | None:
        code = symptoms.exit_code
        if code is None or (code not in codes if codes else code == 0):
            return None
        last = symptoms.log_lines[-1].strip() if symptoms.log_lines else ""
        return {"code": str(code), "last_words": f": {last}" if last else ""}

    return sign


def target_says(*codes: str) -> Sign:
    """A target is unhealthy for one of these reasons."""

    def sign(symptoms: Symptoms) -> Details | None:
        found = [code for code in symptoms.target_reasons if code in codes]
        return {"target_reason": found[0]} if found else None

    return sign
