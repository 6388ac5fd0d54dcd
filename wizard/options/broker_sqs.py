"""A queue on Amazon SQS, with a second one in which messages wait for a person after too many failed attempts."""

from __future__ import annotations

from typing import Any

from wizard.blueprint.model import Sqs
from wizard.engine.graph import Resource
from wizard.options.registry import Option
from wizard.options.site import Site

_DAY = 86400
_LONGEST_DAYS = 14
"""SQS keeps nothing longer, and what a person must look at should wait as long as it can."""


def expand(site: Site, name: str, choice: Sqs) -> Site:
    """Add both queues."""
    dead = _queue(site, choice, "dead-letter", {"retention_seconds": _LONGEST_DAYS * _DAY})
    retry = {"arn": dead.ref("arn"), "max_receives": choice.dead_letter_after}
    settings = {"retention_seconds": choice.retention_days * _DAY, "dead_letter": retry}
    queue = _queue(site, choice, name, settings)
    return site.plus(
        dead,
        queue,
        queue=queue.ref("arn"),
        placeholders={**site.placeholders, "broker.queue_url": queue.ref("url")},
        outputs={"queue_url": queue.ref("url")},
    )


def _queue(site: Site, choice: Sqs, name: str, settings: dict[str, Any]) -> Resource:
    # The name of a FIFO queue ends so, or SQS refuses it.
    ending = ".fifo" if choice.fifo else ""
    part = "queue" if name == "main" else f"queue.{name}"
    properties = {
        "name": f"{site.name(part)}{ending}",
        "fifo": choice.fifo,
        "visibility_seconds": choice.visibility_timeout,
        "encryption": site.key if site.sealed else "sse-sqs",
        "tls_only": True,
    }
    return Resource("queue", name, properties | settings)


OPTION = Option("broker", Sqs, expand)
