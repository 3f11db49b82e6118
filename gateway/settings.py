"""Settings of this installation, from `ECORIGHTS_*` variables.

Nothing below the gateway reads them: wiring hands values down. A venue is one database of
the server, named after the venue.
"""

import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from gateway.errors import SettingRefused

CHECKOUT = Path(__file__).resolve().parent.parent
VENUE_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
VENUE_NAME_LENGTH_MAX = 40


def checked_venue_name(name: str) -> str:
    """Return the name of a venue as it is, or refuse it.

    Raises:
        ValueError: it cannot name a database, a folder and a log origin alike.
    """
    if VENUE_NAME.fullmatch(name) is None or len(name) > VENUE_NAME_LENGTH_MAX:
        raise ValueError(
            f"{name!r} cannot name a venue: lower-case letters, digits and single hyphens, "
            f"a letter first, at most {VENUE_NAME_LENGTH_MAX}"
        )
    return name


def database_of(venue: str) -> str:
    """Return the name of the database that holds a venue."""
    return f"ecorights_{checked_venue_name(venue).replace('-', '_')}"


class Settings(BaseSettings):
    """What an operator may set; every default suits a newcomer's machine."""

    model_config = SettingsConfigDict(env_prefix="ECORIGHTS_", frozen=True)

    home: Path = Field(
        default=CHECKOUT / ".ecorights", description="Data, logs and keys of this installation."
    )
    database_url: str | None = Field(
        default=None,
        description="A PostgreSQL 15 or newer whose user may make databases; "
        "without it the embedded one is started.",
    )
    host: str = Field(default="127.0.0.1", description="The address that the API listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="The port of the API.")
    venue: Annotated[str, AfterValidator(checked_venue_name)] = Field(
        default="yunxi", description="The venue that commands mean when they name none."
    )
    clock: str = Field(
        default="scenario",
        pattern="^(scenario|system)$",
        description="The clock of a venue that is opened now: its operator's, or the machine's.",
    )
    write_seconds_max: float = Field(
        default=10.0,
        gt=0,
        le=300,
        description="A write that waited longer than this is dropped before it is applied.",
    )
    head_seconds_max: float = Field(
        default=2.0,
        ge=0,
        le=30,
        description="How long a read waits for the entry that its caller has seen.",
    )
    log_policy: Path | None = Field(
        default=None,
        description="A file (c2sp.org/tlog-policy) that names the public log's witnesses.",
    )
    vault: Path | None = Field(
        default=None,
        description="The file with the keys of personal parts; without it below the home folder.",
    )
    anchor_rpc: SecretStr | None = Field(
        default=None, description="A node's JSON-RPC address, for anchors in a contract."
    )
    anchor_contract: str | None = Field(
        default=None, description="The address of CheckpointAnchor on that node's chain."
    )
    anchor_key_file: Path | None = Field(
        default=None,
        description="A file with the private key that pays for anchors; its owner alone reads it.",
    )
    anchor_confirmations: int = Field(
        default=12,
        ge=0,
        le=10_000,
        description="How many blocks must lie on an anchor before it counts.",
    )
    anchor_interval: float = Field(
        default=86_400.0, gt=0, description="Seconds between two anchors in the contract."
    )
    timestamp_url: SecretStr | None = Field(
        default=None, description="Where a time-stamping authority (RFC 3161) takes requests."
    )
    timestamp_ca: Path | None = Field(
        default=None, description="A PEM file of the certificates that such stamps must lead to."
    )
    timestamp_interval: float = Field(
        default=3_600.0, gt=0, description="Seconds between two time stamps."
    )
    broker_url: SecretStr | None = Field(
        default=None,
        description="A queue of your own for workers, amqp:// or redis://; "
        "without it one in a database beside the venue's.",
    )
    worker_processes: int = Field(
        default=2, ge=0, le=64, description="How many processes do long work; 0 for no worker."
    )
    worker_lease: float = Field(
        default=20.0,
        ge=0.4,
        le=600,
        description="Seconds after which the step of a silent worker goes to another.",
    )
    job_result_hours: float = Field(
        default=72.0, gt=0, le=8_760, description="How long the result of a job is kept."
    )
    raster_package_bytes: int = Field(
        default=2 << 30,
        ge=1 << 20,
        description="How large a package of rasters may be that is handed in.",
    )
    raster_unpacked_bytes: int = Field(
        default=8 << 30, ge=1 << 20, description="How large it may be once it is unpacked."
    )
    log_level: str = Field(
        default="info",
        pattern="^(debug|info|warning|error)$",
        description="The least level that is logged.",
    )

    @property
    def vault_file(self) -> Path:
        """The file with the keys of personal parts."""
        return self.vault or self.home / "vault" / "subjects.db"

    @property
    def logs(self) -> Path:
        """The folder with one log file per process."""
        return self.home / "log"


def load_settings(*, venue: str | None = None, port: int | None = None) -> Settings:
    """Read the environment; what a command line gives stands above it.

    Raises:
        SettingRefused: a value makes no sense.
    """
    given: dict[str, Any] = {"venue": venue, "port": port}
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        reasons = {str(fault["loc"][0]): fault["msg"] for fault in error.errors()}
        raise SettingRefused(reasons) from error
