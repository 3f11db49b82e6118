"""The sheets of a plan: their names and columns, in Chinese and English and for machines.

A sheet has a title row for people and below it a row of machine names, which is hidden in a
workbook. Whoever deletes that row is still understood by the titles.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

TITLE_ROW, NAME_ROW, FIRST_ROW = 1, 2, 3


class Language(StrEnum):
    """The language of titles and explanations; machine names are the same in both."""

    ZH = "zh"
    EN = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its machine name and titles, and the list that its cells are chosen from."""

    name: str
    zh: str
    en: str
    width: int = 14
    choices: str = ""
    is_strict: bool = True
    is_needed: bool = False

    def title(self, lang: Language) -> str:
        """Return the title that people read."""
        return self.zh if lang is Language.ZH else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A sheet; ``is_read`` where a plan is made of it, ``is_needed`` where none is without it."""

    code: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    is_read: bool = True
    is_needed: bool = False

    def title(self, lang: Language) -> str:
        """Return the sheet's name."""
        return self.zh if lang is Language.ZH else self.en


def _column(words: str, width: int = 14, *, choices: str = "", strict: bool = True) -> Column:
    """Return a column of ``name|zh|en``; a name with an asterisk must be there."""
    name, zh, en = words.split("|")
    return Column(
        name=name.rstrip("*"),
        zh=zh,
        en=en,
        width=width,
        choices=choices,
        is_strict=strict,
        is_needed=name.endswith("*"),
    )


ABOUT = Layout(
    code="about", zh="说明", en="About", columns=(_column("text|说明|About", 110),), is_read=False
)
AREA = Layout(
    code="area",
    zh="区域",
    en="Area",
    is_needed=True,
    columns=(
        _column("field*|字段|Field", 22),
        _column("label|名称|Name", 30),
        _column("value*|取值|Value", 34),
        _column("unit|单位|Unit", 10),
        _column("help|填写说明|How to fill", 70),
    ),
)
INPUTS = Layout(
    code="inputs",
    zh="输入",
    en="Inputs",
    columns=(
        _column("name*|名称|Name", 24),
        _column("value*|数值|Value", 16),
        _column("unit*|单位|Unit", 14, choices="units", strict=False),
        _column("basis|价格口径|Price basis", 14, choices="bases"),
        _column("low|下限|Low", 12),
        _column("high|上限|High", 12),
        _column("source*|数据来源|Source", 50),
        _column("mean_5y|五年均值|Five-year mean", 14),
        _column("year_4|前四年|Four years before", 12),
        _column("year_3|前三年|Three years before", 12),
        _column("year_2|前两年|Two years before", 12),
        _column("year_1|前一年|The year before", 12),
        _column("year_0|当年|The year itself", 12),
        _column("mean_source|均值来源|Source of the mean", 40),
        _column("note|备注|Note", 30),
    ),
)
LINES = Layout(
    code="lines",
    zh="核算行",
    en="Lines",
    is_needed=True,
    columns=(
        _column("id*|行号|Line", 22),
        _column("service*|服务科目|Service", 28, choices="services"),
        _column("name|名称|Name", 22),
        _column("place|地点|Place", 12),
        _column("worth|价值类型|Worth", 12, choices="worths"),
        _column("quantity|实物量|Quantity", 26),
        _column("quantity_unit|实物量单位|Quantity unit", 12, choices="units", strict=False),
        _column("price|单价|Price", 26, choices="parameters", strict=False),
        _column("price_unit|单价单位|Price unit", 12, choices="units", strict=False),
        _column("price_basis|价格口径|Price basis", 14, choices="bases"),
        _column("given|直接给出的价值|Given value", 18),
        _column("given_unit|价值单位|Value unit", 10, choices="moneys", strict=False),
        _column("source|数据来源|Source", 46),
        _column("note|备注|Note", 30),
    ),
)
METHODS = Layout(
    code="methods",
    zh="方法",
    en="Methods",
    columns=(
        _column("step*|步骤|Step", 26),
        _column("method*|方法|Method", 24, choices="methods"),
        _column("classes|地类|Land classes", 18),
        _column("argument*|参数名|Argument", 20),
        _column("value*|取值|Value", 42, choices="parameters", strict=False),
        _column("unit|单位|Unit", 12, choices="units", strict=False),
        _column("basis|价格口径|Price basis", 14, choices="bases"),
        _column("source|数据来源|Source", 40),
        _column("note|备注|Note", 30),
    ),
)
# A column of the land sheet that holds figures, and their unit; texts are dimensions of parameters.
LAND_UNITS: Mapping[str, str] = MappingProxyType(
    {
        "rain": "mm",
        "evapotranspiration": "mm",
        "erosivity": "1",
        "erodibility": "1",
        "slope": "1",
        "practice": "1",
        "curve_number": "1",
        "growth": "t/hm2",
        "carbon": "t_C/hm2",
    }
)
LAND_TEXTS = ("cover", "covered", "runoff_cover", "air_cover")
LAND = Layout(
    code="land",
    zh="地类",
    en="Land",
    columns=(
        _column("class*|地类|Class", 18),
        _column("area*|面积|Area", 12),
        _column("unit*|面积单位|Area unit", 10, choices="areas", strict=False),
        _column("cover|参数地类|Cover", 14, choices="covers", strict=False),
        _column("covered|覆盖度|Covered", 12, choices="covereds", strict=False),
        _column("runoff_cover|径流地类|Runoff cover", 28, choices="runoffs", strict=False),
        _column("air_cover|空气净化地类|Air cover", 14, choices="airs", strict=False),
        _column("rain|降水量 mm|Rain mm", 12),
        _column("evapotranspiration|蒸散量 mm|Evapotranspiration mm", 14),
        _column("erosivity|降雨侵蚀力 R|Erosivity R", 12),
        _column("erodibility|土壤可蚀性 K|Erodibility K", 12),
        _column("slope|坡度坡长 LS|Slope LS", 12),
        _column("practice|水保措施 P|Practice P", 12),
        _column("curve_number|径流曲线数 CN|Curve number CN", 12),
        _column("growth|干物质 t/hm2|Dry matter t/hm2", 14),
        _column("carbon|固碳速率 tC/hm2|Carbon rate tC/hm2", 14),
        _column("source*|数据来源|Source", 46),
        _column("note|备注|Note", 30),
    ),
)
OVERRIDES = Layout(
    code="overrides",
    zh="参数替换",
    en="Overrides",
    columns=(
        _column("parameter*|参数|Parameter", 44, choices="parameters", strict=False),
        _column("value*|取值|Value", 14),
        _column("unit*|单位|Unit", 14, choices="units", strict=False),
        _column("author*|替换人|Author", 16),
        _column("reason*|理由|Reason", 40),
        _column("source*|数据来源|Source", 46),
        _column("note|备注|Note", 30),
    ),
)
STOCKS = Layout(
    code="stocks",
    zh="资源存量",
    en="Stocks",
    columns=(
        _column("resource*|资源|Resource", 20),
        _column("unit*|单位|Unit", 12, choices="units", strict=False),
        _column("opening*|期初|Opening", 16),
        _column("change*|增减|Change", 12, choices="changes"),
        _column("cause*|原因|Cause", 22),
        _column("quantity*|数量|Quantity", 16),
        _column("closing*|期末|Closing", 16),
        _column("source*|数据来源|Source", 46),
        _column("note|备注|Note", 30),
    ),
)
PARAMETERS = Layout(
    code="parameters",
    zh="参数表",
    en="Parameters",
    is_read=False,
    columns=(
        _column("parameter|参数|Parameter", 52),
        _column("value|取值|Value", 14),
        _column("unit|单位|Unit", 16),
        _column("basis|价格口径|Price basis", 14),
        _column("price_year|价格年份|Price year", 12),
        _column("mark|核对情况|Mark", 12),
        _column("source|数据来源|Source", 80),
    ),
)
CALLS = Layout(
    code="calls",
    zh="方法表",
    en="Calls",
    is_read=False,
    columns=(
        _column("service|服务科目|Service", 28),
        _column("method|方法|Method", 28),
        _column("argument|参数名|Argument", 24),
        _column("unit|单位|Unit", 28),
        _column("many|可否多行|Rows", 18),
        _column("optional|可否省略|Optional", 12),
    ),
)
SHEETS = (ABOUT, AREA, LAND, INPUTS, METHODS, LINES, OVERRIDES, STOCKS, PARAMETERS, CALLS)
LISTS = "lists"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A row of the area sheet: its place in the plan, its title, and how to fill it."""

    name: str
    path: tuple[str, ...]
    zh: str
    en: str
    help_zh: str = ""
    help_en: str = ""
    choices: str = ""
    unit: str = ""


def _field(words: str, *path: str, choices: str = "", unit: str = "", told: str = "") -> Field:
    name, zh, en = words.split("|")
    help_zh, _, help_en = told.partition("|")
    return Field(
        name=name,
        path=path,
        zh=zh,
        en=en,
        help_zh=help_zh,
        help_en=help_en,
        choices=choices,
        unit=unit,
    )


FIELDS: tuple[Field, ...] = (
    _field("id|核算账编号|Account", "id", told="自定,如 yunxi-2025|your own, such as yunxi-2025"),
    _field("area_id|区域代码|Area code", "area", "id", told="六位行政区划代码|six digits"),
    _field("area_name|区域名称|Area name", "area", "name"),
    _field(
        "area_kind|区域类型|Area kind",
        "area",
        "kind",
        choices="area_kinds",
        told="行政区域、项目或地块;空白即行政区域|region, project or parcel; empty: a region",
    ),
    _field("km2|区域面积|Area", "area", "km2", unit="km2"),
    _field(
        "population|常住人口|Population",
        "area",
        "population",
        unit="person",
        told="可不填|may be empty",
    ),
    _field("gdp|地区生产总值|GDP", "area", "gdp_yuan", unit="yuan", told="可不填|may be empty"),
    _field(
        "geometry_hash|边界摘要|Boundary hash",
        "area",
        "geometry_hash",
        told="可不填|may be empty",
    ),
    _field("year|核算年份|Year", "year"),
    _field("price_year|价格年份|Price year", "price_year", told="空白即核算年份|empty: the year"),
    _field(
        "edition|核算规范|Edition",
        "edition",
        choices="editions",
        told="标准号不带年份即年末现行版本|a standard without its year: what is in force",
    ),
    _field("parameters|参数集|Parameter set", "parameters", choices="parameter_sets"),
    _field(
        "profile|核算口径|Profile",
        "profile",
        choices="profiles",
        told="空白即 GEP|empty: GEP",
    ),
    _field(
        "include_non_use|计入非使用价值|Count non-use",
        "include_non_use",
        choices="truths",
        told="空白即否|empty: no",
    ),
    _field(
        "inflow|区域外流入扣减|Inflow deduction",
        "inflow_deduction",
        "yuan",
        unit="yuan",
        told="GB/T 46869-2025 必填,可为 0|GB/T 46869-2025 wants it, 0 allowed",
    ),
    _field("inflow_source|扣减的来源|Its source", "inflow_deduction", "source"),
    _field("land_cover|土地覆被数据|Land cover", "land_cover", "product"),
    _field(
        "resolution|分辨率|Resolution",
        "land_cover",
        "resolution_m",
        unit="m",
    ),
    _field(
        "note|附注|Note",
        "note",
        told="勿写个人信息,草案提交后不可删除|nobody's data: a draft cannot be erased",
    ),
)
NEEDED_FIELDS = frozenset({"id", "area_id", "area_name", "km2", "year", "edition", "parameters"})
