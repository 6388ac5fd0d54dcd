"""Short ways through a walk for tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from wizard.question import Value, Wrong
from wizard.walk.values import Pasted
from wizard.walk.walk import Walk

COMPOSE = """\
services:
  web:
    build: ./web
    ports: ["3000:80"]
  api:
    build: ./api
    ports: ["8000:8000"]
    environment:
      DATABASE_URL: postgres://root:pw@db:5432/app
      LOG_LEVEL: info
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost:8000/health"]
  jobs:
    build: ./api
    command: celery -A jobs worker
  db:
    image: postgres:17
  queue:
    image: rabbitmq:4
"""
EXAMPLE = """\
# what the application reads
STRIPE_API_KEY=
JWT_SECRET=change-me
LOG_LEVEL=info
CELERY_BROKER_URL=amqp://guest:guest@queue:5672
S3_BUCKET=local
AWS_ACCESS_KEY_ID=AKIAXXXXXXXXXXXXXXXX
"""
DOCKERFILE = """\
FROM python:3.13 AS build
EXPOSE 1
FROM python:3.13-slim
ENV PORT=5001
EXPOSE 5001/tcp
HEALTHCHECK --interval=5s \\
  CMD curl -f http://localhost:5001/health || exit 1
CMD ["gunicorn", "app:app"]
"""


def walked(where: str, **answers: Value) -> Walk:
    """A walk to its review: the given answers, and for the rest what is offered."""
    walk = moved(Walk.begin(where=where))
    while not walk.at_review:
        walk = moved(walk.answer(answers.get(walk.at, walk.current())))
    return walk


def moved(result: Walk | Wrong) -> Walk:
    """The walk that an answer led to; fails with what is wrong when it was not taken."""
    assert isinstance(result, Walk), result
    return result


def refused(result: Walk | Wrong | Value | Pasted) -> Wrong:
    """What is wrong with an answer; fails when it was taken."""
    assert isinstance(result, Wrong), result
    assert result.what and result.allowed and result.example
    return result


def single(folder: Path) -> Path:
    """A folder with one Dockerfile and an example of variables, as CarePolicy has them."""
    return written(folder, {"Dockerfile": DOCKERFILE, ".env.example": EXAMPLE})


def several(folder: Path) -> Path:
    """A folder with a page, an API, a worker, and what stands for a database and a broker."""
    api = "FROM python:3.13\nEXPOSE 8000\n"
    files = {"compose.yaml": COMPOSE, ".env.example": EXAMPLE, "web/Dockerfile": "FROM nginx\n", "api/Dockerfile": api}
    return written(folder, files)


def written(folder: Path, files: Mapping[str, str]) -> Path:
    """A folder with these files."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
