"""What is told where brokers cannot be asked."""

from __future__ import annotations

from aiokafka.errors import KafkaError

from pipelines.errors import DeliveryError


def refusal(error: KafkaError) -> DeliveryError:
    """Return the error of a command that got no answer from the brokers.

    The client says `KafkaConnectionError` for a wrong address, for TLS and for a login alike.
    """
    return DeliveryError(
        f"the brokers refuse or do not answer: {type(error).__name__}; "
        "`clearwater doctor` tells whether it is address, TLS, login or rights"
    )
