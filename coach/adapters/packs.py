"""Voice packs on disk: `voice_packs/<language>/pack.yaml`."""

from collections.abc import Iterable
from pathlib import Path

from coach import config
from coach.speech.voice_pack import PackError, VoicePack, pack_from


def languages(folder: Path = config.VOICE_PACKS) -> tuple[str, ...]:
    """The codes of the languages that have a pack."""
    return tuple(sorted(path.parent.name for path in folder.glob("*/pack.yaml")))


def load_pack(language: str, folder: Path = config.VOICE_PACKS) -> VoicePack:
    """The pack of one language; raises `PackError` naming the file and the remedy."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    path = folder / language / "pack.yaml"
    if language not in languages(folder):
        raise PackError(
            f"There is no voice pack '{language}'; there are: {', '.join(languages(folder))}."
        )
    try:
        data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, YAMLError) as error:
        raise PackError(f"{path} cannot be read: {' '.join(str(error).split())}") from error
    try:
        pack = pack_from(data)
    except PackError as error:
        raise PackError(f"{path}: {error}") from error
    if pack.language != language:
        raise PackError(f"{path}: 'language' must be '{language}', the name of its folder.")
    return pack


class Packs:
    """The packs of one run by language, each with the names of the household in it."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = tuple(names)
        self._loaded: dict[str, VoicePack] = {}

    def __call__(self, language: str) -> VoicePack:
        """Raises `PackError`."""
        if language not in self._loaded:
            pack = load_pack(language)
            self._loaded[language] = pack.with_names(self._names) if self._names else pack
        return self._loaded[language]
