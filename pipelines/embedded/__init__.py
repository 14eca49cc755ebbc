"""Apache Kafka and a schema registry on loopback, from package registries alone."""
