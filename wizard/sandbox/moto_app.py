"""moto as a WSGI application in this process: what answers where the sandbox has nothing of its own to say."""

from __future__ import annotations

import functools
import io
from typing import Any

from moto.backends import list_of_moto_modules
from moto.core import responses
from moto.core.common_models import BaseModel
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from wizard.sandbox.answer import Answer
from wizard.sandbox.handling import Refused
from wizard.sandbox.moto_state import override


class MotoApplication:
    """Performs requests in moto."""

    def __init__(self) -> None:
        dispatcher: Any = DomainDispatcherApplication(create_backend_app)
        # moto reads its folder and inspects its class anew for every request: a third of the time of a small read.
        dispatcher.get_backend_for_host = functools.cache(dispatcher.get_backend_for_host)
        module: Any = responses
        override(module, method_names_from_class=functools.cache(module.method_names_from_class))
        # moto keeps every model that was ever made, for a dashboard: a process that lives for days must not.
        override(BaseModel, __new__=lambda cls, *_, **__: object.__new__(cls))
        self._app = dispatcher
        self._packages = set(list_of_moto_modules())

    def perform(self, environ: dict[str, Any], body: bytes, service: str, operation: str) -> Answer:
        """Let moto answer; raises `Refused` when it has not built the operation."""
        if {"lambda": "awslambda"}.get(service, service.replace("-", "")) not in self._packages:
            raise not_built(service, operation)
        collected: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> Any:
            collected["status"] = int(status.split(" ", 1)[0])
            collected["headers"] = dict(headers)
            return lambda _data: None

        inner = {**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        try:
            content = b"".join(self._app(inner, start_response))
        except NotImplementedError as error:
            raise not_built(service, operation) from error
        answer = Answer(collected["status"], collected["headers"], content)
        if _is_no_answer(answer):
            raise not_built(service, operation)
        return answer


def not_built(service: str, operation: str) -> Refused:
    """The sandbox's own way to say that it cannot do something that AWS can."""
    return Refused("SandboxNotBuilt", f"The sandbox does not have {service}:{operation}. Real AWS does.", 501)


def _is_no_answer(answer: Answer) -> bool:
    """Whether moto answered with a page for people, or with words of its own, instead of in AWS's protocol."""
    if answer.status == 501:
        return True
    page = answer.headers.get("Content-Type", "").startswith("text/html") and b"<html" in answer.body[:200].lower()
    return answer.status in (404, 405, 500) and (page or answer.body == b"Not yet implemented")
