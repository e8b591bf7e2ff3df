"""Turns planned items into cases on disk: one generator, one call at a time, each item generated once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from dermtutor.domain.cases import CaseSpec, Source
from dermtutor.domain.records import CaseRecord, ItemRecord
from dermtutor.errors import UserError
from dermtutor.services.encoding import encode_case
from dermtutor.services.ports import (
    Cancelled,
    CancelToken,
    CaseChecks,
    CaseGenerator,
    GeneratedCase,
    MediaStore,
    Records,
)
from dermtutor.skin.scales import MonkTone

# Few enough that a question asked for in between waits a blink, enough to share the work of one latent.
_TONES_AT_ONCE = 3
_LOST = (
    "The image of this case is lost and cannot be made again as it was; restore the media folder, or bring the case "
    "set again."
)


@dataclass(frozen=True, slots=True)
class ReadyCase:
    """A kept case with its files."""

    record: CaseRecord
    png: bytes
    mask_png: bytes


class CaseSupply:
    """Generates cases and keeps them. Thread-safe; build one for each generator.

    Whoever waits for a question goes before preparation in the background.
    """

    def __init__(self, generator: CaseGenerator, records: Records, media: MediaStore) -> None:
        self._generator = generator
        self._records = records
        self._media = media
        self._turn = threading.Condition()
        self._busy = False
        self._urgent = 0

    def current(self, spec: CaseSpec) -> CaseSpec:
        """The spec with the versions of weights and recipe that are installed now."""
        return as_installed(spec, self._generator)

    def ready(self, item: ItemRecord) -> ReadyCase | None:
        """The case of an item when it is kept and its files are sound; never generates."""
        return None if item.case_id is None else self._kept(item.case_id)

    def obtain(
        self,
        item_of: Callable[[], ItemRecord],
        cancel: CancelToken | None,
        urgent: bool,
        stored: bool = False,
    ) -> ReadyCase:
        """The case of an item, generated unless another thread makes it while this one waits for its turn.

        ``item_of`` reads the item anew, to see that. A ``stored`` case is that of a case set: no other may take its
        place. Raises Cancelled when the token was set, and UserError when the files of a stored case are lost and it
        cannot be made again as it was.
        """
        with self._generator_turn(lambda: self.ready(item_of()), urgent, cancel) as kept:
            if kept is not None:
                return kept
            item = item_of()
            spec = self.current(item.spec) if item.spec.source.generated else item.spec
            if not spec.source.generated or (stored and spec != item.spec):
                raise UserError(_LOST)
            case = self._generator.generate(spec, cancel)
            return self._keep(item, case, stored)

    def make(self, spec: CaseSpec, cancel: CancelToken | None = None, urgent: bool = False) -> GeneratedCase:
        """A case with the versions that are installed now; nothing is kept. Raises Cancelled when the token was set."""
        with self._generator_turn(lambda: None, urgent, cancel):
            return self._generator.generate(self.current(spec), cancel)

    def similar(self, spec: CaseSpec, seed: int) -> CaseSpec:
        """The spec of a new lesion that resembles that of ``spec``."""
        return self._generator.similar(spec, seed)

    def twins(
        self,
        case_id: str,
        cancel: CancelToken | None,
        each: Callable[[GeneratedCase], None],
    ) -> None:
        """The case's lesion on all ten tones, its own first and then outwards, handed over as they are made.

        Raises UserError when the case was made by weights or a recipe no longer installed, Cancelled when the token
        was set.
        """
        spec = self._records.case(case_id).spec
        if not spec.source.generated:
            raise UserError("A photograph shows its own skin tone only.")
        if self.current(spec) != spec:
            raise UserError(
                "The weights or recipe of this case are no longer installed; answer a new case to see its tones."
            )
        tones = sorted(MonkTone.all(), key=lambda tone: abs(tone.value - spec.tone.value))
        for start in range(0, len(tones), _TONES_AT_ONCE):
            with self._generator_turn(lambda: None, True, cancel):
                made = self._generator.twins(spec, tones[start : start + _TONES_AT_ONCE], cancel)
            for case in made:
                each(case)

    def _kept(self, case_id: str) -> ReadyCase | None:
        record = self._records.case(case_id)
        png, mask = self._media.get(record.image_sha), self._media.get(record.mask_sha)
        return None if png is None or mask is None else ReadyCase(record, png, mask)

    def _keep(self, item: ItemRecord, case: GeneratedCase, stored: bool) -> ReadyCase:
        """Files first, then the row that names them: a crash in between leaves files that no row needs.

        A stored case must come out byte for byte as it was, which another processor may not do.
        """
        ready = self.keep_files(case)
        if stored and ready.record.image_sha != self._records.case(case.spec.spec_id).image_sha:
            raise UserError(_LOST)
        self._records.attach_case(item.item_id, ready.record)
        return ready

    def keep_files(self, case: GeneratedCase) -> ReadyCase:
        """Writes the files of a case. The row that names them is for whoever asks."""
        encoded = encode_case(case)
        record = CaseRecord(
            spec=case.spec,
            image_sha=self._media.put(encoded.png),
            mask_sha=self._media.put(encoded.mask_png),
            requested_ita=case.requested_ita,
            measured_ita=case.measured_ita,
            flags=flags_of(case.checks),
            weights=case.weights,
            reviewed=False,
            created_at=datetime.now(UTC),
        )
        return ReadyCase(record, encoded.png, encoded.mask_png)

    @contextmanager
    def _generator_turn(
        self, already: Callable[[], ReadyCase | None], urgent: bool, cancel: CancelToken | None
    ) -> Iterator[ReadyCase | None]:
        """Holds the generator, or yields what ``already`` found once another thread's turn has made it."""
        with self._turn:
            self._urgent += urgent
            try:
                while (found := already()) is None and (self._busy or (self._urgent and not urgent)):
                    _raise_if_set(cancel)
                    self._turn.wait()
                _raise_if_set(cancel)
                self._busy = self._busy or found is None
            finally:
                self._urgent -= urgent
                self._turn.notify_all()
        if found is not None:
            yield found
            return
        try:
            yield None
        finally:
            with self._turn:
                self._busy = False
                self._turn.notify_all()


def as_installed(spec: CaseSpec, generator: CaseGenerator) -> CaseSpec:
    """The spec with the versions of weights and recipe that the generator has now."""
    drawn = spec.source is Source.RECIPE
    return replace(
        spec,
        weights_version=generator.weights_version(),
        recipe_version=generator.recipe_version(spec.condition) if drawn else "",
    )


def flags_of(checks: CaseChecks) -> tuple[str, ...]:
    """The failed checks in words, as shown beside the image."""
    said = (
        (checks.tone_within_tolerance, "measured skin tone differs from the requested one"),
        (checks.not_blank, "image is nearly blank"),
        (checks.lesion_visible_size, "lesion is unusually small or large"),
    )
    return tuple(words for passed, words in said if not passed)


def _raise_if_set(cancel: CancelToken | None) -> None:
    if cancel is not None and cancel.is_set():
        raise Cancelled
