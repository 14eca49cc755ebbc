"""Placeholders: what stands where a secret or a name would stand, and is none."""

from __future__ import annotations

import re

_AROUND = " \t\r\n\"'`\\"
_PLACEHOLDER = re.compile(
    r"<[^<>]*>|\[[^\[\]]*\]|\{\{?[^{}]*\}?\}|\$\{[^}]*\}.*|\$\(.*|\$[A-Za-z_]\w*|%\w|%\([^)]*\)s?"
    r"|@[\w.]+@|__\w+__|[*•.xX#?\-_=\s]+"
    r"|(?i:null|none|nil|undefined|true|false|yes|no|n/?a|nan|unknown|anonymous|anon|empty|redacted"
    r"|removed|masked|hidden|secret|todo|tbd|fixme|test|default|placeholder|optional|required"
    r"|string|str|text|int|integer|number|bool|boolean|float|object|dict|list|any|env|unset|missing"
    r"|change[_-]?(?:me|it|this)|your[-_ ].*|my[-_](?:secret|password|token|api[-_]?key)|replace.*"
    r"|insert.*|enter.*|put[-_].*|(?:some|any|the|a|an)[-_ ].*|example.*|sample.*|dummy.*|fake.*"
    r"|foo|bar|baz|foobar|invalid|error|filtered|encrypted|not[-_ ].*|tok_\w+)",
    re.DOTALL,
)


def is_placeholder(text: str) -> bool:
    """Return True for `<PASSWORD>`, `****`, `${SECRET}`, `changeme`, `null` and their like."""
    return _PLACEHOLDER.fullmatch(text.strip(_AROUND)) is not None
