"""The page on rasters names every raster, figure of a class, setting, quantity and refusal."""

import re

from gateway.settings import CHECKOUT
from gep.raster.job import CLASS_RANGES, COVER, RANGES, Resampling
from gep.raster.models import MODELS
from gep.raster.warnings import WarningCode

PAGE = (CHECKOUT / "docs" / "gep-raster.md").read_text(encoding="utf-8")
ON_WORKERS = (CHECKOUT / "docs" / "gep-raster-jobs.md").read_text(encoding="utf-8")
FOLDER = CHECKOUT / "gep" / "raster"
OF_ZONES = ("zones", "geopackage")
OF_DOCUMENTS = {
    *("doubled_id", "file_unreadable", "key_missing", "out_of_range", "parameter_unknown"),
    *("service_unknown", "too_large", "too_many", "unknown_key", "unknown_value", "wrong_type"),
}


def test_the_page_names_all_that_a_job_may_hold() -> None:
    named = set(re.findall(r"`([A-Za-z0-9_@-]+)`", PAGE))
    quantities = {name for model in MODELS.values() for name in model.quantities}

    assert RANGES.keys() - {COVER} <= named
    assert {*CLASS_RANGES, *MODELS, *quantities, *Resampling, *WarningCode} <= named


def test_the_page_names_every_refusal_of_the_package() -> None:
    paths = [*FOLDER.glob("*.py"), *(FOLDER.parent / f"{each}.py" for each in OF_ZONES)]
    source = "".join(path.read_text(encoding="utf-8") for path in paths)
    raised = re.findall(
        r'(?:code=|refuse\(|_refused\(|_refused\(\s*source,)\s*"([a-z_0-9]+)"', source
    )

    assert len(raised) > 40
    assert {*raised} - OF_DOCUMENTS <= set(re.findall(r"`([a-z_0-9]+)`", PAGE + ON_WORKERS))
