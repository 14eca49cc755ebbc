"""The types of calls: which functions there are, what they take and give."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.condition.build import MACROS
from pipelines.condition.error import CelError
from pipelines.condition.functions import FUNCTIONS
from pipelines.condition.given import GIVEN, Given, given_shape, is_given
from pipelines.condition.linear import text_pattern
from pipelines.condition.named import unknown
from pipelines.condition.tree import Call, Literal, Node
from pipelines.errors import ConfigError
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
        raise CelError(unknown("function", node.function, known), node.column)
    if not function.fits(len(arguments), is_method=node.target is not None):
        form = f"x.{node.function}(…)" if function.method else f"{node.function}(…)"
        raise CelError(f"`{node.function}` is called {form}", node.column)
    takes = [*function.takes, *([function.takes[-1]] * len(arguments) if function.more else [])]
    for shape, kinds in zip(shapes, takes, strict=False):
        if kinds and shape.kind not in (*kinds, "any"):
            wanted = " or ".join(kinds)
            message = f"`{node.function}` takes {wanted}, not {shape.kind}"
            raise CelError(message, node.column)
    if node.function == "matches" and isinstance(pattern := arguments[-1], Literal):
        try:
            text_pattern(str(pattern.value))
        except ConfigError as error:
            raise CelError(str(error), pattern.column) from None
    return Shape(function.gives)
