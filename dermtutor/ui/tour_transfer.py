"""The part of the tour that puts a disease onto a shipped portrait."""

from __future__ import annotations

from dermtutor.skin.scales import MonkTone
from dermtutor.ui.tour_steps import Visitor


def visit_transfer(visitor: Visitor) -> None:
    """Rosacea on a face, as photographed and on a darker tone. Nothing is kept."""
    page = visitor.desk.transfer_page
    visitor.click(visitor.window.nav["transfer"])
    visitor.picture("transfer-empty")
    visitor.click(page.welcome.examples[0])
    visitor.until(lambda: page.photograph is not None, "the photograph")
    page.panel.condition.setCurrentText("Rosacea")
    visitor.click(page.panel.add)
    visitor.until(
        lambda: bool(page.editing.now.placements) and visitor.window.generator.idle(), "the disease"
    )
    page.panel.severity.box.setValue(90)
    visitor.until(visitor.window.generator.idle, "the disease")
    visitor.picture("transfer")
    page.editing.bring_to(MonkTone(8))
    visitor.until(visitor.window.generator.idle, "the other tone")
    visitor.click(visitor.window.theme_button)
    visitor.picture("transfer-monk-8-dark")
    visitor.click(visitor.window.theme_button)
    page.editing.discard()
