"""Tells when a contender's consumer group has its members: start-up ends and work begins there."""

from __future__ import annotations

import asyncio
import time

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

_STABLE = "Stable"
_LOOK_SECONDS = 0.01


async def joined(broker: str, group: str, patience_seconds: float) -> float:
    """Return the moment (`time.monotonic`) at which the group was first seen stable.

    Raises:
        TimeoutError: It never was.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=broker)
    await admin.start()
    try:
        for _ in range(int(patience_seconds / _LOOK_SECONDS)):
            if await _is_stable(admin, group):
                return time.monotonic()
            await asyncio.sleep(_LOOK_SECONDS)
        raise TimeoutError(f"group {group} did not come together")
    finally:
        await admin.close()


async def _is_stable(admin: AIOKafkaAdminClient, group: str) -> bool:
    try:
        (answer,) = await admin.describe_consumer_groups([group])
    except KafkaError:  # nobody has asked for the group yet
        return False
    return any(_STABLE in described for described in answer.groups)
