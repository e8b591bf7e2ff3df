"""Shown once, before anything else: what the images are and what they are not for."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from dermtutor.ui.theme import Theme
from dermtutor.ui.widgets.basic import Icon, button, column, frame, holder, label, prose, row, scrolled

POINTS = (
    (
        "For teaching, not for diagnosis",
        "DermTutor trains the eye. It never judges a photograph that you supply, and nothing here may guide the care "
        "of a patient.",
    ),
    (
        "Images are synthetic",
        "Lesions are either learned from photographs or drawn from a recipe, and each image says which. They show "
        "no patient. That lowers the risk to privacy; it does not prove that there is none. Photographs that your "
        "educator adds say that they are none of these.",
    ),
    (
        "Not reviewed by a dermatologist",
        "Images and texts carry that mark until a clinician has signed them off. Where a case and your teacher "
        "disagree, trust your teacher.",
    ),
    (
        "Your answers stay on this computer",
        "No account, no network. Results are shown with their uncertainty, and as “too few answers” until there are "
        "enough.",
    ),
)


def points(theme: Theme) -> list[QWidget]:
    """The four statements, each with a sign."""
    made = []
    for title, text in POINTS:
        words = column(label(title, "heading"), prose(text), gap=3)
        layout = row(column(Icon("right", theme, "accent", 22), None), words, gap=14)
        layout.setStretch(1, 1)
        made.append(holder(layout))
    return made


class WelcomePage(QWidget):
    """``acknowledged`` when the person has read it."""

    acknowledged = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self.accept = button("I understand, begin", "primary")
        self.accept.clicked.connect(self.acknowledged)
        title = label("Learn to see skin disease on every skin tone", "display", wrap=True)
        card = frame("card", *points(theme), margin=28, gap=20)
        inner = column(None, title, 18, card, 18, row(self.accept, None), None, gap=0)
        inner.setContentsMargins(24, 24, 24, 24)
        middle = holder(inner, "clear")
        middle.setMaximumWidth(760)
        across = row(None, middle, None)
        across.setStretch(1, 8)
        area = scrolled(holder(across, "clear"))
        layout = column(area)
        self.setLayout(layout)

    def showEvent(self, event: QShowEvent) -> None:
        self.accept.setFocus()
