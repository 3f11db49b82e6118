"""A drawing on a page of a PDF, from the same shapes as the SVG."""

from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from gep.reporting.pdf_fonts import Faces
from gep.reporting.shapes import LIGHT, Anchor, Box, Drawing, Ink, Label, Line, Patch, Shape

HATCH_STEP = 4.0


class Drawn(Flowable):  # type: ignore[misc]  # the library has no types
    """A drawing as a block of a page, as wide as there is room."""

    def __init__(self, drawing: Drawing, faces: Faces, *, width: float) -> None:
        super().__init__()
        self._drawing, self._faces = drawing, faces
        self._scale = width / drawing.width
        self.width, self.height = width, drawing.height * self._scale

    def wrap(self, *_: Any) -> tuple[float, float]:
        """Return the size that it takes."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw all shapes, y downwards as they have it."""
        canvas: Canvas = self.canv
        canvas.saveState()
        canvas.translate(0, self.height)
        canvas.scale(self._scale, self._scale)
        for shape in self._drawing.shapes:
            _draw(canvas, shape, self._faces)
        canvas.restoreState()


def colour(ink: Ink) -> HexColor:
    """Return a named colour as it is printed."""
    return HexColor(LIGHT[ink])


def _draw(canvas: Canvas, shape: Shape, faces: Faces) -> None:
    match shape:
        case Box():
            _box(canvas, shape)
        case Patch():
            _patch(canvas, shape)
        case Line():
            canvas.setStrokeColor(colour(shape.ink))
            canvas.setLineWidth(shape.width)
            canvas.setDash(3, 2) if shape.is_dashed else canvas.setDash()
            (x1, y1), (x2, y2) = shape.start, shape.end
            canvas.line(x1, -y1, x2, -y2)
            canvas.setDash()
        case Label():
            _label(canvas, shape, faces)


def _box(canvas: Canvas, box: Box) -> None:
    x, y = box.x, -(box.y + box.height)
    if not box.is_hatched:
        canvas.setFillColor(colour(box.fill))
        canvas.rect(x, y, box.width, box.height, stroke=0, fill=1)
        return
    path = canvas.beginPath()
    path.rect(x, y, box.width, box.height)
    _hatch(canvas, path, box.fill, bounds=(x, y, x + box.width, y + box.height))
    canvas.setLineWidth(0.8)
    canvas.setDash(3, 2)
    canvas.rect(x, y, box.width, box.height, stroke=1, fill=0)
    canvas.setDash()


def _patch(canvas: Canvas, patch: Patch) -> None:
    path = canvas.beginPath()
    for ring in patch.rings:
        path.moveTo(ring[0][0], -ring[0][1])
        for x, y in ring[1:-1]:
            path.lineTo(x, -y)
        path.close()
    if patch.is_hatched:
        points = [point for ring in patch.rings for point in ring]
        xs, ys = zip(*points, strict=True)
        _hatch(canvas, path, patch.fill, bounds=(min(xs), -max(ys), max(xs), -min(ys)))
    canvas.setFillColor(colour(patch.fill))
    canvas.setStrokeColor(colour(patch.outline))
    canvas.setLineWidth(0.7)
    canvas.setLineJoin(1)
    canvas.drawPath(path, stroke=1, fill=0 if patch.is_hatched else 1, fillMode=0)


def _hatch(
    canvas: Canvas, path: Any, ink: Ink, *, bounds: tuple[float, float, float, float]
) -> None:
    """Fill a path with diagonal lines; of a ground that is no colour, lines of another ink."""
    line = Ink.LINE_STRONG if ink is Ink.SUNKEN else ink
    left, bottom, right, top = bounds
    canvas.saveState()
    canvas.clipPath(path, stroke=0, fill=0, fillMode=0)
    canvas.setFillColor(colour(Ink.SUNKEN if ink is Ink.SUNKEN else Ink.SURFACE))
    canvas.rect(left, bottom, right - left, top - bottom, stroke=0, fill=1)
    canvas.setStrokeColor(colour(line))
    canvas.setLineWidth(0.9)
    rise = top - bottom
    x = left - rise
    while x < right:
        canvas.line(x, bottom, x + rise, top)
        x += HATCH_STEP
    canvas.restoreState()
    canvas.setStrokeColor(colour(line))


def _label(canvas: Canvas, label: Label, faces: Faces) -> None:
    width = faces.width(label.text, label.size, is_strong=label.is_strong)
    moved = {Anchor.START: 0.0, Anchor.MIDDLE: width / 2, Anchor.END: width}[label.anchor]
    x, y = label.at[0] - moved, -label.at[1]
    if label.halo is not None:
        canvas.setFillColor(colour(label.halo))
        canvas.rect(x - 1, y - 1.5, width + 2, label.size + 1, stroke=0, fill=1)
    canvas.setFillColor(colour(label.ink))
    at = x
    for face, run in faces.runs(label.text, is_strong=label.is_strong):
        canvas.setFont(face, label.size)
        canvas.drawString(at, y, run)
        at += canvas.stringWidth(run, face, label.size)
    if label.link:
        canvas.linkRect("", label.link, (x, y - 2, at, y + label.size), relative=1, thickness=0)
