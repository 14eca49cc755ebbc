"""The types of calls: which functions there are, what they take and give."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.condition.advice import no_function
from pipelines.condition.build import MACROS
from pipelines.condition.error import PATTERN, TYPE, CelError, CelFailure
from pipelines.condition.functions import FUNCTIONS
from pipelines.condition.given import GIVEN, Given, given_shape, is_given
from pipelines.condition.linear import text_pattern
from pipelines.condition.time_parts import NAMES as TIME_PARTS
from pipelines.condition.times import time_zone
from pipelines.condition.tree import Call, Literal, Node
from pipelines.errors import ConfigError, Problem
from pipelines.shape import Shape


def called(node: Call, arguments: Sequence[Node], shapes: Sequence[Shape], given: Given) -> Shape:
    """Return the type of what a call gives.

    Args:
        node: The call.
        arguments: Its arguments, the target first.
        shapes: Their types.
        given: What is handed in from outside.

    Raises:
        CelError: There is no such function, or not for these arguments.
    """
    if is_given(node):
        return given_shape(node, shapes, given)
    function = FUNCTIONS.get(node.function)
    if function is None:
        known = [*FUNCTIONS, "has", *GIVEN, *MACROS]
        raise CelError(no_function(node.function, known), node.column)
    if not function.fits(len(arguments), is_method=node.target is not None):
        form = f"x.{node.function}(…)" if function.method else f"{node.function}(…)"
        raise CelError(f"`{node.function}` is called {form}", node.column, TYPE)
    takes = [*function.takes, *([function.takes[-1]] * len(arguments) if function.more else [])]
    for shape, kinds in zip(shapes, takes, strict=False):
        if kinds and shape.kind not in (*kinds, "any"):
            wanted = " or ".join(kinds)
            message = f"`{node.function}` takes {wanted}, not {shape.kind}"
            raise CelError(message, node.column, TYPE)
    if arguments and isinstance(last := arguments[-1], Literal):
        _refuse_text(node.function, last)
    return Shape(function.gives)


_MENDS = {
    "matches": "write what RE2 knows: no look-around, no back-references; `\\` before a bracket",
    "zone": "write a zone as `Europe/Berlin` or `+02:00`",
}


def _refuse_text(function: str, text: Literal) -> None:
    """Refuse a pattern or time zone that there is not, where it is written as it is."""
    try:
        if function == "matches":
            text_pattern(str(text.value))
        elif function in TIME_PARTS:
            time_zone(str(text.value))
    except (ConfigError, CelFailure) as error:
        fix = _MENDS["matches" if function == "matches" else "zone"]
        raise CelError(Problem(str(error), code=PATTERN, fix=fix), text.column) from None
