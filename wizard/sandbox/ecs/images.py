"""What an image does when a task starts it: the rehearsal rules, read from the image's tags.

An image of this account's ECR is looked up there, so that a digest behaves as its tags say. Any other image exists
unless its name or tag contains `missing`. A one-off task ends with 1 when the tag contains `badmigration` or its own
command (an override) contains `fail`; with any other it ends with 0.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from moto.ecr.models import ecr_backends

ECR = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/(?P<repository>[^:@]+)"
)


@dataclass(frozen=True)
class Behaviour:
    """How the containers of an image behave."""

    pull_error: str | None = None
    """Format with `image`; the task fails to start."""
    exit_code: int | None = None
    """The container ends with it a few seconds after its start."""
    exit_reason: str | None = None
    passes_checks: bool = True
    one_off_code: int = 0
    """With what it ends when it is run to its end, outside of a service."""
    check: tuple[str, str] = ("Target.ResponseCodeMismatch", "Health checks failed with these codes: [503]")
    """What the load balancer says of a target whose checks fail: code and words."""
    patience: int = 1
    """How many times longer than usual it takes until it is healthy."""
    lines: tuple[str, ...] = ("Application startup complete.",)
    """What it writes to its log."""


TRACEBACK = (
    "Traceback (most recent call last):",
    '  File "/app/main.py", line 12, in <module>',
    "    settings = load_settings()",
    '  File "/app/settings.py", line 31, in load_settings',
    '    return Settings(os.environ["APP_MODE"])',
    "KeyError: 'APP_MODE'",
)
BAD_ARCHITECTURE = (
    "CannotPullContainerError: pull image manifest has been retried 1 time(s): "
    "image Manifest does not contain descriptor matching platform 'linux/amd64'"
)
NOT_FOUND = (
    "CannotPullContainerError: pull image manifest has been retried 7 time(s): "
    "failed to resolve ref {image}: {image}: not found"
)
OUT_OF_MEMORY = "OutOfMemoryError: Container killed due to memory usage"

MIGRATION_LINES = (
    "INFO  [alembic.runtime.migration] Running upgrade 3f2a -> 9c1b, add a column",
    'ERROR relation "orders" does not exist',
)

WRONG_PATH = ("Target.ResponseCodeMismatch", "Health checks failed with these codes: [404]")
NO_ANSWER = ("Target.FailedHealthChecks", "Health checks failed")
TIMED_OUT = ("Target.Timeout", "Request timed out")
UP_ON_8000 = "INFO:     Uvicorn running on http://{host}:8000 (Press CTRL+C to quit)"
DENIED = (
    "botocore.exceptions.ClientError: An error occurred (AccessDenied) when calling the PutObject operation: "
    "User: arn:aws:sts::000000000000:assumed-role/task/app is not authorized to perform: s3:PutObject"
)

ABSENT = Behaviour(pull_error=NOT_FOUND)
HEALTHY = Behaviour()
RULES: tuple[tuple[str, Behaviour], ...] = (
    ("badarch", Behaviour(pull_error=BAD_ARCHITECTURE)),
    ("badmigration", Behaviour(one_off_code=1)),
    ("crash", Behaviour(exit_code=1, lines=TRACEBACK)),
    ("oom", Behaviour(exit_code=137, exit_reason=OUT_OF_MEMORY, lines=("Loading the model into memory ...",))),
    (
        "wrongpath",
        Behaviour(
            passes_checks=False, check=WRONG_PATH, lines=("Application startup complete.", '"GET / HTTP/1.1" 404')
        ),
    ),
    ("loopback", Behaviour(passes_checks=False, check=NO_ANSWER, lines=(UP_ON_8000.format(host="127.0.0.1"),))),
    ("sluggish", Behaviour(passes_checks=False, check=TIMED_OUT, lines=("Loading the model (4.1 GB) ...",))),
    ("denied", Behaviour(exit_code=1, lines=("Application startup complete.", DENIED))),
    ("unhealthy", Behaviour(passes_checks=False, lines=("Application startup complete.", '"GET / HTTP/1.1" 503'))),
    ("slow", Behaviour(patience=10, lines=("Warming up ...",))),
)
"""Tag marker to behaviour; the first that matches counts."""


@dataclass(frozen=True)
class Image:
    """What a reference stands for at this moment."""

    digest: str | None
    behaviour: Behaviour


def look_up(reference: str, account: str) -> Image:
    """Resolve a reference as the registry would now: its digest (None when absent) and how it behaves."""
    match = ECR.match(reference)
    if match and match["account"] == account:
        return _in_ecr(account, match["region"], match["repository"], reference[match.end() :])
    name, _, digest = reference.partition("@")
    if "missing" in name:
        return Image(None, ABSENT)
    made_up = "sha256:" + hashlib.sha256(name.encode()).hexdigest()
    return Image(digest or made_up, _behaviour([name.rpartition("/")[2].partition(":")[2]]))


def one_off(behaviour: Behaviour, command: Sequence[str]) -> Behaviour:
    """How the containers behave outside of a service, with a command of their own: they end."""
    if behaviour.exit_code is not None or behaviour.pull_error:
        return behaviour
    if behaviour.one_off_code or any("fail" in word for word in command):
        return replace(behaviour, exit_code=behaviour.one_off_code or 1, lines=MIGRATION_LINES)
    return replace(behaviour, lines=("Running the command ...", "Done."))


def pinned(reference: str, digest: str | None) -> str:
    """The reference with its tag replaced by a digest, as a deployment keeps it.

    One that is not in ECR keeps its tag too: nothing else says how its image behaves.
    """
    if digest is None or "@" in reference:
        return reference
    if not is_ecr(reference):
        return f"{reference}@{digest}"
    head, slash, last = reference.rpartition("/")
    return f"{head}{slash}{last.partition(':')[0]}@{digest}"


def is_ecr(reference: str) -> bool:
    """The image is in some account's private ECR, so pulling needs an execution role."""
    return ECR.match(reference) is not None


def _in_ecr(account: str, region: str, repository: str, rest: str) -> Image:
    found = ecr_backends[account][region].repositories.get(repository)
    by_digest = rest.startswith("@")
    tag = rest[1:] if rest else "latest"
    for image in found.images if found else ():
        if (image.get_image_digest() == tag) if by_digest else (tag in image.image_tags):
            return Image(image.get_image_digest(), _behaviour(image.image_tags))
    return Image(None, ABSENT)


def _behaviour(tags: list[str]) -> Behaviour:
    return next((behaviour for marker, behaviour in RULES if any(marker in tag for tag in tags)), HEALTHY)
