"""OpenStack Swift with its s3api: a real, strict S3 server out of a wheel.

It refuses a body that does not match its checksum, which moto does not. Four daemons (object, container,
account, proxy), one replica, one folder; no root, no memcached (its client treats a dead one as a miss).
"""

from __future__ import annotations

import contextlib
import getpass
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.servers.process import ServerError, ServerProcess, free_port
from tests.servers.s3 import S3Endpoint

RING_SERVERS = ("object", "container", "account")
# swift looks for swift.conf in /etc; its own switch for that is a module constant.
RUN_SERVER = (
    "import sys, swift.common.utils as u; u.SWIFT_CONF_FILE = sys.argv[1]; "
    "from swift.common.wsgi import run_wsgi; sys.exit(run_wsgi(sys.argv[2], sys.argv[3], verbose=False))"
)
# one process for the three rings; `swift-ring-builder` would be nine
BUILD_RINGS = """\
import sys
from swift.common.ring import RingBuilder
for ring in sys.argv[1:]:
    path, port = ring.split("=")
    builder = RingBuilder(part_power=4, replicas=1, min_part_hours=0)
    builder.add_dev({"region": 1, "zone": 1, "ip": "127.0.0.1", "port": int(port),
                     "device": "d1", "weight": 1.0, "meta": "",
                     "replication_ip": "127.0.0.1", "replication_port": int(port)})
    builder.rebalance()
    builder.get_ring().save(path + ".ring.gz")
"""
SWIFT_CONF = """\
[swift-hash]
swift_hash_path_suffix = t
swift_hash_path_prefix = t
[storage-policy:0]
name = gold
policy_type = replication
default = yes
"""
DEFAULTS = """\
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {etc}
"""
RING_CONF = """\
devices = {node}
mount_check = false
disable_fallocate = true
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""
PROXY_CONF = """\
[pipeline:main]
pipeline = catch_errors proxy-logging cache s3api tempauth bulk slo dlo copy proxy-logging proxy-server
[app:proxy-server]
use = egg:swift#proxy
allow_account_management = true
account_autocreate = true
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:1
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:s3api]
use = egg:swift#s3api
s3_acl = no
location = us-east-1
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:proxy-logging]
use = egg:swift#proxy_logging
[filter:bulk]
use = egg:swift#bulk
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
[filter:copy]
use = egg:swift#copy
"""


@contextlib.contextmanager
def swift_server(folder: Path) -> Iterator[S3Endpoint]:
    """Swift with its objects in `folder`."""
    etc, node = folder / "etc", folder / "node"
    etc.mkdir(parents=True, exist_ok=True)
    (node / "d1").mkdir(parents=True, exist_ok=True)
    ports = {kind: free_port() for kind in (*RING_SERVERS, "proxy")}
    _configure(etc, node, ports)
    processes: list[ServerProcess] = []
    with contextlib.ExitStack() as stack:
        for kind, port in ports.items():
            process = ServerProcess(
                f"Swift {kind}",
                [
                    sys.executable,
                    "-W",
                    "ignore",
                    "-c",
                    RUN_SERVER,
                    etc / "swift.conf",
                    etc / f"{kind}.conf",
                    f"{kind}-server",
                ],
                log=folder / f"{kind}.log",
                port=port,
            )
            stack.callback(process.stop, timeout_s=2.0)
            process.launch()
            processes.append(process)
        for process in processes:
            process.wait()
        yield S3Endpoint(
            name="swift",
            endpoint_url=f"http://127.0.0.1:{ports['proxy']}",
            access_key="test:tester",
            secret_key="testing",
            process=process,
        )


def _configure(etc: Path, node: Path, ports: dict[str, int]) -> None:
    (etc / "swift.conf").write_text(SWIFT_CONF)
    user = getpass.getuser()
    for kind in RING_SERVERS:
        text = DEFAULTS.format(port=ports[kind], user=user, etc=etc) + RING_CONF.format(kind=kind, node=node)
        (etc / f"{kind}.conf").write_text(text)
    (etc / "proxy.conf").write_text(DEFAULTS.format(port=ports["proxy"], user=user, etc=etc) + PROXY_CONF)
    rings = [f"{etc}/{kind}={ports[kind]}" for kind in RING_SERVERS]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", BUILD_RINGS, *rings],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise ServerError(f"Swift's rings could not be built:\n{done.stderr}")
