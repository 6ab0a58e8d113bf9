"""The folder of a Kokoro pin: `model.onnx` and `voices/NAME.bin`, each checked before it is used.

A voice is a table of styles, float32 little endian (510, 1, 256): one for each number of letters.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from workers.engines.engine import EngineError

MODEL = "model.onnx"
VOICES = "voices"
MOST_LETTERS = 510
STYLE_WIDTH = 256
Styles = npt.NDArray[np.float32]
"""float32 (510, 256): row n-1 for n letters."""
_MEND = "Fetch it with `campaign voice get kokoro`, or name a folder that holds it with `campaign model add`"


@dataclass(frozen=True, slots=True)
class KokoroFolder:
    """What lies there; nothing of it is read yet."""

    root: Path
    voices: tuple[str, ...]
    """Names, sorted."""

    @property
    def model(self) -> Path:
        return self.root / MODEL

    def voice(self, name: str) -> Path:
        """The file of a voice."""
        return self.root / VOICES / f"{name}.bin"


def open_folder(root: Path) -> KokoroFolder:
    """Look what a folder holds; raises `EngineError` where it is no Kokoro."""
    if not (root / MODEL).is_file():
        raise EngineError(f"there is no {MODEL} in {root}. {_MEND}")
    voices = tuple(sorted(path.stem for path in (root / VOICES).glob("*.bin")))
    if not voices:
        raise EngineError(f"there is no voice in {root / VOICES}. {_MEND}")
    return KokoroFolder(root, voices)


def sound_files(root: Path) -> dict[str, Path]:
    """What decides sound, by path in the folder. Raises `EngineError`."""
    folder = open_folder(root)
    return {MODEL: folder.model, **{f"{VOICES}/{name}.bin": folder.voice(name) for name in folder.voices}}


def read_styles(folder: KokoroFolder, name: str, files: Mapping[str, str]) -> Styles:
    """A voice, held against its digest in `files` where there is one. Raises `EngineError`."""
    if name not in folder.voices:
        raise EngineError(f"there is no voice {name!r} in {folder.root}; it has {', '.join(folder.voices)}")
    path = folder.voice(name)
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise EngineError(f"{path} cannot be read ({problem.strerror}). {_MEND}") from problem
    promised = files.get(f"{VOICES}/{name}.bin")
    if promised is not None and hashlib.sha256(data).hexdigest() != promised:
        raise EngineError(f"{path} is not the file that was pinned. {_MEND}")
    if len(data) != MOST_LETTERS * STYLE_WIDTH * 4:
        raise EngineError(
            f"{path} holds {len(data)} bytes; a voice is a table of {MOST_LETTERS} styles of {STYLE_WIDTH} float32"
        )
    styles: Styles = np.frombuffer(data, dtype="<f4").reshape(MOST_LETTERS, STYLE_WIDTH).astype(np.float32)
    if not np.isfinite(styles).all():
        raise EngineError(f"{path} holds numbers that are not finite. {_MEND}")
    return styles
