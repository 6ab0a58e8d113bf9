"""What speaks with peers before the app does: uvicorn, and what it has no option for.

serving.py      the server, put together
connections.py  how many at once, and who makes room
http.py         heads and bodies with deadlines
sockets.py      frames
writing.py      peers that take nothing
"""
