"""Start a PostgreSQL program when we are root, which PostgreSQL refuses to be.

Way A: a user namespace in which root is seen as an ordinary user. Files stay root's, no
account is made, no folder is opened to others. Way B, where namespaces are forbidden:
become `nobody`, which then must own the data and reach the programs. An ordinary user
needs neither.
"""

import ctypes
import os
import pwd
import stat
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

from gateway.embedded.binaries import bin_folder

CLONE_NEWUSER = 0x10000000
NOBODY = "nobody"


def preparation() -> Callable[[], None] | None:
    """Return what a child process must do before it becomes a PostgreSQL program."""
    if os.geteuid() != 0:
        return None
    return _enter_namespace if namespaces_are_allowed() else _become_nobody


def hand_over(path: Path) -> None:
    """Give a file or folder to the user that PostgreSQL will run as."""
    if runs_as_nobody():
        nobody = pwd.getpwnam(NOBODY)
        os.chown(path, nobody.pw_uid, nobody.pw_gid)


def let_through(folder: Path) -> None:
    """Let the user that PostgreSQL will run as reach what lies in a folder of ours."""
    if runs_as_nobody():
        folder.chmod(folder.stat().st_mode | stat.S_IXGRP | stat.S_IXOTH)


def runs_as_nobody() -> bool:
    """Tell whether PostgreSQL runs as another user than we do."""
    return os.geteuid() == 0 and not namespaces_are_allowed()


def owners() -> frozenset[int]:
    """Return the users that files of ours may belong to."""
    if os.geteuid() != 0:
        return frozenset({os.geteuid()})
    return frozenset({0, pwd.getpwnam(NOBODY).pw_uid})


@cache
def namespaces_are_allowed() -> bool:
    """Try once, in a child, whether this kernel lets us make a user namespace."""
    if not sys.platform.startswith("linux"):
        return False
    probe = [str(bin_folder() / "psql"), "--version"]
    try:
        subprocess.run(probe, preexec_fn=_enter_namespace, check=True, capture_output=True)
    except subprocess.SubprocessError:
        return False
    return True


def _enter_namespace() -> None:
    # The mapped user must have a passwd entry: initdb looks its name up.
    ordinary = _ordinary_user()
    outer_user, outer_group = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    own = Path("/proc/self")
    (own / "setgroups").write_text("deny", encoding="ascii")
    (own / "uid_map").write_text(f"{ordinary.pw_uid} {outer_user} 1", encoding="ascii")
    (own / "gid_map").write_text(f"{ordinary.pw_gid} {outer_group} 1", encoding="ascii")


def _ordinary_user() -> pwd.struct_passwd:
    nobody = pwd.getpwnam(NOBODY)
    others = (user for user in pwd.getpwall() if user.pw_uid not in (0, nobody.pw_uid))
    return next(others, nobody)


def _become_nobody() -> None:
    nobody = pwd.getpwnam(NOBODY)
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)
