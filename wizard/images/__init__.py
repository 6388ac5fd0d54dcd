"""Container images: which ones a blueprint wants, and building and pushing them with the builder of this machine.

`wanted` reads blueprint and graph, `builder` knows the command lines of docker, finch, nerdctl, podman and buildah,
`process` runs them, `registry` talks to ECR, and `work` builds and pushes.
"""
