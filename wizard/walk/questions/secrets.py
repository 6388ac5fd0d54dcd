"""Which variables are secret. The answer holds names; values stay apart, in memory."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError

from wizard.blueprint.model.base import VariableName
from wizard.question import Default, Question, QuestionKind, Value, Variables, Wrong
from wizard.walk.edits import starter_secrets, variable_of
from wizard.walk.placing import to_decide
from wizard.walk.reading.variables import can_be_made_up
from wizard.walk.situation import Situation

_NAME: TypeAdapter[str] = TypeAdapter(VariableName)
MOST_SECRETS = 100
LONGEST_PLAIN = 2000
"""Characters of a value that stands in the blueprint; what is longer belongs into a file in S3."""


def proposed(situation: Situation) -> Default[Situation]:
    """What is offered for the variables that were read."""
    if situation.is_starter:
        return _of_starter(situation)
    names, known = list(to_decide(situation)), {each.name: each for each in situation.app.variables}
    secret = [name for name in names if known[name].secret]
    made_up = tuple(name for name in secret if can_be_made_up(name))
    plain = {name: known[name].value for name in names if not known[name].secret}
    sources = dict.fromkeys(known[name].source.rpartition(":")[0] for name in names)
    because = ", ".join(sources) or "default"
    return Default(Variables(tuple(name for name in secret if name not in made_up), made_up, plain), because)


def _of_starter(situation: Situation) -> Default[Situation]:
    secret, made_up = [], []
    for name, how in starter_secrets(situation).items():
        variable = str(how.get("source") or variable_of(name))
        if how.get("generate"):
            made_up.append(variable)
        elif not (how.get("composed") or how.get("existing_arn") or how.get("optional")):
            secret.append(variable)
    return Default(Variables(tuple(secret), tuple(made_up)), "the starter")


def secrets_of(situation: Situation) -> tuple[str, ...]:
    """Every variable that a starter keeps as a secret, composed ones and those that exist elsewhere included."""
    return tuple(str(how.get("source") or variable_of(name)) for name, how in starter_secrets(situation).items())


def optional_of(situation: Situation) -> tuple[str, ...]:
    """Variables of a starter that are used only when a value is given."""
    if not situation.is_starter:
        return ()
    found = starter_secrets(situation)
    return tuple(str(how.get("source") or variable_of(name)) for name, how in found.items() if how.get("optional"))


def _check(situation: Situation, value: Value) -> Wrong | None:
    allowed, example = "NAME=value lines, one a line", "API_TOKEN=..."
    if not isinstance(value, Variables):
        return Wrong("these are no variables", allowed, example)
    names = [*value.secret, *value.generated, *value.plain]
    for name in names:
        try:
            _NAME.validate_python(name)
        except ValidationError:
            return Wrong(f"`{name}` cannot be a variable", "letters, digits and underscores", example)
    doubled = next((name for name in names if names.count(name) > 1), None)
    if doubled is not None:
        return Wrong(f"`{doubled}` is given two meanings", "each name once", example)
    long = next((name for name, text in value.plain.items() if len(text) > LONGEST_PLAIN), None)
    if long is not None:
        return Wrong(f"the value of `{long}` is too long", f"{LONGEST_PLAIN} characters, or make it secret", example)
    if len(names) > MOST_SECRETS:
        return Wrong(f"{len(names)} variables are too many", f"{MOST_SECRETS} at most", example)
    return None


SECRETS: Question[Situation] = Question(
    id="secrets",
    label="Which variables does it read, and which of them are secret?",
    help="Paste the lines of your .env, or give the path of one. What looks secret is kept in AWS Secrets Manager "
    "(0.40 USD a month each) and shown nowhere; the rest stands in the blueprint. A value can be left for later.",
    kind=QuestionKind.SECRETS,
    default=proposed,
    if_unsure="what is offered; a value that is not given now is asked for before anything is made",
    example="API_TOKEN=...",
    words=("secret", "dotenv", "keyring"),
    check=_check,
)
