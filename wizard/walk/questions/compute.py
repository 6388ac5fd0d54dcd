"""What it runs on: ECS, ECS Express Mode or App Runner, each as a card; one that cannot serve says why."""

from __future__ import annotations

from wizard.blueprint.checks.services import APP_RUNNER_REGIONS
from wizard.question import Choice, Default, Question, QuestionKind
from wizard.walk.questions.picking import counted, first_able
from wizard.walk.reading.image import ECR
from wizard.walk.reading.starters import is_starter, siblings
from wizard.walk.routes import groups
from wizard.walk.situation import APP_RUNNER, ECS, EXPRESS, Situation

_CLOSED = (
    "new customers: AWS closed it on 30 April 2026, and whether this account used it before is not known until AWS is "
    "asked (a replay tells before anything is made)"
)
_LABELS = {ECS: "ECS with Fargate", EXPRESS: "ECS Express Mode", APP_RUNNER: "AWS App Runner"}


def _choices(situation: Situation) -> tuple[Choice, ...]:
    alone = _not_one_web_container(situation)
    return (
        Choice(ECS, _LABELS[ECS], _because_ecs(situation), "an address of its own: you bring a domain"),
        Choice(
            EXPRESS,
            _LABELS[EXPRESS],
            "one web container, and AWS gives it load balancer, certificate and address: no domain is needed",
            "private containers, workers, databases and brokers of AWS that are private",
            cannot=alone and f"it runs one web container; {alone}",
        ),
        Choice(
            APP_RUNNER,
            _LABELS[APP_RUNNER],
            "one web container with little to pay while nobody visits, and an address from AWS",
            f"{_CLOSED}; private databases and brokers",
            cannot=_cannot_app_runner(situation, alone),
        ),
    )


def _because_ecs(situation: Situation) -> str:
    web, workers = situation.app.web, situation.app.workers
    if any(len(parts) > 1 for parts in groups(situation).values()):
        return f"{counted(len(web), 'container')} share one task, and paths lead to each of them"
    if workers:
        return f"{', '.join(part.name for part in workers)} can run beside it without being called"
    return "everything can be set later: network, workers, databases"


def _not_one_web_container(situation: Situation) -> str:
    """Why this is not one web container; empty when it is."""
    parts, workers = situation.app.parts, situation.app.workers
    if len(parts) > 1:
        return f"this application has {counted(len(parts), 'container')}"
    return f"{workers[0].name} has no port" if workers else ""


def _cannot_app_runner(situation: Situation, alone: str) -> str:
    if alone:
        return f"it runs one web container; {alone}"
    image = situation.app.parts[0].image if situation.app.parts else ""
    if image and not ECR.fullmatch(image):
        return f"it takes images from ECR only, and this one is on {image.partition('/')[0]}"
    if situation.region not in APP_RUNNER_REGIONS:
        return f"it does not exist in {situation.region}"
    return ""


def _default(situation: Situation) -> Default[Situation]:
    return first_able(_choices(situation), (ECS, "default"))


def _starter_choices(situation: Situation) -> tuple[Choice, ...]:
    own = _own_kind(situation)
    served = siblings(situation.app.where) if is_starter(situation.app.where) else {own: situation.app.where}
    return tuple(
        Choice(
            kind,
            label,
            f"the starter {served[kind]} runs on it" if kind in served else "",
            _CLOSED if kind == APP_RUNNER else "",
            cannot="" if kind in served else f"{situation.app.name} has no starter for it",
        )
        for kind, label in _LABELS.items()
    )


def _own_kind(situation: Situation) -> str:
    services = situation.read.findings
    return next((each.value for each in services if each.what.startswith("service ") and each.value in _LABELS), ECS)


def _starter_default(situation: Situation) -> Default[Situation]:
    return first_able(_starter_choices(situation), (_own_kind(situation), "the starter"))


COMPUTE: Question[Situation] = Question(
    id="compute",
    short="run it on",
    label="What should it run on?",
    help="All three run your container without servers to look after, and replace it when it stops.",
    kind=QuestionKind.CHOICE,
    default=_default,
    if_unsure="ECS with Fargate; without a domain of your own, ECS Express Mode",
    example=ECS,
    words=("ECS", "Express Mode", "App Runner", "task", "service", "revision", "ECR"),
    choices=_choices,
)
STARTER_COMPUTE: Question[Situation] = Question(
    id="compute",
    short="run it on",
    label="What should it run on?",
    help="A starter is written for one of them; some applications have a starter for each.",
    kind=QuestionKind.CHOICE,
    default=_starter_default,
    if_unsure="what the starter says",
    example=ECS,
    words=("ECS", "Express Mode", "App Runner", "task", "service", "revision", "ECR"),
    choices=_starter_choices,
)
