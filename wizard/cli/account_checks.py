"""What `doctor` asks about secrets and AWS: keyring, region, credentials, clock. Nothing waits longer than seconds."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

from wizard.cli.finding import Finding
from wizard.cli.options import Options
from wizard.errors import PilotageError

T = TypeVar("T")
PATIENCE_S = 6.0
LARGEST_SKEW_S = 240.0
"""AWS refuses a request whose clock is more than five minutes off."""
FALLBACK_REGION = "us-east-1"
UNSAFE_KEYRINGS = ("keyrings.alt", "keyring.backends.null", "keyring.backends.fail")


def keyring(options: Options) -> Iterator[Finding]:
    """Whether the operating system keeps secrets, and safely."""
    found = _within(PATIENCE_S, _keyring_backend)
    fix = "give secrets by --secrets-file or PILOTAGE_SECRET_<NAME>"
    if found is None:
        yield Finding("keyring", False, "did not answer; it may wait to be unlocked", fix)
        return
    module, name = found
    safe = not module.startswith(UNSAFE_KEYRINGS)
    yield Finding("keyring", safe, f"{name} ({module}){'' if safe else ' keeps nothing safely'}", fix)


def _keyring_backend() -> tuple[str, str]:
    import keyring as library

    backend = type(library.get_keyring())
    return backend.__module__, backend.__name__


def credentials(options: Options) -> Iterator[Finding]:
    """Region, caller, remaining life of the login, and the clock."""
    from wizard.aws.calls import AwsCalls
    from wizard.aws.session import Session, Target
    from wizard.engine.clock import Clock

    if options.sandbox:
        yield Finding("credentials", True, "the SANDBOX takes any")
        return
    if url := os.environ.get("AWS_ENDPOINT_URL"):
        yield Finding("endpoint", True, f"AWS_ENDPOINT_URL is set: calls go to {url}, not to AWS")
    try:
        region = _region(options)
        named = f"{region}" if region else "none is named outside of the blueprint"
        yield Finding("region", bool(region), named, "export AWS_REGION=us-east-1, or region: in the blueprint")
        session = Session(Target(options.profile, region or FALLBACK_REGION))
        aws = AwsCalls(session, Clock())
    except PilotageError as error:
        yield Finding("credentials", False, error.summary, error.next_step)
        return
    yield from _caller(aws)


def _region(options: Options) -> str:
    from wizard.aws.session import Session, Target
    from wizard.errors import UsageError

    try:
        return Session(Target(options.profile, options.region)).region
    except UsageError:
        return ""


def _caller(aws: Any) -> Iterator[Finding]:
    def ask() -> dict[str, Any] | PilotageError:
        try:
            answer: dict[str, Any] = aws.read("sts", "get_caller_identity")
        except PilotageError as error:
            return error
        return answer

    answer = _within(PATIENCE_S, ask)
    if answer is None:
        fix = "look at the network, then: aws sts get-caller-identity   (or add --sandbox: no account is needed)"
        yield Finding("credentials", False, f"AWS did not answer within {PATIENCE_S:.0f} s", fix)
        return
    if isinstance(answer, PilotageError):
        yield Finding("credentials", False, answer.summary, answer.next_step or "aws login")
        return
    yield Finding("credentials", True, f"{answer['Arn']} in account {answer['Account']}{_remaining()}")
    told = answer["ResponseMetadata"]["HTTPHeaders"].get("date")
    if told:
        skew = (datetime.now(UTC) - parsedate_to_datetime(told)).total_seconds()
        fine = abs(skew) < LARGEST_SKEW_S
        yield Finding(
            "clock", fine, f"{skew:+.0f} s against AWS", "set this machine's clock (timedatectl set-ntp true)"
        )


def _remaining() -> str:
    """The life that is left, when the shell that exported the credentials says it."""
    given = os.environ.get("AWS_CREDENTIAL_EXPIRATION")
    try:
        ends = datetime.fromisoformat(given) if given else None
    except ValueError:
        return ""
    if ends is None or ends.tzinfo is None:
        return ""
    minutes = (ends - datetime.now(UTC)).total_seconds() / 60
    return f", good for {minutes:.0f} min" if minutes > 0 else ", EXPIRED"


def _within(seconds: float, question: Callable[[], T]) -> T | None:
    """The answer, or None when it does not come in time or no answer is possible."""
    found: list[T] = []

    def ask() -> None:
        try:
            found.append(question())
        except (OSError, RuntimeError, ImportError):
            return

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(seconds)
    return found[0] if found else None


CHECKS = (keyring, credentials)
