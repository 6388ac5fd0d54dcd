"""A blueprint's graph in the language of other tools, for people who leave Pilotage or review what it makes.

`cloudformation` puts a template together; `network`, `edge`, `compute`, `data`, `databases`, `identity` and `watching`
say each kind in it. Nothing here calls AWS, and no secret's value is ever in what comes out.
"""
