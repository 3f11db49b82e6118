"""Runs the independent verifier: as the program that it is, or within this process, many times."""

import contextlib
import importlib.util
import io
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.verifier.bundles import KEY

PROGRAM = Path(__file__).parents[2] / "verifier" / "check_bundle.py"


def run(bundle: Path, *more: str, key: str = KEY.public.text) -> dict[str, Any]:
    """What the program prints; it never shows a traceback, and its status fits its words."""
    command = [sys.executable, "-I", str(PROGRAM), str(bundle), "--key", key, *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return _read(done.stdout, status=done.returncode)


def verdict(bundle: Path, *more: str, key: str = KEY.public.text) -> dict[str, Any]:
    """What the program prints, without the time that its start takes."""
    out, before = io.StringIO(), sys.argv
    sys.argv = ["check_bundle.py", str(bundle), "--key", key, "--processes", "1", *more]
    status = -1
    try:
        with contextlib.redirect_stdout(out):
            _MODULE.main()
    except SystemExit as end:
        status = int(str(end.code))
    finally:
        sys.argv = before
    return _read(out.getvalue(), status=status)


def _read(text: str, *, status: int) -> dict[str, Any]:
    assert text.isascii()
    found: dict[str, Any] = json.loads(text)
    assert status == (0 if found["ok"] else 1)
    assert found["ok"] or found["reason"]
    return found


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_bundle", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_MODULE = _load()
