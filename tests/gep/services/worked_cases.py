"""Cases worked by hand, ours: for what no published figure reaches, and for the rest of each call.

A row is a call, its figures in the call's own units, the arithmetic written out, and the result.
The arithmetic is computed by the formula parser, so a row's result is checked twice.
"""

from typing import NamedTuple

E = "2.718281828459045"
SINE_0_05, SINE_0_1, SINE_0_2, SINE_0_3 = (
    2.8659839825988615,
    5.739170477266787,
    11.536959032815489,
    17.457603123722092,
)
CLASSES = [3000.0, 5000.0, 10000.0, 20000.0, 30000.0, 40000.0, 50000.0]


class Worked(NamedTuple):
    call: str
    given: dict[str, float | list[float]]
    arithmetic: str
    result: float


WATER = [
    # PET/P = 1 and w = 2: 1 + 1 - 2**0.5 of 1000 mm.
    Worked(
        "R1.evapotranspiration",
        {"rain": 1000, "potential": 1000, "water_content": 100, "season": 7.5},
        "1000 * (2 - 2**0.5)",
        585.7864,
    ),
    # w = 20 * 400 / 1000 + 1.25 is above 5, so 5.
    Worked(
        "R1.evapotranspiration",
        {"rain": 1000, "potential": 500, "water_content": 400, "season": 20},
        "1000 * (1.5 - (1 + 0.5**5)**0.2)",
        493.8267,
    ),
    Worked(
        "R1.evapotranspiration_other",
        {"rain": 900, "reference": 1100, "crop": 0.5},
        "0.5 * 1100",
        550.0,
    ),
    Worked(
        "R1.evapotranspiration_other", {"rain": 900, "reference": 1100, "crop": 1.0}, "900", 900.0
    ),
    Worked("R1.runoff", {"rain": 1200, "coefficient": 0.0267}, "1200 * 0.0267", 32.04),
    Worked("R1.runoff", {"rain": 800, "coefficient": 0.0}, "800 * 0", 0.0),
    Worked(
        "R1.balance",
        {"rain": 1200, "runoff": 32.04, "evapotranspiration": 600, "area": 100},
        "(1200 - 32.04 - 600) * 10 * 100",
        567_960.0,
    ),
    Worked(
        "R1.balance",
        {"rain": [1000, 400], "runoff": [50, 20], "evapotranspiration": [450, 700], "area": [8, 5]},
        "(1000 - 50 - 450) * 10 * 8 + 0",
        40_000.0,
    ),
    Worked(
        "R1.clipped",
        {"rain": [1000, 400], "runoff": [50, 20], "evapotranspiration": [450, 700], "area": [8, 5]},
        "0 + (20 + 700 - 400) * 10 * 5",
        16_000.0,
    ),
    Worked(
        "R1.clipped",
        {"rain": 1000, "runoff": 50, "evapotranspiration": 450, "area": 8},
        "0",
        0.0,
    ),
    Worked(
        "R1.supply",
        {"inflow": 900, "rain": 300, "outflow": 500, "evaporation": 450, "storage_change": 50},
        "900 + 300 - 500 - 450 - 50",
        200.0,
    ),
    Worked(
        "R1.supply",
        {"inflow": 100, "rain": 50, "outflow": 60, "evaporation": 80, "storage_change": -40},
        "100 + 50 - 60 - 80 + 40",
        50.0,
    ),
    Worked("R1.supply_value", {"quantity": 200, "price": 0.5}, "200 * 0.5", 100.0),
    Worked("R1.supply_value", {"quantity": 50, "price": 1.2}, "50 * 1.2", 60.0),
    Worked(
        "price.annualised",
        {"capital": 6.11, "depreciation": 0.02, "operation": 0.05},
        "6.11 * 0.02 + 0.05",
        0.1722,
    ),
    Worked(
        "price.annualised",
        {"capital": 40, "depreciation": 0.03, "operation": 0.0},
        "40 * 0.03",
        1.2,
    ),
    Worked(
        "R3.scs_runoff",
        {"rain": 100, "curve_number": 80},
        "(100 - 0.2 * 63.5)**2 / (100 + 0.8 * 63.5)",
        50.53905838196287,
    ),
    Worked("R3.scs_runoff", {"rain": 10, "curve_number": 80}, "0", 0.0),
    Worked(
        "R3.scs_runoff",
        {"rain": 127, "curve_number": 50},
        "(127 - 0.2 * 254)**2 / (127 + 0.8 * 254)",
        17.584615384615386,
    ),
    Worked(
        "R3.vegetation",
        {"rain": [100, 80], "runoff": [50, 80], "area": [20, 7]},
        "(100 - 50) * 10 * 20 + 0",
        10_000.0,
    ),
    Worked("R3.vegetation", {"rain": 60, "runoff": 15, "area": 2}, "(60 - 15) * 10 * 2", 900.0),
    Worked(
        "R3.lakes",
        {"area": 1.0, "intercept": 6.636, "exponent": 0.678},
        f"{E}**6.636 * 10000",
        7_620_413.59,
    ),
    Worked(
        "R3.lakes",
        {"area": [32.0, 1.0], "intercept": 0.0, "exponent": 0.8, "exchanges": 2.0},
        "(32**0.8 + 1) * 2 * 10000",
        340_000.0,
    ),
    Worked("R3.reservoirs", {"capacity": 2_000_000}, "0.35 * 2000000", 700_000.0),
    Worked("R3.reservoirs", {"capacity": 100, "share": 0.5}, "100 * 0.5", 50.0),
    Worked("R3.marshes", {"area": 2000.0}, "2000 * 1000000 * 0.3", 6e8),
    Worked("R3.marshes", {"area": 1.5, "depth": 0.2}, "1.5 * 1000000 * 0.2", 300_000.0),
]
SOIL = [
    Worked(
        "R2.retained",
        {
            "erosivity": 5000,
            "erodibility": 0.03,
            "slope": 2,
            "cover": 0.1,
            "practice": 0.5,
            "area": 4,
        },
        "4 * 5000 * 0.03 * 2 * (1 - 0.1 * 0.5)",
        1140.0,
    ),
    Worked(
        "R2.retained",
        {
            "erosivity": [100, 200],
            "erodibility": 0.02,
            "slope": [1, 3],
            "cover": [0, 1],
            "practice": 1,
            "area": [10, 99],
        },
        "10 * 100 * 0.02 * 1 + 99 * 200 * 0.02 * 3 * (1 - 1)",
        20.0,
    ),
    Worked("R2.siltation_volume", {"soil": 1000, "density": 1.2}, "1000 * 0.24 / 1.2", 200.0),
    Worked(
        "R2.siltation_volume",
        {"soil": 930, "density": 0.93, "share": 0.3},
        "930 * 0.3 / 0.93",
        300.0,
    ),
    Worked("R4.fixed", {"potential": 900, "actual": 250}, "900 - 250", 650.0),
    Worked("R4.fixed", {"potential": 10.5, "actual": 10.5}, "10.5 - 10.5", 0.0),
    Worked("rusle.erosivity", {"rain": 10, "month": 5}, "0.3937 * 10**1.7265", 20.97329434),
    Worked(
        "rusle.erosivity",
        {"rain": [20, 10], "month": 10},
        "0.3101 * (20**1.7265 + 10**1.7265)",
        71.18672866,
    ),
    Worked(
        "rusle.erodibility_epic",
        {"sand": 50, "silt": 30, "clay": 20, "carbon": 1},
        f"(0.2 + 0.3 * {E}**(-0.0256 * 50 * 0.7)) * (30 / 50)**0.3"
        f" * (1 - 0.25 * 1 / (1 + {E}**0.77)) * (1 - 0.7 * 0.5 / (0.5 + {E}**5.94))",
        0.254522,
    ),
    Worked(
        "rusle.erodibility_epic",
        {"sand": 0, "silt": 40, "clay": 60, "carbon": 0},
        f"0.5 * 0.4**0.3 * (1 - 0.7 / (1 + {E}**17.39))",
        0.379828,
    ),
    Worked("rusle.erodibility", {"epic": 0.3}, "(-0.01383 + 0.51575 * 0.3) * 0.1317", 0.018555872),
    Worked("rusle.erodibility", {"epic": 0.02}, "0", 0.0),
    Worked("rusle.slope", {"degrees": SINE_0_05}, "10.8 * 0.05 + 0.03", 0.57),
    Worked("rusle.slope", {"degrees": SINE_0_1}, "16.8 * 0.1 - 0.5", 1.18),
    Worked("rusle.slope", {"degrees": SINE_0_3}, "21.91 * 0.3 - 0.96", 5.613),
    Worked("rusle.slope", {"degrees": 45.0}, "9.5988", 9.5988),
    Worked("rusle.slope_invest", {"degrees": SINE_0_05}, "10.8 * 0.05 + 0.03", 0.57),
    Worked("rusle.slope_invest", {"degrees": SINE_0_3}, "16.8 * 0.3 - 0.5", 4.54),
    Worked("rusle.length", {"length": 22.13, "degrees": 12.0}, "1", 1.0),
    Worked(
        "rusle.length",
        {"length": 88.52, "degrees": SINE_0_1},
        "4**((0.1 / 0.0896 / (3 * 0.1**0.8 + 0.56)) / (1 + 0.1 / 0.0896 / (3 * 0.1**0.8 + 0.56)))",
        2.0526,
    ),
    Worked("rusle.cropland_cover", {"covered": 0.1}, "0.221 + 0.595", 0.816),
    Worked("rusle.cropland_cover", {"covered": 1.0}, "0.221", 0.221),
    Worked("rusle.cropland_cover", {"covered": 0.001}, "1", 1.0),
]
AIR_AND_WATER = [
    Worked(
        "R6.capacity",
        {"rate": [0.2156, 0.08865], "area": [613, 2350]},
        "0.2156 * 613 + 0.08865 * 2350",
        340.4903,
    ),
    Worked("R6.capacity", {"rate": 10.11, "area": 3}, "10.11 * 3", 30.33),
    Worked("R6.used", {"capacity": 5000, "emission": 1137}, "1137", 1137.0),
    Worked("R6.used", {"capacity": 900, "emission": 1137}, "900", 900.0),
    Worked("R7.capacity", {"rate": 110.23, "area": 40}, "110.23 * 40", 4409.2),
    Worked("R7.capacity", {"rate": [8.56, 4], "area": [10, 5]}, "8.56 * 10 + 4 * 5", 105.6),
    Worked("R7.used", {"capacity": 4409.2, "emission": 5424}, "4409.2", 4409.2),
    Worked("R7.used", {"capacity": 4409.2, "emission": 625}, "625", 625.0),
    Worked("R8.net_production", {"primary": 500, "soil_respiration": 260}, "500 - 260", 240.0),
    Worked("R8.net_production", {"primary": 100, "soil_respiration": 130}, "100 - 130", -30.0),
    Worked(
        "R8.net_production_by_ratio",
        {"dry_matter": 1620, "ratio": 0.25},
        "0.25 * 1620 * 72 / 162",
        180.0,
    ),
    Worked("R8.net_production_by_ratio", {"dry_matter": 81, "ratio": 1.0}, "81 * 72 / 162", 36.0),
    Worked("R8.rates", {"rate": [1.5, 0.4], "area": [200, 50]}, "1.5 * 200 + 0.4 * 50", 320.0),
    Worked("R8.rates", {"rate": [0.9, -0.1], "area": [10, 20]}, "0.9 * 10 - 0.1 * 20", 7.0),
    Worked("R8.carbon_dioxide", {"quantity": 240}, "240 * 44 / 12", 880.0),
    Worked("R8.carbon_dioxide", {"quantity": 3}, "3 * 44 / 12", 11.0),
    Worked("R9.oxygen", {"quantity": 880}, "880 * 32 / 44", 640.0),
    Worked("R9.oxygen", {"quantity": 11}, "11 * 32 / 44", 8.0),
    Worked(
        "R10.vegetation",
        {"heat": 70.4, "area": 1, "days": 90, "efficiency": 3},
        "70.4 * 1 * 90 * 1000000 / (3600 * 3)",
        586_666.6666666666,
    ),
    Worked(
        "R10.vegetation",
        {"heat": [70.4, 25.6], "area": [2, 5], "days": 60, "efficiency": 3},
        "(70.4 * 2 + 25.6 * 5) * 60 * 1000000 / (3600 * 3)",
        1_493_333.3333333333,
    ),
    Worked(
        "R10.evapotranspiration",
        {"water": 1, "heat": 2450, "efficiency": 3},
        "1000 * 2450 / 3600 / 3",
        226.85185185185185,
    ),
    Worked(
        "R10.evapotranspiration",
        {"water": 3600, "heat": 2400, "efficiency": 2},
        "3600 * 1000 * 2400 / 3600 / 2",
        1_200_000.0,
    ),
    Worked(
        "R10.water_surface",
        {"water": 36, "heat": 2450, "humidifying": 125, "efficiency": 3, "water_term_uses_cop": 0},
        "36 * 1000 * 2450 / 3600 + 36 * 125",
        29_000.0,
    ),
    Worked(
        "R10.water_surface",
        {"water": 36, "heat": 2400, "humidifying": 120, "efficiency": 3, "water_term_uses_cop": 1},
        "36 * 1000 * 2400 / 3600 / 3 + 36 * 120",
        12_320.0,
    ),
]
LIFE = [
    Worked(
        "R11.ions",
        {"density": 1000, "area": 10, "height": 8, "lifetime": 10},
        "5.256e15 * 1000 * 10 * 8 / 10",
        4.2048e19,
    ),
    Worked(
        "R11.ions",
        {"density": 600, "area": 1, "height": 5, "lifetime": 20},
        "5.256e15 * 600 * 5 / 20",
        7.884e17,
    ),
    Worked(
        "R11.counted",
        {"density": 1000, "area": 10, "height": 8, "lifetime": 10},
        "5.256e15 * (1000 - 600) * 10 * 8 / 10",
        1.68192e19,
    ),
    Worked("R11.counted", {"density": 600, "area": 10, "height": 8, "lifetime": 10}, "0", 0.0),
    Worked("R11.value", {"quantity": 1.68192e19, "price": 5e-18}, "1.68192e19 * 5e-18", 84.096),
    Worked("R11.value", {"quantity": 1e18, "price": 5.8185e-18}, "1e18 * 5.8185e-18", 5.8185),
    Worked("R13.barrier", {"length": 2.5, "price": 400_000}, "2.5 * 400000", 1e6),
    Worked("R13.barrier", {"length": 0.3, "price": 400_000}, "0.3 * 400000", 120_000.0),
    Worked("R13.value", {"reduction": 3, "price": 70}, "3 * 70", 210.0),
    Worked("R13.value", {"reduction": 0.5, "price": 60}, "0.5 * 60", 30.0),
    Worked("R14.class_price", {"index": 0.99, "prices": [*CLASSES]}, "3000", 3000.0),
    Worked("R14.class_price", {"index": 3.0, "prices": [*CLASSES]}, "20000", 20000.0),
    Worked("R14.class_price", {"index": 6.0, "prices": [*CLASSES]}, "50000", 50000.0),
    Worked("R14.protection", {"quantity": 383, "price": 15_000}, "383 * 15000", 5_745_000.0),
    Worked("R14.protection", {"quantity": 2, "price": 15_000}, "2 * 15000", 30_000.0),
    Worked(
        "R5.value",
        {"length": 12, "price": 500_000, "maintenance": 20_000},
        "12 * (500000 + 20000)",
        6_240_000.0,
    ),
    Worked("R5.value", {"length": 0.5, "price": 500_000}, "0.5 * 500000", 250_000.0),
    Worked("C1.time_cost", {"hours": 4, "wage": 30}, "4 * 30 * 0.3", 36.0),
    Worked("C1.time_cost", {"hours": 6, "wage": 25, "share": 0.4}, "6 * 25 * 0.4", 60.0),
    Worked("C1.visit_price", {"travel_spend": 80, "time_cost": 36}, "80 + 36", 116.0),
    Worked(
        "C1.visit_price",
        {"travel_spend": 80, "time_cost": 36, "surplus": 14},
        "80 + 36 + 14",
        130.0,
    ),
    Worked(
        "C1.travel_cost",
        {"visits": 1000, "travel_spend": 80, "time_cost": 36, "surplus": 14},
        "1000 * (80 + 36 + 14)",
        130_000.0,
    ),
    Worked(
        "C1.travel_cost",
        {"visits": 200, "travel_spend": 55.5, "time_cost": 4.5},
        "200 * (55.5 + 4.5)",
        12_000.0,
    ),
    Worked("C1.of_income", {"income": 5_000_000, "share": 0.35}, "5000000 * 0.35", 1_750_000.0),
    Worked("C1.of_income", {"income": 80, "share": 1.0}, "80", 80.0),
    Worked("C2.value", {"quantity": 4000, "price": 9.5}, "4000 * 9.5", 38_000.0),
    Worked("C2.value", {"quantity": 10, "price": 12}, "10 * 12", 120.0),
    Worked("C3.premium", {"price": 12_000, "share": 0.05}, "12000 * 0.05", 600.0),
    Worked("C3.premium", {"price": 9000, "share": 0.1}, "9000 * 0.1", 900.0),
    Worked("C3.value", {"area": 250, "premium": 600}, "250 * 600", 150_000.0),
    Worked("C3.value", {"area": 40, "premium": 12.5}, "40 * 12.5", 500.0),
    Worked("cvm.non_use_price", {"wtp_month": 10, "willing_share": 0.8}, "10 * 12 * 0.8", 96.0),
    Worked("cvm.non_use_price", {"wtp_month": 5, "willing_share": 0.5}, "5 * 12 / 2", 30.0),
]
ACCOUNTS = [
    Worked("price.sum", {"prices": [690, 140]}, "690 + 140", 830.0),
    Worked("price.sum", {"prices": [12.5]}, "12.5", 12.5),
    Worked("price.of_carrier", {"price": 1920, "carrier_share": 0.46}, "1920 / 0.46", 4173.913),
    Worked("price.of_carrier", {"price": 2400, "carrier_share": 1.0}, "2400", 2400.0),
    Worked("M.part", {"quantity": 37_400, "share": 0.4}, "37400 * 0.4", 14_960.0),
    Worked("M.part", {"quantity": 7, "share": 1.0}, "7", 7.0),
    Worked("D.value", {"quantity": 120, "price": 60}, "120 * 60", 7200.0),
    Worked("D.value", {"quantity": 3.5, "price": 1000}, "3.5 * 1000", 3500.0),
    Worked(
        "deflate.cpi",
        {"price": 0.75, "cpi_from": 493.60, "cpi_to": 606.70},
        "0.75 * 606.7 / 493.6",
        0.9218496758508914,
    ),
    Worked("deflate.cpi", {"price": 11, "cpi_from": 110, "cpi_to": 100}, "11 * 100 / 110", 10.0),
    Worked(
        "total.product",
        {"material": 20, "regulating": 70, "cultural": 10, "inflow_deduction": 5},
        "20 + 70 + 10 - 5",
        95.0,
    ),
    Worked(
        "total.product",
        {"material": 23.55, "regulating": 699.52, "cultural": 580.75, "inflow_deduction": 0},
        "23.55 + 699.52 + 580.75",
        1303.82,
    ),
    Worked("npv.annuity", {"flow": 121, "rate": 0.1, "years": 2}, "121 / 1.1 + 121 / 1.21", 210.0),
    Worked("npv.annuity", {"flow": 7, "rate": 0.0, "years": 30}, "7 * 30", 210.0),
]
WORKED = [*WATER, *SOIL, *AIR_AND_WATER, *LIFE, *ACCOUNTS]
