"""Charts of the figures, each drawn by one function for the screen, for PNG files and for print.

Imported only where a chart is drawn: matplotlib takes half a second. Shapes and dashes tell the series apart, not
colours alone, so that every chart reads in greyscale.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib import ticker
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from numpy.typing import NDArray

from dermtutor.domain.statistics import Proportion
from dermtutor.paths import assets_dir
from dermtutor.reports import words
from dermtutor.reports.style import ChartStyle
from dermtutor.services.figures.values import Calibration, Figures, Times
from dermtutor.skin.scales import MonkTone

_DPI: Final = 100
_MARKERS: Final = {"all": "o", "light": "^", "medium": "D", "dark": "s"}
_DASHES: Final = {"all": "-", "light": ":", "medium": "-.", "dark": "--"}
_SHOWN_DAYS: Final = 40


@dataclass(frozen=True, slots=True)
class _Faces:
    """The bundled faces, by file: nothing is registered with matplotlib's global list of fonts."""

    regular: FontProperties
    medium: FontProperties

    @classmethod
    def bundled(cls) -> _Faces:
        def face(name: str) -> FontProperties:
            return FontProperties(fname=str(Path(assets_dir()) / "fonts" / f"{name}.otf"), size=8.5)

        return cls(face("Inter-Regular"), face("Inter-Medium"))


Draw = Callable[[Axes, Figures, ChartStyle, _Faces], None]


def draw_tones(axes: Axes, figures: Figures, style: ChartStyle, faces: _Faces) -> None:
    """Accuracy by skin tone, its swatches below."""
    scores = {each.tone: each.proportion for each in figures.by_tone}
    shown = [(tone.value, scores[tone]) for tone in MonkTone.all() if tone in scores]
    _intervals(axes, [x for x, _ in shown], [share for _, share in shown], style)
    _shares(axes)
    axes.set_xlim(0.4, 10.6)
    axes.set_xticks(range(1, 11))
    below = axes.get_xaxis_transform()
    for tone in MonkTone.all():
        axes.add_patch(_swatch(tone, below, style))
    axes.tick_params(axis="x", pad=13)
    axes.set_xlabel("Monk skin tone", fontproperties=faces.regular, color=style.muted)


def _swatch(tone: MonkTone, below: Any, style: ChartStyle) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle(
        (tone.value - 0.28, -0.062), 0.56, 0.04, transform=below, facecolor=tone.swatch, edgecolor=style.line,
        linewidth=0.8, clip_on=False,
    )  # fmt: skip


def draw_gap(axes: Axes, figures: Figures, style: ChartStyle, faces: _Faces) -> None:
    """Light minus dark skin with its interval, zero marked; over all answers and between twins."""
    gap = figures.gap
    lines = [("All answers", gap.independent)]
    if gap.mixed is not None:
        lines.append(("Mixed model", gap.mixed.gap))
    elif gap.clustered is not None:
        lines.append(("Learners and\nconditions vary", gap.clustered))
    if gap.pairs is not None:
        lines.append((f"Same lesion\n{words.counted(gap.pairs.n, 'pair')}", gap.pairs.gap))
    known = [(title, each) for title, each in lines if each is not None and not each.too_few]
    axes.axvline(0, color=style.text, linewidth=1)
    reach = max([0.2] + [max(abs(each.low), abs(each.high)) for _, each in known])
    for place, (_, each) in enumerate(known):
        y = -place
        axes.plot([each.low, each.high], [y, y], color=style.accent, linewidth=2.4, solid_capstyle="round")
        axes.plot([each.difference], [y], _MARKERS["all"], color=style.accent, markersize=8)
        axes.annotate(
            f"{words.points(each.difference)}  ({words.span(each)})", (each.difference, y), xytext=(0, 9),
            textcoords="offset points", ha="center", fontproperties=faces.medium, color=style.text,
        )  # fmt: skip
    axes.set_xlim(-reach * 1.15, reach * 1.15)
    axes.set_ylim(-max(1, len(known)) + 0.4, 0.65)
    axes.set_yticks([-place for place in range(len(known))], [title for title, _ in known])
    axes.xaxis.set_major_formatter(ticker.FuncFormatter(lambda value, _: words.points(value)))
    axes.grid(axis="y", visible=False)
    axes.set_xlabel("← better on dark skin     points     better on light skin →",
                    fontproperties=faces.regular, color=style.muted)  # fmt: skip


def draw_calibration(axes: Axes, figures: Figures, style: ChartStyle, faces: _Faces) -> None:
    """Accuracy at each confidence against the diagonal, by group of tones."""
    axes.plot([0, 1], [0, 1], color=style.line_strong, linewidth=1, linestyle=(0, (4, 3)))
    groups = [each for each in figures.calibration if each.group in ("light", "dark")] or list(
        figures.calibration
    )
    for place, each in enumerate(groups):
        _calibrated(axes, each, style, (place - (len(groups) - 1) / 2) * 0.022)
    _shares(axes)
    axes.set_xlim(0.12, 1.03)
    axes.xaxis.set_major_formatter(ticker.PercentFormatter(1.0, decimals=0, symbol=" %"))
    axes.set_xlabel("Confidence", fontproperties=faces.regular, color=style.muted)
    if groups:
        axes.legend(
            prop=faces.regular, frameon=False, labelcolor=style.text, loc="lower right", handlelength=2.8
        )


def _calibrated(axes: Axes, group: Calibration, style: ChartStyle, shift: float) -> None:
    color = style.second if group.group == "dark" else style.accent
    levels = [level for level in group.levels if not level.proportion.too_few]
    x = [level.probability + shift for level in levels]
    axes.vlines(x, [each.proportion.low for each in levels], [each.proportion.high for each in levels],
                color=color, linewidth=1.4, alpha=0.75)  # fmt: skip
    axes.plot(
        x, [level.proportion.value or 0.0 for level in levels], marker=_MARKERS[group.group], color=color,
        linewidth=1.4, linestyle=_DASHES[group.group], markersize=6,
        label=f"{group.group.capitalize()} skin (n = {group.brier.n})",
    )  # fmt: skip


def draw_course(axes: Axes, figures: Figures, style: ChartStyle, faces: _Faces) -> None:
    """Accuracy with practice, with its band and the fitted curve."""
    points = figures.course.points
    x = [each.trial for each in points]
    axes.fill_between(
        x, [each.proportion.low for each in points], [each.proportion.high for each in points], color=style.accent,
        alpha=0.2, linewidth=0,
    )  # fmt: skip
    axes.plot(x, [each.proportion.value or 0.0 for each in points], color=style.accent, linewidth=1.8)
    slope = figures.course.slope
    if slope is not None and x:
        trials = np.geomspace(max(1, x[0] / 4), x[-1], 80)
        fitted = [slope.share_at(trial) for trial in trials.tolist()]
        axes.plot(trials, fitted, color=style.text, linewidth=1.2, linestyle=(0, (5, 3)), label="Fitted")
        axes.legend(
            prop=faces.regular, frameon=False, labelcolor=style.text, loc="lower right", handlelength=2.8
        )
    _shares(axes)
    axes.set_xlabel("Answers given", fontproperties=faces.regular, color=style.muted)


def draw_days(axes: Axes, figures: Figures, style: ChartStyle, faces: _Faces) -> None:
    """Accuracy by day, the last forty days that have answers."""
    shown = figures.timeline[-_SHOWN_DAYS:]
    _intervals(axes, range(len(shown)), [each.proportion for each in shown], style)
    _shares(axes)
    axes.set_xlim(-0.6, max(len(shown), 4) - 0.4)
    every = max(1, -(-len(shown) // 6))
    places = range(0, len(shown), every)
    axes.set_xticks(list(places), [f"{shown[place].day:%d %b}".lstrip("0") for place in places])


def draw_times(axes: Axes, figures: Figures, style: ChartStyle, faces: _Faces) -> None:
    """Median response time and middle half of the answers, by group of tones."""
    groups = figures.times.groups
    for place, each in enumerate(groups):
        _quartiles(axes, -place, each, style, faces)
    axes.set_ylim(-max(1, len(groups)) + 0.4, 0.6)
    axes.set_yticks(
        [-place for place in range(len(groups))],
        [f"{each.group.capitalize()}  (n = {each.n})" for each in groups],
    )
    axes.set_xlim(0, max([1.0] + [each.upper * 1.25 for each in groups]))
    axes.grid(axis="y", visible=False)
    axes.set_xlabel("Seconds: median, and the middle half", fontproperties=faces.regular, color=style.muted)


def _quartiles(axes: Axes, y: float, each: Times, style: ChartStyle, faces: _Faces) -> None:
    axes.plot(
        [each.lower, each.upper], [y, y], color=style.accent, linewidth=7, alpha=0.35, solid_capstyle="butt"
    )
    axes.plot([each.median], [y], "|", color=style.text, markersize=15, markeredgewidth=2.2)
    axes.annotate(words.seconds(each.median), (each.upper, y), xytext=(8, -3), textcoords="offset points",
                  fontproperties=faces.medium, color=style.text)  # fmt: skip


def _intervals(axes: Axes, x: Sequence[int], shares: Sequence[Proportion], style: ChartStyle) -> None:
    """Dots with intervals; hollow and grey, without one, where there are too few answers."""
    for place, share in zip(x, shares, strict=True):
        if share.too_few:
            axes.plot(
                [place],
                [share.value or 0.0],
                "o",
                markerfacecolor="none",
                color=style.line_strong,
                markersize=6,
            )
        else:
            axes.plot([place, place], [share.low, share.high], color=style.accent, linewidth=2.2,
                      solid_capstyle="round")  # fmt: skip
            axes.plot([place], [share.value or 0.0], "o", color=style.accent, markersize=6.5)


def _shares(axes: Axes) -> None:
    axes.set_ylim(-0.03, 1.03)
    axes.set_yticks((0, 0.25, 0.5, 0.75, 1.0))
    axes.yaxis.set_major_formatter(ticker.PercentFormatter(1.0, decimals=0, symbol=" %"))


CHARTS: Final[dict[str, Draw]] = {
    "tones": draw_tones,
    "gap": draw_gap,
    "calibration": draw_calibration,
    "course": draw_course,
    "days": draw_days,
    "times": draw_times,
}


def chart(
    name: str, figures: Figures, style: ChartStyle, width: int, height: int, scale: float = 1.0
) -> Figure:
    """A chart of ``width`` x ``height`` logical pixels; ``scale`` is how many real ones each of them is."""
    figure = Figure(figsize=(width / _DPI, height / _DPI), dpi=_DPI * scale, layout="constrained",
                    facecolor=style.surface)  # fmt: skip
    FigureCanvasAgg(figure)
    axes, faces = figure.add_subplot(), _Faces.bundled()
    axes.set_facecolor(style.surface)
    axes.set_axisbelow(True)
    axes.grid(color=style.line, linewidth=0.8)
    for side in axes.spines.values():
        side.set_visible(False)
    CHARTS[name](axes, figures, style, faces)
    axes.tick_params(length=0, colors=style.muted)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(faces.regular)
    return figure


def lay_out(figure: Figure) -> None:
    """Place everything as ``pixels`` would, which takes about as long as the rest of it."""
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
        figure.set_layout_engine("none")


def pixels(figure: Figure) -> NDArray[np.uint8]:
    """The chart as (H, W, 4) uint8 RGBA."""
    canvas = figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    canvas.draw()  # type: ignore[no-untyped-call]
    return np.asarray(canvas.buffer_rgba()).copy()  # type: ignore[no-untyped-call]


def png(figure: Figure) -> bytes:
    """The chart as a PNG file."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", facecolor=figure.get_facecolor())
    return buffer.getvalue()
