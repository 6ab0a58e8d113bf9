"""`campaign gate listen`: the service with one gate's listening page alone."""

from __future__ import annotations

import contextlib
import signal
import socket
import webbrowser
from urllib.parse import urlencode

import click

from campaign.cli.shared import GATE_ID, opened, service_installed
from campaign.cli.terminal import tell
from storage.names import GateId


@click.command("listen")
@click.argument("gate_id", type=GATE_ID)
@click.option("--listener", default="", help="Who is listening; otherwise the page asks.")
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 is open to others."
)
@click.option(
    "--port", default=0, type=click.IntRange(0, 65535), help="Port of the page; a free one by default."
)
@click.option("--host-name", default="", help="The name under which others reach it, for the link.")
@click.option("--open/--no-open", "opens", default=True, help="Show the page in this machine's browser.")
def listen_command(gate_id: GateId, listener: str, host: str, port: int, host_name: str, opens: bool) -> None:
    """Serve the listening page of GATE_ID, and nothing else, until Ctrl-C.

    Bound to this machine unless --host says otherwise; whoever has the link can listen and score. Pairs come in
    random order and sides, some twice; who spoke is revealed at the end. Scores are kept as they are given, and a
    listener who gives the same name continues where they stopped. Any number of listeners, one after the other or
    at once. `campaign serve` has the page too, under the same path.
    """
    with service_installed():
        from campaign.service.app import create_app
        from campaign.service.console.listening import listening_path
        from campaign.service.context import EVERY_INTERFACE, Options
        from campaign.service.server.serving import server_of
    from campaign.gate.listening_page import ListeningPage
    from campaign.gate.run import find_gate

    if host in EVERY_INTERFACE and not host_name:
        raise click.UsageError(f"{host} is open to others. Say how they reach it: --host-name NAME.")
    with opened() as installation:
        ListeningPage(installation, find_gate(installation, gate_id))  # refuses what nobody can listen to
        bound = _bound(host, port)
        options = Options(
            host=host,
            port=bound.getsockname()[1],
            host_names=(host_name,) if host_name else (),
            gate=gate_id,
        )
        app = create_app(installation, options)
        name = host_name or (f"[{host}]" if ":" in host else host)
        link = f"http://{name}:{options.port}{listening_path(installation, gate_id)}"
        if listener:
            link += "?" + urlencode({"listener": listener})
        tell(f"listen at {link}    Ctrl-C ends")
        if opens:
            webbrowser.open(link)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with contextlib.suppress(KeyboardInterrupt):  # the server ends in order, then hands the signal on
            server_of(app, options, grace_s=5).run(sockets=[bound])
        tell(f"kept; decide with `campaign gate verdict {gate_id}`")


def _bound(host: str, port: int) -> socket.socket:
    """Listening already, so that a browser may come before the server."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as exc:
        raise click.UsageError(f"--host {host} --port {port}: {exc.strerror}; choose another") from exc
