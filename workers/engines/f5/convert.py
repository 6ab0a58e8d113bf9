"""Pickled weights -> safetensors, once, on a machine of your choice: `python -m workers.engines.f5.convert IN OUT`.

vocos is published as `pytorch_model.bin` and some fine-tunes as `model.pt`. The engine reads neither, because a pickle
can run code when it is read; torch's `weights_only` reader, used here, refuses everything but tensors and plain
containers.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from workers.engines.f5.faults import CheckpointError
from workers.printable import printable

NESTED = ("ema_model_state_dict", "model_state_dict", "state_dict")
"""Where trainers put the weights in a checkpoint; the averaged ones first, as upstream uses them."""


def convert(source: Path, target: Path) -> int:
    """Write `target` with the tensors of `source`; returns how many. Raises `CheckpointError`."""
    import pickle

    import torch
    from safetensors.torch import save_file

    if target.exists():
        raise CheckpointError(f"{target} exists; remove it or choose another name")
    try:
        read: Any = torch.load(source, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, OSError, EOFError, ValueError, LookupError) as problem:
        first = str(problem).partition("\n")[0]
        raise CheckpointError(f"{source} is not read: {first}. Ask its maker for safetensors") from problem
    for name in NESTED:
        if isinstance(read, dict) and isinstance(read.get(name), dict):
            read = read[name]
            break
    tensors = {
        str(name): tensor.detach().clone().contiguous()
        for name, tensor in (read.items() if isinstance(read, dict) else ())
        if isinstance(tensor, torch.Tensor)
    }
    if not tensors:
        raise CheckpointError(f"{source} holds no weights; give the checkpoint of the model or of vocos")
    save_file(tensors, target)
    return len(tensors)


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def main(source: Path, target: Path) -> None:
    """Copy the tensors of SOURCE, a PyTorch checkpoint, to TARGET, a safetensors file."""
    try:
        count = convert(source, target)
    except CheckpointError as problem:
        raise click.ClickException(printable(str(problem))) from problem
    click.echo(printable(f"{target}: {count} tensors"))


if __name__ == "__main__":
    main()
