"""A small expansion of JSON-LD 1.1: what our documents use of it, and nothing that would be lost.

A key that stands for no IRI, a type or an id that is none, a value that its type does not allow
fail; what is left are triples, with lists and JSON as one value each.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

KEYWORDS = {"@context", "@id", "@type"}
DEFINITION = {"@id", "@type", "@language", "@container", "@context", "@reverse"}
CONTAINERS = {None, "@list", "@set"}
IRI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+\Z")
XSD = "http://www.w3.org/2001/XMLSchema#"
LEXICAL = {
    f"{XSD}decimal": re.compile(r"-?[0-9]+(\.[0-9]+)?\Z"),
    f"{XSD}integer": re.compile(r"-?[0-9]+\Z"),
    f"{XSD}gYear": re.compile(r"[0-9]{4}\Z"),
}
Triple = tuple[str, str, Any]


class Context:
    """Terms in force at a place."""

    def __init__(self, terms: Mapping[str, Any]) -> None:
        self.terms = terms

    def within(self, local: Mapping[str, Any]) -> "Context":
        return Context({**self.terms, **local})

    def definition(self, term: str) -> dict[str, Any]:
        found = self.terms.get(term, {})
        definition = {"@id": found} if isinstance(found, str) else dict(found)
        assert definition.keys() <= DEFINITION, term
        assert definition.get("@container") in CONTAINERS, term
        return definition

    def iri(self, name: str) -> str:
        """Return what a term, a compact IRI or a name of the vocabulary stands for."""
        if name.startswith("@"):
            return name
        definition = self.definition(name)
        found = definition.get("@id", definition.get("@reverse"))
        if found == "@nest":
            return "@nest"
        if found is not None and found != name:
            return self.iri(found)
        prefix, colon, rest = name.partition(":")
        if colon and prefix in self.terms:
            return f"{self.terms[prefix]}{rest}"
        whole = name if colon else f"{self.terms['@vocab']}{name}"
        assert IRI.match(whole), whole
        return whole


def expanded(document: Mapping[str, Any]) -> list[Triple]:
    """Return the triples of a document."""
    context = Context(document["@context"])
    assert context.terms["@version"] == 1.1
    found: list[Triple] = []
    _node(document, context, found)
    return found


def _node(node: Mapping[str, Any], context: Context, found: list[Triple]) -> str:
    subject = str(node.get("@id", f"_:b{len(found)}"))
    assert subject.startswith("_:") or IRI.match(subject), subject
    found.extend((subject, "@type", context.iri(each)) for each in node.get("@type", ()))
    _members(node, context, subject, found)
    return subject


def _members(node: Mapping[str, Any], context: Context, subject: str, found: list[Triple]) -> None:
    for key, value in node.items():
        if key in KEYWORDS or value is None:
            assert context.iri(key) != "@nest" or value is not None, key
            continue
        predicate, definition = context.iri(key), context.definition(key)
        inner = context.within(definition.get("@context", {}))
        if predicate == "@nest":
            assert isinstance(value, dict)
            _members(value, context, subject, found)
            continue
        values = list(_values(value, key, inner, definition=definition, found=found))
        if definition.get("@container") == "@list":
            values = [values]
        for each in values:
            triple = (subject, predicate, each)
            found.append(triple if "@reverse" not in definition else (each, predicate, subject))


def _values(
    value: Any,
    key: str,
    context: Context,
    *,
    definition: Mapping[str, Any],
    found: list[Triple],
) -> Iterator[Any]:
    kind = definition.get("@type")
    if kind == "@json":
        yield value
        return
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            yield _node(each, context, found)
        elif kind == "@vocab":
            assert isinstance(each, str), key
            yield context.iri(each)
        elif isinstance(each, bool):
            assert kind is None or context.iri(kind) == f"{XSD}boolean", key
            yield each
        else:
            assert isinstance(each, str), key
            assert "@reverse" not in definition, key
            of = None if kind is None else context.iri(kind)
            assert of not in LEXICAL or LEXICAL[of].match(each), (key, each)
            yield each
