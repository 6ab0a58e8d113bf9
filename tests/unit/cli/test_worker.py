"""What `campaign worker` refuses before anything starts, and what it hands on to its children."""

from __future__ import annotations

import stat
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest
from click.testing import CliRunner

from campaign.cli import exits
from campaign.cli import worker as worker_module
from campaign.cli.device import arguments_of, device_options
from campaign.cli.worker import FINAL
from storage.settings import Settings
from tests import build
from tests.commands import Done, run
from workers.engines.options import DeviceOptions, Mode
from workers.process import supervisor as supervisor_module
from workers.process.gpus import choice, mps
from workers.process.supervisor import Child

UUIDS = ["GPU-aaaa", "GPU-bbbb"]
FULL = DeviceOptions(max_vram_gib=9.5, precision="float16", mode=Mode.FUSED, frame_budgets=(1024, 4096))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation, on a machine with two GPUs of 80 GiB and no MPS."""
    build.installation(tmp_path / "home").close()
    monkeypatch.setenv("CAMPAIGN_HOME", str(tmp_path / "home"))
    for variable in ("TORCHINDUCTOR_CACHE_DIR", "TRITON_CACHE_DIR"):
        monkeypatch.setenv(variable, "")  # so that what is set is taken back
    monkeypatch.setattr(choice, "_installed_gpus", lambda: UUIDS)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setattr(choice, "total_gib", lambda _uuid: 80.0)
    monkeypatch.setattr("shutil.which", lambda _name: None)
    return tmp_path / "home"


@pytest.fixture
def children(home: Path, monkeypatch: pytest.MonkeyPatch) -> list[Child]:
    """Whom the supervisor would start; SQLite is taken for a server."""
    started: list[Child] = []

    class NoSupervisor:
        def __init__(self, children: Sequence[Child], **options: Any) -> None:
            started.extend(children)
            assert options["lost"] == exits.DEVICE_LOST
            assert options["final"] == FINAL

        def run(self, _told_to_stop: Callable[[], int]) -> int:
            return exits.OK

    monkeypatch.setattr(supervisor_module, "Supervisor", NoSupervisor)
    monkeypatch.setattr(worker_module, "Signals", lambda **_options: SimpleNamespace(count=0))
    check = worker_module._check

    def as_on_a_server(installation: Any, count: int) -> None:
        served = SimpleNamespace(database=SimpleNamespace(is_sqlite=False), settings=installation.settings)
        check(served, count)  # type: ignore[arg-type]

    monkeypatch.setattr(worker_module, "_check", as_on_a_server)
    return started


def refused(*arguments: str) -> str:
    done = run("worker", *arguments)
    assert done.code == exits.USAGE, done
    return done.err


def test_each_gpu_has_its_processes_with_names_ports_and_shares(children: list[Child]) -> None:
    done = run(
        "worker", "--gpus", "all", "--per-gpu", "2", "--metrics-port", "9191", "--lanes", "bulk", "--no-warm"
    )
    assert done.code == exits.OK, done
    assert [child.name for child in children] == [
        "GPU-aaaa 1 of 2",
        "GPU-aaaa 2 of 2",
        "GPU-bbbb 1 of 2",
        "GPU-bbbb 2 of 2",
    ]
    assert [child.environment["CAMPAIGN_METRICS_PORT"] for child in children] == [
        "9191",
        "9192",
        "9193",
        "9194",
    ]
    assert [child.environment["CUDA_VISIBLE_DEVICES"] for child in children] == [
        *["GPU-aaaa"] * 2,
        *["GPU-bbbb"] * 2,
    ]
    folders = [child.environment["CAMPAIGN_WORK_REPORTS"] for child in children]
    assert folders[0] == folders[1] != folders[2] == folders[3]
    for child in children:
        assert child.group == "", "without MPS each falls alone"
        assert " ".join(child.command[2:]) == (
            "campaign worker --device cuda:0 --lanes bulk --no-warm --max-vram-gib 36.0"
        )
    assert done.err.count("in turns (time slicing)") == 2


def test_one_process_a_gpu_has_nine_tenths_of_it_and_its_uuid_for_a_name(children: list[Child]) -> None:
    done = run("worker", "--gpus", "1")
    assert [child.name for child in children] == ["GPU-bbbb"]
    assert children[0].command[-2:] == ("--max-vram-gib", "72.0")
    assert children[0].environment["CAMPAIGN_METRICS_PORT"] == "0"
    assert "time slicing" not in done.err


def test_children_under_mps_fall_together_gpu_by_gpu(
    children: list[Child], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(mps.PIPES, "/run/mps")
    run("worker", "--gpus", "all", "--per-gpu", "2")
    assert [child.group for child in children] == ["GPU-aaaa", "GPU-aaaa", "GPU-bbbb", "GPU-bbbb"]


def test_children_get_the_options_of_the_device(children: list[Child]) -> None:
    given = (
        "--max-vram-gib",
        "9.5",
        "--precision",
        "float16",
        "--mode",
        "fused",
        "--frame-budgets",
        "4096, 1024",
    )
    assert run("worker", "--gpus", "0", "--per-gpu", "8", *given).code == exits.OK
    assert list(children[0].command[-8:]) == arguments_of(FULL)
    assert len(children) == 8


def test_memory_that_nobody_tells_is_not_limited_and_that_is_said(
    children: list[Child], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice, "total_gib", lambda _uuid: None)
    done = run("worker", "--gpus", "0")
    assert "--max-vram-gib" not in children[0].command
    assert "GPU-aaaa: NVML does not tell its memory" in done.err
    assert "--max-vram-gib" in refused("--gpus", "0", "--per-gpu", "2")


@pytest.mark.usefixtures("children")
def test_what_does_not_fit_is_refused_with_both_numbers() -> None:
    told = refused("--gpus", "0", "--per-gpu", "3", "--max-vram-gib", "30")
    assert "3 x 30 GiB are 90 GiB" in told and "GPU-aaaa has 80.0" in told


@pytest.mark.usefixtures("children")
def test_ports_beyond_the_last_are_refused() -> None:
    assert "--metrics-port" in refused("--gpus", "all", "--per-gpu", "2", "--metrics-port", "65533")
    assert run("worker", "--gpus", "all", "--per-gpu", "2", "--metrics-port", "65532").code == exits.OK


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("several", [("--gpus", "all"), ("--gpus", "0", "--per-gpu", "2")])
def test_sqlite_has_one_worker(several: tuple[str, ...]) -> None:
    assert "PostgreSQL" in refused(*several)


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("arguments", "mend"),
    [
        (("--per-gpu", "2"), "--gpus all"),
        (("--gpus", "all", "--per-gpu", "0"), "0 is not in the range"),
        (("--gpus", "all", "--device", "cuda:1"), "Give one"),
        (("--precision", "int8"), "bfloat16"),
        (("--mode", "quick"), "compiled"),
        (("--frame-budgets", "1024,100"), "'100' is no frame budget"),
        (("--frame-budgets", "65537"), "512 to 65536"),
        (("--frame-budgets", "4096,x"), "'x' is no frame budget"),
        (("--frame-budgets", ""), "1024,4096"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_mend(arguments: tuple[str, ...], mend: str) -> None:
    assert mend in refused(*arguments)


def options_of(*arguments: str) -> DeviceOptions:
    """What a command with these options is given."""
    seen: list[DeviceOptions] = []

    @click.command()
    @device_options
    def command(options: DeviceOptions) -> None:
        seen.append(options)

    done = CliRunner().invoke(command, arguments)
    assert done.exit_code == exits.OK, done.output
    return seen[0]


def test_options_become_one_record_and_again_arguments() -> None:
    assert options_of() == DeviceOptions()
    assert arguments_of(DeviceOptions()) == []
    assert options_of("--device", "cuda:1", *arguments_of(FULL)) == DeviceOptions(
        device="cuda:1", max_vram_gib=9.5, precision="float16", mode=Mode.FUSED, frame_budgets=(1024, 4096)
    )
    assert options_of("--frame-budgets", "65536,512,512").frame_budgets == (512, 65536)


def test_budgets_that_end_too_early_are_told_as_what_they_mean(children: list[Child]) -> None:
    told = run("worker", "--gpus", "0", "--frame-budgets", "1024,2048").err
    assert "last 21.8 s at most" in told and "With 4096" in told
    assert "--frame-budgets ends" not in run("worker", "--gpus", "0", "--frame-budgets", "1024,4096").err
    assert len(children) == 2


@pytest.mark.usefixtures("children")
def test_kernels_are_kept_in_the_home_or_where_the_setting_says(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("worker", "--gpus", "0")
    assert stat.S_IMODE((home / "kernels").stat().st_mode) == 0o700
    monkeypatch.setenv("CAMPAIGN_KERNEL_CACHE", str(tmp_path / "mine"))
    monkeypatch.setenv("TRITON_CACHE_DIR", "")
    assert run("worker", "--gpus", "0").code == exits.OK
    assert (tmp_path / "mine" / "triton").is_dir()


def test_folder_of_kernels_that_others_can_write_to_stops_the_worker(
    home: Path, children: list[Child]
) -> None:
    (home / "kernels").mkdir()
    (home / "kernels").chmod(0o777)
    done: Done = run("worker", "--gpus", "0")
    assert (done.code, "chmod 700" in done.err) == (exits.UNAVAILABLE, True), done
    assert children == []


def test_where_kernels_are_kept_is_a_setting(tmp_path: Path) -> None:
    assert Settings(home=tmp_path).kernels_folder == tmp_path / "kernels"
    assert Settings(home=tmp_path, kernel_cache=tmp_path / "mine").kernels_folder == tmp_path / "mine"
