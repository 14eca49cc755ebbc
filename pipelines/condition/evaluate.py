"""CEL over variables of any type, with no record: for authors who try an expression out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.condition.check import Checker
from pipelines.condition.compile import python_function
from pipelines.condition.error import CelFailure, CostExceeded
from pipelines.condition.generate import Generator
from pipelines.condition.given import NOTHING, Given
from pipelines.condition.limits import fill
from pipelines.condition.namespace import NAMESPACE
from pipelines.condition.outline import outline
from pipelines.condition.parse import parse
from pipelines.condition.shared import Shared
from pipelines.condition.tree import Node
from pipelines.shape import ANY


@dataclass(frozen=True, slots=True)
class Evaluation:
    """An expression, ready to run over variables.

    Attributes:
        tree: The tree of the expression, a node a line, each with its type.
        python: The Python function that it became.
        function: That function, of the variables by name.
    """

    tree: str
    python: str
    function: Callable[[Mapping[str, Any]], Any]

    def run(self, variables: Mapping[str, Any]) -> Any:
        """Return the value.

        Args:
            variables: CEL values by the names that the expression was compiled for.

        Raises:
            CelFailure: It has none. The text says which kind of error.
        """
        fill()
        try:
            return self.function(variables)
        except CostExceeded as error:
            raise CelFailure(str(error)) from None
        except RecursionError:
            raise CelFailure("the value is nested too deeply") from None


def prepare(text: str, names: Mapping[str, object], given: Given = NOTHING) -> Evaluation:
    """Compile an expression over variables whose types are known only when it runs.

    So nothing is refused for its types: a wrong one is an error of the value, and `&&` and `||`
    absorb it like any other. A name with dots in it is a variable, too.

    Args:
        text: The CEL text.
        names: The variables' names, as the keys of any mapping.
        given: What `table()`, `entity()` and `now()` ask.

    Raises:
        CelError: It is no expression, or too large.
    """
    return prepared(parse(text), names, given)


def prepared(node: Node, names: Mapping[str, object], given: Given = NOTHING) -> Evaluation:
    """Compile a tree, as `prepare` does a text.

    Raises:
        CelError: It is too large.
    """
    checker = Checker(dict.fromkeys(names, ANY), strict=False, given=given)
    checker.check(node)
    sources = {name: f"v[{name!r}]" for name in names}
    shared = Shared(sources, checker.dotted, given, dict(NAMESPACE))
    source = Generator(shared, quick=False).source(node)
    function, written = python_function(source, "v):", shared.constants)
    return Evaluation(outline(node, checker.shapes), written, function)
