"""The model on one device.

opening.py         settings of exact arithmetic, memory
modes.py           eager, or kernels that can be built here
canary.py          whether it runs anything at all
model.py           packs run on it
admission.py       which frame budgets it may use
building.py        what a killed process left half built
numeric_class.py   what promises equal bits
"""

from workers.engines.f5.choice import DeviceChoice
from workers.engines.f5.device.admission import admit
from workers.engines.f5.device.model import DeviceModel
from workers.engines.options import Mode

__all__ = ["DeviceChoice", "DeviceModel", "Mode", "admit"]
