"""The GPUs of one machine, each shared by one or several worker processes.

choice.py    which, and how much memory each has
shares.py    what each process may take of it
mps.py       NVIDIA's daemon by which processes run on a GPU at once, not in turns
idle.py      a worker measures how long the GPU ran nothing while there was work, and reports it
advice.py    the supervisor says how many processes that asks for

Imports errors, digits and observability; nothing imports it but the process.
"""
