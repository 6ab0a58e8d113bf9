"""What only a GPU can prove of the F5 engine; on a CPU the same code runs as a rehearsal.

    python -m pytest tests/gpu --confcutdir=tests/gpu                        # a GPU
    GPU_TESTS_DEVICE=cpu python -m pytest tests/gpu --confcutdir=tests/gpu   # the rehearsal

Needs torch, the engine and pytest: no servers, no browser. Without a device nothing is imported, and one line says so.
"""
