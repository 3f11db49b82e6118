"""What ships with the package: the indicator tree, the register of norms, the parameter sets."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

from gep.document import Place, read_document
from gep.errors import Unknown
from gep.registry.edition import Edition
from gep.registry.parameter_set import ParameterSet
from gep.registry.reading import read_editions, read_parameter_set, read_services
from gep.registry.service import Service

DATA = resources.files("gep.registry").joinpath("data")


@cache
def services() -> Mapping[str, Service]:
    """Return the indicator tree by code."""
    return read_services(_document("services.json"))


@cache
def editions() -> tuple[Edition, ...]:
    """Return the register of norms, in the order of its file."""
    return read_editions(_document("editions.json"), services())


@cache
def parameter_sets() -> Mapping[str, ParameterSet]:
    """Return the parameter sets by version; a set is read after the one that it extends."""
    names = sorted(each.name for each in DATA.joinpath("parameters").iterdir())
    documents = [_document(f"parameters/{name}") for name in names]
    documents.sort(key=lambda each: (each.value.get("extends") is not None, each.path))
    found: dict[str, ParameterSet] = {}
    for document in documents:
        read = read_parameter_set(document, found.get)
        found[read.version] = read
    return MappingProxyType(found)


def parameter_set_of(version: str) -> ParameterSet:
    """Return a shipped parameter set.

    Raises:
        Unknown: none has that version.
    """
    found = parameter_sets().get(version)
    if found is None:
        raise Unknown(what="parameter set", name=version)
    return found


def _document(name: str) -> Place:
    return Place(read_document(DATA.joinpath(name).read_bytes()).value, name)
