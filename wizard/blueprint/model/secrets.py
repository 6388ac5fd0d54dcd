"""Secrets by name. A blueprint says where a value comes from and never holds one."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from wizard.blueprint.model.base import Arn, Matches, Section, TrueMeansDefaults, VariableName

AwsSecretName = Annotated[
    str, Matches(r"[A-Za-z0-9/_+=.@-]{1,256}", "up to 256 letters, digits and /_+=.@- (Secrets Manager and SSM)")
]
Composed = Literal[
    "broker-uri", "broker-username", "broker-password", "database-uri", "database-username", "database-password"
]


class Generate(Section):
    """A random value, made once and kept."""

    length: int = Field(default=64, ge=16, le=512, description="Number of characters.")


class Secret(Section):
    """One secret. Without any key: its value is asked for, or read from the environment or a dotenv file."""

    source: VariableName | None = Field(
        default=None, description="Name under which a run looks for the value. Left out: the secret's name in capitals."
    )
    generate: Annotated[Generate | None, TrueMeansDefaults()] = Field(
        default=None, description="Make a random value once, unless a value is given. `true` or `{length: 64}`."
    )
    existing_arn: Arn | None = Field(
        default=None, description="A secret that exists already. It is used and never changed."
    )
    aws_name: AwsSecretName | None = Field(default=None, description="Its name in AWS, instead of the derived one.")
    store: Literal["secrets-manager", "ssm"] = Field(
        default="secrets-manager", description="Secrets Manager (0.40 USD a month each) or an SSM SecureString (free)."
    )
    composed: Composed | None = Field(
        default=None, description="Filled by the run from the broker or database that it makes. Never asked for."
    )
    optional: bool = Field(default=False, description="Made and given to containers only when a value is there.")
