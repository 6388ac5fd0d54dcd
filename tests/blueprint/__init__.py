"""Statements about the blueprint room."""
