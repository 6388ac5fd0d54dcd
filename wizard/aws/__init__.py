"""The edge to AWS, the only place that imports boto3: session, calls, tag index, logbook, the sandbox's process."""
