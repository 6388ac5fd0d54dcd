"""Loads every module that registers behaviour, so that the handler table is complete."""

from __future__ import annotations

import importlib

MODULES: tuple[str, ...] = (
    "ecs",
    "interfaces",
    "nat",
    "endpoints",
    "network",
    "group_rules",
    "flow_logs",
    "balancing",
    "listening",
    "dns",
    "certificates",
    "brokers",
    "secrets",
    "buckets",
    "registry",
    "identity",
    "logs",
    "tagging",
    "databases",
    "tables",
    "file_systems",
    "database_settings",
    "queues",
    "keys",
    "scaling",
    "telling",
    "watching",
    "web_acls",
    "open_id",
    "trails",
    "user_pools",
    "budgets",
    "app_runner",
    "quotas",
)
"""Modules under `wizard.sandbox` whose import fills the handler table."""


def load() -> None:
    """Import them all."""
    for name in MODULES:
        importlib.import_module(f"wizard.sandbox.{name}")
