"""A card measured in one go, within a time that is known before: `make gpu`, or `python -m benchmarks.gpu`.

    __main__.py       options, the plan carried out, the results file, the summary
    wheels.py         what must be installed, and wheels that were carried to a machine without a network
    plan.py           the parts, in their order, each with its limit
    supervision.py    parts in processes of their own making: one that dies or hangs is named, the rest goes on
    child.py          such a process
    lines.py          a line of JSON for each measurement, written at once
    bench.py          what the parts share: weights, models that are loaded, time that is left
    parts/            silicon, sound, speed, kernels, faults
    expected.toml     what was expected before any GPU had seen this code
    summary.py        expected beside measured

The process that supervises loads neither torch nor anything that is not in Python itself.
"""
