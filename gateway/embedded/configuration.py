"""The settings of the embedded PostgreSQL: `ecorights.conf`, included by its own file.

Sized for a laptop: a venue's working set fits in the operating system's cache. Durability
settings stand here so that a reader sees them; the writer refuses to start without them.
"""

from pathlib import Path

FILE_NAME = "ecorights.conf"
INCLUDE = f"\ninclude_if_exists = '{FILE_NAME}'\n"

TEXT = """\
# Written anew at every start. Own settings: ALTER SYSTEM, which stands above this file.
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
port = 5432

max_connections = 200
shared_buffers = '256MB'
jit = off
timezone = 'UTC'
log_timezone = 'UTC'

fsync = on
full_page_writes = on
synchronous_commit = on
wal_level = replica
min_wal_size = '256MB'
max_wal_size = '2GB'
wal_buffers = '16MB'
autovacuum_max_workers = 1
checkpoint_timeout = '15min'

idle_in_transaction_session_timeout = '10min'
log_checkpoints = off
log_line_prefix = '%m [%p] %q%a@%d '
"""


def configure(data_folder: Path, *, sockets: Path) -> None:
    """Write our settings into the data folder."""
    quoted = str(sockets).replace("'", "''")
    (data_folder / FILE_NAME).write_text(TEXT.format(sockets=quoted), encoding="utf-8")


def include(data_folder: Path) -> None:
    """Make a new data folder read our settings."""
    with (data_folder / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write(INCLUDE)
