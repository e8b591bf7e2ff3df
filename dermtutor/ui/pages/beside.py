"""What the pages of quizzes and of exams share: the image on the left, what is asked on the right, keys for both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QWidget

from dermtutor.domain.conditions import Catalogue
from dermtutor.domain.quiz import CHOICES_RANGE, Confidence
from dermtutor.services.image_words import review_in
from dermtutor.ui.pages.question_panel import QuestionPanel, SubmitWords
from dermtutor.ui.shown import ShownCase
from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import button, column, dress, holder, label, row
from dermtutor.ui.widgets.stage import Stage
from dermtutor.ui.wording import credit_line, flags_before_answer, image_name, source_label


class BesidePage(QWidget):
    """Shows what it is told to; what the learner does leaves by signals."""

    leave_wanted = Signal()
    retry_wanted = Signal()

    def __init__(
        self, theme: Theme, catalogue: Catalogue, leave: tuple[str, str], words: SubmitWords
    ) -> None:
        """``leave`` is the text and the tip of the button that leaves, ``words`` those of the one that submits."""
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self._catalogue = catalogue
        self.stage = Stage(theme)
        self.question = QuestionPanel(theme, catalogue, words)
        self.leave = button(leave[0], "quiet", leave[1])
        dress(self.leave, "back", theme, "muted")
        self._count = label("", "label")
        self._waiting_text = label("", "lead", wrap=True)
        self._retry = button("Try again", "primary")
        self._waiting = holder(column(None, self._waiting_text, row(self._retry, None), None, gap=16))
        self._right = QStackedWidget()
        self.leave.clicked.connect(self.leave_wanted)
        self._retry.clicked.connect(self.retry_wanted)
        self.stage.view.pointed.connect(self.question.clicked_at)

    def _halves(self, *panels: QWidget) -> QHBoxLayout:
        """The image beside whichever of the panels is current; one of them is for waiting."""
        for panel in (*panels, self._waiting):
            self._right.addWidget(panel)
        for half in (self._right, self.stage):  # widths follow the window, never a question's words
            half.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.stage.setMinimumWidth(420)
        self._right.setMinimumWidth(372)
        self._right.setMaximumWidth(470)
        halves = row(self.stage, self._right, gap=28)
        halves.setStretch(0, 62)
        halves.setStretch(1, 38)
        return halves

    def _bind(
        self,
        keys: Mapping[str, Callable[[], object]],
        choose: Callable[[int], object],
        be_sure: Callable[[int], object],
        step: Callable[[int], object],
    ) -> None:
        """Keys of the page, and those of every question: ``choose`` an option by its number, ``be_sure`` of it at a
        level, and ``step`` to the next level or the one before."""
        common: dict[str, Callable[[], object]] = {
            "C": partial(step, 1), "Shift+C": partial(step, -1), "Z": self.stage.view.toggle_zoom,
        }  # fmt: skip
        common |= {str(number): partial(choose, number) for number in range(1, CHOICES_RANGE[1] + 1)}
        common |= {f"Alt+{int(level)}": partial(be_sure, int(level)) for level in Confidence}
        for key, act in (common | dict(keys)).items():
            shortcut = QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(act)

    def _say_waiting(self, text: str, *, retry: bool) -> None:
        """Nothing is asked; ``retry`` offers to try again."""
        self.stage.empty()
        self._waiting_text.setText(text)
        self._retry.setVisible(retry)
        self._right.setCurrentWidget(self._waiting)

    def _stage(self, shown: ShownCase, *, other_tones: bool) -> None:
        """The image of a question before its answer; nothing said of it gives the answer away."""
        case = shown.case
        question = case.question
        self.stage.view.show_case(shown.image, shown.outline)
        self.stage.view.setAccessibleName(
            image_name(case.source, question.number, question.total, case.spec.tone)
        )
        self.stage.ask(case.spec.tone, other_tones=other_tones)
        self._say(shown, answered=False)

    def _say(self, shown: ShownCase, *, answered: bool) -> None:
        """What is known of the image of a question: its source, whom to credit, its skin tone, failed checks."""
        case, image = shown.case, shown.image
        source = source_label(
            case.source,
            case.question.choices,
            self._catalogue,
            answered=answered,
            recipe_version=case.spec.recipe_version,
            recipe_review=review_in(image.text("Recipe")),
            modality=case.spec.modality,
        )
        self.stage.say_synthetic(source, credit_line(image.text("Credit"), image.text("Licence")))
        self.stage.say_tone_of(case)
        flags = case.flags if answered else flags_before_answer(case.flags)
        self.stage.say_marks(case.reviewed, flags, case.rejected)

    def _ask(self, shown: ShownCase, stem: str, features: tuple[str, ...]) -> None:
        """The question beside the image."""
        case, question = shown.case, shown.case.question
        click = case.options.click
        self.question.ask(stem, question.kind, question.choices, features, click=click, told=case.told)
        if click:
            self.stage.view.let_point()

    def _left_full_screen(self) -> bool:
        """Leaves full screen; False where it was not full."""
        window = self.window()
        if not window.isFullScreen():
            return False
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowFullScreen)
        return True
