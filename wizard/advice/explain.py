"""What a code means and what to do: exit codes, error codes of AWS that people meet, causes of failed versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from wizard.advice.task_codes import EXIT_CODES, STOP_CODES, TARGET_REASONS, container_exit
from wizard.errors import ExitCode
from wizard.release.diagnosis import RULES
from wizard.release.diagnosis.symptoms import Symptoms


@dataclass(frozen=True)
class Explanation:
    """One code: whose it is, what it means, what to type or do."""

    code: str
    origin: str
    meaning: str
    advice: str
    also: str = ""
    """What the same code means elsewhere."""


_EXITS: Mapping[ExitCode, tuple[str, str]] = {
    ExitCode.OK: ("done, or nothing to do", "nothing"),
    ExitCode.DEFECT: (
        "a defect in Pilotage itself",
        "report it with the file that the message names; run again to go on",
    ),
    ExitCode.USAGE: (
        "wrong usage, an invalid blueprint or a missing answer; AWS was not called to change anything",
        "correct what the message names, then run the same command again",
    ),
    ExitCode.CHANGES: ("`plan --detailed-exitcode` found changes", "pilotage replay FILE   makes them"),
    ExitCode.CREDENTIALS: (
        "credentials are missing, expired or lack a permission",
        "pilotage doctor   names what is missing; pilotage policy FILE --for setup   prints what must be allowed",
    ),
    ExitCode.PREFLIGHT: ("something that is known to fail; nothing was created", "correct it, then run again"),
    ExitCode.ROLLED_BACK: (
        "the deployment failed and the old version is serving",
        "read the diagnosis above it, correct the image or its settings, then replay",
    ),
    ExitCode.NEEDS_PERSON: (
        "failed, and needs a person; what was made stays and is known",
        "remove the cause that the message names, then run the same command again: it carries on",
    ),
    ExitCode.LOCKED: (
        "another run changes this deployment, or a person holds the service",
        "wait, or see who with: pilotage unlock APP/ENV, pilotage status",
    ),
    ExitCode.WORLD_MOVED: ("the world is not what the plan saw", "plan again, look, then replay"),
    ExitCode.TIME_IS_UP: (
        "still running when the time allowed was over",
        "run the same command again: it goes on waiting",
    ),
    ExitCode.WAITING: (
        "waiting for a person or for something outside AWS: an image, DNS, an e-mail",
        "do what the message names, then run the same command again",
    ),
    ExitCode.INTERRUPTED: ("interrupted; nothing was deleted because of it", "pilotage resume"),
}
_DENIED = (
    "the caller may not do this",
    "pilotage policy FILE --for setup   prints what must be allowed; an organization's policy may also forbid it",
)
_THROTTLED = ("too many calls a second", "nothing: Pilotage waits and sends it again")
_EXPIRED = ("the credentials are older than they may be", "aws login (or aws sso login), then the same command again")
_IN_USE = ("something still stands on it", "nothing at first: AWS lets go within minutes, and Pilotage asks again")
_AWS: Mapping[str, tuple[str, str]] = {
    "AccessDenied": _DENIED,
    "AccessDeniedException": _DENIED,
    "UnauthorizedOperation": _DENIED,
    "ExpiredToken": _EXPIRED,
    "ExpiredTokenException": _EXPIRED,
    "RequestExpired": _EXPIRED,
    "InvalidClientTokenId": ("AWS does not know this access key", "choose another profile: --profile NAME"),
    "UnrecognizedClientException": ("AWS does not know this access key", "choose another profile: --profile NAME"),
    "SignatureDoesNotMatch": (
        "the secret key or this machine's clock is wrong",
        "pilotage doctor   compares the clock",
    ),
    "OptInRequired": (
        "the account may not use this service or Region yet",
        "turn it on in the console, then run again",
    ),
    "Throttling": _THROTTLED,
    "ThrottlingException": _THROTTLED,
    "RequestLimitExceeded": _THROTTLED,
    "SlowDown": _THROTTLED,
    "DependencyViolation": _IN_USE,
    "ResourceInUse": _IN_USE,
    "ResourceInUseException": _IN_USE,
    "AnswerLost": (
        "the answer was lost, so that the call may or may not have been performed",
        "nothing: Pilotage looks before it sends anything again",
    ),
    "VpcLimitExceeded": (
        "5 VPCs a Region unless the quota is raised",
        "remove one, raise the quota, or use an existing VPC",
    ),
    "AddressLimitExceeded": (
        "5 Elastic IP addresses a Region unless the quota is raised",
        "raise the quota, or nat: none",
    ),
    "ServiceQuotaExceededException": (
        "a quota of the account is used up",
        "the message names it: raise it in Service Quotas",
    ),
    "LimitExceeded": ("a quota of the account is used up", "the message names it: raise it in Service Quotas"),
    "FreeTierRestrictionError": (
        "the account is on AWS's free plan, which excludes this",
        "choose the paid plan in the billing console, or leave this part out",
    ),
    "EntityAlreadyExists": ("somebody has this name already", "change the name under names: in the blueprint"),
    "BucketAlreadyExists": ("another account has this bucket name", "change the name under names: in the blueprint"),
    "InvalidPermission.Duplicate": (
        "an equal rule is in the security group already",
        "nothing: an untagged one is adopted",
    ),
    "ResourceInitializationError": (
        "the task could not begin: its image, secrets or log group was out of reach",
        "pilotage status; usually a way out (NAT, endpoint) or a right of the execution role is missing",
    ),
    "CannotPullContainerError": (
        "the image or the way to it is missing",
        "push the tag that the message names, then replay",
    ),
    "OutOfMemoryError": ("the container used more memory than it has", "raise memory of the service in the blueprint"),
}


def explain(code: str) -> Explanation | None:
    """What a code means; None when nobody knows.

    Numbers are exit codes: Pilotage's own, and those of containers, which are told beside where both have one.
    """
    if code.isdigit():
        return _exit(int(code))
    plain = code.lower().replace("-", " ")
    for origin, known in _named():
        names = {name.lower().replace("-", " "): name for name in known}
        if plain in names:
            name = names[plain]
            return Explanation(name, "Pilotage" if name == "AnswerLost" else origin, *known[name])
    return None


def _exit(number: int) -> Explanation | None:
    own = next((each for each in _EXITS if int(each) == number), None)
    of_container = container_exit(number)
    if own is not None:
        also = f"of a container: {of_container[0]}" if of_container else ""
        return Explanation(str(number), "exit code of Pilotage", *_EXITS[own], also)
    return Explanation(str(number), "exit code of a container", *of_container) if of_container else None


def _named() -> tuple[tuple[str, Mapping[str, tuple[str, str]]], ...]:
    return (
        ("error code of AWS", _AWS),
        ("stop code of an ECS task", STOP_CODES),
        ("reason of a load balancer's target", TARGET_REASONS),
        ("cause of a failed version", _causes()),
    )


@cache
def _causes() -> Mapping[str, tuple[str, str]]:
    """Every cause of the diagnosis, with capitals where it would name what it found."""
    found: dict[str, tuple[str, str]] = {}
    for rule in RULES:
        told = rule.diagnosis(Symptoms(), {})
        found.setdefault(rule.cause, (told.sentence, told.command))
    return found


def near(code: str) -> list[str]:
    """Codes that were perhaps meant."""
    names = {name.lower(): name for _, known in _named() for name in known}
    return [names[each].replace(" ", "-") for each in get_close_matches(code.lower(), names, n=3, cutoff=0.5)]


def all_codes() -> list[str]:
    """Every code that is explained, causes with hyphens, as they are typed."""
    numbers = {int(each) for each in _EXITS} | set(EXIT_CODES)
    named = [name.replace(" ", "-") for _, known in _named() for name in known]
    return [*(str(number) for number in sorted(numbers)), *named]
