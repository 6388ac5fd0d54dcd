"""Where the application is, where it listens, what it is called, and where in the world it will run."""

from __future__ import annotations

import re

from pydantic import TypeAdapter, ValidationError

from wizard.blueprint.model.base import AppName, Region
from wizard.blueprint.model.ingress import HealthPath
from wizard.question import Choice, Default, Question, QuestionKind, Value, Wrong
from wizard.walk.reading import Unreadable, read_app, starter_names
from wizard.walk.situation import NO_PORT, Situation

_NAME: TypeAdapter[str] = TypeAdapter(AppName)
_REGION: TypeAdapter[str] = TypeAdapter(Region)
_HEALTH: TypeAdapter[str] = TypeAdapter(HealthPath)
_LISTENS = re.compile(r":?(\d{1,5})(/\S*)?")
REGIONS = (
    ("us-east-1", "United States, Virginia"),
    ("us-east-2", "United States, Ohio"),
    ("us-west-2", "United States, Oregon"),
    ("ca-central-1", "Canada, Montreal"),
    ("sa-east-1", "Brazil, Sao Paulo"),
    ("eu-west-1", "Europe, Ireland"),
    ("eu-west-2", "Europe, London"),
    ("eu-west-3", "Europe, Paris"),
    ("eu-central-1", "Europe, Frankfurt"),
    ("eu-north-1", "Europe, Stockholm"),
    ("ap-south-1", "Asia, Mumbai"),
    ("ap-northeast-1", "Asia, Tokyo"),
    ("ap-southeast-1", "Asia, Singapore"),
    ("ap-southeast-2", "Australia, Sydney"),
)


def told(error: ValidationError) -> str:
    """What a rule of the blueprint allows, in its own words."""
    return str(error.errors(include_url=False, include_input=False)[0]["msg"])


def _app_check(situation: Situation, value: Value) -> Wrong | None:
    try:
        read_app(str(value))
    except Unreadable as unreadable:
        return Wrong(unreadable.what, unreadable.allowed, unreadable.example)
    return None


def _listens_check(situation: Situation, value: Value) -> Wrong | None:
    if value == NO_PORT:
        return None
    matched = _LISTENS.fullmatch(str(value).strip())
    allowed = f"a port from 1 to 65535 and, after it, the path that answers 200 when all is well; or `{NO_PORT}`"
    if matched is None or not 1 <= int(matched[1]) <= 65535:
        return Wrong(f"`{value}` names no port", allowed, "8080/health")
    try:
        _HEALTH.validate_python(matched[2] or "/")
    except ValidationError as error:
        return Wrong(f"`{matched[2]}` is no path", told(error), "8080/health")
    return None


def _unknown_port(situation: Situation) -> bool:
    """An application of one container whose port was not found."""
    return len(situation.read.parts) == 1 and situation.read.parts[0].port is None


def _name_check(situation: Situation, value: Value) -> Wrong | None:
    try:
        _NAME.validate_python(str(value))
    except ValidationError as error:
        return Wrong(f"`{value}` cannot be the name", told(error), "shop")
    return None


def _region_default(situation: Situation) -> Default[Situation]:
    if situation.is_starter:
        return Default(str(situation.starter.get(("region",), "us-east-1")), "the starter")
    return Default("us-east-1")


def _region_choices(situation: Situation) -> tuple[Choice, ...]:
    named = [Choice(value, label) for value, label in REGIONS]
    own = str(_region_default(situation).value)
    if all(each.value != own for each in named) and is_region(own):
        named.append(Choice(own, "as the blueprint says"))
    return tuple(named)


def is_region(text: str) -> bool:
    """Whether this is formed like an AWS Region."""
    try:
        _REGION.validate_python(text)
    except ValidationError:
        return False
    return True


def _name_default(situation: Situation) -> Default[Situation]:
    return Default(situation.app.name, "the starter" if situation.is_starter else _named_by(situation))


def _named_by(situation: Situation) -> str:
    return {"image": "the image's name", "folder": "the folder's name"}.get(situation.app.form, "default")


APP: Question[Situation] = Question(
    id="app",
    label="Where is your application?",
    help="The address of a container image; a folder with a Dockerfile or a compose file (`.` is this one); or a "
    f"starter: {', '.join(starter_names())}. Nothing is run and nothing is changed there.",
    kind=QuestionKind.TEXT,
    default=lambda situation: Default(""),
    if_unsure="the starter carepolicy-hub shows a whole application",
    example="ghcr.io/owner/app:1.2",
    words=("image", "registry", "compose file", "starter", "blueprint"),
    check=_app_check,
)
LISTENS: Question[Situation] = Question(
    id="listens",
    short="port",
    label="At which port does it listen, and which path says that it is well?",
    help="Nothing that was read tells. Look for a number after `listening on` in its log. "
    f"Write the port inside the container, then the path, as in 8080/health; `{NO_PORT}` for one that nobody calls.",
    kind=QuestionKind.TEXT,
    default=lambda situation: Default("8080/"),
    if_unsure="8080/, the most usual; a wrong port shows at the first start, and nothing is lost",
    example="8080/health",
    words=("port", "health path"),
    when=_unknown_port,
    check=_listens_check,
)
NAME: Question[Situation] = Question(
    id="name",
    label="What is it called?",
    help="A short name. It begins the name of everything that is made in AWS, and cannot be changed later.",
    kind=QuestionKind.TEXT,
    default=_name_default,
    if_unsure="take the name that is offered",
    example="shop",
    words=("blueprint",),
    check=_name_check,
)
REGION: Question[Situation] = Question(
    id="region",
    label="Where in the world?",
    help="The AWS Region in which everything is made. Prices differ by a tenth or so; those shown are us-east-1's. "
    "Any other Region: start again with --region NAME.",
    kind=QuestionKind.CHOICE,
    default=_region_default,
    if_unsure="us-east-1 is the cheapest and has everything; for people in Europe eu-central-1",
    example="us-east-1",
    words=("Region",),
    choices=_region_choices,
    when=lambda situation: not situation.region_given,
    priced=False,
)
