"""A picture of each rep at its bottom: only where somebody asked for it to be kept."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from coach.adapters.eyes import Look
from coach.domain.effects import Effect, OfRep
from coach.domain.events import Event
from coach.domain.session import Session


class Remembering(Protocol):
    """Eyes that remember the deepest frame of the last rep."""

    @property
    def bottom(self) -> Look | None: ...


class RepPictures:
    """An observer of the loop; `paths` grows by one a rep, drawn anew when its top amends it."""

    def __init__(self, eyes: Remembering, folder: Path) -> None:
        self._eyes = eyes
        self._folder = folder
        self.paths: list[Path] = []
        folder.mkdir(parents=True, exist_ok=True)

    def __call__(self, event: Event, session: Session, effects: Sequence[Effect]) -> None:
        for effect in effects:
            bottom = self._eyes.bottom
            if isinstance(effect, OfRep) and bottom is not None:
                import cv2

                from coach.adapters.overlay import draw

                path = self._folder / f"set-{effect.set_number}-rep-{effect.rep.number:02d}.png"
                cv2.imwrite(str(path), draw(bottom, effect.rep))
                if path not in self.paths:
                    self.paths.append(path)
