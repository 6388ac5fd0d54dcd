"""The whole blueprint of one environment: every answer that Pilotage needs to make, change or remove a deployment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from wizard.blueprint.model.base import AccountId, AppName, Matches, PartName, Region, Section
from wizard.blueprint.model.broker import Broker, NoBroker
from wizard.blueprint.model.database import Database, NoDatabase
from wizard.blueprint.model.ingress import Ingress, NoIngress
from wizard.blueprint.model.network import DefaultVpc, Network
from wizard.blueprint.model.operations import Delivery, Hardening, Identity, NoIdentity, Observability
from wizard.blueprint.model.secrets import Secret
from wizard.blueprint.model.service import Service
from wizard.blueprint.model.storage import Storage

NamePattern = Annotated[
    str,
    Matches(
        r"[A-Za-z0-9/_.{}-]{1,256}",
        "letters, digits, / _ . - and the placeholders {app} {env} {part} {pattern} {account} {region} {suffix}",
    ),
]
PartKey = Annotated[
    str,
    Matches(
        r"[a-z][a-z_]*(?:\.[a-z][a-z0-9-]*)?",
        "the kind of a part, or kind and name, such as `vpc`, `secret` or `repository.backend`",
    ),
]
OutputName = Annotated[str, Matches(r"[a-z][a-z0-9_]{0,62}", "lower-case letters, digits and _")]


class NameRules(Section):
    """What things are called in AWS."""

    pattern: NamePattern = Field(
        default="{app}-{env}-{part}", description="The rule for everything that has no rule of its own."
    )
    parts: Mapping[PartKey, NamePattern] = Field(
        default={}, description="Own rules, for a whole kind (`secret`) or for one thing (`repository.backend`)."
    )


class Blueprint(Section):
    """One environment of an application in AWS."""

    blueprint: Literal[1] = Field(description="Version of this language.")
    name: AppName = Field(description="Short name of the application. It begins every name in AWS.")
    region: Region = Field(description="AWS Region, such as us-east-1.")
    account: AccountId | None = Field(
        default=None, description="Account number. When it is given, Pilotage refuses to work in any other account."
    )
    names: NameRules = Field(default=NameRules(), description="What things are called in AWS.")
    network: Network = Field(default=DefaultVpc(kind="default-vpc"), description="Where the deployment lives.")
    ingress: Ingress = Field(default=NoIngress(kind="none"), description="How requests from the internet come in.")
    services: Mapping[PartName, Service] = Field(min_length=1, max_length=20, description="What runs.")
    storage: Mapping[PartName, Storage] = Field(default={}, description="Buckets and file systems, by name.")
    broker: Broker = Field(default=NoBroker(kind="none"), description="How parts hand work to each other.")
    database: Database = Field(default=NoDatabase(kind="none"), description="Where data is kept.")
    secrets: Mapping[PartName, Secret] = Field(default={}, description="Secrets by name, without their values.")
    identity: Identity = Field(default=NoIdentity(kind="none"), description="Accounts of the application's users.")
    observability: Observability = Field(default=Observability(), description="Logs, alarms and the bill.")
    hardening: Hardening = Field(default=Hardening(), description="Stricter settings than a first experiment needs.")
    delivery: Delivery = Field(default=Delivery(), description="How new versions get here.")
    outputs: Mapping[OutputName, str] = Field(
        default={}, description="Lines for the receipt, such as an address to enter elsewhere. May hold placeholders."
    )
