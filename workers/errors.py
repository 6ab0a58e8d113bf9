"""Every error that `workers` raises on purpose, as a tree.

    WorkerError
    ├── BrokerError                the doorbell cannot be reached; nothing is lost, workers sweep
    ├── PresetError                no such preset, or not for this engine
    │   └── RecordingError         a recording, transcript or table cannot make a preset
    ├── AlreadyWorkingError        another process works on this SQLite database
    ├── NoGpuError                 no such GPU on this machine
    ├── MetricsPortError           the port for metrics is taken
    ├── TracesError                the extra that sends traces is not installed
    └── EngineError                (workers.engines.engine) the engine itself is unusable

`workers.finish` has `FinishError` for one asset's sound.
"""

from __future__ import annotations


class WorkerError(Exception):
    """Work could not be started or done; the message ends with the mend."""


class BrokerError(WorkerError):
    """The doorbell cannot be reached; nothing is lost, workers sweep."""


class PresetError(WorkerError):
    """No such preset, or not for this engine."""


class RecordingError(PresetError):
    """A recording, transcript or table cannot make a preset."""


class AlreadyWorkingError(WorkerError):
    """Another process works on this SQLite database."""


class NoGpuError(WorkerError):
    """No such GPU on this machine."""


class MetricsPortError(WorkerError):
    """The port for metrics is taken."""


class TracesError(WorkerError):
    """The extra that sends traces is not installed."""
