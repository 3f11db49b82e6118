"""What accounts rest on: norms with their editions, parameter sets, the indicator tree.

It ships with the service, so it is of no snapshot of the ledger.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request

from gateway.api.door import Door
from gateway.api.problems import Problem
from gep.registry.parameter_set import ParameterSet
from gep.registry.reading import document_of, edition_document
from gep.registry.service import document_of as service_document
from gep.registry.shipped import editions, parameter_sets, services

Version = Annotated[
    str, Path(pattern=r"^[a-z0-9.-]{1,64}$", description="The parameter set's version.")
]


def add_gep_registry(router: APIRouter, door: Door) -> None:
    """Add what is read of norms, parameters and services."""

    @router.get("/gep/editions", tags=["gep"])
    async def list_gep_editions(request: Request) -> dict[str, Any]:
        """List norms and their editions: since when, which lines, how well each is known."""
        await door.caller(request)
        return {"editions": [{"hash": each.hash, **edition_document(each)} for each in editions()]}

    @router.get("/gep/parameter-sets", tags=["gep"])
    async def list_gep_parameter_sets(request: Request) -> dict[str, Any]:
        """List parameter sets: what each extends, its hash, how many rows are unchecked."""
        await door.caller(request)
        return {"parameter_sets": [_shown(each) for each in parameter_sets().values()]}

    @router.get("/gep/parameter-sets/{version}", tags=["gep"])
    async def show_gep_parameter_set(request: Request, version: Version) -> dict[str, Any]:
        """Show a parameter set: each row with value, unit, source, mark, years it holds."""
        await door.caller(request)
        found = parameter_sets().get(version)
        if found is None:
            raise Problem(
                status=404,
                code="gep.parameter_set_unknown",
                field="version",
                expected=f"one of {', '.join(parameter_sets())}",
                found=version,
            )
        return {**_shown(found), "parameters": document_of(found)["rows"]}

    @router.get("/gep/services", tags=["gep"])
    async def list_gep_services(request: Request) -> dict[str, Any]:
        """List the indicator tree: units, methods of quantity and value, names in SEEA EA."""
        await door.caller(request)
        return {"services": [service_document(each) for each in services().values()]}


def _shown(each: ParameterSet) -> dict[str, Any]:
    return {
        "version": each.version,
        "hash": each.hash,
        "standard": each.standard,
        "region": each.region,
        "base_year": each.base_year,
        "title": each.title,
        "extends": None if each.extends is None else each.extends.version,
        "rows": len(each.all_rows()),
        "unchecked": each.unchecked,
    }
