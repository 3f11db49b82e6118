"""Small files in the form of the data set, written where a test wants them."""

import gzip
from pathlib import Path

from gateway.imports.eu_ets.data import EuEtsFiles

INSTALLATIONS_HEADER = "installation,country,activity_code,activity,lat,lon"
COMPLIANCE_HEADER = "installation,country,year,allocated,verified,surrendered,compliance_code"
PRICES_HEADER = "date,open,high,low,settle,volume"

INSTALLATIONS = (
    "AT-1,AT,30,Lime,,",
    "AT-2,AT,20,Combustion of fuels,48.1,16.2",
    'SE-3,SE,29,"Paper, or board",,',
    "SE-4,SE,29,Paper,,",
)
COMPLIANCE = (
    "AT-1,AT,2013,1000,400,400,A",
    "AT-1,AT,2014,1000,300,300,A",
    "AT-2,AT,2013,100,950,950,A",
    "AT-2,AT,2014,100,700,700,A",
    "SE-3,SE,2013,,Not Reported,,C",
    "SE-3,SE,2014,,20,20,A*",
)
PRICES = (
    "2013-01-02,5,5,5,5.00,",
    "2013-06-03,5,5,5,5.2,10",
    "2013-12-30,5,5,5,5.13,10",
    "2014-01-02,5,5,5,4.90,10",
    "2014-07-01,5,5,5,,10",
    "2014-12-30,5,5,5,5.55,10",
)


def write_rows(path: Path, *, header: str, rows: tuple[str, ...]) -> None:
    path.write_bytes(gzip.compress("\n".join((header, *rows, "")).encode(), mtime=0))


def write_files(
    folder: Path,
    *,
    installations: tuple[str, ...] = INSTALLATIONS,
    compliance: tuple[str, ...] = COMPLIANCE,
    prices: tuple[str, ...] = PRICES,
) -> EuEtsFiles:
    files = (
        ("installations.csv.gz", INSTALLATIONS_HEADER, installations),
        ("compliance.csv.gz", COMPLIANCE_HEADER, compliance),
        ("eua_prices.csv.gz", PRICES_HEADER, prices),
    )
    for name, header, rows in files:
        write_rows(folder / name, header=header, rows=rows)
    return EuEtsFiles(folder)
