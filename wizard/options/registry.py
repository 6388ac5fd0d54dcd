"""All options by the section they serve, found by looking through this package: nothing lists them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

import wizard.options
from wizard.blueprint.model import Blueprint, EcsFargate, Section
from wizard.options.refusal import unserved
from wizard.options.site import MAIN, Site

T = TypeVar("T", bound=Section)


@dataclass(frozen=True)
class Option(Generic[T]):
    """One choice of one section: `model` is its form in the blueprint, `expand` adds what it needs to the site.

    `expand` is given the site, the name of the choice (`main` where a section is one choice) and the choice.
    """

    section: str
    model: type[T]
    expand: Callable[[Site, str, T], Site]

    @property
    def kind(self) -> str:
        """What `kind:` says for it."""
        return kind_of(self.model)


def kind_of(model: type[Section]) -> str:
    """The value of `kind:` that a model of the blueprint stands for."""
    (kind,) = model.model_fields["kind"].annotation.__args__  # type: ignore[union-attr]
    return str(kind)


SECTIONS = ("network", "storage", "broker", "database", "identity", "ingress", "services")
"""The sections of a blueprint whose `kind:` is a choice between options."""


@cache
def all_options() -> tuple[Option[Any], ...]:
    """Every option of this package, in the order of its files."""
    modules = (
        importlib.import_module(f"wizard.options.{found.name}")
        for found in pkgutil.iter_modules(wizard.options.__path__)
    )
    return tuple(option for module in modules if isinstance(option := getattr(module, "OPTION", None), Option))


def choices(blueprint: Blueprint, section: str) -> Iterator[tuple[str, Section]]:
    """The choices made in a section by name; `kind: none` is no choice."""
    if section == "network" and _needs_no_network(blueprint):
        return
    value = getattr(blueprint, section)
    named = value.items() if isinstance(value, Mapping) else [(MAIN, value)]
    yield from ((name, choice) for name, choice in named if choice.kind != "none")


def _needs_no_network(blueprint: Blueprint) -> bool:
    """App Runner runs outside of any VPC, and Express Mode finds the default one by itself."""
    alone = not any(isinstance(service, EcsFargate) for service in blueprint.services.values())
    nothing_else = blueprint.ingress.kind == blueprint.database.kind == blueprint.broker.kind == "none"
    return blueprint.network.kind == "default-vpc" and alone and nothing_else


def option_for(section: str, name: str, choice: Section) -> Option[Any]:
    """The option that serves a choice. Raises UsageError naming the choices that are served when none does."""
    served = [option for option in all_options() if option.section == section]
    for option in served:
        if type(choice) is option.model:
            return option
    place = f"{section}.kind" if name == MAIN else f"{section}.{name}.kind"
    kinds = [f"`kind: {option.kind}`" for option in served]
    nearest = f"Set `{place}` to one that it can: {', '.join(kinds)}." if kinds else f"Remove the section `{section}`."
    raise unserved(place, f"`kind: {kind_of(type(choice))}`", nearest)
