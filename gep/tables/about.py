"""The first sheet of a template: how to fill it, what its norm wants, how units are written."""

from gep.measures import UNITS
from gep.registry.edition import Edition, Inflow
from gep.registry.parameter_set import ParameterSet
from gep.tables.filling import service_label
from gep.tables.layout import Language

_ZH = """怎样填写
1. 区域:核算编号、区域、年份、规范与参数集。
2. 地类:每类一行,填面积与各项系数;不涉及的地类留空即不计。
3. 输入:每个数据一行,须有名称、数值、单位、来源;下限与上限用于不确定性分析,可不填。
4. 方法:一个步骤若干行,每行一个参数;列表参数每项一行(只有一项时参数名后加 [])。
5. 核算行:每行一项服务,填实物量与单价,或直接给出价值(须写单位与来源);都留空即不计。
气象数据可另填五年均值,或前四年与当年各年数值,并注明均值来源。
6. 参数替换:替换参数表中的一行,须写替换人、理由与来源。
7. 资源存量:每种资源写期初、期末,每项增加或减少一行并写原因;期初加增加减减少须等于期末。
取值一格可以写:数字(旁边写单位);输入的名称;步骤的名称;
参数表中的一行,如 soil.density 或 air.rate[cover=mixed, pollutant=so2]。
同名时在前面写明 输入: 步骤: 参数:。
land:area(地类:area)是所有地类的面积;参数中写 {cover} 即取地类表该列的值。
以英文双引号括起的取值按其内文原样读取。
单位可以写 亩、公顷、hm²、km²、m³、万m³、万吨、吨CO2、吨碳、千瓦时、人次、元/吨、万元、亿元等;
倍数并入数值并提示。吨碳与吨二氧化碳不得互换。
数字可带千位逗号、全角字符和百分号;日期格式、未计算的公式、合并单元格一律退回。
试读:./ecorights gep read 本文件 --dry-run,列出全部错误及所在单元格,不写任何文件。"""
_EN = """How to fill
1. Area: the account's name, area, year, edition and parameter set.
2. Land: a row for each class with its area and factors; a class left empty is not counted.
3. Inputs: a row for each figure, with name, value, unit and source.
Low and high serve the analysis of uncertainty and may be empty.
4. Methods: a step has several rows, each an argument; a list has a row for each item.
Where a list has one item only, write [] after the argument's name.
5. Lines: a row for each service: quantity and price, or a given value with unit and source.
A line left empty is not counted.
Weather may bring its five-year mean, or the figures of the years, with their source.
6. Overrides: stand in for a parameter's row, with author, reason and source.
7. Stocks: opening and closing of a resource, and a row for each addition or reduction by cause.
A value's cell holds a number (its unit beside it), the name of an input or of a step,
or a parameter's row such as soil.density or air.rate[cover=mixed, pollutant=so2].
Where names coincide, write input: step: or parameter: before them.
land:area is the area of all classes; {cover} in a parameter stands for a class's own.
What stands in double quotes is read as it is.
Units may be written as in yearbooks: mu, hm2, km2, m3, 万m3, t_CO2, 吨CO2, t_C, kWh, 万元.
A multiple becomes part of the number, and you are told.
Tonnes of carbon and of CO2 are never exchanged.
Numbers may have thousands separators and percent signs.
Dates, formulas that were not computed and merged cells are refused.
Try it: ./ecorights gep read FILE --dry-run lists every error; nothing is written."""


def about_lines(edition: Edition, parameters: ParameterSet, lang: Language) -> list[str]:
    """Return the sheet's lines."""
    zh = lang is Language.ZH
    rows = f"{parameters.version} {parameters.hash}"
    head = [
        f"{edition.product_zh}核算表" if zh else "Account of ecosystem products",
        f"核算规范 {edition.id} {edition.title}" if zh else f"Edition {edition.id}",
        f"参数集 {rows}" if zh else f"Parameter set {rows}",
        _lines_wanted(edition, lang),
    ]
    if edition.inflow is Inflow.STATED:
        told = "This edition wants the inflow deduction stated (sheet Area), 0 allowed."
        head.append("本规范须申报区域外流入扣减(区域表),可为 0。" if zh else told)
    units = ("单位:" if zh else "Units: ") + ", ".join(UNITS)
    return [*head, *(_ZH if zh else _EN).splitlines(), units]


def _lines_wanted(edition: Edition, lang: Language) -> str:
    zh = lang is Language.ZH
    if edition.indicators is None:
        return "未取得该规范的指标清单。" if zh else "The edition's list of lines was not obtained."
    wanted = [each.service for each in edition.indicators.values() if each.is_mandatory]
    allowed = [each for each in edition.indicators if each not in wanted]
    shown = [", ".join(service_label(each, lang) for each in part) for part in (wanted, allowed)]
    none = "无" if zh else "none"
    if zh:
        return f"必算科目:{shown[0] or none};其他科目:{shown[1] or none}"
    return f"Mandatory lines: {shown[0] or none}; others: {shown[1] or none}"
