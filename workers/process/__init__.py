"""The worker as a process: put together, its threads, heartbeat and sweeper, its supervisor and its metrics port."""
