"""From the settings to a doorbell: for whoever rings, and for the threads that wait to be rung for."""

from __future__ import annotations

from storage.installation import Installation
from storage.settings import Doorbell, Settings
from workers.doorbell.bell import Bell
from workers.doorbell.in_process import InProcessBell
from workers.doorbell.messages import MessageBell
from workers.doorbell.postgresql import PostgresqlBell
from workers.doorbell.redis_queue import RedisBell


def open_bell(installation: Installation) -> Bell:
    """What reaches an installation's workers. With SQLite nobody: the worker, if there is one, is another process."""
    match installation.settings.doorbell:
        case Doorbell.POSTGRESQL:
            return PostgresqlBell(installation.database)
        case Doorbell.REDIS | Doorbell.IN_PROCESS:
            return open_messages(installation.settings)


def open_messages(settings: Settings) -> MessageBell:
    """Where a worker process's threads wait: on Redis with those of all others, else inside the process."""
    return RedisBell.at(settings.redis_url) if settings.doorbell is Doorbell.REDIS else InProcessBell()
