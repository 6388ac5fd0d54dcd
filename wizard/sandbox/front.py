"""The front door: takes one HTTP request to AWS, finds out what it asks, and answers in AWS's own words.

The order is: what is due in the world happens; the request is checked against botocore's model; guards may refuse;
then a handler answers, or moto does.
"""

from __future__ import annotations

import logging
import secrets
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from wizard.sandbox import handling, model_check, wire, world
from wizard.sandbox.answer import Answer, LostAnswer
from wizard.sandbox.handling import Call, Refused
from wizard.sandbox.moto_app import MotoApplication, not_built
from wizard.sandbox.record import CallLog, Fault, Faults
from wizard.sandbox.wire import Scope, Target

log = logging.getLogger("wizard.sandbox")


@dataclass
class FrontDoor:
    """Answers AWS requests; knows nothing of sockets."""

    moto: MotoApplication
    calls: CallLog = field(default_factory=CallLog)
    faults: Faults = field(default_factory=Faults)
    latency_seconds: float = 0.0

    def answer_unrecorded(self, environ: dict[str, Any], body: bytes) -> Answer:
        """Answer a request of the sandbox's own: no fault, no delay, no trace in the call log."""
        return FrontDoor(self.moto).answer(environ, body)

    def answer(self, environ: dict[str, Any], body: bytes) -> Answer:
        """Answer one request; raises `LostAnswer` when a fault says so."""
        if self.latency_seconds:
            time.sleep(self.latency_seconds)
        request_id = str(uuid.UUID(bytes=secrets.token_bytes(16), version=4))
        scope = wire.scope_of(environ)
        request = wire.request_of(environ, body)
        target = wire.target_of(scope, request)
        if target is None:
            return self._unknown(scope, request, request_id)
        service, operation = target.service, target.operation.name
        fault = self.faults.take(service, operation)
        if fault is not None and fault.mode == "lost_request":
            raise LostAnswer
        code = None
        try:
            if fault is not None and fault.mode in ("throttle", "error"):
                raise _spoilt(fault, target)
            answer = self._perform(target, scope.region, request, environ, body, request_id)
            if answer.status >= 300:
                code = _code_of(target, answer)
        except Refused as refused:
            code = refused.code
            answer = wire.refusal(target, refused, request_id)
        except Exception as error:
            # A handler that works on moto's stores gets moto's own errors: they are AWS's answers too.
            told = wire.refused_by_moto(error)
            if told is None:
                log.exception("%s:%s failed inside the sandbox", service, operation)
                told = Refused(
                    "SandboxNotBuilt", f"The sandbox failed at {service}:{operation}; its log says why.", 501
                )
            code = told.code
            answer = wire.refusal(target, told, request_id)
        self.calls.add(service, operation, answer.status, code)
        if fault is not None and fault.mode == "lost_answer":
            raise LostAnswer
        return answer

    def _perform(
        self, target: Target, region: str, request: Any, environ: dict[str, Any], body: bytes, request_id: str
    ) -> Answer:
        service, operation = target.service, target.operation.name
        params = wire.parameters_of(target, request)
        model_check.check(target, params)

        def in_moto() -> Answer:
            return self.moto.perform(environ, body, service, operation)

        call = Call(
            service,
            operation,
            params,
            world.ACCOUNT,
            region,
            world.AGENDA.clock,
            lambda: wire.read_answer(target, in_moto()),
        )
        with world.LOCK:
            world.AGENDA.advance()
            for guard in handling.GUARDS.get((service, operation), ()):
                guard(call)
            if service == "ec2" and params.get("DryRun"):
                raise Refused("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412)
            handler = handling.HANDLERS.get((service, operation))
            if handler is None:
                return in_moto()
            result = handler(call)
        return wire.success(target, result, request_id)

    def _unknown(self, scope: Scope, request: Any, request_id: str) -> Answer:
        operation = request.headers.get("X-Amz-Target", "").rpartition(".")[2] or request.values.get("Action", "")
        operation = operation or f"{request.method} {request.path}"
        refused = not_built(scope.signing_name, operation)
        self.calls.add(scope.signing_name, operation, refused.status, refused.code)
        return wire.plain_refusal(request.content_type or "", refused, request_id)


def _spoilt(fault: Fault, target: Target) -> Refused:
    code = fault.code
    if fault.mode == "throttle" and fault.code == "ThrottlingException":
        code = {"ec2": "RequestLimitExceeded", "query": "Throttling", "rest-xml": "SlowDown"}.get(target.protocol, code)
    status = 503 if code == "SlowDown" else 500 if code in ("InternalFailure", "InternalError") else 400
    return Refused(code, fault.message, status)


def _code_of(target: Target, answer: Answer) -> str:
    try:
        wire.read_answer(target, answer)
    except Refused as refused:
        return refused.code
    return str(answer.status)
