"""Kernels of this package's own, in Triton: the parts of a step that libraries leave slow or leave apart.

    position_convolution.py   two grouped convolutions inside each sequence, with bias, mish and residual
    norms.py                  what a block adds, and the next layer norm, in one pass
    rotation.py               queries and keys turned by their positions
    attention.py              inside each sequence, one pass over its keys and values
    float8.py                 rows rounded to eight bits, each with its own scale

Each row's result is a fixed sum of its own sequence's rows: it knows neither the pack's rows nor the row's place, so
its bits are the same in every frame budget. Nothing is tuned by trial: a trial may choose another kernel tomorrow.
On the CPU they run in Triton's interpreter (`TRITON_INTERPRET=1` before this package is imported), for tests.

Legend: r rows of the pack, d model width, g groups, h heads, c channels of a group or head.
"""
