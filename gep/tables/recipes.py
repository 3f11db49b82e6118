"""What a template begins with: land classes, inputs, lines, and the steps of areas by rates.

A step that a template brings is used once a line refers to it; classes and inputs without a figure
are left out. Which parameter stands for which class is ours to propose and the analyst's to change.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from gep.tables.layout import Language

BROADLEAF, NEEDLE, MIXED, SHRUB, GRASS, WETLAND, LAKE = (
    ("阔叶林", "broadleaf forest"),
    ("针叶林", "needle forest"),
    ("混交林", "mixed forest"),
    ("灌木林", "shrub"),
    ("草地", "grass"),
    ("湿地", "wetland"),
    ("湖泊", "lake"),
)
FORESTS = (BROADLEAF, NEEDLE, MIXED)
VEGETATION = (*FORESTS, SHRUB, GRASS)

Word = tuple[str, str]
# By class: dimensions of the parameters for soil, runoff and air.
CLASSES: Mapping[Word, Mapping[str, str]] = {
    BROADLEAF: {
        "cover": "forest",
        "runoff_cover": "forest_evergreen_broadleaf",
        "air_cover": "broadleaf",
    },
    NEEDLE: {
        "cover": "forest",
        "runoff_cover": "forest_evergreen_needle",
        "air_cover": "needle",
    },
    MIXED: {"cover": "forest", "runoff_cover": "forest_mixed", "air_cover": "mixed"},
    SHRUB: {
        "cover": "shrub",
        "runoff_cover": "shrub_evergreen_broadleaf",
        "air_cover": "shrub",
    },
    GRASS: {"cover": "grass", "runoff_cover": "grass_meadow"},
    WETLAND: {"runoff_cover": "wetland"},
    LAKE: {},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A step: its method, its classes, and each argument's cell (several where it is a list)."""

    step: str
    method: str
    arguments: tuple[tuple[str, str], ...]
    classes: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A line of a template, with what its quantity and price may refer to."""

    id: str
    service: str
    zh: str
    en: str
    quantity: str
    price: str

    def note(self, lang: Language) -> str:
        """Return what to fill."""
        if lang is Language.ZH:
            return f"可填 实物量 {self.quantity},单价 {self.price};或留空不计"
        return f"fill quantity {self.quantity}, price {self.price}; or leave the line out"


INPUTS: tuple[tuple[str, str, str], ...] = (
    ("reservoir_price", "yuan/m3", "单位库容造价,须选价格口径|per m3 of storage; choose its basis"),
    ("so2_emitted", "t", "二氧化硫排放量|SO2 emitted"),
    ("cod_emitted", "t", "化学需氧量排放量|COD emitted"),
    ("cooling_days", "1", "开放空调降温日数|days of cooling"),
    ("storm_rain", "mm", "暴雨降水量|rain of storms"),
    ("flood_capacity", "m3", "水库防洪库容|storage of reservoirs against floods"),
    ("timber", "m3", "木材产量|timber"),
    ("timber_price", "yuan/m3", "木材单价|its price"),
    ("visits", "visit", "旅游人次|visits"),
    ("spend", "yuan/visit", "人次花费|spent for each"),
)
RECIPES: tuple[Recipe, ...] = (
    Recipe(
        step="water",
        method="R1.balance",
        classes=VEGETATION,
        arguments=(
            ("rain", "land:rain"),
            ("runoff", "water_runoff"),
            ("evapotranspiration", "land:evapotranspiration"),
            ("area", "land:area"),
        ),
    ),
    Recipe(
        step="water_runoff",
        method="R1.runoff",
        arguments=(
            ("rain", "land:rain"),
            ("coefficient", "runoff.coefficient[cover={runoff_cover}]"),
        ),
    ),
    Recipe(
        step="soil",
        method="R2.retained",
        classes=VEGETATION,
        arguments=(
            ("erosivity", "land:erosivity"),
            ("erodibility", "land:erodibility"),
            ("slope", "land:slope"),
            ("cover", "erosion.cover[cover={cover}, covered={covered}]"),
            ("practice", "land:practice"),
            ("area", "land:area"),
        ),
    ),
    Recipe(
        step="silt",
        method="R2.siltation_volume",
        arguments=(("soil", "soil"), ("density", "soil.density"), ("share", "siltation.share")),
    ),
    Recipe(
        step="storms",
        method="R3.vegetation",
        classes=VEGETATION,
        arguments=(("rain", "storm_rain"), ("runoff", "storm_runoff"), ("area", "land:area")),
    ),
    Recipe(
        step="storm_runoff",
        method="R3.scs_runoff",
        arguments=(("rain", "storm_rain"), ("curve_number", "land:curve_number")),
    ),
    Recipe(
        step="lakes",
        method="R3.lakes",
        classes=(LAKE,),
        arguments=(
            ("area", "land:area"),
            ("intercept", "lake.intercept[region=east]"),
            ("exponent", "lake.exponent[region=east]"),
        ),
    ),
    Recipe(
        step="reservoirs",
        method="R3.reservoirs",
        arguments=(("capacity", "flood_capacity"),),
    ),
    Recipe(step="marshes", method="R3.marshes", arguments=(("area", "marsh_area"),)),
    Recipe(
        step="marsh_area",
        method="total.sum",
        classes=(WETLAND,),
        arguments=(("values", "land:area"),),
    ),
    Recipe(
        step="so2",
        method="R6.used",
        arguments=(("capacity", "so2_capacity"), ("emission", "so2_emitted")),
    ),
    Recipe(
        step="so2_capacity",
        method="R6.capacity",
        classes=FORESTS,
        arguments=(
            ("rate", "air.rate[cover={air_cover}, pollutant=so2]"),
            ("area", "land:area"),
        ),
    ),
    Recipe(
        step="so2_price",
        method="price.from_tariff",
        arguments=(
            ("tariff", "pollutant.tariff[medium=air]"),
            ("equivalent", "pollutant.equivalent[pollutant=so2]"),
        ),
    ),
    Recipe(
        step="cod",
        method="R7.used",
        arguments=(("capacity", "cod_capacity"), ("emission", "cod_emitted")),
    ),
    Recipe(
        step="cod_capacity",
        method="R7.capacity",
        classes=(WETLAND,),
        arguments=(("rate", "water.rate[pollutant=cod]"), ("area", "land:area")),
    ),
    Recipe(
        step="cod_price",
        method="price.from_tariff",
        arguments=(
            ("tariff", "pollutant.tariff[medium=water]"),
            ("equivalent", "pollutant.equivalent[pollutant=cod]"),
        ),
    ),
    Recipe(
        step="carbon",
        method="R8.fixation",
        arguments=(("dry_matter", "dry_matter"), ("factor", "carbon.dioxide_factor")),
    ),
    Recipe(
        step="oxygen",
        method="R9.release",
        arguments=(("dry_matter", "dry_matter"), ("factor", "oxygen.factor")),
    ),
    Recipe(
        step="dry_matter",
        method="total.sum",
        classes=VEGETATION,
        arguments=(("values", "dry_matter_each"),),
    ),
    Recipe(
        step="dry_matter_each",
        method="table.amount",
        arguments=(("rate", "land:growth"), ("area", "land:area")),
    ),
    Recipe(
        step="carbon_rates",
        method="R8.rates",
        classes=VEGETATION,
        arguments=(("rate", "land:carbon"), ("area", "land:area")),
    ),
    Recipe(
        step="carbon_by_rates",
        method="R8.carbon_dioxide",
        arguments=(("quantity", "carbon_rates"),),
    ),
    Recipe(
        step="cooling",
        method="R10.vegetation",
        classes=VEGETATION,
        arguments=(
            ("heat", "climate.epp[cover={cover}]"),
            ("area", "land:area"),
            ("days", "cooling_days"),
            ("efficiency", "climate.efficiency"),
        ),
    ),
)
PROPOSALS: tuple[Proposal, ...] = (
    Proposal(
        id="timber", service="M1", zh="木材", en="timber", quantity="timber", price="timber_price"
    ),
    Proposal(
        id="water",
        service="R1",
        zh="水源涵养",
        en="water conservation",
        quantity="water",
        price="reservoir_price",
    ),
    Proposal(
        id="silt",
        service="R2",
        zh="减少泥沙淤积",
        en="siltation avoided",
        quantity="silt",
        price="dredging.price",
    ),
    Proposal(
        id="flood-vegetation",
        service="R3",
        zh="植被调蓄",
        en="storms, by vegetation",
        quantity="storms",
        price="reservoir_price",
    ),
    Proposal(
        id="flood-lakes",
        service="R3",
        zh="湖泊调蓄",
        en="floods, by lakes",
        quantity="lakes",
        price="reservoir_price",
    ),
    Proposal(
        id="flood-reservoirs",
        service="R3",
        zh="水库调蓄",
        en="floods, by reservoirs",
        quantity="reservoirs",
        price="reservoir_price",
    ),
    Proposal(
        id="flood-marshes",
        service="R3",
        zh="沼泽调蓄",
        en="floods, by marshes",
        quantity="marshes",
        price="reservoir_price",
    ),
    Proposal(
        id="so2",
        service="R6",
        zh="净化二氧化硫",
        en="SO2 taken up",
        quantity="so2",
        price="so2_price",
    ),
    Proposal(
        id="cod",
        service="R7",
        zh="净化化学需氧量",
        en="COD removed",
        quantity="cod",
        price="cod_price",
    ),
    Proposal(
        id="carbon",
        service="R8",
        zh="固碳",
        en="carbon fixation",
        quantity="carbon",
        price="carbon_dioxide.price",
    ),
    Proposal(
        id="oxygen",
        service="R9",
        zh="释氧",
        en="oxygen release",
        quantity="oxygen",
        price="oxygen.price",
    ),
    Proposal(
        id="cooling",
        service="R10",
        zh="植被降温",
        en="cooling by vegetation",
        quantity="cooling",
        price="electricity.price",
    ),
    Proposal(id="visits", service="C1", zh="旅游", en="visits", quantity="visits", price="spend"),
)
