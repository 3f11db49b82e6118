"""Make `.venv` as `requirements.lock` says, then hand over to the command line in it.

Runs before anything is installed: the standard library only, and nothing imported from the
rest of the tree. pip installs uv, uv installs the rest, each file checked by its hash; where
uv cannot be had, pip does all of it. Later runs do so again only when the lock has changed.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
FREE_MB_MIN = 1000
LAST_WORDS_LINES_MAX = 12

# uv does not read pip's settings, and mirrors are usual in China.
PIP_SETTINGS_FOR_UV = (
    ("UV_DEFAULT_INDEX", "PIP_INDEX_URL", "global.index-url"),
    ("UV_INDEX", "PIP_EXTRA_INDEX_URL", "global.extra-index-url"),
    ("UV_FIND_LINKS", "PIP_FIND_LINKS", "global.find-links"),
    ("SSL_CERT_FILE", "PIP_CERT", "global.cert"),
)

# What a program's words mean, and what to do. The first that fits is told.
DISK_FULL = f"The disk is full: {FREE_MB_MIN} MB are needed for the packages."
UNWRITABLE = (
    f"Something in {ROOT} cannot be written. Change its owner, or clone into a folder of your own."
)
WRONG_HASH = (
    "A downloaded file is not the one that requirements.lock names. Try again; if it stays "
    "so, the package index or something on the way to it is not to be trusted."
)
NO_INDEX = (
    "The package index cannot be reached. Check the network, or name a mirror: "
    "PIP_INDEX_URL=https://.../simple ./ecorights up"
)
NO_BUILD = (
    "A package has no build for this machine. Supported: Python 3.11 to 3.14 on Linux with "
    "glibc (x86_64, aarch64) and on macOS."
)
NOTHING_FOUND = f"{NO_INDEX}\nOr: {NO_BUILD[0].lower()}{NO_BUILD[1:]}"
DIAGNOSES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("No space left", "os error 28"), DISK_FULL),
    (("Permission denied", "Read-only file system", "os error 13"), UNWRITABLE),
    (("ash mismatch", "DO NOT MATCH THE HASHES"), WRONG_HASH),
    (("dns error", "name resolution", "Name or service not known", "timed out"), NO_INDEX),
    (("Connection refused", "error sending request", "Max retries exceeded"), NO_INDEX),
    (("NewConnectionError", "Network is unreachable", "CERTIFICATE_VERIFY_FAILED"), NO_INDEX),
    (("(from versions: none)",), NOTHING_FOUND),
    (("No matching distribution", "no wheels", "no usable wheels", "No solution found"), NO_BUILD),
)


class CannotSetUp(Exception):
    """The set-up cannot go on; the message says why and what to do."""


def main() -> NoReturn:
    """Make the environment ready and become the command line in it."""
    environment = Environment(ROOT)
    try:
        environment.ensure()
    except CannotSetUp as trouble:
        sys.stderr.write(f"\n{trouble}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. The next run goes on from here.\n")
        sys.exit(130)
    python = str(environment.python)
    os.execv(python, [python, "-m", "gateway.cli.main", *sys.argv[1:]])  # noqa: S606 - no shell


class Environment:
    """The `.venv` of a checkout, and the files that its making leaves behind."""

    def __init__(self, root: Path, *, free_mb_min: int = FREE_MB_MIN) -> None:
        self.root = root
        self.free_mb_min = free_mb_min
        self.requirements = root / "requirements.lock"
        self.venv = root / ".venv"
        self.python = self.venv / "bin" / "python"
        self.stamp = self.venv / "ecorights.installed"
        self.log = root / ".ecorights-setup.log"
        self.bootstrap = root / ".ecorights-setup.uv"

    def ensure(self) -> None:
        """Install what the lock names, unless it is so already; one set-up at a time.

        Raises:
            CannotSetUp: with the cause and what to do.
        """
        wanted = self._wanted_stamp()
        if self._is_installed(wanted):
            return
        try:
            with (self.root / ".ecorights-setup.lock").open("a") as lock:
                _wait_for(lock.fileno())
                if not self._is_installed(wanted):
                    self._install(wanted)
        except OSError as error:
            cause = _diagnose(str(error)) or f"The set-up failed: {error}"
            raise CannotSetUp(cause) from error

    def _install(self, wanted: str) -> None:
        begin = time.monotonic()
        free_mb = shutil.disk_usage(self.root).free // 1_000_000
        if free_mb < self.free_mb_min:
            raise CannotSetUp(
                f"The disk of {self.root} has {free_mb} MB free, {self.free_mb_min} MB are needed."
            )
        self.log.write_text("", encoding="utf-8")
        settings = uv_settings()
        uv = self._make_venv(settings)
        _say("Installing the packages of requirements.lock")
        if uv is None:
            _say("uv cannot be had; pip does it, which takes a few minutes")
            pip = [str(self.python), "-m", "pip", "install", "--only-binary", ":all:"]
            self._run([*pip, "--require-hashes", "--no-deps", "-r", str(self.requirements)])
        else:
            sync = [str(uv), "pip", "sync", "--python", str(self.python)]
            # A shell that forbids byte code would pay for it at every start.
            compiled = ["--compile-bytecode"] if os.getenv("PYTHONDONTWRITEBYTECODE") else []
            checked = ["--require-hashes", "--no-build", str(self.requirements)]
            self._run([*sync, *compiled, *checked], settings)
        shutil.rmtree(self.bootstrap, ignore_errors=True)
        draft = self.stamp.with_suffix(".new")
        draft.write_text(wanted, encoding="utf-8")
        draft.replace(self.stamp)
        _say(f"Environment ready after {time.monotonic() - begin:.0f} s")

    def _make_venv(self, settings: Mapping[str, str]) -> Path | None:
        """Make an empty `.venv` unless a sound one is there; return the uv to fill it with."""
        if not self._is_sound(self.python):
            shutil.rmtree(self.venv, ignore_errors=True)
            _say(f"Making .venv with Python {sys.version.partition(' ')[0]}")
            if not self._succeeds([sys.executable, "-m", "venv", str(self.venv)]):
                # Debian keeps venv in a package of its own; uv can do without it.
                shutil.rmtree(self.venv, ignore_errors=True)
                return self._make_venv_with_uv(settings)
        uv = self.venv / "bin" / "uv"
        if self._is_sound(uv):
            return uv
        _say("Installing uv, the installer")
        return uv if self._install_uv(self.python) else None

    def _make_venv_with_uv(self, settings: Mapping[str, str]) -> Path:
        if not self._succeeds([sys.executable, "-m", "pip", "--version"]):
            raise CannotSetUp(
                f"{sys.executable} has neither venv nor pip. Install one of them, for example: "
                "apt install python3-venv"
            )
        _say("This Python lacks venv; installing uv, which can do without")
        if not self._install_uv(Path(sys.executable), "--target", str(self.bootstrap)):
            raise CannotSetUp(self._explained("uv cannot be installed."))
        uv = self.bootstrap / "bin" / "uv"
        self._run([str(uv), "venv", "--python", sys.executable, str(self.venv)], settings)
        return uv

    def _install_uv(self, python: Path, *target: str) -> bool:
        """Install the uv that the lock names, checked by its hashes."""
        wanted = self.root / ".ecorights-setup.txt"
        lines = self.requirements.read_text(encoding="utf-8").splitlines()
        wanted.write_text("\n".join(_block_of("uv", lines)), encoding="utf-8")
        pip = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--no-deps"]
        checked = ["--only-binary", ":all:", "--require-hashes", "-r", str(wanted)]
        try:
            return self._succeeds([*pip, *checked, *target])
        finally:
            wanted.unlink()

    def _wanted_stamp(self) -> str:
        return hashlib.sha256(self.requirements.read_bytes()).hexdigest()

    def _is_installed(self, wanted: str) -> bool:
        try:
            stamp = self.stamp.read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return False
        return stamp == wanted and self.python.exists()

    def _is_sound(self, program: Path) -> bool:
        return program.exists() and self._succeeds([str(program), "--version"])

    def _succeeds(self, command: Sequence[str], settings: Mapping[str, str] | None = None) -> bool:
        with self.log.open("ab", buffering=0) as log:
            log.write(f"$ {' '.join(command)}\n".encode())
            try:
                return subprocess.call(command, stdout=log, stderr=log, env=settings) == 0
            except OSError as error:
                log.write(f"{error}\n".encode())
                return False

    def _run(self, command: Sequence[str], settings: Mapping[str, str] | None = None) -> None:
        if not self._succeeds(command, settings):
            raise CannotSetUp(self._explained(f"{' '.join(command[:4])} failed."))

    def _explained(self, failure: str) -> str:
        words = self.log.read_text(encoding="utf-8", errors="replace")
        last = "\n  ".join(words.splitlines()[-LAST_WORDS_LINES_MAX:])
        return f"{_diagnose(words) or failure}\nThe last lines of {self.log}:\n  {last}"


def uv_settings() -> dict[str, str]:
    """Return the environment with pip's settings in the words of uv."""
    settings = dict(os.environ)
    for wanted, variable, key in PIP_SETTINGS_FOR_UV:
        value = os.getenv(variable) or _pip_setting(key)
        if value and wanted not in settings:
            settings[wanted] = " ".join(value.split())
    if "UV_INDEX" in settings:
        # As pip does: any index may have the version. The hashes of the lock make it safe.
        settings.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    return settings


def _pip_setting(key: str) -> str:
    asked = subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", key],
        capture_output=True,
        check=False,
        text=True,
    )
    return asked.stdout.strip() if asked.returncode == 0 else ""


def _block_of(package: str, lines: Sequence[str]) -> list[str]:
    start = next(i for i, line in enumerate(lines) if line.startswith(f"{package}=="))
    block = [lines[start]]
    for line in lines[start + 1 :]:
        if not line.startswith("    --hash"):
            break
        block.append(line)
    return block


def _wait_for(lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        _say("Another ./ecorights is setting up here; waiting for it")
        fcntl.flock(lock, fcntl.LOCK_EX)


def _diagnose(words: str) -> str | None:
    for signs, meaning in DIAGNOSES:
        if any(sign in words for sign in signs):
            return meaning
    return None


def _say(words: str) -> None:
    sys.stderr.write(f"ecorights: {words}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
