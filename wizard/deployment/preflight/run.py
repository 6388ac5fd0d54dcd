"""Asks everything at once. What one check cannot find out never keeps the others from telling."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from wizard.advice.preflight import Checked, State, Topic
from wizard.aws.translate import is_denied
from wizard.deployment.opening import Deployment
from wizard.deployment.preflight.account import app_runner, clock, identity, plan_of_account
from wizard.deployment.preflight.domain import domain
from wizard.deployment.preflight.images import images
from wizard.deployment.preflight.look import Look
from wizard.deployment.preflight.names import standing
from wizard.deployment.preflight.quotas import quotas
from wizard.deployment.preflight.rights import permissions
from wizard.errors import AwsError

Told = Callable[[Checked], None]
Ask = Callable[[], Iterable[Checked]]
AT_ONCE = 8
ORDER = tuple(Topic)


def preflight(deployment: Deployment, told: Told | None = None) -> tuple[Checked, ...]:
    """Every check, in the order of `Topic`; `told` hears each as soon as it is known, from worker threads.

    Raises `UsageError` where AWS's rules refuse the blueprint and `CredentialsError` where the login ended.
    """
    look, hear = Look.at(deployment), told or _nobody
    first: list[tuple[Topic, Ask]] = [
        (Topic.IDENTITY, partial(identity, look)),
        (Topic.CLOCK, partial(clock, look)),
        (Topic.PERMISSIONS, partial(permissions, look)),
    ]
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="preflight") as pool:
        running = [pool.submit(_answered, topic, ask, hear) for topic, ask in first]
        found = standing(look)
        for check in found.checks:
            hear(check)
        new = look.new(found.live)
        second: list[tuple[Topic, Ask]] = [
            (Topic.PLAN, partial(plan_of_account, look, new)),
            (Topic.QUOTAS, partial(quotas, look, new)),
            (Topic.IMAGES, partial(images, look)),
            (Topic.DOMAIN, partial(domain, look, found.live, new)),
            (Topic.APP_RUNNER, partial(app_runner, look, new)),
        ]
        running += [pool.submit(_answered, topic, ask, hear) for topic, ask in second]
        checks = [*found.checks, *(check for each in running for check in each.result())]
    return tuple(sorted(checks, key=lambda check: ORDER.index(check.topic)))


def _answered(topic: Topic, ask: Ask, hear: Told) -> list[Checked]:
    try:
        found = list(ask())
    except AwsError as error:
        why = "you may not ask" if is_denied(error) else "AWS did not tell"
        found = [Checked(topic, str(topic), State.NOT_CHECKED, f"{why}: {error.operation} ({error.code})")]
    for check in found:
        hear(check)
    return found


def _nobody(check: Checked) -> None:
    """Nobody listens."""
