"""Pilotage: brings an application safely into AWS, and out of trouble at 3 a.m."""

__version__ = "0.1.0"
