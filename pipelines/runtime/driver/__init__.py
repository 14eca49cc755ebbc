"""The transport driver: Faust's consumer and producer with one message per fetched chunk.

It replaces Faust's data plane and keeps everything else. It rests on private hooks of
faust-streaming 0.15 and aiokafka 0.14, which is why both are pinned.
"""
