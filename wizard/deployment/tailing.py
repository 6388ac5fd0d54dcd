"""The containers' log of a deployment while it is being rolled out: lines as they come, on a thread of the caller."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from wizard.aws.calls import AwsCalls
from wizard.deployment.opening import Deployment
from wizard.deployment.releases import Releases
from wizard.errors import PilotageError
from wizard.release.service_ref import ServiceRef

LOOK_EVERY_S = 5.0
"""AWS seconds between two looks for services that were not there before."""


def tail(deployment: Deployment, take: Callable[[str], object], over: Callable[[], bool]) -> None:
    """Hand on every log line of every service of a deployment until it is over; blocks.

    Its calls are its own: they are not counted among those of the run. What AWS refuses to show is left out, for the
    log is a comfort while something else is done.
    """
    connection = deployment.connection
    quiet = AwsCalls(connection.session, connection.clock)
    releases = Releases(connection, quiet)
    since, followed = datetime.now(UTC), set[str]()
    stopping = threading.Event()

    def follow(ref: ServiceRef) -> None:
        try:
            for line in releases.log_lines(ref, since=since, follow=True, stopping=stopping):
                take(f"{ref.service or ref.name}  {line.text}")
        except PilotageError as error:
            take(f"{ref.service or ref.name}  (no log: {error.summary})")

    while not over():
        try:
            found = releases.services(deployment.name)
        except PilotageError:
            found = []
        for ref in found:
            if ref.arn not in followed:
                followed.add(ref.arn)
                threading.Thread(target=follow, args=(ref,), name=f"log of {ref.service}", daemon=True).start()
        deadline = time.monotonic() + connection.clock.real(LOOK_EVERY_S)
        while not over() and time.monotonic() < deadline:
            time.sleep(0.05)
    stopping.set()
