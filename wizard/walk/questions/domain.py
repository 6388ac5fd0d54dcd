"""The name that people type."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError

from wizard.blueprint.model.base import HostName
from wizard.question import Default, Question, QuestionKind, Value, Wrong
from wizard.walk import overlays
from wizard.walk.edits import host_path
from wizard.walk.questions.application import told
from wizard.walk.situation import ECS, Situation

_HOST: TypeAdapter[str] = TypeAdapter(HostName)


def _needs_host(situation: Situation) -> bool:
    if situation.is_starter:
        return host_path(situation.starter, situation.environment) is not None
    return situation.compute == ECS and bool(situation.app.web)


def _default(situation: Situation) -> Default[Situation]:
    if situation.is_starter:
        path = host_path(situation.starter, situation.environment)
        return Default(str(situation.starter.get(path)) if path else "", "the starter")
    return Default(f"{situation.name}.example.com", "only the sandbox has it")


def _check(situation: Situation, value: Value) -> Wrong | None:
    host = str(value)
    try:
        for each in (host, *_derived(host)):
            _HOST.validate_python(each)
    except ValidationError as error:
        return Wrong(f"`{host}` is no host name", told(error), f"{situation.name}.example.com")
    return None


def _derived(host: str) -> tuple[str, ...]:
    """The longest name that an environment may get from it."""
    first, dot, rest = host.partition(".")
    return (f"{first}-{max(overlays.RANGES, key=len)}{dot}{rest}",)


DOMAIN: Question[Situation] = Question(
    id="domain",
    label="Under which name will people find it?",
    help="Its domain must have a public hosted zone in this account; the sandbox has one for example.com. "
    "Certificate and DNS entry are made for you.",
    kind=QuestionKind.TEXT,
    default=_default,
    if_unsure="a name in a domain that you own; without one, go back and take ECS Express Mode",
    example="shop.example.com",
    words=("host name", "hosted zone", "certificate", "load balancer", "target group"),
    when=_needs_host,
    check=_check,
)
