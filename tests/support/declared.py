"""A small sound project as text, for tests to break."""

GOOD = """\
pipeline: orders
source: {topic: orders.raw, value: json}
steps:
  - {step: drop, id: tests, when: 'has(message.test) && message.test', reason: test_order}
privacy: {policy: default}
publish: {topic: orders.clean}
dead_letter: {topic: orders.dead}
"""
POLICY = "policy: default\nfound: {default: {redact: {}}}\n"
