"""Downloads: what a slow, broken or hostile server and proxies do to them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.sysroot.archive import Archive, Served, served
from tests.sysroot.conftest import Xxpy
from xxpy.errors import IntegrityError, NetworkError, OutputError
from xxpy.sysroot import download

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DATA = bytes(range(256)) * 1000


@dataclass
class Server:
    """A server that answers one way after the other; each is given the handler and the beginning that was asked for."""

    address: str
    answers: list[Callable[[BaseHTTPRequestHandler, int], None]] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            wanted = self.headers.get("Range", "")
            state.seen.append(wanted)
            answer = state.answers.pop(0) if state.answers else whole
            answer(self, int(wanted.removeprefix("bytes=").rstrip("-") or 0))

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        made.daemon_threads = True
        state = Server(f"http://127.0.0.1:{made.server_address[1]}/file")
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield state
        made.shutdown()


def head(handler: BaseHTTPRequestHandler, begin: int, size: int = len(DATA)) -> None:
    handler.send_response(206 if begin else 200)
    handler.send_header("Content-Length", str(size - begin))
    if begin:
        handler.send_header("Content-Range", f"bytes {begin}-{size - 1}/{size}")
    handler.end_headers()


def whole(handler: BaseHTTPRequestHandler, begin: int) -> None:
    head(handler, begin)
    handler.wfile.write(DATA[begin:])


def half(handler: BaseHTTPRequestHandler, begin: int) -> None:
    head(handler, begin)
    handler.wfile.write(DATA[begin : (begin + len(DATA)) // 2])
    handler.close_connection = True


def silence(handler: BaseHTTPRequestHandler, begin: int) -> None:
    head(handler, begin)
    handler.wfile.write(DATA[begin : begin + 1000])
    handler.wfile.flush()
    time.sleep(3)
    handler.close_connection = True


def busy(handler: BaseHTTPRequestHandler, begin: int) -> None:
    del begin
    handler.send_response(503)
    handler.send_header("Retry-After", "1")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def endless(handler: BaseHTTPRequestHandler, begin: int) -> None:
    del begin
    handler.send_response(200)
    handler.end_headers()
    handler.close_connection = True
    try:
        while True:
            handler.wfile.write(DATA)
    except OSError:
        return


def other_part(handler: BaseHTTPRequestHandler, begin: int) -> None:
    handler.send_response(206)
    handler.send_header("Content-Range", f"bytes 0-{len(DATA) - 1}/{len(DATA)}")
    handler.send_header("Content-Length", str(len(DATA)))
    handler.end_headers()
    handler.wfile.write(DATA)
    del begin


def everything(handler: BaseHTTPRequestHandler, begin: int) -> None:
    del begin
    head(handler, 0)
    handler.wfile.write(DATA)


def nothing() -> None:
    """Take no note."""


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ([half, half, whole], ["", f"bytes={len(DATA) // 2}-", f"bytes={len(DATA) * 3 // 4}-"]),
        ([half, everything], ["", f"bytes={len(DATA) // 2}-"]),
        ([half, other_part], ["", f"bytes={len(DATA) // 2}-"]),
        ([busy, whole], ["", ""]),
    ],
)
def test_what_breaks_off_is_gone_on_with(
    answers: list[Callable[[BaseHTTPRequestHandler, int], None]],
    asked: list[str],
    server: Server,
    tmp_path: Path,
) -> None:
    server.answers = list(answers)
    download.fetch(server.address, tmp_path / "file", nothing, len(DATA))
    assert (tmp_path / "file").read_bytes() == DATA
    assert server.seen == asked


def test_a_server_that_says_nothing_is_left_after_a_while(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert download.PATIENCE == 30
    monkeypatch.setattr(download, "PATIENCE", 0.5)
    server.answers = [silence, whole]
    begin = time.monotonic()
    download.fetch(server.address, tmp_path / "file", nothing, len(DATA))
    assert time.monotonic() - begin < 2.9
    assert server.seen == ["", "bytes=1000-"]
    assert (tmp_path / "file").read_bytes() == DATA


def test_pauses_grow_and_tries_end(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    server.answers = [busy] * 9
    with pytest.raises(NetworkError, match="503"):
        download.fetch(server.address, tmp_path / "file", nothing)
    assert pauses == [1, 1, 2, 4]


@pytest.mark.parametrize("size", [len(DATA) - 1, None])
def test_more_than_was_signed_is_refused_at_once(
    size: int | None, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "MOST", 300_000)
    server.answers = [endless]
    with pytest.raises(
        IntegrityError, match=f"is larger than the limit of {size or 300_000} bytes"
    ):
        download.fetch(server.address, tmp_path / "file", nothing, size)
    assert (tmp_path / "file").stat().st_size <= (size or 300_000)


def test_what_is_there_is_not_asked_for_again(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(DATA)
    download.fetch(server.address, tmp_path / "file", nothing, len(DATA))
    assert server.seen == []
    (tmp_path / "file").write_bytes(DATA + b"x")
    download.fetch(server.address, tmp_path / "file", nothing, len(DATA))
    assert (tmp_path / "file").read_bytes() == DATA


def test_a_full_disk_is_no_error_of_the_network(server: Server) -> None:
    with pytest.raises(OutputError, match="no space is left on the disk"):
        download.fetch(server.address, Path("/dev/full"), nothing, None)


def test_a_kill_keeps_what_has_come(tmp_path: Path, archive: Archive) -> None:
    xxpy = Xxpy(tmp_path, apt=False)
    name = "libbig-dev_1.0-1_arm64.deb"
    with served(archive) as state:
        state.held.add(name)
        child = xxpy.start("sysroot", "add", *state.options, "libbig-dev")
        partial = xxpy.cache / "xxpy/packages/partial"
        while not any(path.stat().st_size > 1_000_000 for path in partial.rglob("*.deb")):
            assert child.poll() is None
            time.sleep(0.05)
        child.send_signal(signal.SIGKILL)
        child.communicate()
        state.held.clear()
        state.seen.clear()
        xxpy.good("sysroot", "add", *state.options, "libbig-dev")
        (asked,) = (wanted for path, wanted in state.seen if path.endswith(name))
        assert asked.startswith("bytes=1")
    assert list(partial.iterdir()) == []


@contextmanager
def proxy(folder: Path, *lines: str) -> Iterator[tuple[str, Path]]:
    """Run tinyproxy, and yield its address and its log."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder / "proxy.log"
    settings = (
        f"Port {port}",
        "Listen 127.0.0.1",
        "Allow 127.0.0.1",
        "Timeout 60",
        "MaxClients 20",
        f'LogFile "{log}"',
        "LogLevel Info",
        *lines,
    )
    (folder / "proxy.conf").write_text("".join(f"{line}\n" for line in settings))
    with subprocess.Popen(
        ["tinyproxy", "-d", "-c", folder / "proxy.conf"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as child:
        try:
            for _ in range(200):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            yield f"127.0.0.1:{port}", log
        finally:
            child.terminate()


@pytest.fixture
def plain(either: Xxpy, monkeypatch: pytest.MonkeyPatch) -> Xxpy:
    """Return the program in an environment without proxies."""
    for name in ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return either


@pytest.fixture(scope="module")
def good(archive: Archive) -> Iterator[Served]:
    """Return the archive, served; nobody changes it."""
    with served(archive) as state:
        yield state


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy"])
def test_a_proxy_that_asks_for_a_name(name: str, plain: Xxpy, good: Served, tmp_path: Path) -> None:
    with proxy(tmp_path, "BasicAuth user pass") as (address, log):
        plain.variables[name] = f"http://user:pass@{address}"
        plain.good("sysroot", "add", *good.options, "libgood-dev")
        assert log.read_text().count("GET http://127.0.0.1") > 5
        plain.variables[name] = f"http://{address}"
        done = plain("sysroot", "add", *good.options, "libbig-dev")
        assert done.returncode == 16, done.stderr
        assert "407" in done.stderr


@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
def test_addresses_without_a_proxy(name: str, plain: Xxpy, good: Served) -> None:
    plain.variables |= {"HTTP_PROXY": "http://127.0.0.1:9", name: "127.0.0.1"}
    plain.good("sysroot", "add", *good.options, "libgood-dev")


def test_a_proxy_that_is_not_there(plain: Xxpy, good: Served) -> None:
    plain.variables["HTTP_PROXY"] = "http://127.0.0.1:9"
    done = plain("sysroot", "add", *good.options, "libgood-dev")
    assert done.returncode == 16, done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL])
def test_apt_and_its_methods_end_with_xxpy(number: signal.Signals, xxpy: Xxpy) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mirror:
        options = (
            "--platform",
            "linux/arm64",
            "--distribution",
            "debian:bookworm",
            "--mirror",
            f"http://127.0.0.1:{mirror.getsockname()[1]}",
        )
        child = xxpy.start("sysroot", "add", *options)
        connection, _ = mirror.accept()
        with connection:
            child.send_signal(number)
            _, said = child.communicate(timeout=20)
            end = time.monotonic() + 3
            while (left := running(str(xxpy.cache))) and time.monotonic() < end:
                time.sleep(0.05)
    assert left == []
    assert child.returncode == (-number if number == signal.SIGKILL else 130), said
    assert "Traceback" not in said


def running(text: str) -> list[str]:
    """Return the commands whose environment or words have a text in them."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        if int(process.name) != os.getpid():
            with suppress(OSError):
                if text.encode() in (process / "environ").read_bytes():
                    found.append((process / "cmdline").read_text())
    return found
