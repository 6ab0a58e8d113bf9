"""The installation's settings: `CAMPAIGN_*` variables, `settings.toml`, and `*_FILE` for secrets.

Order: variable, the file a `*_FILE` variable names, `settings.toml` (in the home, or where
`CAMPAIGN_SETTINGS` points), default. Nothing is read until `Settings()` is called.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Literal, Self

from pydantic import Field, JsonValue, SecretStr, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from storage.errors import HomeError
from storage.tables import Lane


def default_home() -> Path:
    """`$CAMPAIGN_HOME`, else `campaign` in the user's data folder."""
    if home := os.environ.get("CAMPAIGN_HOME"):
        return _expanded(Path(home))
    return _data_home() / "campaign"


def _data_home() -> Path:
    return _expanded(Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share"))


def _expanded(path: Path) -> Path:
    """Without `~`. Raises `HomeError` for a user that is not here, or a name that a database's URL cannot hold."""
    try:
        expanded = path.expanduser().absolute()
    except RuntimeError as exc:
        raise HomeError(
            f"{path} is of a user without a home here. Name a folder with CAMPAIGN_HOME."
        ) from exc
    if "?" in str(expanded):
        raise HomeError(
            f"{expanded} has a question mark in its name. Name another folder with CAMPAIGN_HOME."
        )
    return expanded


DATABASES: Final = frozenset({"sqlite", "sqlite+pysqlite", "postgres", "postgresql", "postgresql+psycopg"})
"""What the beginning of `database_url` may be."""


class Doorbell(StrEnum):
    """What tells workers that a lane has work."""

    IN_PROCESS = "in-process"
    """Nothing outside: SQLite's one worker is the process that asks for the work."""
    REDIS = "redis"
    """Dramatiq's messages on Redis."""
    POSTGRESQL = "postgresql"
    """The database itself, by NOTIFY."""


class Settings(BaseSettings):
    """Every setting of an installation."""

    model_config = SettingsConfigDict(env_prefix="CAMPAIGN_", env_ignore_empty=True, extra="forbid")

    home: Path = Field(default_factory=default_home)
    """Where the embedded default keeps its database, objects and secret."""
    database_url: str = ""
    """`sqlite:///...` or `postgresql://...`; empty is a SQLite file in `home`."""
    redis_url: str = ""
    """Redis for the doorbell; empty lets PostgreSQL ring. An error beside SQLite, whose one worker needs none."""
    object_store: str = ""
    """`file:///folder` or `s3://bucket/prefix`; empty is `objects` in `home`."""
    kernel_cache: Path | None = None
    """Where workers on GPUs keep compiled kernels; empty is `kernels` in `home`. Nobody else may write there."""
    models: Path | None = None
    """Where `campaign voice get` keeps model files, one copy a machine; empty is `campaign/models`
    in the user's data folder."""
    listen_device: str = "cpu"
    """Where the recogniser hears that listens to files: `cpu`, or a GPU of its own, `cuda:1`."""
    speaker_encoder: Path | None = None
    """An encoder of speakers in ONNX (a WeSpeaker or 3D-Speaker export) in place of the catalogue's
    `speaker-encoder`."""
    models_folder: Path | None = None
    """Folder of weights whose folders `POST /v1/pins` may name; unset, pins are added by the command line only."""
    base_url: str = ""
    """What delivered objects are reached under (a CDN); empty gives `file://` and `s3://` URLs."""
    s3_endpoint_url: str = ""
    """For a store that is not AWS."""
    s3_region: str = ""
    s3_access_key_id: SecretStr = SecretStr("")
    """Empty leaves the search for credentials to boto3."""
    s3_secret_access_key: SecretStr = SecretStr("")
    s3_path_style: bool = True
    """`https://host/bucket/key` in place of `https://bucket.host/key`."""
    s3_encryption: Literal["", "AES256", "aws:kms"] = ""
    """Server-side encryption asked for on each put."""
    s3_kms_key_id: str = ""
    """The key for `aws:kms`; empty is the bucket's own."""
    cache_seconds: int = Field(default=86_400, ge=0, le=31_536_000)
    """How long CDNs and browsers may keep a delivered file: also the longest that an erased one lives on in them."""
    secret: SecretStr = SecretStr("")
    """The installation secret, hex: names outside the database are HMACs under it. Empty is a file in `home`,
    made on first use. Losing it makes old object names impossible to recompute."""
    signing_key: SecretStr = SecretStr("")
    """Ed25519 in PEM, under which evidence bundles are signed. Empty is a file in `home`, made on first use."""
    c2pa_certificate: str = ""
    """The chain, PEM, leaf first, under which files are signed whose finish profile asks for `c2pa`."""
    c2pa_private_key: SecretStr = SecretStr("")
    """Its key, PEM."""
    c2pa_timestamp_url: str = ""
    """An RFC 3161 authority, so that signatures outlive the certificate; empty signs without a time."""
    webhook_urls: list[str] = Field(default_factory=list)
    """Who is told of campaigns' states, in the Standard Webhooks form."""
    webhook_secret: SecretStr = SecretStr("")
    """`whsec_...`; empty is one derived from `secret`, which `campaign webhooks secret` shows."""
    webhook_allow_private: bool = False
    """Let webhooks go to private addresses and over plain http."""
    lease_seconds: float = Field(default=30.0, ge=1.0)
    """A worker that has not renewed for this long is taken for dead."""
    sweep_seconds: float = Field(default=2.0, gt=0)
    """How often each worker looks for work that no bell announced, and for leases that ran out."""
    warm_up_seconds: float = Field(default=180.0, ge=0)
    """How long a worker loads voices before it claims; the others are loaded when they are first needed."""
    grace_seconds: float = Field(default=30.0, ge=0)
    """How long a worker told to stop may take to finish what it holds before giving it back."""
    synthesis_batch: int = Field(default=64, ge=1)
    """Most utterances in one claim; an engine may want fewer."""
    finish_batch: int = Field(default=16, ge=1)
    """Most assets in one claim."""
    finish_threads: int = Field(default=2, ge=1)
    """Threads that join, encode and store."""
    lane_threads: dict[Lane, int] = Field(default_factory=dict)
    """Most threads of one worker at work in a lane at once: `{"bulk": 2}` keeps the others free for previews."""
    max_attempts: int = Field(default=5, ge=1)
    """Retryable failures of one row before it is failed for good."""
    pcm_memory_mib: int = Field(default=256, ge=0)
    """Utterances a worker keeps in memory, so that shared ones cross the network once."""
    text_processes: int = Field(default=0, ge=0)
    """Processes that render and normalise during `submit`; 0 is one a core."""
    metrics_port: int = Field(default=0, ge=0, le=65535)
    """Where workers show Prometheus their metrics; 0 is nowhere. With `--gpus`, one port for each, counted up."""
    metrics_host: str = "127.0.0.1"
    """What that port is bound to: this host alone unless you say otherwise."""
    cost_per_gpu_hour: float = Field(default=0.0, ge=0)
    """For the estimates and the report, in `currency`."""
    gpu_prices: dict[str, float] = Field(default_factory=dict)
    """Price of an hour by GPU model as NVML names it; others cost `cost_per_gpu_hour`."""
    currency: str = "EUR"
    defaults: dict[str, JsonValue] = Field(default_factory=dict)
    """Keys of a brief that stand under every brief, `[defaults]` in `settings.toml`: see [the brief](brief.md)."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, variables, `*_FILE`, `settings.toml`."""
        named = os.environ.get("CAMPAIGN_SETTINGS")
        if named and not _expanded(Path(named)).is_file():
            raise HomeError(f"CAMPAIGN_SETTINGS names {named}, where no file is. Correct it, or unset it.")
        toml = named or default_home() / "settings.toml"
        return (
            init_settings,
            env_settings,
            _FileVariables(settings_cls),
            TomlConfigSettingsSource(settings_cls, toml_file=toml),
        )

    def model_post_init(self, _context: object) -> None:
        """Fill in what follows from `home`."""
        home = _expanded(self.home)
        self.home = home
        self.database_url = self.database_url or f"sqlite:///{home / 'campaign.sqlite'}"
        self.object_store = self.object_store or (home / "objects").as_uri()

    @model_validator(mode="after")
    def _one_reading(self) -> Self:
        """SQLite and Redis together have two readings: a database that was forgotten, or a Redis that was left over."""
        _check_database_url(self.database_url)
        if self.is_embedded and self.redis_url:
            raise ValueError(
                "redis_url is set and the database is SQLite, which has one worker process and no doorbell. "
                "Set CAMPAIGN_DATABASE_URL to postgresql://..., or unset CAMPAIGN_REDIS_URL"
            )
        return self

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        """Without the passwords of URLs."""
        for name, value in super().__repr_args__():
            hidden = re.sub(r"(?<=:)[^:/@]*(?=@)", "***", value) if isinstance(value, str) else value
            yield name, hidden

    @property
    def kernels_folder(self) -> Path:
        """Where compiled kernels are kept."""
        return self.home / "kernels" if self.kernel_cache is None else _expanded(self.kernel_cache)

    @property
    def kept_models(self) -> Path:
        """Where model files of the catalogue are kept."""
        if self.models is not None:
            return _expanded(self.models)
        return _data_home() / "campaign" / "models"

    @property
    def is_embedded(self) -> bool:
        """Whether work is done in the foreground of the command that asks for it: with SQLite, and only there."""
        return self.database_url.startswith("sqlite")

    @property
    def doorbell(self) -> Doorbell:
        """What tells workers that there is work."""
        if self.is_embedded:
            return Doorbell.IN_PROCESS
        return Doorbell.REDIS if self.redis_url else Doorbell.POSTGRESQL

    def installation_secret(self) -> bytes:
        """The secret under which names leave the database; made on first use in the embedded default.

        Raises `HomeError` where it cannot be made or read.
        """
        path = self.home / "secret"
        text = self.secret.get_secret_value()
        try:
            secret = bytes.fromhex(text or self._kept_secret(path))
        except (OSError, UnicodeDecodeError) as exc:
            raise HomeError(
                f"the secret {path} cannot be kept or read: {getattr(exc, 'strerror', None) or exc}. Let CAMPAIGN_HOME "
                "name a folder that takes files, or give CAMPAIGN_SECRET 32 random bytes in hex."
            ) from exc
        except ValueError as exc:
            place = "CAMPAIGN_SECRET" if text else str(path)
            raise HomeError(
                f"{place} is not written in hex. Restore it: old object names hang on it."
            ) from exc
        if not secret:
            raise HomeError(f"{path} is empty. Restore it: old object names hang on it.")
        return secret

    def _kept_secret(self, path: Path) -> str:
        if not path.exists():
            self.home.mkdir(parents=True, exist_ok=True)
            fresh = self.home / f".secret-{os.getpid()}"
            try:
                fresh.touch(mode=0o600)
                fresh.write_text(secrets.token_hex(32))
                with contextlib.suppress(FileExistsError):  # the first of two processes wins
                    path.hardlink_to(fresh)
            finally:
                fresh.unlink(missing_ok=True)
        return path.read_text().strip()


def _check_database_url(url: str) -> None:
    """Raise `ValueError` for what names no database that this program can use; nothing of it is repeated."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        parts = make_url(url)
        known = parts.drivername in DATABASES and (parts.drivername.startswith("postgres") or parts.database)
    except (ArgumentError, ValueError):
        known = False
    if not known or parts.database == ":memory:":
        raise ValueError(
            "database_url names no database. Write sqlite:////folder/file or postgresql://user@host/name"
        )


class _FileVariables(PydanticBaseSettingsSource):
    """`CAMPAIGN_SECRET_FILE=/run/secrets/x` fills `secret`."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        variable = f"CAMPAIGN_{field_name.upper()}_FILE"
        path = os.environ.get(variable)
        try:
            return (Path(path).read_text().strip() if path else None), field_name, False
        except (OSError, UnicodeDecodeError) as exc:
            why = getattr(exc, "strerror", None) or exc
            raise HomeError(
                f"{variable} names {path}, which cannot be read: {why}. Correct it, or unset it."
            ) from exc

    def __call__(self) -> dict[str, Any]:
        values = {}
        for name, field in self.settings_cls.model_fields.items():
            value, _, _ = self.get_field_value(field, name)
            if value is not None:
                values[name] = value
        return values
