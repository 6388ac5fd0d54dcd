"""The HTTP server of the sandbox: loopback only, HTTP/1.1 with kept connections, one thread a connection.

It listens before moto is loaded, which takes a second, so that whoever starts it can get ready meanwhile; requests that
come early wait. Nothing here may import moto.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import socketserver
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote_to_bytes

from wizard.sandbox import world
from wizard.sandbox.answer import Answer, LostAnswer

log = logging.getLogger("wizard.sandbox")

HOST = "127.0.0.1"
PREFIX = "/_pilotage/"
STARTED_AT = world.AGENDA.clock.now().isoformat()
_NO_BODY = (204, 304)
_KEPT_SPELLING = "moto.preserved_header_names"


class Rooms(Protocol):
    """What answers requests once everything is loaded."""

    def aws(self, environ: dict[str, Any], body: bytes) -> Answer:
        """Answer an AWS request; raises `LostAnswer`."""
        ...

    def control(self, method: str, what: str, query: str, body: bytes) -> Answer:
        """Answer a control request."""
        ...


class SandboxServer(ThreadingHTTPServer):
    """Listens on a free port of the loopback interface."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__((HOST, 0), RequestHandler)
        self.port = int(self.server_address[1])
        self._rooms: Rooms | None = None
        self._ready = threading.Event()
        self._warm = threading.Event()

    def server_bind(self) -> None:
        """Bind without the reverse look-up of the host name, which can take seconds on some machines."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, int(self.server_address[1])

    def open(self, rooms: Rooms) -> None:
        """From now on requests are answered; those that wait are let in."""
        self._rooms = rooms
        self._ready.set()

    def warm(self) -> None:
        """From now on no first call of a service is slower than the next."""
        self._warm.set()

    def rooms(self) -> Rooms:
        """What answers; waits until it is there."""
        self._ready.wait()
        assert self._rooms is not None
        return self._rooms

    def status(self) -> dict[str, Any]:
        """The facts about this process, told also while it is loading."""
        return {
            "pid": os.getpid(),
            "port": self.port,
            "url": f"http://{HOST}:{self.port}",
            "scale": world.AGENDA.clock.scale,
            "started_at": STARTED_AT,
            "account": world.ACCOUNT,
            "ready": self._ready.is_set(),
            "warm": self._warm.is_set(),
        }

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news; anything else is a defect."""
        gone = isinstance(sys.exception(), (ConnectionError, TimeoutError))
        log.log(logging.DEBUG if gone else logging.ERROR, "a connection ended with an error", exc_info=True)


class RequestHandler(BaseHTTPRequestHandler):
    """Reads a request, has it answered, and sends the answer in one packet where it fits.

    Headers and body must leave in one write: sent apart, Nagle's algorithm and delayed acknowledgement cost 40 ms.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: SandboxServer

    def _serve(self) -> None:
        body = self._read_body()
        path, _, query = self.path.partition("?")
        try:
            if path == f"{PREFIX}status":
                answer = json_answer(200, self.server.status())
            elif path.startswith(PREFIX):
                what = path.removeprefix(PREFIX).strip("/")
                answer = self.server.rooms().control(self.command, what, query, body)
            else:
                answer = self.server.rooms().aws(self._environ(path, query), body)
        except LostAnswer:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._send(answer)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve

    def handle_expect_100(self) -> bool:
        """Tell the client at once to go on; the output is buffered, so flush."""
        self.send_response_only(100)
        self.end_headers()
        self.wfile.flush()
        return True

    def _read_body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", "").lower():
            return self._read_exactly(int(self.headers.get("Content-Length") or 0))
        chunks = []
        while size := int(self.rfile.readline().split(b";")[0].strip() or b"0", 16):
            chunks.append(self._read_exactly(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return b"".join(chunks)

    def _read_exactly(self, size: int) -> bytes:
        """A client that dies in the middle of a request has not made one."""
        body = self.rfile.read(size)
        if len(body) < size:
            raise ConnectionError(f"the request ended after {len(body)} of {size} bytes")
        return body

    def _environ(self, path: str, query: str) -> dict[str, Any]:
        """The WSGI environment that moto expects, which wants to know how S3 metadata headers were spelled."""
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "RAW_URI": self.path,
            "REQUEST_URI": self.path,
            "QUERY_STRING": query,
            "SERVER_NAME": HOST,
            "SERVER_PORT": str(self.server.port),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": HOST,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.errors": None,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            _KEPT_SPELLING: {},
        }
        for name, value in self.headers.items():
            key = name.upper().replace("-", "_")
            if key in ("TRANSFER_ENCODING", "EXPECT"):
                continue
            if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
                key = f"HTTP_{key}"
            if "_" in name and name.lower().startswith("x-amz-meta-"):
                environ[_KEPT_SPELLING][key] = name
            environ[key] = f"{environ[key]},{value}" if key in environ else value
        return environ

    def _send(self, answer: Answer) -> None:
        names = {name.lower() for name in answer.headers}
        with_body = self.command != "HEAD" and answer.status not in _NO_BODY
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            dropped = ("connection", "transfer-encoding", "content-length")
            if name.lower() not in dropped or (name.lower() == "content-length" and self.command == "HEAD"):
                self.send_header(name, value)
        if "date" not in names:
            self.send_header("Date", self.date_time_string())
        if with_body:
            self.send_header("Content-Length", str(len(answer.body)))
        elif self.command == "HEAD" and "content-length" not in names:
            self.send_header("Content-Length", "0")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if with_body:
            self.wfile.write(answer.body)
        self.wfile.flush()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Requests are in the call log, not in the log file."""

    def log_message(self, format: str, *args: Any) -> None:
        """What the base class complains about goes into the log file."""
        log.warning(format, *args)


def json_answer(status: int, content: Any) -> Answer:
    """An answer of the sandbox's own."""
    return Answer(status, {"Content-Type": "application/json"}, json.dumps(content, default=str).encode())


def serve(home: Path, load: Callable[[SandboxServer], Rooms]) -> None:
    """Serve until the process is ended; `<home>/sandbox.json` says where."""
    server = SandboxServer()
    threading.Thread(target=_load, args=(server, load), name="load", daemon=True).start()
    _announce(home, server)
    log.info("the sandbox listens on %s:%s", HOST, server.port)
    server.serve_forever(poll_interval=0.5)


def _load(server: SandboxServer, load: Callable[[SandboxServer], Rooms]) -> None:
    try:
        server.open(load(server))
    except Exception:
        log.exception("the sandbox cannot be loaded")
        logging.shutdown()
        os._exit(1)


def _announce(home: Path, server: SandboxServer) -> None:
    home.mkdir(parents=True, exist_ok=True)
    unfinished = home / f"sandbox.json.{os.getpid()}"
    unfinished.write_text(json.dumps({key: server.status()[key] for key in ("pid", "port", "url", "scale")}))
    unfinished.replace(home / "sandbox.json")
