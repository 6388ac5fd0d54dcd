"""Teaches moto's RDS the engine `docdb`: DocumentDB answers to the same API, and moto does not know it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.rds.models import DBCluster, DBInstance
from moto.rds.utils import ClusterEngine, DbInstanceEngine

from wizard.sandbox.moto_state import override

ENGINE = "docdb"
DEFAULT_VERSION = "5.0.0"
PORT = 27017


def _also(known: Callable[..., Any], answer: Any) -> Any:
    def with_docdb(engine: str, **rest: Any) -> Any:
        return answer if engine == ENGINE else known(engine, **rest)

    return staticmethod(with_docdb)


def install() -> None:
    """Extend moto's tables; a second call changes nothing."""
    if ENGINE in DBInstance.default_engine_versions:
        return
    DBInstance.default_engine_versions[ENGINE] = DEFAULT_VERSION
    cluster_engines = [*ClusterEngine.list_cluster_engines(), ENGINE]
    instance_engines = [*DbInstanceEngine.valid_db_instance_engine(), ENGINE]
    override(ClusterEngine, list_cluster_engines=lambda: cluster_engines)
    override(DbInstanceEngine, valid_db_instance_engine=lambda: instance_engines)
    override(
        DBInstance,
        default_port=_also(DBInstance.default_port, PORT),
        default_allocated_storage=_also(DBInstance.default_allocated_storage, 1),
    )
    override(
        DBCluster,
        default_port=_also(DBCluster.default_port, PORT),
        default_engine_version=_also(DBCluster.default_engine_version, DEFAULT_VERSION),
        default_allocated_storage=_also(DBCluster.default_allocated_storage, 1),
        # moto makes a cluster available at the first look; here the agenda does.
        status=property(lambda self: self._status, lambda self, value: setattr(self, "_status", value)),
    )
