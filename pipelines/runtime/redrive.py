"""Redrive: dead letters back to the topic they came from, each once, never in a circle."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, ProducerFenced

from pipelines.errors import ConfigError, DeliveryError
from pipelines.runtime.dead_letter import ATTEMPT, LetterUnreadable, open_letter
from pipelines.runtime.letters import Choice, Filed, filed, marker
from pipelines.runtime.topics import partition_counts
from pipelines.treatment import Keyring

_AT_ONCE = 500  # letters in a transaction
_PATIENCE_MS = 60_000


class Redrive:
    """Sends the originals of dead letters back to their source topics.

    Original and marker are written in one transaction, and whoever redrives a topic shuts out
    who began before: a letter is sent back once, however often this is asked for and wherever it
    is cut off. (A consumer that reads uncommitted records may still see what was rolled back.)
    """

    def __init__(self, topic: str, client: Mapping[str, Any], keys: Keyring) -> None:
        """Take what is needed.

        Args:
            topic: The dead letter topic.
            client: Connection arguments of an aiokafka client.
            keys: With the keys that open the letters.
        """
        self._topic = topic
        self._client = client
        self._keys = keys

    async def run(
        self, choice: Choice, *, parked: bool = False, told: Callable[[Filed, str], None]
    ) -> Counter[str]:
        """Send back what is chosen and open; return how many met which end.

        Args:
            choice: Which letters.
            parked: Parked ones, too.
            told: Called with each letter and its end: `sent`, `parked`, `redriven` (before) or
                `unreadable`.

        Raises:
            ConfigError: A key is missing, or a source topic.
            DeliveryError: The brokers refuse or do not answer; what was told as sent is sent.
        """
        ends: Counter[str] = Counter()
        counts = await partition_counts(self._client)
        producer = AIOKafkaProducer(
            **self._client,
            client_id=f"clearwater-redrive-{uuid.uuid4().hex[:8]}",
            transactional_id=f"clearwater-redrive-{self._topic}",
            transaction_timeout_ms=_PATIENCE_MS,
        )
        try:
            await producer.start()
            waiting: list[Filed] = []
            async with aclosing(filed(self._topic, self._client, choice)) as letters:
                async for one in letters:
                    if one.state == "open" or (one.state == "parked" and parked):
                        waiting.append(one)
                    else:
                        ends[one.state] += 1
                        told(one, one.state)
                    if len(waiting) >= _AT_ONCE:
                        ends.update(await self._send(producer, waiting, counts, told))
                        waiting = []
            ends.update(await self._send(producer, waiting, counts, told))
        except ProducerFenced:
            raise DeliveryError(f"somebody else began to redrive `{self._topic}`") from None
        except KafkaError as error:
            raise DeliveryError(f"the brokers refuse: {type(error).__name__}") from None
        finally:
            await producer.stop()
        return ends

    async def _send(
        self,
        producer: AIOKafkaProducer,
        letters: Sequence[Filed],
        counts: Mapping[str, int],
        told: Callable[[Filed, str], None],
    ) -> Counter[str]:
        """Send one transaction."""
        if not letters:
            return Counter()
        async with producer.transaction():
            ends = [await self._send_one(producer, one, counts) for one in letters]
        for one, end in zip(letters, ends, strict=True):
            told(one, end)
        return Counter(ends)

    async def _send_one(
        self, producer: AIOKafkaProducer, one: Filed, counts: Mapping[str, int]
    ) -> str:
        letter = one.letter
        if letter.topic not in counts:
            raise ConfigError(f"there is no topic `{letter.topic}` to send {one.place} back to")
        try:
            secret = self._keys.key(letter.encryption.key)
            original = open_letter(one.browsed.value or b"", secret)
        except LetterUnreadable:
            return "unreadable"
        kept = [(name, raw or b"") for name, raw in original.headers if name != ATTEMPT]
        await producer.send(
            letter.topic,
            value=original.value,
            key=original.key,
            # where it was, the order of its key goes on
            partition=letter.partition if letter.partition < counts[letter.topic] else None,
            timestamp_ms=letter.timestamp or None,
            headers=[*kept, (ATTEMPT, str(letter.attempt).encode())],
        )
        await producer.send(
            self._topic,
            value=b"",
            partition=one.browsed.partition,
            headers=[marker(one.browsed)],
        )
        return "sent"
