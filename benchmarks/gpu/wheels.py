"""What the parts import that Python does not bring, and wheels carried to a machine without an index.

A wheel is an archive of what is to lie on the path: no installer is needed, and nothing of the machine is changed.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

WITH_TORCH = {
    "torch": "torch==2.11.0",
    "torchaudio": "torchaudio==2.11.0",
    "numpy": "numpy",
    "yaml": "pyyaml",
    "safetensors": "safetensors",
    "einops": "einops",
    "torchdiffeq": "torchdiffeq",
    "transformers": "transformers",
    "tqdm": "tqdm",
    "click": "click",
    "pytest": "pytest",
    "pytest_timeout": "pytest-timeout",
}
"""Module -> package: an image made for PyTorch mostly has them."""
CARRIED = {
    "f5_tts": "f5-tts==1.1.22",
    "vocos": "vocos==0.1.0",
    "encodec": "encodec==0.1.1",
    "x_transformers": "x-transformers==2.31.10",
    "librosa": "librosa==1.0.0",
    "rjieba": "rjieba==0.2.2",
    "pypinyin": "pypinyin==0.55.0",
    "einx": "einx==0.4.3",
    "loguru": "loguru==0.7.3",
    "torch_einops_utils": "torch-einops-utils==0.2.0",
    "frozendict": "frozendict==2.5.1",
    "decorator": "decorator==5.3.1",
    "pooch": "pooch==1.9.0",
    "platformdirs": "platformdirs==4.14.5",
    "pydantic": "pydantic",
    "pydantic_core": "pydantic-core",
    "annotated_types": "annotated-types",
    "typing_inspection": "typing-inspection",
}
"""Module -> wheel: the model's own code and what both import, 9 MiB (docs/f5.md says how to carry them)."""


def missing(path: Sequence[Path] = ()) -> list[str]:
    """Packages that neither this Python nor one of the folders has."""
    return [
        package
        for module, package in {**WITH_TORCH, **CARRIED}.items()
        if not any((folder / module).exists() or (folder / f"{module}.py").exists() for folder in path)
        and find_spec(module) is None
    ]


def unpack(wheels: Path, target: Path) -> Path:
    """Every wheel of a folder into `target`, which is then to be on the path."""
    target.mkdir(parents=True, exist_ok=True)
    for wheel in sorted(wheels.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(target)
    return target
