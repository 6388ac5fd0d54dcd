"""The questions of the walk, one file a subject, and the order in which they come. At most twelve are asked."""

from __future__ import annotations

from collections.abc import Mapping

from wizard.question import Question
from wizard.walk.questions import application, compute, data, domain, network, secrets, watching
from wizard.walk.situation import Situation

MOST = 12
"""Decisions that a person is asked for; beyond them the defaults hold."""
ORDER: tuple[Question[Situation], ...] = (
    application.APP,
    application.LISTENS,
    application.NAME,
    application.REGION,
    compute.COMPUTE,
    network.NETWORK,
    data.STORAGE,
    data.BROKER,
    data.DATABASE,
    secrets.SECRETS,
    domain.DOMAIN,
    watching.WATCHING,
    watching.ENVIRONMENTS,
)
STARTER_ORDER: tuple[Question[Situation], ...] = (
    application.APP,
    compute.STARTER_COMPUTE,
    watching.STARTER_ENVIRONMENT,
    application.NAME,
    application.REGION,
    domain.DOMAIN,
    secrets.SECRETS,
)
BY_ID: Mapping[str, Question[Situation]] = {each.id: each for each in ORDER}


def order_for(situation: Situation) -> tuple[Question[Situation], ...]:
    """The questions for an application, in their order."""
    return STARTER_ORDER if situation.is_starter else ORDER
