"""How Kubernetes' controllers replace three pods, one function for each rollout profile.

Source: `maxSurge`, `maxUnavailable`, `minReadySeconds` of Deployments, and the rolling update of
StatefulSets, Kubernetes documentation.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from tests.rollout.cluster import AnyPod

REPLICAS = 3
MIN_READY_SECONDS = 3.0

Make = Callable[[int], AnyPod]
"""Makes the pod of an ordinal."""
Ended = list[tuple[int, float]]
"""Exit codes of the old pods, and the seconds that each took to end."""


async def rolling_update(
    old: list[AnyPod], make: Make, *, surge: int, unavailable: int
) -> tuple[list[AnyPod], Ended]:
    """Roll as the Deployment controller does, with `maxSurge` and `maxUnavailable`."""
    new: list[AnyPod] = []
    steady: list[asyncio.Task[None]] = []
    stopping: list[asyncio.Task[tuple[int, float]]] = []
    old = list(old)
    while old or len(new) < REPLICAS or not all(one.done() for one in steady):
        while len(new) < REPLICAS and len(old) + len(new) < REPLICAS + surge:
            pod = make(len(new))
            await pod.start()
            new.append(pod)
            steady.append(asyncio.create_task(pod.ready(steady=MIN_READY_SECONDS)))
        available = sum(one.done() and one.exception() is None for one in steady)
        while old and len(old) + available > REPLICAS - unavailable:
            stopping.append(asyncio.create_task(old.pop(0).stop()))
        await asyncio.sleep(0.05)
    await asyncio.gather(*steady)
    return new, list(await asyncio.gather(*stopping))


async def surge(old: list[AnyPod], make: Make) -> tuple[list[AnyPod], Ended]:
    return await rolling_update(old, make, surge=REPLICAS, unavailable=0)


async def gentle(old: list[AnyPod], make: Make) -> tuple[list[AnyPod], Ended]:
    return await rolling_update(old, make, surge=1, unavailable=0)


async def recreate(old: list[AnyPod], make: Make) -> tuple[list[AnyPod], Ended]:
    ended = list(await asyncio.gather(*[pod.stop() for pod in old]))
    return await started(make), ended


async def static(old: list[AnyPod], make: Make) -> tuple[list[AnyPod], Ended]:
    """Roll as the StatefulSet controller does: the same names, last first, one at a time."""
    pods, ended = list(old), []
    for at in reversed(range(len(old))):
        ended.append(await old[at].stop())
        old[at].remove()
        pods[at] = make(at)
        await pods[at].start()
        await pods[at].ready(steady=MIN_READY_SECONDS)
    return pods, ended


async def started(make: Make) -> list[AnyPod]:
    pods = [make(at) for at in range(REPLICAS)]
    for pod in pods:
        await pod.start()
    await asyncio.gather(*[pod.ready(steady=MIN_READY_SECONDS) for pod in pods])
    return pods


Roll = Callable[[list[AnyPod], Make], Awaitable[tuple[list[AnyPod], Ended]]]
