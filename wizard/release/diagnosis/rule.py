"""The shape of one cause: the signs that show it, and what a person is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from wizard.release.diagnosis.symptoms import Symptoms

Details = Mapping[str, str]
Sign = Callable[[Symptoms], Details | None]
"""None when the sign is absent; else what it tells, for the texts of the rule."""
Source = Callable[[Symptoms], Iterable[str]]
LONGEST = 2000
"""Characters of one text that are looked at: an application may write lines without an end."""
SIGNALS = {1: "HUP", 2: "INT", 3: "QUIT", 4: "ILL", 6: "ABRT", 7: "BUS", 8: "FPE", 9: "KILL", 11: "SEGV", 13: "PIPE"}
SIGNALS |= {14: "ALRM", 15: "TERM", 24: "XCPU", 31: "SYS"}


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
    normal: bool = False
    """Nothing failed: somebody or the scheduler wanted it so."""
    rollback: str = ""
    """The command that goes back to a version that worked."""

    def as_detail(self) -> dict[str, str | bool]:
        """The fields of a `diagnosis` event."""
        return {
            "cause": self.cause,
            "sentence": self.sentence,
            "evidence": self.evidence,
            "safe": self.safe,
            "command": self.command,
            "final": self.final,
        }


@dataclass(frozen=True)
class Rule:
    """One cause. The texts may name `{container}`, `{image}`, `{target}` (the image as a push takes it), `{task}`,
    `{cluster}`, `{service}`, `{look}`, `{rollback}`, `{ended}` and whatever the sign tells."""

    cause: str
    when: Sign
    sentence: str
    command: str = "{look}"
    final: bool = False
    normal: bool = False

    def diagnosis(self, symptoms: Symptoms, details: Details) -> Diagnosis:
        """What a person is told when this is the cause."""
        known = _Texts(
            container=symptoms.container or "CONTAINER",
            image=symptoms.image or "IMAGE",
            target=_pushable(symptoms.image),
            repository=_repository(symptoms.image),
            task=symptoms.task or "TASK",
            cluster=symptoms.cluster_name or "CLUSTER",
            service=symptoms.service or "SERVICE",
            look=symptoms.look,
            rollback=symptoms.rollback,
            ended=_ended(symptoms.exit_code),
        )
        known.update(details)
        return Diagnosis(
            self.cause,
            self.sentence.format_map(known),
            symptoms.evidence,
            symptoms.safe,
            self.command.format_map(known),
            self.final,
            self.normal,
            symptoms.rollback,
        )


class _Texts(dict[str, str]):
    """What a rule's texts may name; what the signs did not tell is a word for the reader to fill in."""

    def __missing__(self, name: str) -> str:
        return name.upper()


def _pushable(image: str) -> str:
    """The image as a push takes it: a digest cannot be pushed to, its repository with a tag can."""
    repository, at, _ = image.partition("@")
    return f"{repository}:TAG" if at else image or "IMAGE"


def _repository(image: str) -> str:
    """The name of the image's ECR repository."""
    name = image.partition("@")[0].partition("/")[2]
    return name.partition(":")[0] or "REPOSITORY"


def _ended(code: int | None) -> str:
    return f" (exit code {code})" if code else ""


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compiled when it is first needed: most runs diagnose nothing, and all patterns together take a quarter second."""
    return re.compile(pattern, re.IGNORECASE | re.DOTALL)


def matching(source: Source, *patterns: str) -> Sign:
    """Some text of a source matches one of the patterns, the first pattern first; named groups are details."""

    def sign(symptoms: Symptoms) -> Details | None:
        texts = [text[:LONGEST] for text in source(symptoms) if text]
        for pattern in patterns if texts else ():
            for text in texts:
                if found := _compiled(pattern).search(text):
                    return {name: part for name, part in found.groupdict().items() if part}
        return None

    return sign


def says(*patterns: str) -> Sign:
    """AWS's words about the task match one of the patterns."""
    return matching(lambda symptoms: (symptoms.words,), *patterns)


def event_says(*patterns: str) -> Sign:
    """An event of the service, or AWS's words about the task, match one of the patterns."""
    return matching(lambda symptoms: (*symptoms.events, symptoms.words), *patterns)


def deployment_says(*patterns: str) -> Sign:
    """The reason of the service deployment, or an event, matches one of the patterns."""
    return matching(lambda symptoms: (symptoms.deployment_reason, *symptoms.events, symptoms.reason), *patterns)


def log_says(*patterns: str) -> Sign:
    """A line that the container wrote matches one of the patterns, newest line first; only where something failed."""
    return matching(lambda symptoms: reversed(symptoms.log_lines) if symptoms.unwell else (), *patterns)


def refused(*patterns: str) -> Sign:
    """The refusal of an AWS call, or an event that repeats one, matches one of the patterns."""
    return matching(lambda symptoms: (symptoms.refusal, *symptoms.events, symptoms.words), *patterns)


def certificate_says(*patterns: str) -> Sign:
    """The state of the certificate matches one of the patterns."""
    return matching(lambda symptoms: (symptoms.certificate,), *patterns)


def runner_says(*patterns: str) -> Sign:
    """What App Runner or Express Mode says about its operation, or refuses a call with, matches one of the patterns."""
    return matching(lambda symptoms: (symptoms.runner, symptoms.refusal), *patterns)


def any_of(*signs: Sign) -> Sign:
    """The first of these signs that is present."""

    def sign(symptoms: Symptoms) -> Details | None:
        return next((found for one in signs if (found := one(symptoms)) is not None), None)

    return sign


def all_of(*signs: Sign) -> Sign:
    """All of these signs are present; what they tell is put together."""

    def sign(symptoms: Symptoms) -> Details | None:
        found = [one(symptoms) for one in signs]
        if any(one is None for one in found):
            return None
        return {name: text for one in found for name, text in (one or {}).items()}

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


def ended_by_signal(symptoms: Symptoms) -> Details | None:
    """The container was ended by a signal: its exit code is 128 and the number of the signal."""
    number = (symptoms.exit_code or 0) - 128
    return {"code": str(number + 128), "signal": SIGNALS[number]} if number in SIGNALS else None


def target_says(*codes: str) -> Sign:
    """A target gets no traffic for one of these reasons."""

    def sign(symptoms: Symptoms) -> Details | None:
        found = [code for code in symptoms.target_reasons if code in codes]
        return {"target_reason": found[0]} if found else None

    return sign
