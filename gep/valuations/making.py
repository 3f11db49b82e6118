"""A project valued: its years as whole fen, guarded, and what of them is doubted.

Horizon and rate are given, never assumed; ``guards`` says what no valuation may be.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from gep.registry.shipped import parameter_set_of
from gep.valuations.doubting import components_doubted, doubts_of, uncertainty_of
from gep.valuations.guards import refuse_unfit
from gep.valuations.project import Flow, Identity, Income, Project
from gep.valuations.valuation import Component, Valuation, ValuedFlow

REFERENCE = "reference-0.1"
SHARE = "warning.service_share"


def service_share(identity: Identity | None) -> Decimal:
    """Return the share of the gain above which one service is named as dominant.

    It is a row of the parameters that the valuation names, on its day; else of the reference.
    """
    if identity is None:
        return parameter_set_of(REFERENCE).find(SHARE, on=date.max).value
    parameters = parameter_set_of(identity.basis.parameter_set)
    return parameters.find(SHARE, on=identity.valued_on).value


def make_valuation(project: Project) -> Valuation:
    """Value a project.

    Raises:
        AccountRefused: more years than the right has, a rate or an amount out of bounds, a service
            without a payer among the incomes, a flow or component that is there twice, a flow of
            another length, or too many doubted figures.
    """
    made = Valuation(
        id=project.id,
        years=project.years,
        right_years=project.right_years,
        rate=project.rate,
        is_due=project.is_due,
        investment=project.investment,
        service_share=service_share(project.identity),
        flows=tuple(_valued(each) for each in project.flows),
        components=tuple(_component(each) for each in project.incomes),
        uncertainty=None,
        identity=project.identity,
    )
    refuse_unfit(made)
    doubts = doubts_of(project)
    p10 = components_doubted(project, doubts)
    components = tuple(replace(each, net_p10=p10.get(each.component)) for each in made.components)
    return replace(made, components=components, uncertainty=uncertainty_of(project, doubts))


def _valued(flow: Flow) -> ValuedFlow:
    return ValuedFlow(
        service=flow.service,
        name=flow.name,
        unit=flow.unit,
        price=flow.price,
        with_project=flow.with_project.fen,
        without_project=flow.without_project.fen,
    )


def _component(income: Income) -> Component:
    return Component(
        component=income.component,
        service=income.service,
        payer=income.payer,
        title=income.title,
        contract=income.contract,
        contract_years=income.contract_years,
        income=income.income.fen,
        cost=income.cost.fen,
    )
