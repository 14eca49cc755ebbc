"""FieldTree: the fields that rules name, as a tree by segment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pipelines.field_path import EACH, Segment


@dataclass(slots=True)
class FieldTree:
    """One field and what is named below it.

    Attributes:
        verb: The treatment of the rule that ends here; None where none does.
        children: What is named below, by segment.
        each: That of what stands for any segment.
    """

    verb: str | None = None
    children: dict[Segment, FieldTree] = field(default_factory=dict)
    each: FieldTree | None = None

    @classmethod
    def of(cls, named: Iterable[tuple[tuple[Segment, ...], str]]) -> FieldTree:
        """Return the tree of these paths and their verbs."""
        root = cls()
        for segments, verb in named:
            node = root
            for segment in segments:
                node = node.named(segment)
            node.verb = verb
        return root

    def below(self, segment: Segment) -> FieldTree | None:
        """Return the tree of one field, or None: nothing is named there or below.

        Below the end of a rule everything is that rule's.
        """
        if self.verb is not None:
            return self
        own, each = self.children.get(segment), self.each
        if own is None or each is None or own is each:
            return own or each
        return _merged(own, each)

    def named(self, segment: Segment) -> FieldTree:
        """Return the node of a segment, made if there is none."""
        if segment is not EACH:
            return self.children.setdefault(segment, FieldTree())
        if self.each is None:
            self.each = FieldTree()
        return self.each

    def at(self, segments: Iterable[Segment]) -> FieldTree | None:
        """Return the tree at a path, as `below` does for one segment."""
        node: FieldTree | None = self
        for segment in segments:
            node = node and node.below(segment)
        return node


def _merged(own: FieldTree, each: FieldTree) -> FieldTree:
    children = dict(each.children)
    for segment, child in own.children.items():
        other = children.get(segment)
        children[segment] = child if other is None else _merged(child, other)
    both = own.each and each.each and _merged(own.each, each.each)
    return FieldTree(own.verb or each.verb, children, both or own.each or each.each)
