"""What can be seen of a worker from outside: logs without names, meters, traces, what NVML says of the GPU."""
