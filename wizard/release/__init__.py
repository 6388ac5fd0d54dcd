"""What runs and what is happening to it: rollouts, their causes of failure, and the way back.

It knows ECS and no blueprint, so it serves any service, also one that Pilotage did not make. It stands below
`wizard.kinds`: the service kind asks it for the truth about a rollout.
"""
