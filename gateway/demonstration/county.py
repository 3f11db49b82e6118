"""Who and what the demonstration market consists of. Everything in it is invented."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One party of the story, with its keys by role and its opening cash in yuan.

    ``credit_code`` is an enterprise's, ``region_code`` a village's.
    """

    party: str
    kind: str
    name: str
    name_en: str
    keys: dict[str, tuple[str, ...]]
    credit_code: str = ""
    region_code: str = ""
    cash: str = ""
    account_kind: str = "trading"


_TRADERS = {"1": ("trader",), "2": ("trader", "approver")}

MEMBERS: tuple[Member, ...] = (
    Member(
        party="E01",
        kind="enterprise",
        name="青衫热电",
        name_en="Qingshan Heat and Power",
        keys=_TRADERS,
        credit_code="91990101E00000010Q",
        cash="2000000.00",
    ),
    Member(
        party="E02",
        kind="enterprise",
        name="汐禾水泥",
        name_en="Xihe Cement",
        keys=_TRADERS,
        credit_code="91990101E00000029M",
        cash="8400000.00",
    ),
    Member(
        party="E03",
        kind="enterprise",
        name="云岚纸业",
        name_en="Yunlan Paper",
        keys=_TRADERS,
        credit_code="91990101E00000037G",
        cash="2000000.00",
    ),
    Member(
        party="E04",
        kind="enterprise",
        name="绿舟印染",
        name_en="Luzhou Dyeing",
        keys=_TRADERS,
        credit_code="91990101E00000045B",
        cash="100000.00",
    ),
    Member(
        party="E05",
        kind="enterprise",
        name="恒汐化工",
        name_en="Hengxi Chemical",
        keys=_TRADERS,
        credit_code="91990101E000000536",
        cash="4500000.00",
    ),
    Member(
        party="E06",
        kind="enterprise",
        name="天铸铸造",
        name_en="Tianzhu Foundry",
        keys=_TRADERS,
        credit_code="91990101E000000611",
        cash="200000.00",
    ),
    Member(
        party="E07",
        kind="enterprise",
        name="新玥玻璃",
        name_en="Xinyue Glass",
        keys=_TRADERS,
        credit_code="91990101E0000007XQ",
        cash="1000000.00",
    ),
    Member(
        party="E08",
        kind="enterprise",
        name="明玥贸易",
        name_en="Mingyue Trading",
        keys=_TRADERS,
        credit_code="91990101E00000088Q",
        cash="500000.00",
    ),
    Member(
        party="E09",
        kind="enterprise",
        name="林澥林业",
        name_en="Linxie Forestry",
        keys=_TRADERS,
        credit_code="91990101E00000096K",
        cash="1000000.00",
    ),
    Member(
        party="E10",
        kind="enterprise",
        name="石泉水电",
        name_en="Shiquan Hydropower",
        keys=_TRADERS,
        credit_code="91990101E000001099",
    ),
    Member(
        party="E11",
        kind="enterprise",
        name="白鹭湿地文旅",
        name_en="Egret Wetland Tourism",
        keys=_TRADERS,
        credit_code="91990101E000001174",
    ),
    Member(
        party="E12",
        kind="enterprise",
        name="碳衡资管",
        name_en="Tanheng Asset",
        keys=_TRADERS,
        credit_code="91990101E00000125Y",
        cash="6000000.00",
    ),
    Member(
        party="B1",
        kind="bank",
        name="云汐农商行",
        name_en="Yunxi Rural Commercial Bank",
        keys={"1": ("bank_officer",), "2": ("bank_approver",)},
        cash="50000000.00",
        account_kind="bank_lending",
    ),
    Member(
        party="B2",
        kind="bank",
        name="沧浪银行",
        name_en="Canglang Bank",
        keys={"1": ("bank_officer", "settlement_bank"), "2": ("bank_approver",)},
        cash="50000000.00",
        account_kind="bank_lending",
    ),
    Member(
        party="R",
        kind="authority",
        name="示范省生态环境厅",
        name_en="Demonstration Province Ecology Department",
        keys={"1": ("regulator", "trader"), "2": ("regulator", "approver")},
        cash="5000000.00",
        account_kind="reserve",
    ),
    Member(
        party="M",
        kind="verifier",
        name="衡证核查",
        name_en="Hengzheng Verification",
        keys={"1": ("verifier",)},
    ),
    Member(
        party="A",
        kind="authority",
        name="示范省审计署",
        name_en="Demonstration Province Audit Office",
        keys={"1": ("auditor",)},
    ),
    Member(
        party="N01",
        kind="enterprise",
        name="背景一号",
        name_en="Background One",
        keys=_TRADERS,
        cash="5000000.00",
    ),
    Member(
        party="N02",
        kind="enterprise",
        name="背景二号",
        name_en="Background Two",
        keys=_TRADERS,
        cash="5000000.00",
    ),
)

CARBON: dict[str, object] = {
    "right": "CARBON",
    "unit": "t",
    "lot": "1",
    "tick": "0.01",
    "band_percent": "10",
}
EMISSION: dict[str, object] = {"right": "EMISSION", "unit": "t/a", "lot": "0.001", "tick": "10"}
ENERGY: dict[str, object] = {"right": "ENERGY", "unit": "tce", "lot": "0.01", "tick": "1"}
WATER: dict[str, object] = {"right": "WATER", "unit": "m3", "lot": "1", "tick": "0.01"}
FOREST: dict[str, object] = {"right": "FOREST", "unit": "parcel", "lot": "1", "tick": "0.01"}

# code, terms, reference price; the last five are the background's own.
INSTRUMENTS: tuple[tuple[str, dict[str, object]], ...] = (
    ("CEA25", CARBON | {"vintage": 2025, "reference_price": "74.00", "next_day_resale": True}),
    ("CEA26", CARBON | {"vintage": 2026, "reference_price": "65.00", "next_day_resale": True}),
    ("CCER", CARBON | {"right": "OFFSET", "reference_price": "70.00"}),
    ("SO2", EMISSION | {"substance": "SO2", "zone": "prefecture", "reference_price": "4200"}),
    ("NOX", EMISSION | {"substance": "NOX", "zone": "prefecture", "reference_price": "4300"}),
    ("COD", EMISSION | {"substance": "COD", "zone": "upper-xi", "reference_price": "8800"}),
    ("EN26", ENERGY | {"vintage": 2026, "reference_price": "200"}),
    ("WATER", WATER | {"zone": "upper-xi", "reference_price": "0.30"}),
    ("FP-0017", FOREST | {"zone": "990101", "reference_price": "260000.00"}),
    ("CEA24", CARBON | {"vintage": 2024, "reference_price": "68.00"}),
    ("SO2-B", EMISSION | {"substance": "SO2", "zone": "background", "reference_price": "4000"}),
    ("COD-B", EMISSION | {"substance": "COD", "zone": "background", "reference_price": "8500"}),
    ("EN25", ENERGY | {"vintage": 2025, "reference_price": "190"}),
    ("WATER-B", WATER | {"zone": "background", "reference_price": "0.25"}),
)

# Step 4 of the year: account's party, instrument, quantity.
ALLOCATIONS: tuple[tuple[str, str, str], ...] = (
    ("E01", "CEA25", "320000"),
    ("E02", "CEA25", "225000"),
    ("E03", "CEA25", "45000"),
    ("E05", "CEA25", "30000"),
    ("E06", "CEA25", "150000"),
    ("E07", "CEA25", "60000"),
    ("E02", "SO2", "20.000"),
    ("E02", "NOX", "30.000"),
    ("E04", "SO2", "12.500"),
    ("E04", "COD", "6.000"),
    ("E05", "COD", "15.000"),
    ("E10", "WATER", "600000"),
    ("E12", "CCER", "8000"),
    ("N01", "CEA24", "50000"),
    ("N01", "SO2-B", "40.000"),
    ("N01", "COD-B", "40.000"),
    ("N01", "EN25", "4000.00"),
    ("N01", "WATER-B", "900000"),
)
RESERVES: tuple[tuple[str, str], ...] = (("CEA25", "50000"), ("COD", "20.000"))
BACKGROUND = ("CEA24", "SO2-B", "COD-B", "EN25", "WATER-B")
SESSIONS = (("09:30", "11:30"), ("13:00", "15:00"))
ZONE = "Asia/Shanghai"
YEAR = 2026
