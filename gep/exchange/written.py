"""What a file holds when it was read back: the tree, its cells by row, and their seals."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gep.exchange.sealing import Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One export as it was found; nothing of it is believed yet."""

    tree: Mapping[str, Any]
    rows: Rows
    seals: Mapping[str, str]
