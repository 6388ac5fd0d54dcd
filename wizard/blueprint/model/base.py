"""The ground that every section of a blueprint stands on: the strict, frozen base class and the checked kinds of text.

Strict means that nothing is guessed: `no` stays text, `5001` is never text, `true` is never a number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, Strict
from pydantic_core import PydanticCustomError, core_schema

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema


class Section(BaseModel):
    """One section of a blueprint: frozen, unknown keys refused, values never repeated in an error."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        hide_input_in_errors=True,
        allow_inf_nan=False,
        protected_namespaces=(),
        # One schema is built, when the whole blueprint is first checked, instead of one for each section.
        defer_build=True,
    )


@dataclass(frozen=True)
class Matches:
    """A text rule that is told in words when it is broken and as a pattern in the JSON Schema."""

    pattern: str
    words: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        compiled = re.compile(self.pattern)

        def check(value: str) -> str:
            if compiled.fullmatch(value) is None:
                raise PydanticCustomError("matches", "{words}", {"words": self.words})
            return value

        return core_schema.no_info_after_validator_function(check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        found = handler(schema)
        found["pattern"] = f"^(?:{self.pattern})$"
        return found


@dataclass(frozen=True)
class TrueMeansDefaults:
    """Lets `true` stand for a section with all its defaults, and `false` for no section."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def unfold(value: Any) -> Any:
            return ({} if value else None) if isinstance(value, bool) else value

        return core_schema.no_info_before_validator_function(unfold, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [{"type": "boolean"}, handler(schema)]}


T = TypeVar("T")
ListOf = Annotated[tuple[T, ...], Strict(False)]

AppName = Annotated[
    str,
    Matches(
        r"[a-z](?:[a-z0-9]|-(?=[a-z0-9])){1,23}",
        "2 to 24 lower-case letters, digits and single hyphens, starting with a letter, not ending with a hyphen",
    ),
]
PartName = Annotated[
    str,
    Matches(
        r"[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,39}",
        "up to 40 lower-case letters, digits and single hyphens, starting with a letter, not ending with a hyphen",
    ),
]
EnvironmentName = Annotated[
    str,
    Matches(
        r"[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,15}",
        "up to 16 lower-case letters, digits and single hyphens, starting with a letter",
    ),
]
Region = Annotated[str, Matches(r"[a-z]{2}(?:-[a-z]+){1,3}-\d", "an AWS Region such as us-east-1 or eu-central-1")]
AccountId = Annotated[str, Matches(r"\d{12}", "an AWS account number: 12 digits, in quotes")]
HostName = Annotated[
    str,
    Matches(
        r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}",
        "a host name in lower case such as app.example.com, without https:// and without a path",
    ),
]
ZoneName = Annotated[
    str,
    Matches(
        r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}\.?",
        "the name of a Route 53 hosted zone such as example.com",
    ),
]
VariableName = Annotated[
    str, Matches(r"[A-Za-z_][A-Za-z0-9_]{0,127}", "an environment variable name: letters, digits and underscores")
]
Arn = Annotated[str, Matches(r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\d*:.+", "an ARN, which starts with arn:aws:")]
AbsolutePath = Annotated[str, Matches(r"/[^\x00-\x1f]{0,511}", "a path that starts with /")]
Port = Annotated[int, Field(ge=1, le=65535)]
Percent = Annotated[int, Field(ge=1, le=100)]
Email = Annotated[str, Matches(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]+", "an e-mail address")]
Text = Annotated[str, Field(min_length=1, max_length=4096)]
