"""Real servers for tests: each starts on a free port in about a second, needs no root and leaves no orphan.

    with postgres_server(folder) as server:  ...server.create_database()
    with redis_server(folder) as server:     ...server.url; server.kill(); server.start()
    with moto_server(folder) as s3:          ...s3.endpoint_url, s3.access_key
    with swift_server(folder) as s3:         ...the strict one: it refuses a wrong checksum
    with tcp_proxy(server.port) as proxy:    ...proxy.port, proxy.add(DropReply(needle=b"COMMIT"))

`tests/conftest.py` makes session fixtures of them.
"""

from tests.servers.moto import moto_server
from tests.servers.postgres import PostgresServer, postgres_server
from tests.servers.proxy import Proxy, tcp_proxy
from tests.servers.redis import RedisServer, redis_server
from tests.servers.s3 import S3Endpoint
from tests.servers.swift import swift_server

__all__ = [
    "PostgresServer",
    "Proxy",
    "RedisServer",
    "S3Endpoint",
    "moto_server",
    "postgres_server",
    "redis_server",
    "swift_server",
    "tcp_proxy",
]
