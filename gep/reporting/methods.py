"""What the methods of quantities say, as a formula that a reader can follow: Chinese, English."""

from collections.abc import Mapping

from gep.reporting.words import Language, Pair, chosen

METHODS: Mapping[str, Pair] = {
    "given": ("只给出价值，无实物量", "a value alone, without a quantity"),
    "stated": ("实物量由编制者直接填报", "the quantity is stated by whoever drafted the account"),
    "M.part": ("产量 × 生态系统贡献份额", "output × the share that the ecosystem gave"),
    "R1.balance": (
        "各地类面积 ×（降水 − 暴雨径流 − 蒸散）之和，负者按零",
        "sum over covers of area × (rain − storm runoff − evapotranspiration), negative ones 0",
    ),
    "R1.supply": (
        "入流 + 降水 − 出流 − 蒸发 − 蓄量变化",
        "inflow + rain − outflow − evaporation − change of storage",
    ),
    "R2.retained": (
        "面积 × R × K × LS ×（1 − C × P）之和",
        "sum of area × R × K × LS × (1 − C × P)",
    ),
    "R2.siltation_volume": (
        "土壤保持量 × 淤积份额 ÷ 土壤容重",
        "soil retained × share that would silt up ÷ density",
    ),
    "R2.nutrients": ("土壤保持量 × 养分含量", "soil retained × content of the nutrient"),
    "R2.land_saved": (
        "土壤保持量 ÷（容重 × 土层厚度）",
        "soil retained ÷ (density × depth of topsoil)",
    ),
    "R3.vegetation": (
        "面积 ×（暴雨量 − 暴雨径流）之和",
        "sum of area × (storm rain − storm runoff)",
    ),
    "R3.lakes": (
        "湖泊可调蓄水量，由湖面面积推算，乘换水次数",
        "regulating storage of lakes from their area × exchanges",
    ),
    "R3.reservoirs": ("水库总库容 × 防洪份额", "capacity of reservoirs × share held for floods"),
    "R3.marshes": ("沼泽面积 × 蓄水深", "area of marshes × depth they take up"),
    "R3.events": (
        "各次洪水的峰时蓄量 − 起始蓄量之和",
        "sum over floods of storage at peak − at start",
    ),
    "R4.fixed": ("潜在风蚀量 − 实际风蚀量", "potential − actual wind erosion"),
    "R4.area": ("固沙量 ÷（容重 × 沙层厚度）", "sand fixed ÷ (density × depth)"),
    "R6.capacity": ("各地类面积 × 单位面积净化量之和", "sum of area × rate of purification"),
    "R6.used": (
        "净化能力与排放量取小者",
        "the lesser of capacity and emission",
    ),
    "R7.capacity": ("湿地面积 × 单位面积净化量之和", "sum of wetland area × rate of purification"),
    "R7.used": ("净化能力与排放量取小者", "the lesser of capacity and emission"),
    "R8.fixation": ("干物质量 × 1.63", "dry matter × t CO2 in a tonne of it"),
    "R8.rates": ("各地类面积 × 固碳速率之和", "sum of area × rate of carbon fixation"),
    "R8.net_production": ("净初级生产力 − 土壤呼吸", "NPP − what the soil breathes out"),
    "R8.net_production_by_ratio": ("净初级生产力 × 转换系数", "NPP × ratio of the province"),
    "R8.carbon_dioxide": ("碳量 × 44/12", "carbon × 44/12"),
    "R8.carbon": ("二氧化碳量 × 12/44", "CO2 × 12/44"),
    "R9.release": ("干物质量 × 释氧系数", "dry matter × t O2 in a tonne of it"),
    "R9.oxygen": ("固定二氧化碳量 × 32/44", "CO2 fixed × 32/44"),
    "R10.vegetation": (
        "单位面积蒸腾耗热 × 面积 × 开放空调天数 ÷ 能效比",
        "heat of transpiration × area × days of cooling ÷ coefficient of performance",
    ),
    "R10.evapotranspiration": (
        "蒸散水量 × 汽化热 ÷ 能效比",
        "water evaporated × heat of vaporisation ÷ coefficient of performance",
    ),
    "R10.water_surface": (
        "水面蒸发的降温与增湿能耗",
        "energy of cooling and humidifying by the water surface",
    ),
    "R10.transpiration": ("干物质量 × 蒸腾系数", "dry matter × transpiration coefficient"),
    "R10.evaporation": ("降水 × 蒸发份额", "rain × share that evaporates"),
    "R11.ions": (
        "负离子浓度、林高、面积与寿命之积",
        "concentration × height × area over the life of an ion",
    ),
    "R11.counted": (
        "同上，只计高于每立方厘米 600 个的部分",
        "the same, above 600 a cubic centimetre",
    ),
    "cvm.payers": ("愿意支付的人数", "people who are willing to pay"),
}


def method_words(method: str, language: Language) -> str:
    """Return what a method says; a method of another age keeps its name."""
    return chosen(METHODS[method], language) if method in METHODS else method
