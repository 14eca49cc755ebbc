"""The types of calls: which functions there are, what they take and give."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from pipelines.condition.build import MACROS
from pipelines.condition.error import CelError
from pipelines.condition.functions import FUNCTIONS
from pipelines.condition.linear import text_pattern
from pipelines.condition.tree import Call, Literal, Node
from pipelines.errors import ConfigError
from pipelines.shape import STRING, Shape


def called(node: Call, given: Sequence[Node], shapes: Sequence[Shape]) -> Shape:
    """Return the type of what a call gives.

    Args:
        node: The call.
        given: Its arguments, the target first.
        shapes: Their types.

    Raises:
        CelError: There is no such function, or not for these arguments.
    """
    if node.function == "header" and node.target is None:
        if len(shapes) != 1 or shapes[0].kind not in ("string", "any"):
            raise CelError('write header("name")', node.column)
        return STRING
    function = FUNCTIONS.get(node.function)
    if function is None:
        known = [*FUNCTIONS, "has", "header", *MACROS]
        raise CelError(unknown("function", node.function, known), node.column)
    if not function.fits(len(given), is_method=node.target is not None):
        form = f"x.{node.function}(…)" if function.method else f"{node.function}(…)"
        raise CelError(f"`{node.function}` is called {form}", node.column)
    takes = [*function.takes, *([function.takes[-1]] * len(given) if function.more else [])]
    for shape, kinds in zip(shapes, takes, strict=False):
        if kinds and shape.kind not in (*kinds, "any"):
            wanted = " or ".join(kinds)
            message = f"`{node.function}` takes {wanted}, not {shape.kind}"
            raise CelError(message, node.column)
    if node.function == "matches" and isinstance(pattern := given[-1], Literal):
        try:
            text_pattern(str(pattern.value))
        except ConfigError as error:
            raise CelError(str(error), pattern.column) from None
    return Shape(function.gives)


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """Return that there is no such name, which ones there are, and which may be meant."""
    listed = sorted(known)
    near = difflib.get_close_matches(name, listed, n=1)
    advice = f"; did you mean `{near[0]}`?" if near else ""
    return f"no {what} `{name}`; known: {', '.join(listed) or 'none'}{advice}"
