"""Every error that `workers` raises on purpose, as a tree.

    WorkerError                    work could not be started or done; the message ends with the fix
    ├── BrokerError                the doorbell cannot be reached; nothing is lost, workers sweep
    ├── PresetError                no such preset, or not for this engine
    │   └── RecordingError         a recording, transcript or table cannot make a preset
    ├── AlreadyWorkingError        another process works on this SQLite database
    ├── NoGpuError                 no such GPU on this machine
    ├── GpuShareError              processes asked for do not fit the GPU's memory
    ├── KernelCacheError           compiled kernels cannot be kept where they should, or others can write there
    ├── MetricsPortError           the port for metrics is taken
    ├── TracesError                the extra that sends traces is not installed
    ├── WebhookError               (workers.outbound.attempt) a webhook cannot be delivered
    ├── EngineError                the engine itself is unusable, not one utterance
    │   ├── UnknownEngineError     no engine has that name
    │   ├── DeviceLostError        the device's context is lost: a new process can go on
    │   │   └── DeviceMemoryError  the device has less memory left than at warm-up; no row is to blame
    │   ├── CheckpointError        (workers.engines.f5.faults) the folder of weights cannot be used
    │   ├── UnreachableError       (workers.engines.http.client) nobody answers at that address
    │   ├── NotThereError          (workers.engines.http.client) the server has no such path
    │   └── RecogniserAwayError    (workers.recognisers.recogniser) nobody hears now; later somebody may
    ├── FinishError                one asset cannot be released; `code` and `reason` go to its row
    ├── ProfileError               the finish profile contradicts itself or has an unknown key
    ├── FfmpegError                FFmpeg refuses a sound or a file
    │   └── ChildGoneError         (workers.ffmpeg.process) its process is dead or silent
    └── UnreadableFileError            a delivered file is none that this program writes, or is cut off

Signals, caught inside the package and never seen outside:

    AnswerError                    (workers.engines.http.client) becomes the utterance's failure
    _RetryError                    (workers.engines.http.client) another attempt, or its `error`
    OtherFileError                 (workers.ffmpeg.child) a refusal, in the child's own process
    UnspeakableError               (workers.engines.f5.text) becomes the utterance's failure
    RefusedTextError               (workers.engines.pocket.text) becomes the utterance's failure
    UnknownPhonemeError            (workers.engines.pronunciation) a refusal; the lexicon leaves the entry aside
    PutOffError                    (workers.engines.preemption) what is urgent is spoken after the batch in hand
    PcmCorruptError                (workers.pcm) the utterance is made again
    PcmGoneError                   (workers.parts) the asset waits until the utterance is made again
"""

from __future__ import annotations


class WorkerError(Exception):
    """Work could not be started or done; the message ends with the fix."""


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


class GpuShareError(WorkerError):
    """The processes asked for do not fit the GPU's memory, or nobody can tell."""


class KernelCacheError(WorkerError):
    """Compiled kernels cannot be kept where they should be, or others could put code there."""


class MetricsPortError(WorkerError):
    """The port for metrics is taken."""


class TracesError(WorkerError):
    """The extra that sends traces is not installed."""


class EngineError(WorkerError):
    """The engine itself is unusable (not one utterance): missing library, bad preset table, dead device."""


class UnknownEngineError(EngineError):
    """No engine has that name."""


class DeviceLostError(EngineError):
    """The device's context is lost: this process cannot go on, a new one can."""


class DeviceMemoryError(DeviceLostError):
    """The device has less memory left than at warm-up: a new process may find it, and no row is to blame."""


class FinishError(WorkerError):
    """This asset cannot be released (contract 4); the others go on.

    `code` never changes once released: `no-sound`, `silent`, `clipped`, `gap`, `too-short`, `too-long`.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason

    def __reduce__(self) -> tuple[object, ...]:
        """May cross a process border."""
        return type(self), (self.code, self.reason)


class ProfileError(WorkerError):
    """The finish profile has an unknown key, a value out of range or two that exclude each other."""


class FfmpegError(WorkerError):
    """FFmpeg refuses a sound or a file, or its process failed; the message is FFmpeg's own."""


class UnreadableFileError(WorkerError):
    """The file is none that this program writes, or it is cut off; the message says where."""
