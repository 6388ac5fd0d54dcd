"""All kinds by name, found by looking through this package."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Mapping
from functools import cache

import wizard.kinds
from wizard.engine.kind import Kind


@cache
def all_kinds() -> Mapping[str, Kind]:
    """One instance of every kind, by name."""
    found: dict[str, Kind] = {}
    for module_info in pkgutil.iter_modules(wizard.kinds.__path__):
        module = importlib.import_module(f"wizard.kinds.{module_info.name}")
        for member in vars(module).values():
            own = isinstance(member, type) and member.__module__ == module.__name__
            if own and issubclass(member, Kind) and not inspect.isabstract(member):
                found[member.name] = member()
    return found
