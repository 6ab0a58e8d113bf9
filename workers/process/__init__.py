"""The worker as a process: put together, its threads, heartbeat and sweeper, its supervisor and its metrics port.

Imports every other room of workers; nothing imports it but whoever runs a worker.
"""
