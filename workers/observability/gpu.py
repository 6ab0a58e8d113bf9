"""What the GPU says of itself, through NVML; None where there is none, never 0.

NVML ignores CUDA_VISIBLE_DEVICES, so the device is named by UUID or by the index that CUDA would give it.
Total-energy deltas (mJ since the driver loaded) are the honest energy figure; the power reading is an average
over a second on Ampere and later.
"""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import dataclass

from storage.records import GpuSample
from workers.digits import whole_number

SAMPLE_EVERY_S = 0.1
LONGEST_SAMPLING_S = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GpuReading:
    """One look at one GPU."""

    model: str
    uuid: str
    driver: str
    clock_mhz: float | None
    power_w: float | None
    utilisation: float | None
    """0 to 1 over the last sample period; None under MIG."""
    energy_joules: float | None
    """Since the driver was loaded: only differences mean something."""
    unattributable: str | None = None
    """Why energy and utilisation are not ours alone: MIG, or another process on the board."""


class Sampler(threading.Thread):
    """Looks at a GPU ten times a second until `stop`; forgotten by a batch that failed, it ends by itself."""

    def __init__(self, telemetry: Telemetry) -> None:
        super().__init__(name="gpu-sampler", daemon=True)
        self._telemetry = telemetry
        self._stopping = threading.Event()
        self._samples: list[GpuSample] = []

    def run(self) -> None:
        """The thread's life."""
        end = time.monotonic() + LONGEST_SAMPLING_S
        while time.monotonic() < end:
            reading = self._telemetry.read()
            if reading is not None:
                now_ms = time.time_ns() / 1_000_000
                sample = GpuSample(now_ms, reading.power_w, reading.clock_mhz, reading.utilisation)
                self._samples.append(sample)
            if self._stopping.wait(SAMPLE_EVERY_S):
                return

    def stop(self) -> list[GpuSample]:
        """On this host's clock, after the last look."""
        self._stopping.set()
        self.join()
        return self._samples


class Telemetry:
    """Reads one GPU; every reading is None where there is no NVML or no such device."""

    def __init__(self, device: str) -> None:
        self._device = device
        self._handle: object | None = None
        self._opened = False

    def read(self) -> GpuReading | None:
        """The GPU as it is now."""
        handle = self._opened_handle()
        if handle is None:
            return None
        import pynvml

        def ask(function: str, *arguments: object) -> float | None:
            with contextlib.suppress(pynvml.NVMLError):
                return float(getattr(pynvml, function)(handle, *arguments))
            return None

        power_mw = ask("nvmlDeviceGetPowerUsage")
        energy_mj = ask("nvmlDeviceGetTotalEnergyConsumption")
        return GpuReading(
            model=str(pynvml.nvmlDeviceGetName(handle)),
            uuid=str(pynvml.nvmlDeviceGetUUID(handle)),
            driver=str(pynvml.nvmlSystemGetDriverVersion()),
            clock_mhz=ask("nvmlDeviceGetClockInfo", pynvml.NVML_CLOCK_SM),
            power_w=None if power_mw is None else power_mw / 1000,
            utilisation=self.utilisation(),
            energy_joules=None if energy_mj is None else energy_mj / 1000,
            unattributable=_not_ours_alone(handle),
        )

    def utilisation(self) -> float | None:
        """0 to 1: how much of the last sample period anything ran on the GPU, by whatever process."""
        handle = self._opened_handle()
        if handle is None:
            return None
        import pynvml

        with contextlib.suppress(pynvml.NVMLError):
            return float(pynvml.nvmlDeviceGetUtilizationRates(handle).gpu) / 100
        return None

    def sampler(self) -> Sampler | None:
        """A sampler at work; None where there is nothing to look at."""
        if self.read() is None:
            return None
        sampler = Sampler(self)
        sampler.start()
        return sampler

    def memory_used_mib(self) -> float | None:
        """Of the whole GPU, by every process on it."""
        if self.read() is None:
            return None
        import pynvml

        try:
            return float(pynvml.nvmlDeviceGetMemoryInfo(self._handle).used) / 2**20
        except pynvml.NVMLError:
            return None

    def _opened_handle(self) -> object | None:
        if not self._opened:
            self._opened = True
            self._handle = self._open()
        return self._handle

    def _open(self) -> object | None:
        if not self._device.startswith("cuda"):
            return None
        import pynvml

        try:
            pynvml.nvmlInit()
            return _handle_of(self._device)
        except pynvml.NVMLError:
            return None


def _not_ours_alone(handle: object) -> str | None:
    import pynvml

    with contextlib.suppress(pynvml.NVMLError):
        if pynvml.nvmlDeviceGetMigMode(handle)[0] == pynvml.NVML_DEVICE_MIG_ENABLE:
            return "MIG"
    with contextlib.suppress(pynvml.NVMLError):
        if len(pynvml.nvmlDeviceGetComputeRunningProcesses(handle)) > 1:
            return "the board is shared"
    return None


def _handle_of(device: str) -> object:
    import os

    import pynvml

    index = int(device.partition(":")[2] or 0)
    visible = [part.strip() for part in os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",") if part.strip()]
    name = visible[index] if index < len(visible) else str(index)
    if (number := whole_number(name)) is not None:
        return pynvml.nvmlDeviceGetHandleByIndex(number)
    return pynvml.nvmlDeviceGetHandleByUUID(name)
