"""The engine: graph, plan, apply, journal, events. Pure; it sees AWS only through a `Kind`.

Read in this order: `values` (what a property may hold), `graph`, `kind` (one AWS resource kind), `world` (what is
there), `plan` (what would change), `step` (how one resource converges) with `site` and `patience`, `runner` (the ready
queue), `apply` (how all resources converge), `journal`, `events`.
"""
