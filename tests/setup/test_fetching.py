"""Getting the models: from a maker's site on this machine, else through the package clients."""

import http.server
import io
import os
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from coach import downloads, fetching
from coach.models import Model, ModelError, faults

CONTENT = b"what a model is made of" * 50_000


class Site(http.server.ThreadingHTTPServer):
    """A maker's site: serves `body`, remembers what was asked, and can be told to fail."""

    body = CONTENT
    status: int | None = None
    resumes = True
    breaks_after: int | None = None
    silent = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.ranges: list[str | None] = []
        self.released = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Answer(http.server.BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        site = self.server
        asked = self.headers.get("Range")
        site.ranges.append(asked)
        if site.silent:
            site.released.wait()
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and site.resumes else 0
        whole = start >= len(site.body)
        self.send_response(site.status or (416 if whole else 206 if start else 200))
        self.send_header("Content-Length", str(len(site.body) - start))
        self.end_headers()
        self.wfile.write(site.body[start : site.breaks_after])

    def log_message(self, *_: object) -> None:
        return


class Listener:
    """A `Report` that remembers."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.steps: list[tuple[int, int]] = []

    def say(self, sentence: str) -> None:
        self.said.append(sentence)

    def progress(self, done: int, total: int) -> None:
        self.steps.append((done, total))


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield site
        site.released.set()
        site.shutdown()
        thread.join()


@pytest.fixture
def model(site: Site) -> Model:
    """A model of one file, which `site` has."""
    return Model(
        name="eye.tflite",
        what="sees",
        default=True,
        language=None,
        license="CC0-1.0",
        maker=f"{site.address}/eye.tflite",
        client="npm",
        package="eyes@1.0.0",
        package_bytes=len(CONTENT),
        inside="package/models",
        bytes=len(CONTENT),
        files={"eye.tflite": sha256(CONTENT).hexdigest()},
    )


@pytest.fixture
def no_npm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither npm nor a package index: what a machine without network has."""
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)


@pytest.fixture
def npm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An npm that delivers an archive with `package/models/eye.tflite`; its archive."""
    archive = tmp_path / "eyes-1.0.0.tgz"
    _tar(archive, {"package/models/eye.tflite": CONTENT, "package/package.json": b"{}"})
    program = tmp_path / "bin" / "npm"
    program.parent.mkdir()
    program.write_text(
        "#!/bin/sh\n"
        "for word; do case $word in --pack-destination=*) to=${word#*=};; esac; done\n"
        f'cp {archive} "$to/"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    return archive


def test_the_maker_is_asked_first(model: Model, tmp_path: Path) -> None:
    listener = Listener()
    fetching.fetch([model], tmp_path, listener)
    assert faults(model, tmp_path, thorough=True) == {}
    assert listener.steps[-1] == (len(CONTENT), len(CONTENT))
    assert not (tmp_path / ".partial").exists()


def test_what_is_whole_is_left_alone(model: Model, site: Site, tmp_path: Path) -> None:
    fetching.fetch([model], tmp_path, Listener())
    listener = Listener()
    fetching.fetch([model], tmp_path, listener)
    assert len(site.ranges) == 1
    assert listener.said == []


def test_a_damaged_file_is_replaced(model: Model, tmp_path: Path) -> None:
    (tmp_path / "eye.tflite").write_bytes(b"scratched")
    fetching.fetch([model], tmp_path, Listener())
    assert (tmp_path / "eye.tflite").read_bytes() == CONTENT


@pytest.mark.usefixtures("no_npm")
def test_a_broken_download_goes_on_where_it_stopped(
    model: Model, site: Site, tmp_path: Path
) -> None:
    site.breaks_after = 1000
    with pytest.raises(ModelError):
        fetching.fetch([model], tmp_path, Listener())
    site.breaks_after = None
    fetching.fetch([model], tmp_path, Listener())
    assert site.ranges == [None, "bytes=1000-"]
    assert (tmp_path / "eye.tflite").read_bytes() == CONTENT


@pytest.mark.usefixtures("no_npm")
def test_a_site_that_cannot_resume_starts_again(model: Model, site: Site, tmp_path: Path) -> None:
    site.breaks_after = 1000
    with pytest.raises(ModelError):
        fetching.fetch([model], tmp_path, Listener())
    site.breaks_after, site.resumes = None, False
    fetching.fetch([model], tmp_path, Listener())
    assert (tmp_path / "eye.tflite").read_bytes() == CONTENT


@pytest.mark.usefixtures("npm")
def test_a_refusal_turns_to_the_package(model: Model, site: Site, tmp_path: Path) -> None:
    site.status = 403
    listener = Listener()
    fetching.fetch([model], tmp_path, listener)
    assert (tmp_path / "eye.tflite").read_bytes() == CONTENT
    assert "403" in listener.said[1] and "eyes@1.0.0" in listener.said[1]


@pytest.mark.usefixtures("npm")
def test_another_file_than_the_pinned_is_never_installed(
    model: Model, site: Site, tmp_path: Path
) -> None:
    site.body = b"<html>Please sign in to the guest network</html>"
    listener = Listener()
    fetching.fetch([model], tmp_path, listener)
    assert "wrong SHA-256" in listener.said[1]
    assert (tmp_path / "eye.tflite").read_bytes() == CONTENT


@pytest.mark.usefixtures("npm")
def test_a_silent_maker_is_given_up_soon(
    model: Model, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "ANSWER_WITHIN_S", 0.1)
    site.silent = True
    fetching.fetch([model], tmp_path, Listener())
    assert (tmp_path / "eye.tflite").read_bytes() == CONTENT


@pytest.mark.usefixtures("no_npm")
def test_when_nothing_works_the_file_and_the_remedy_are_named(
    model: Model, site: Site, tmp_path: Path
) -> None:
    site.status = 404
    with pytest.raises(ModelError) as failure:
        fetching.fetch([model], tmp_path, Listener())
    sentence = str(failure.value)
    assert "eye.tflite could not be fetched" in sentence
    assert "404" in sentence and "eyes@1.0.0" in sentence and "coach models fetch" in sentence
    assert not (tmp_path / "eye.tflite").exists()


def test_a_damaged_archive_is_refused(model: Model, site: Site, npm: Path, tmp_path: Path) -> None:
    site.status = 403
    npm.write_bytes(npm.read_bytes()[:2000])
    with pytest.raises(ModelError, match="not a whole archive"):
        fetching.fetch([model], tmp_path, Listener())


def test_a_folder_replaces_the_old_one_in_one_step(
    model: Model, site: Site, tmp_path: Path
) -> None:
    site.body = _zip({"vosk-small-1/am/final.mdl": CONTENT, "vosk-small-1/README": b"hello"})
    folder = replace(
        model,
        name="vosk-xx",
        maker=f"{site.address}/vosk-small-1.zip",
        files={"am/final.mdl": sha256(CONTENT).hexdigest()},
    )
    (tmp_path / "vosk-xx" / "am").mkdir(parents=True)
    (tmp_path / "vosk-xx" / "am" / "left-over").touch()
    fetching.fetch([folder], tmp_path, Listener())
    assert [path.name for path in (tmp_path / "vosk-xx" / "am").iterdir()] == ["final.mdl"]


def test_pip_delivers_a_wheel_by_name_and_version(
    model: Model, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.status = 403
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    info = {"METADATA": b"Metadata-Version: 2.1\nName: eyes\nVersion: 1.0\n"}
    info["WHEEL"] = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    content = {f"eyes-1.0.dist-info/{name}": text for name, text in info.items()}
    content |= {"eyes-1.0.dist-info/RECORD": b"", "eyes/eye.tflite": CONTENT}
    (shelf / "eyes-1.0-py3-none-any.whl").write_bytes(_zip(content))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    wheel = replace(model, client="pip", package="eyes==1.0", inside="eyes")
    fetching.fetch([wheel], tmp_path, Listener())
    assert (tmp_path / "eye.tflite").read_bytes() == CONTENT


def test_a_place_that_cannot_be_written_is_named(model: Model, tmp_path: Path) -> None:
    in_the_way = tmp_path / "models"
    in_the_way.touch()
    with pytest.raises(ModelError, match=r"cannot be kept in .*models.*COACH_DATA"):
        fetching.fetch([model], in_the_way, Listener())


def _zip(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _tar(path: Path, files: dict[str, bytes]) -> None:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
