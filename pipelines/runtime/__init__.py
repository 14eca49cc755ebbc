"""Faust, aiokafka, and everything that moves records between them and the engine."""
