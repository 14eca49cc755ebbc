"""Records through a pipeline without Kafka: read, run, compared, told."""
