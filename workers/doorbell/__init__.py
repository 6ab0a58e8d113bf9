"""Telling workers that a lane has work: one port (`Bell`); in the process, on Redis, or by PostgreSQL's NOTIFY.

The database is the queue of record (contract 1), so a lost, late or doubled bell costs nothing but time: every worker
also sweeps. What is sent says "lane L has work" and nothing else: no text, no names, no keys.
Imports errors, and of storage the installation, the session and its notices; no rows.
"""

from workers.doorbell.bell import WINDOW, Bell
from workers.doorbell.opening import open_bell, open_messages

__all__ = ["WINDOW", "Bell", "open_bell", "open_messages"]
