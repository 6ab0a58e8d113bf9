"""`campaign serve`: the API, the preview lane and the console."""

from __future__ import annotations

from urllib.parse import urlsplit

import click

from campaign.cli.shared import finite, opened, service_installed
from campaign.cli.terminal import tell


def _address(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """An address without scheme or host would look like this machine's own."""
    try:
        parts = urlsplit(value)
        is_one = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_one = False
    if value and not is_one:
        raise click.BadParameter(f"{value!r} is no address; write http://host:port.", context, parameter)
    return value.rstrip("/")


@click.command("serve")
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 is open to others."
)
@click.option("--port", default=8321, show_default=True, type=click.IntRange(1, 65535))
@click.option("--host-name", "host_names", multiple=True, help="Another host name that it answers to.")
@click.option(
    "--own-url",
    default="",
    callback=_address,
    help="Where workers reach this process, if not at host and port.",
)
@click.option("--behind-tls", is_flag=True, help="A proxy in front speaks TLS: cookies and headers say so.")
@click.option("--work/--no-work", default=True, help="In the embedded default: also work on campaigns.")
@click.option("--max-upload-mib", default=4096, show_default=True, type=click.IntRange(min=1))
@click.option(
    "--requests-per-second", default=50.0, show_default=True, type=click.FloatRange(min=0.1), callback=finite
)
def serve_command(
    host: str,
    port: int,
    host_names: tuple[str, ...],
    own_url: str,
    behind_tls: bool,
    work: bool,
    max_upload_mib: int,
    requests_per_second: float,
) -> None:
    """Serve the API at /v1, previews at /v1/speech and the console at /.

    Bound to this machine unless --host says otherwise. Others, a proxy among them, need keys: `campaign key add`.
    Without any it starts for this machine alone, and only while none was ever made.
    SIGTERM or Ctrl-C finishes current work; acknowledged uploads are read after the next start.
    """
    with service_installed():
        from campaign.service.app import create_app
        from campaign.service.context import Options
        from campaign.service.limits import Limits
        from campaign.service.server.serving import server_of
    options = Options(
        host=host,
        port=port,
        host_names=host_names,
        own_url=own_url,
        secure=behind_tls,
        works=work,
        limits=Limits(upload_bytes=max_upload_mib << 20, requests_per_s=requests_per_second),
    )
    with opened() as installation:
        app = create_app(installation, options)
        authenticator = app.state.context.authenticator
        keyed = authenticator.has_keys()
        if not keyed and not authenticator.is_open():
            reason = (
                f"{options.open_to_others} is open to others"
                if options.open_to_others
                else "keys were made before"
            )
            raise click.UsageError(
                f"{reason} and there is no key. Make one: campaign key add NAME --scope read"
            )
        tell(f"console  http://{host}:{port}/", err=True)
        tell(f"API      http://{host}:{port}/v1/openapi.json", err=True)
        if not keyed:
            tell("access   whoever is on this machine; `campaign key add` makes keys and closes it", err=True)
        server_of(app, options).run()
