"""Alarms and hardening as one choice, and how many copies of the application there will be."""

from __future__ import annotations

from wizard.question import Choice, Default, Question, QuestionKind
from wizard.walk.questions.network import PRIVATE
from wizard.walk.questions.picking import first_able
from wizard.walk.situation import APP_RUNNER, ECS, Situation


def _choices(situation: Situation) -> tuple[Choice, ...]:
    return (
        Choice("logs", "logs for 30 days", "enough for a first try", "being told when it is down"),
        Choice("alarms", "logs and alarms", "CloudWatch tells when errors, CPU or memory go out of bounds"),
        Choice(
            "guarded",
            "alarms, a firewall, deletion protection",
            "nobody deletes the database by mistake; backups go back 35 days",
            "deleting it in one step",
        ),
        Choice(
            "hipaa",
            "as health data demands (HIPAA)",
            "own encryption keys, records of every access for a year, nothing public but the load balancer",
            "writing to the container's own disk, and some of the money",
            cannot=_cannot_hipaa(situation),
        ),
    )


def _cannot_hipaa(situation: Situation) -> str:
    if situation.compute == ECS and situation.network in PRIVATE:
        return ""
    product = "App Runner" if situation.compute == APP_RUNNER else "this network"
    return f"{product} has public containers; go back and choose ECS with Fargate and private ones"


def _default(situation: Situation) -> Default[Situation]:
    return first_able(_choices(situation), ("logs", "default"))


def _environment_choices(situation: Situation) -> tuple[Choice, ...]:
    whole = situation.host.count(".") == 1
    cannot = f"{situation.host} is a whole domain: dev needs a name inside one, as www.{situation.host} is"
    bare = cannot if whole else ""
    return (
        Choice("one", "one", "the simplest"),
        Choice(
            "dev-prod",
            "dev and prod",
            "try a change in dev first; prod survives the loss of a data centre",
            cannot=bare,
        ),
        Choice("dev-staging-prod", "dev, staging and prod", "one more to rehearse a release in", cannot=bare),
    )


def _starter_environments(situation: Situation) -> tuple[Choice, ...]:
    return tuple(Choice(name, name, "as the starter describes it") for name in situation.starter_environments)


WATCHING: Question[Situation] = Question(
    id="watching",
    label="How closely should it be watched and guarded?",
    help="Every level has private storage, HTTPS and secrets that nobody sees. This is about what comes on top.",
    kind=QuestionKind.CHOICE,
    default=_default,
    if_unsure="logs to begin with, alarms once somebody depends on it",
    example="alarms",
    words=("alarm", "deletion protection", "HIPAA"),
    choices=_choices,
)
ENVIRONMENTS: Question[Situation] = Question(
    id="environments",
    label="How many copies of it?",
    help="Each environment is made when you deploy it, and paid for from then on. The first one is shown here.",
    kind=QuestionKind.CHOICE,
    default=lambda situation: Default("one"),
    if_unsure="one; another can be added to the file later",
    example="dev-prod",
    words=("environment", "blueprint"),
    choices=_environment_choices,
)
STARTER_ENVIRONMENT: Question[Situation] = Question(
    id="environments",
    label="Which environment is made first?",
    help="The starter describes them all. The others stay in the file, and are made when you deploy them.",
    kind=QuestionKind.CHOICE,
    default=lambda situation: Default(situation.environment, "the starter's first"),
    if_unsure="the first one, which is the cheapest",
    example="dev",
    words=("environment", "starter"),
    choices=_starter_environments,
    when=lambda situation: len(situation.starter_environments) > 1,
)
