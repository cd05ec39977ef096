"""`corridors serve` as a command: of a finished run, and where it can't be."""

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from corridors.errors import OutputError
from corridors.live import commands
from tests.support.cli import corridors, no_pictures
from tests.support.small_region import write_small_region


def test_without_the_extra_there_is_one_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(commands, "find_spec", lambda name: None if name == "uvicorn" else object())
    result = corridors("serve", "--out", str(tmp_path / "live"), "--no-browser")
    assert result.code == 2
    assert "needs uvicorn" in result.err
    assert "[serve]" in result.err
    assert not (tmp_path / "live").exists()


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = corridors(
            "serve", "--port", str(taken.getsockname()[1]), "--out", str(tmp_path / "live"), "--no-browser"
        )
    assert result.code == 2
    assert "choose another" in result.err


def test_a_browser_that_comes_before_the_server_waits() -> None:
    with (
        commands.listening_at(0) as listening,
        socket.create_connection(listening.getsockname(), timeout=5),
        pytest.raises(OutputError, match="choose another"),
    ):
        commands.listening_at(listening.getsockname()[1])


def test_the_folder_of_a_run_is_served_as_its_configuration(tmp_path: Path) -> None:
    small = write_small_region(tmp_path / "small")
    out, live = tmp_path / "out", tmp_path / "live"
    with no_pictures():
        assert corridors("run", small.config, "--out", out, "--quiet").code == 0
    words = ["serve", out, "--out", live, "--no-browser", "--quiet"]
    server = subprocess.Popen(
        [sys.executable, "-m", "corridors", *map(str, words)], stdout=subprocess.PIPE, encoding="utf-8"
    )
    try:
        assert server.stdout is not None
        said = next(line for line in server.stdout if line.startswith("Live page: "))
        address = said.removeprefix("Live page: ").strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=\S+", address)
        assert "live.js" in httpx.get(address, follow_redirects=True).text
    finally:
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=60)
    assert server.returncode == 0
    small.replace("centres.csv", "Centre C", "Another")
    ran = corridors(*map(str, words))
    assert ran.code == 2
    assert "is not of this base: its input centres was not this centres.csv" in ran.err
