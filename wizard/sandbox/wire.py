"""AWS's protocols as the sandbox speaks them: which operation a request is, its parameters, and answers on the wire.

This is the one file that leans on moto's routers, parsers and serializers (private API; moto is pinned exactly).
"""

from __future__ import annotations

import functools
import io
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qs

from botocore.exceptions import UnknownServiceError
from botocore.parsers import create_parser
from moto.core.exceptions import ServiceException
from moto.core.model import OperationModel, ServiceModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model
from werkzeug.exceptions import HTTPException

from wizard.sandbox.answer import Answer
from wizard.sandbox.handling import Refused

warnings.filterwarnings("ignore", message=r"Exception\(.*\) with code .* does not match an error shape")

SERVICES_OF_SIGNING_NAME = {
    "apigateway": ("apigateway", "apigatewayv2"),
    "bedrock": ("bedrock", "bedrock-runtime", "bedrock-agent"),
    "cloudcontrolapi": ("cloudcontrol",),
    "dynamodb": ("dynamodb", "dynamodbstreams"),
    "elasticfilesystem": ("efs",),
    "elasticloadbalancing": ("elbv2", "elb"),
    "es": ("opensearch", "es"),
    "monitoring": ("cloudwatch",),
    "s3": ("s3control", "s3"),
    "servicequotas": ("service-quotas",),
    "ses": ("sesv2", "ses"),
    "sso": ("sso-admin",),
    "states": ("stepfunctions",),
    "tagging": ("resourcegroupstaggingapi",),
    "timestream": ("timestream-query", "timestream-write"),
}
"""Signing names that differ from botocore's service name, or that several services share."""

_CREDENTIAL = re.compile(r"Credential=([^,\s]+)")
_ELB_CLASSIC = "2012-06-01"
DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True)
class Scope:
    """What the signature of a request says: whom it is meant for."""

    signing_name: str
    region: str


@dataclass(frozen=True)
class Target:
    """The operation that a request asks for, with the labels of its path."""

    service: str
    operation: OperationModel
    path_labels: Mapping[str, Any]
    protocol: str


@functools.cache
def model_of(service: str) -> ServiceModel:
    """The botocore model of a service; raises `botocore.exceptions.UnknownServiceError`."""
    return get_service_model(service)


def request_of(environ: dict[str, Any], body: bytes) -> Request:
    """A request object over its own copy of the body."""
    return Request({**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))})


def scope_of(environ: Mapping[str, Any]) -> Scope:
    """Read service and region from the signature; an unsigned request is taken for S3, as AWS's hosts would."""
    credential = _CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    text = credential.group(1) if credential else ""
    if not text:
        text = parse_qs(environ.get("QUERY_STRING", "")).get("X-Amz-Credential", [""])[0]
    parts = text.split("/")
    if len(parts) >= 5:
        return Scope(parts[-2].lower(), parts[-3])
    if len(parts) == 4:
        return Scope(parts[-2].lower(), DEFAULT_REGION)
    return Scope("s3", DEFAULT_REGION)


def target_of(scope: Scope, request: Request) -> Target | None:
    """Find the operation, or None when no service known here has it."""
    for service in SERVICES_OF_SIGNING_NAME.get(scope.signing_name, (scope.signing_name,)):
        if service == "elbv2" and request.values.get("Version") == _ELB_CLASSIC:
            continue
        if service == "s3control" and not request.path.startswith("/v20180820/"):
            continue
        try:
            operation, labels = get_service_router(service).match(request)
            protocol = determine_request_protocol(operation.service_model, request.content_type)
        except (HTTPException, NotImplementedError, UnknownServiceError):
            continue
        return Target(service, operation, labels, protocol)
    return None


def parameters_of(target: Target, request: Request) -> dict[str, Any]:
    """Parse the parameters into the shapes that boto3 takes; raises `Refused` when they cannot be read at all."""
    parser = PROTOCOL_PARSERS[target.protocol](target.operation, map_type=dict)
    try:
        parsed = parser.parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                "body": request.get_data(),
                "url_path": request.path,
                "url_params": dict(target.path_labels),
            }
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise Refused("SerializationException", f"The request cannot be read: {error}") from error
    return {name: value for name, value in parsed.items() if value is not None}


def success(target: Target, result: Mapping[str, Any], request_id: str) -> Answer:
    """Write a handler's answer in the protocol of its service."""
    return _serialized(target, dict(result), request_id)


def refusal(target: Target, error: Refused, request_id: str) -> Answer:
    """Write an error in the protocol of its service; a status other than 400 given by `error` wins over the model's."""
    answer = _serialized(target, error, request_id)
    status = error.status if error.status != 400 else answer.status
    return Answer(status, answer.headers, answer.body)


def _serialized(target: Target, result: object, request_id: str) -> Answer:
    serializer = get_serializer_class(target.service, target.protocol)(operation_model=target.operation)
    serializer.context.request_id = request_id
    response = serializer.serialize(result)
    body = response["body"]
    headers = {name: str(value) for name, value in response["headers"].items()}
    headers["x-amzn-RequestId"] = request_id
    return Answer(response["status_code"], headers, body.encode() if isinstance(body, str) else body)


def plain_refusal(content_type: str, error: Refused, request_id: str) -> Answer:
    """An error for a service that no model here describes: JSON to those who sent JSON, XML to the others."""
    headers = {"x-amzn-RequestId": request_id}
    if "json" in content_type:
        body = f'{{"__type": "{error.code}", "message": "{error.message}"}}'
        return Answer(error.status, {**headers, "Content-Type": content_type}, body.encode())
    body = (
        f"<ErrorResponse><Error><Code>{error.code}</Code><Message>{error.message}</Message></Error>"
        f"<RequestId>{request_id}</RequestId></ErrorResponse>"
    )
    return Answer(error.status, {**headers, "Content-Type": "text/xml"}, body.encode())


def refused_by_moto(error: Exception) -> Refused | None:
    """An error of moto's own as AWS's refusal; None when it is something else, a defect for instance."""
    if isinstance(error, ServiceException):
        return Refused(str(error.code), str(error.message))
    if isinstance(error, HTTPException) and hasattr(error, "error_type"):
        return Refused(str(error.error_type), str(getattr(error, "message", "")), int(error.code or 400))
    return None


@functools.lru_cache(maxsize=16)
def _answer_parser(protocol: str) -> Any:
    return create_parser(protocol)


def read_answer(target: Target, answer: Answer) -> dict[str, Any]:
    """Parse moto's answer as boto3 would; raises `Refused` for an error."""
    response = {"status_code": answer.status, "headers": _Headers(answer.headers), "body": answer.body}
    parsed = cast(dict[str, Any], _answer_parser(target.protocol).parse(response, target.operation.output_shape))
    if answer.status >= 300:
        error = parsed.get("Error", {})
        raise Refused(
            str(error.get("Code") or answer.status),
            str(error.get("Message") or error.get("message") or ""),
            answer.status,
        )
    parsed.pop("ResponseMetadata", None)
    return parsed


class _Headers(dict[str, str]):
    """Header names without regard to case, as botocore's parsers expect."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__({name.lower(): value for name, value in headers.items()})

    def __contains__(self, name: object) -> bool:
        return super().__contains__(str(name).lower())

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name.lower(), default)
