"""What the application needs besides itself: files, a broker, a database. Each may be left out."""

from __future__ import annotations

from wizard.question import Choice, Default, Question, QuestionKind
from wizard.walk.questions.picking import first_able
from wizard.walk.situation import APP_RUNNER, ECS, EXPRESS, Situation

_NOWHERE_NEAR = {
    EXPRESS: "it is private, and Express Mode gives its containers a security group that nobody else knows",
    APP_RUNNER: "it is private, and App Runner's containers are outside of the network",
}


def _private(situation: Situation) -> str:
    """Why something private cannot be reached; empty when it can."""
    return _NOWHERE_NEAR.get(situation.compute, "")


def _outside(situation: Situation) -> str:
    """Why something elsewhere cannot be reached; empty when it can."""
    sealed = situation.compute == ECS and situation.network == "sealed"
    return "the network that you chose has no way out" if sealed else ""


def _storage_choices(situation: Situation) -> tuple[Choice, ...]:
    return (
        Choice("none", "nothing", "files that it writes may vanish with the container"),
        Choice(
            "s3",
            "a bucket in S3",
            "any number of files, with old versions kept; the code reads and writes them with AWS's library",
            "folders: code that opens files by path must be changed",
        ),
        Choice(
            "efs",
            "a shared folder on EFS",
            "the code sees a folder that outlives the container",
            "speed with many small files",
            cannot="" if situation.compute == ECS else "only ECS with Fargate can mount it",
        ),
    )


def _storage_default(situation: Situation) -> Default[Situation]:
    hint = situation.hint("storage")
    wanted = (hint.kind.partition(":")[0], hint.source) if hint else ("none", "default")
    return first_able(_storage_choices(situation), wanted)


def _broker_choices(situation: Situation) -> tuple[Choice, ...]:
    private = _private(situation)
    return (
        Choice("none", "nothing", "no part hands work to another"),
        Choice("sqs", "a queue on Amazon SQS", "no server, hardly a price", "RabbitMQ's protocol: the code calls AWS"),
        Choice(
            "amazon-mq",
            "RabbitMQ, one node",
            "code that knows RabbitMQ or Celery runs unchanged",
            "some minutes each week for maintenance, and 20 minutes at the first start",
            cannot=private,
        ),
        Choice(
            "amazon-mq-cluster",
            "RabbitMQ, three nodes in three zones",
            "it survives the loss of a data centre",
            "money: three larger nodes; one node cannot become three later",
            cannot=private,
        ),
        Choice(
            "external",
            "a broker that you have elsewhere",
            "you give its address as a secret",
            "its care stays yours",
            cannot=_outside(situation),
        ),
    )


def _broker_default(situation: Situation) -> Default[Situation]:
    hint = situation.hint("broker")
    if hint is None:
        return first_able(_broker_choices(situation), ("none", "default"))
    if hint.kind == "sqs":
        return first_able(_broker_choices(situation), ("sqs", hint.source))
    return first_able(_broker_choices(situation), ("amazon-mq", hint.source), ("external", hint.source))


def _has_use_for_broker(situation: Situation) -> bool:
    """One container alone, of which nothing says that it takes jobs, is not asked."""
    return len(situation.app.parts) > 1 or situation.hint("broker") is not None


def _database_choices(situation: Situation) -> tuple[Choice, ...]:
    private = _private(situation)
    return (
        Choice("none", "nothing", "it keeps nothing, or keeps it elsewhere without Pilotage's help"),
        Choice(
            "rds-postgres",
            "PostgreSQL on RDS",
            "the usual one, small and cheap to begin with",
            "minutes without it when its data centre fails",
            cannot=private,
        ),
        Choice(
            "aurora-postgres",
            "Aurora PostgreSQL, serverless",
            "its capacity follows the load",
            "money while nobody uses it",
            cannot=private,
        ),
        Choice(
            "documentdb",
            "Amazon DocumentDB",
            "it speaks MongoDB's protocol",
            "some features of MongoDB: check your driver",
            cannot=private,
        ),
        Choice("dynamodb", "a table on DynamoDB", "nothing to size, paid by the request", "SQL: the code calls AWS"),
        Choice(
            "external",
            "a database that you have elsewhere, such as MongoDB Atlas",
            "you give its address as a secret",
            "its care stays yours",
            cannot=_outside(situation),
        ),
    )


def _database_default(situation: Situation) -> Default[Situation]:
    choices, hint = _database_choices(situation), situation.hint("database", "postgres", "mongodb", "dynamodb")
    if hint is None:
        return first_able(choices, ("none", "default"))
    wanted = {"postgres": "rds-postgres", "mongodb": "documentdb"}.get(hint.kind, hint.kind)
    return first_able(choices, (wanted, hint.source), ("external", hint.source))


STORAGE: Question[Situation] = Question(
    id="storage",
    label="Does it keep files?",
    help="A container's own disk is empty again after each start. What must last goes somewhere else.",
    kind=QuestionKind.CHOICE,
    default=_storage_default,
    if_unsure="a bucket when people upload files, otherwise nothing",
    example="s3",
    words=("bucket", "versioning", "EFS"),
    choices=_storage_choices,
)
BROKER: Question[Situation] = Question(
    id="broker",
    label="Do its parts hand work to each other through a broker?",
    help="A broker keeps jobs until a worker takes them.",
    kind=QuestionKind.CHOICE,
    default=_broker_default,
    if_unsure="what is offered: it follows from your files; otherwise nothing",
    example="none",
    words=("broker", "RabbitMQ", "SQS"),
    choices=_broker_choices,
    when=_has_use_for_broker,
)
DATABASE: Question[Situation] = Question(
    id="database",
    label="Does it need a database?",
    help="One that is made here is private, encrypted and backed up; its password is made up and never shown.",
    kind=QuestionKind.CHOICE,
    default=_database_default,
    if_unsure="what is offered: it follows from your files; otherwise nothing",
    example="rds-postgres",
    words=("database", "RDS", "Aurora", "DocumentDB", "DynamoDB"),
    choices=_database_choices,
)
