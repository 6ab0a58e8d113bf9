"""The same arithmetic compiled by inductor: once for each network and number of rows, and never less than compiled.

dynamo keeps what it compiled with a function's code, not with the function: a ninth shape of one code, or a second
model's, would run eager with a warning. Here every number of rows has code objects of its own, and `fullgraph` makes
an error of whatever cannot be compiled.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any

import torch

from workers.engines.f5.network import eager


class CompiledSteps:
    """The compiled functions for one number of rows."""

    def __init__(self) -> None:
        self.before_attention = _compiled(eager.before_attention)
        self.between_attentions = _compiled(eager.between_attentions)
        self.leave = _compiled(eager.leave)


def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function` under a code object of its own, compiled when first called, for one shape."""
    assert isinstance(function, FunctionType)
    own = FunctionType(
        function.__code__.replace(),
        function.__globals__,
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    compiled: Callable[..., Any] = torch.compile(own, dynamic=False, fullgraph=True)
    return compiled
