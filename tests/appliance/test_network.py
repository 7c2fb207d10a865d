"""No process of the coach opens a network socket: the kernel's own log of a whole session."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.conftest import needs_models
from tests.process import COACH, TOO_LONG_S, coach

STRACE = ("strace", "--follow-forks", "--seccomp-bpf", "-e", "trace=socket,connect,bind,sendto")


def sockets(log: Path) -> list[str]:
    """Every socket that is not local (AF_UNIX): of the network, of the kernel, of any kind."""
    opened = [line for line in log.read_text().splitlines() if "socket(" in line]
    return [line for line in opened if "AF_UNIX" not in line]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    probe = subprocess.run(["strace", "true"], capture_output=True)
    if probe.returncode:
        pytest.skip("this machine does not let strace work")
    return tmp_path / "calls.txt"


def test_a_whole_session_opens_no_network_socket(log: Path, tmp_path: Path) -> None:
    needs_models()
    run = coach(
        *("run", "--trainee", "demo", "--fast", "--speaker", "none", "--state-dir", tmp_path),
        command=(*STRACE, "-o", str(log), *COACH),
    )
    assert run.returncode == 0, run.stderr
    assert "Well worked" in run.stderr, "the session came to its end"
    assert sockets(log) == []


@pytest.mark.parametrize("kind", ["AF_INET", "AF_INET6", "AF_NETLINK"])
def test_a_network_socket_would_be_seen(log: Path, kind: str) -> None:
    code = f"import socket; socket.socket(socket.{kind}, socket.SOCK_DGRAM).close()"
    traced = (*STRACE, "-o", str(log), sys.executable, "-c", code)
    subprocess.run(traced, check=True, timeout=TOO_LONG_S)
    assert len(sockets(log)) == 1
