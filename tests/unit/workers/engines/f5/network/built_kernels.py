"""Builds every fused kernel for GPUs that are not here, as it is launched, and says what it takes: `python -m` this.

Triton's compiler and NVIDIA's assembler come in Triton's wheel and need no GPU. Run by test_built.py in a process of
its own, because the kernels of the test process are the interpreter's.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import triton
from torch import Tensor
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource
from triton.runtime.jit import JITFunction

from workers.engines.f5.network.kernels.attention import attend
from workers.engines.f5.network.kernels.float8 import quantise_rows
from workers.engines.f5.network.kernels.norms import add_norm_, norm
from workers.engines.f5.network.kernels.position_convolution import Convolution, convolve
from workers.engines.f5.network.kernels.rotation import angles_of, rotate_

CAPABILITIES = {
    torch.bfloat16: (80, 89, 90, 100),
    torch.float16: (90,),
    torch.float32: (89, 90),
}
"""8.0 is A100, 8.9 L4 and 4090, 9.0 H100 and H200, 10.0 B200."""
OLDEST_FLOAT8 = 89
NAMES = {
    torch.float32: "fp32",
    torch.bfloat16: "bf16",
    torch.float16: "fp16",
    torch.int32: "i32",
    torch.float8_e4m3fn: "fp8e4nv",
}
ROWS, WIDTH, HEADS = 256, 1024, 16
"""Of F5TTS_v1_Base; the rows decide the launch and not the kernel."""


def launches(dtype: torch.dtype) -> list[tuple[JITFunction, tuple[Any, ...], dict[str, Any]]]:
    """Every kernel with the arguments and options with which it would be launched."""
    seen: list[tuple[JITFunction, tuple[Any, ...], dict[str, Any]]] = []

    def remember(self: JITFunction, *args: Any, grid: Any, warmup: bool, **options: Any) -> None:
        seen.append((self, args, options))

    honest, JITFunction.run = JITFunction.run, remember
    try:
        x = torch.zeros(ROWS, WIDTH, dtype=dtype)
        bounds = torch.zeros(2, ROWS, dtype=torch.int32)
        first, last = bounds[0], bounds[1]
        vector, angles = torch.zeros(WIDTH), angles_of(torch.zeros(32), 16)
        layer = Convolution.of(torch.zeros(WIDTH, 64, 31, dtype=dtype), torch.zeros(WIDTH, dtype=dtype))
        ways: dict[str, Any] = {"heads": HEADS, "rotated_heads": HEADS}
        convolve(x, layer, first, last)
        convolve(x, layer, first, last, residual=x)
        norm(x, vector, vector, epsilon=1e-6)
        add_norm_(x, x, vector, vector, vector, epsilon=1e-6)
        qkv, head_norm = torch.zeros(ROWS, 3 * WIDTH, dtype=dtype), torch.zeros(64, dtype=dtype)
        for norms in (None, (head_norm, head_norm)):
            rotate_(qkv, first, last, angles, norms, epsilon=1e-6, **ways)
        query, key, value = qkv.view(ROWS, 3, HEADS, WIDTH // HEADS).unbind(1)
        attend(query, key, value, torch.zeros(3, dtype=torch.int32), ROWS)
        if dtype == torch.bfloat16:
            quantise_rows(x)
    finally:
        JITFunction.run = honest
    return seen


def build(
    function: JITFunction, args: tuple[Any, ...], options: dict[str, Any], capability: int
) -> dict[str, Any]:
    """What one kernel takes on one kind of GPU."""
    signature, constants, attributes = {}, {}, {}
    for place, (parameter, value) in enumerate(zip(function.params, args, strict=True)):
        if parameter.is_constexpr:
            signature[parameter.name] = "constexpr"
            constants[(place,)] = value
        elif isinstance(value, Tensor):
            signature[parameter.name] = f"*{NAMES[value.dtype]}"
            attributes[(place,)] = [["tt.divisibility", 16]]
        else:
            signature[parameter.name] = "i32"
    source = ASTSource(function, signature=signature, constexprs=constants, attrs=attributes)
    built = triton.compile(source, target=GPUTarget("cuda", capability, 32), options=options)
    return {
        "kernel": function.__name__,
        "capability": capability,
        "type": next(value for value in signature.values() if value.startswith("*")),
        "shared_bytes": built.metadata.shared,
        "tensor_cores": bool(re.search(r"wgmma|mma\.sync|tcgen05", built.asm["ptx"])),
        "local_bytes": local_bytes(built.asm["cubin"]),
    }


def local_bytes(cubin: bytes) -> int:
    """Memory that a thread spills into: registers that there were not."""
    tool = Path(triton.__file__).parent / "backends/nvidia/bin/cuobjdump"
    with tempfile.NamedTemporaryFile(suffix=".cubin") as file:
        file.write(cubin)
        file.flush()
        said = subprocess.run(
            [str(tool), "--dump-resource-usage", file.name], capture_output=True, text=True, check=True
        ).stdout
    found = re.search(r"STACK:(\d+).*LOCAL:(\d+)", said)
    assert found is not None, said
    return int(found[1]) + int(found[2])


def main(tell: Callable[[str], object] = print) -> None:
    """One line of JSON."""
    tell(
        json.dumps(
            [
                build(*launch, capability)
                for dtype, capabilities in CAPABILITIES.items()
                for launch in launches(dtype)
                for capability in capabilities
                if capability >= OLDEST_FLOAT8 or launch[0].__name__ != "_quantise"
            ]
        )
    )


if __name__ == "__main__":
    main()
