"""Readers of a graph: what it costs, what it looks like, what one must be allowed to make it. They change nothing.

`paper` turns a file into a graph without asking AWS; every other room here takes that graph and answers a question.
"""
