"""What can be seen of a worker from outside: logs without names, meters, traces, what NVML says of the GPU.

Imports storage for counts, and nothing of the work itself: whoever works tells it.
"""
