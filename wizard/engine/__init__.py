"""The engine: graph, plan, apply, journal, events. Pure; it sees AWS only through a `Kind`.

Read in this order: `values` (what a property may hold), `graph`, `kind` (one AWS resource kind),
`plan` (what would change), `step` (how one resource converges), `apply` (how all of them do), `journal`, `events`.
"""
