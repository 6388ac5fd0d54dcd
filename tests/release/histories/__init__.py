"""Histories of deployments, each with what is true at its end."""

from tests.release.histories import express, others, rolling, shifting, unseen

HISTORIES = (
    *rolling.HISTORIES,
    *others.HISTORIES,
    *shifting.HISTORIES,
    *unseen.HISTORIES,
    *express.HISTORIES,
)
