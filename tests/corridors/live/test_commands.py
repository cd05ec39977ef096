"""`corridors serve` where it can't be."""

import socket
from pathlib import Path

import pytest

from corridors.live import commands
from tests.support.cli import corridors


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
