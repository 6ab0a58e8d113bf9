"""F5's diffusion transformer, taken apart for packs.

blocks.py        the weights of a transformer block, what a step's time does to it
products.py      its products: in the network's own type, or rounded to eight bits
table.py         what the times of a schedule do, as a table
network.py       what is made once a schedule, once a pack, and each step
steps.py         a pack on its way through them
eager.py         a step in torch's own operations: the definition
compiled.py      the same, compiled by inductor
fused.py         the same with kernels of this package's own
kernels/         these kernels
fused_pack.py    what a pack is to them
buffers.py       where a budget's fused steps read and write, replayed as one CUDA graph
capturing.py     the capture of a graph, beside other threads
streams.py       tensors that several streams read
"""

from workers.engines.f5.network.blocks import Modulation
from workers.engines.f5.network.network import Network, PreparedPack
from workers.engines.f5.network.table import ModulationTable

__all__ = ["Modulation", "ModulationTable", "Network", "PreparedPack"]
