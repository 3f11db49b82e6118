"""The example of the page on eco-credit is what the command line says."""

import re
from pathlib import Path

from gateway.settings import CHECKOUT
from tests.gateway.cli.commands import ecorights

PAGE = (CHECKOUT / "docs" / "eco-credit.md").read_text(encoding="utf-8")


def test_the_pages_example_gives_the_pages_answer(tmp_path: Path) -> None:
    block = re.search(r"```json\n(.*?)```\n.*?```text\n(.*?)```", PAGE, re.DOTALL)
    assert block is not None
    path = tmp_path / "subject.json"
    path.write_text(block[1], encoding="utf-8")

    shown = ecorights("credit", "score", str(path))

    assert shown.stdout == block[2]
