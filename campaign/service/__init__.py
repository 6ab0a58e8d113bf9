"""`campaign serve`: for systems that submit campaigns by themselves, and for people who use no terminal.

    app.py        `create_app`: the parts put together; nothing happens at import
    context.py    what all requests share: installation, uploads, live sound, snapshots, the embedded worker
    working.py    the embedded worker: taken up when nobody else works, anew after a fault
    access.py     who calls, and what the key may do
    guards.py     limits of bodies and rates, hosts, forged requests, headers: ASGI, before any route
    problems.py   one format for everything that can go wrong (RFC 9457)
    views/        what goes over the wire, typed, with examples
    intake.py     uploads: kept, acknowledged, read by a child process, read again after a restart
    snapshots.py  counts of campaigns, counted in the background
    speech.py     one text to sound, whole or as it is spoken
    live.py       sound that workers send while it is made
    routes/       one file a noun
    console/      pages for people

It stands on the same modules as the command line and knows no rule of its own. Imports what stands below the doors;
never `cli`.
"""
