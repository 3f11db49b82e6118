"""The shape of the tree: arrows go one way, nothing grows past its limit, no homeless names."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("credit_scoring", "exchange", "gateway", "gep", "kernel", "ledger")
CHECKED = (*PACKAGES, "migrations", "tests")
FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 70
HOMELESS_NAMES = {"utils.py", "helpers.py", "common.py", "manager.py"}
BANNER = re.compile(r"^\s*#\s*[-=*#~]{3,}")


def sources(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_a_package_imports_only_what_is_below_it() -> None:
    linter = Path(sys.executable).parent / "lint-imports"

    linted = subprocess.run(
        [str(linter), "--no-cache"], cwd=ROOT, capture_output=True, check=False, text=True
    )

    assert linted.returncode == 0, linted.stdout


def test_no_file_is_longer_than_its_limit() -> None:
    lines = {shown(path): len(path.read_text().splitlines()) for path in sources(*CHECKED)}

    assert {path: count for path, count in lines.items() if count > FILE_LINES_MAX} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{shown(path)}:{function.name}"
        for path in sources(*CHECKED)
        if path.parent.name != "versions"  # a migration lists a schema, read from top to bottom
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno + 1 > FUNCTION_LINES_MAX
    ]

    assert long == []


def test_every_file_is_named_for_what_it_holds() -> None:
    assert [shown(path) for path in sources(*CHECKED) if path.name in HOMELESS_NAMES] == []


def test_no_comment_is_a_banner() -> None:
    banners = [
        f"{shown(path)}:{number}"
        for path in sources(*CHECKED)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if BANNER.match(line)
    ]

    assert banners == []


@pytest.mark.parametrize(
    "path", [p for p in sources(*PACKAGES) if p.name == "__init__.py"], ids=shown
)
def test_a_package_opens_with_its_purpose_and_no_code(path: Path) -> None:
    body = ast.parse(path.read_text(encoding="utf-8")).body

    assert len(body) == 1
    assert isinstance(body[0], ast.Expr)
    assert isinstance(body[0].value, ast.Constant)


def test_every_folder_of_a_package_is_a_package() -> None:
    folders = {path.parent for path in sources(*PACKAGES)}

    assert [shown(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_tests_have_no_packages() -> None:
    assert [shown(path) for path in sources("tests") if path.name == "__init__.py"] == []


def test_the_lock_names_hashes_and_no_index() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")

    assert "://" not in lock
    assert "--index-url" not in lock
    pins = re.findall(r"^[a-z0-9][^\n]*==", lock, flags=re.MULTILINE)
    hashed = re.findall(
        r"^[a-z0-9][^\n]*== ?[^\n]*\\\n    --hash=sha256:", lock, flags=re.MULTILINE
    )
    assert len(pins) == len(hashed)
