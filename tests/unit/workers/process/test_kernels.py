"""Compiled kernels outlive a restart, in a folder that nobody else can write to."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from workers.errors import KernelCacheError
from workers.process.kernels import keep_kernels

INDUCTOR, TRITON = "TORCHINDUCTOR_CACHE_DIR", "TRITON_CACHE_DIR"


def mode_of(place: Path) -> int:
    return stat.S_IMODE(place.stat().st_mode)


def test_both_caches_lie_below_the_folder_for_this_user_alone(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "kernels"
    environment: dict[str, str] = {}
    keep_kernels(folder, environment)
    assert environment == {INDUCTOR: str(folder / "inductor"), TRITON: str(folder / "triton")}
    assert {mode_of(place) for place in (folder, folder / "inductor", folder / "triton")} == {0o700}
    (folder / "triton" / "kernel").touch()
    keep_kernels(folder, {})
    assert (folder / "triton" / "kernel").exists(), "what is kept stays"


def test_operator_s_folders_stay_the_operator_s(tmp_path: Path) -> None:
    environment = {TRITON: "/elsewhere"}
    keep_kernels(tmp_path / "kernels", environment)
    assert environment == {TRITON: "/elsewhere", INDUCTOR: str(tmp_path / "kernels" / "inductor")}
    both = {TRITON: "/elsewhere", INDUCTOR: "/there"}
    keep_kernels(tmp_path / "other", dict(both))
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("name", ["", "inductor", "triton"])
@pytest.mark.parametrize("mode", [0o770, 0o702, 0o720])
def test_folder_that_others_can_write_to_is_refused_with_the_mend(
    name: str, mode: int, tmp_path: Path
) -> None:
    folder = tmp_path / "kernels"
    keep_kernels(folder, {})
    (folder / name).chmod(mode)
    environment: dict[str, str] = {}
    with pytest.raises(KernelCacheError, match=rf"chmod 700 {folder / name}"):
        keep_kernels(folder, environment)
    assert environment == {}


def test_folder_that_others_can_read_is_taken(tmp_path: Path) -> None:
    (tmp_path / "kernels").mkdir(mode=0o755)
    keep_kernels(tmp_path / "kernels", {})


def test_folder_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "kernels"
    folder.mkdir(mode=0o700)
    monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)
    with pytest.raises(KernelCacheError, match="another user"):
        keep_kernels(folder, {})


def test_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir(mode=0o700)
    (tmp_path / "kernels").symlink_to(tmp_path / "there")
    with pytest.raises(KernelCacheError, match="is a link"):
        keep_kernels(tmp_path / "kernels", {})


def test_place_that_cannot_be_a_folder_is_told_with_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(KernelCacheError, match="CAMPAIGN_KERNEL_CACHE"):
        keep_kernels(tmp_path / "file" / "kernels", {})


def test_torch_is_not_loaded_before_the_folders_are_set() -> None:
    check = "import sys, workers.process.kernels, campaign.cli.worker; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", check], check=True)


def test_user_that_is_a_number_only_gets_a_name_and_others_keep_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment: dict[str, str] = {}
    keep_kernels(tmp_path / "kernels", environment)
    assert "LOGNAME" not in environment
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr("os.getuid", lambda: 2**31 - 7)
    keep_kernels(tmp_path / "kernels", environment)
    assert environment["LOGNAME"] == "uid2147483641"
