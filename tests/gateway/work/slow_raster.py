"""The kind ``gep_raster`` with shards that write down who ran them, and take their time."""

import asyncio
import os
from typing import Any

from gateway.work.gep_raster import GepRaster, GepRasterParameters
from gateway.work.kinds import Work
from tests.gateway.work.recording import note

SECONDS = 0.4


class SlowRaster(GepRaster):
    async def run_shard(self, work: Work, parameters: GepRasterParameters, shard: Any) -> Any:
        note(work.folder, f"begin {shard['first']} {os.getpid()}")
        await asyncio.sleep(SECONDS)
        made = await super().run_shard(work, parameters, shard)
        note(work.folder, f"end {shard['first']} {os.getpid()}")
        return made
