"""Which variables look secret, which can be made up, and which follow from what is made in AWS."""

from __future__ import annotations

import re

_SECRET_WORDS = frozenset(
    {
        *("KEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASS", "PWD", "CREDENTIAL", "CREDENTIALS", "PRIVATE"),
        *("SALT", "DSN", "WEBHOOK", "SID", "AUTH", "PASSPHRASE", "CERT", "COOKIE", "SIGNATURE", "APIKEY", "PEPPER"),
    }
)
_PLAIN_ENDS = ("_PUBLIC_KEY", "_KEY_ID", "KEY_PREFIX", "_EXPIRES", "_TTL", "_LENGTH", "_MINUTES", "_SECONDS", "_NAME")
_ADDRESS_ENDS = ("_URI", "_URL", "_DSN", "_ADDRESS", "_ENDPOINT")
_WITH_CREDENTIALS = re.compile(r"[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s@]+@", re.IGNORECASE)
_STORES = ("MONGO", "POSTGRES", "DATABASE", "DB_", "RABBIT", "AMQP", "AMQ_", "BROKER", "REDIS", "MYSQL", "CELERY")
_GENERATED = re.compile(
    r"(?:^|_)(?:SECRET_KEY|SECRET_KEY_BASE|JWT_SECRET(?:_KEY)?|SESSION_SECRET|SESSION_KEY|APP_SECRET|APP_KEY|"
    r"ENCRYPTION_KEY|COOKIE_SECRET|SIGNING_KEY|NEXTAUTH_SECRET|AUTH_SECRET|CSRF_SECRET|SALT)$"
)
_ISSUED = re.compile(r"AWS_|STRIPE|TWILIO|GOOGLE|GITHUB|OPENAI|ANTHROPIC|AZURE|MS_|SENDGRID|SLACK|SENTRY|CLIENT_SECRET")
_HARMLESS_VALUE = re.compile(r"true|false|yes|no|on|off|\d{1,9}|[a-z]{1,16}|[a-z]{2}(?:-[a-z]+)+-\d|/[\w./-]*", re.I)
_RANDOM_VALUE = re.compile(r"[A-Za-z0-9+/_=.-]{20,}")


def looks_secret(name: str, value: str = "") -> bool:
    """Whether a variable should be kept as a secret; rather one too many than one too few."""
    upper = name.upper()
    if _WITH_CREDENTIALS.search(value):
        return True
    if upper.endswith(_PLAIN_ENDS) and not upper.startswith("AWS_"):
        return False
    if any(word in _SECRET_WORDS for word in upper.split("_")):
        return True
    if upper.endswith(_ADDRESS_ENDS) and any(store in upper for store in _STORES):
        return True
    return _looks_random(value)


def _looks_random(value: str) -> bool:
    """A long run of letters and digits mixed, as keys are."""
    if not _RANDOM_VALUE.fullmatch(value) or _HARMLESS_VALUE.fullmatch(value):
        return False
    return bool(re.search(r"\d", value)) and bool(re.search(r"[A-Za-z]", value)) and "." not in value


def can_be_made_up(name: str) -> bool:
    """Whether any random value will do, because only the application itself checks it."""
    upper = name.upper()
    return bool(_GENERATED.search(upper)) and not _ISSUED.search(upper)


_URLS = re.compile(
    r"(?:APP|BASE|PUBLIC|SITE|EXTERNAL|FRONTEND|SERVER|HOST)_?(?:BASE_)?(?:URL|ORIGIN)|ALLOWED_ORIGINS|CORS_ORIGINS?"
)
_BUCKET = re.compile(r"(?:.*_)?BUCKET(?:_NAME)?")
_PARTS_OF_DATABASE = (
    (re.compile(r"(?:POSTGRES|PG|DB|DATABASE|MONGO)_?HOST(?:NAME)?"), "{database.host}"),
    (re.compile(r"(?:POSTGRES|PG|DB|DATABASE|MONGO)_?PORT"), "{database.port}"),
    (re.compile(r"(?:POSTGRES|PG|DB|DATABASE|MONGO)_?(?:USER(?:NAME)?)"), "{database.user}"),
    (re.compile(r"POSTGRES_DB|PGDATABASE|(?:DB|DATABASE|MONGO)_?NAME"), "{database.name}"),
)
_DATABASE_PASSWORD = re.compile(r"(?:POSTGRES|PG|DB|DATABASE|MONGO)_?PASS(?:WORD)?")
_DATABASE_ADDRESS = re.compile(
    r"(?:DATABASE|DB|POSTGRES(?:QL)?|PG|MONGO(?:DB)?|DOCUMENTDB|SQLALCHEMY_DATABASE)_?(?:URL|URI|DSN)"
)
_BROKER_ADDRESS = re.compile(
    r"(?:.*_)?(?:RABBITMQ|RABBIT|AMQP|AMQ|CLOUDAMQP|BROKER|CELERY_BROKER|AMQ_RABBITMQ)_?(?:URL|URI|DSN)"
)
_QUEUE_ADDRESS = re.compile(r"(?:.*_)?(?:SQS|QUEUE)_?(?:QUEUE_)?URL")
_TABLE = re.compile(r"(?:(?:DYNAMO|DYNAMODB|DDB)_?)?TABLE(?:_NAME)?")
_OWN_LOGIN = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE")
_ENDPOINTS = re.compile(r"AWS_ENDPOINT_URL.*|S3_ENDPOINT(?:_URL)?|MINIO_.*")


def role_of(name: str) -> str:
    """What a variable is for, where its value follows from what is made: `url`, `bucket`, `database-uri` and so on."""
    upper = name.upper()
    for pattern, placeholder in _PARTS_OF_DATABASE:
        if pattern.fullmatch(upper):
            return placeholder
    table = (
        (_DATABASE_PASSWORD, "database-password"),
        (_DATABASE_ADDRESS, "database-uri"),
        (_BROKER_ADDRESS, "broker-uri"),
        (_QUEUE_ADDRESS, "queue-url"),
        (_BUCKET, "bucket"),
        (_TABLE, "table"),
        (_URLS, "url"),
        (_ENDPOINTS, "laptop"),
    )
    if upper in _OWN_LOGIN:
        return "own-login"
    if upper in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        return "region"
    return next((role for pattern, role in table if pattern.fullmatch(upper)), "")
