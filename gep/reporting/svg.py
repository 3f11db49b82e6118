"""A drawing as SVG: colours by class, so that the page's sheet decides on light or dark."""

from collections.abc import Iterator
from html import escape

from gep.reporting.blocks import seen
from gep.reporting.shapes import Box, Drawing, Ink, Label, Line, Patch, Point, Shape


def svg_of(drawing: Drawing) -> str:
    """Return a drawing as an element of a page."""
    size = f"0 0 {_figure(drawing.width)} {_figure(drawing.height)}"
    name = f"{drawing.id}-told"
    inks = {
        each.fill for each in drawing.shapes if isinstance(each, Box | Patch) and each.is_hatched
    }
    hatches = "".join(_hatch(drawing.id, ink) for ink in sorted(inks))
    shapes = "".join(_shape(drawing.id, each) for each in drawing.shapes)
    return (
        f'<svg viewBox="{size}" role="img" aria-labelledby="{name}">'
        f'<title id="{name}">{_text(drawing.told)}</title>'
        f"<defs>{hatches}</defs>{shapes}</svg>"
    )


def _hatch(drawing: str, ink: Ink) -> str:
    """Return diagonal lines; of a ground that is no colour, lines of another ink."""
    line = Ink.LINE_STRONG if ink is Ink.SUNKEN else ink
    ground = ink if ink is Ink.SUNKEN else Ink.SURFACE
    return (
        f'<pattern id="{drawing}-hatch-{ink}" width="4" height="4" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)">'
        f'<rect width="4" height="4" class="f-{ground}"/>'
        f'<line x1="0" y1="0" x2="0" y2="4" class="s-{line}" stroke-width="2.2"/></pattern>'
    )


def _shape(drawing: str, shape: Shape) -> str:
    match shape:
        case Box():
            at = f'x="{_figure(shape.x)}" y="{_figure(shape.y)}"'
            size = f'width="{_figure(shape.width)}" height="{_figure(shape.height)}"'
            return _titled("rect", f"{at} {size} {_fill(drawing, shape)}", shape.note)
        case Patch():
            path = "".join(_ring(each) for each in shape.rings)
            outline = f'class="s-{shape.outline}" stroke-width="0.7" stroke-linejoin="round"'
            if shape.is_hatched:
                fill = f'{outline} fill="url(#{drawing}-hatch-{shape.fill})"'
            else:
                fill = outline.replace('class="', f'class="f-{shape.fill} ')
            return _titled("path", f'd="{path}" fill-rule="evenodd" {fill}', shape.note)
        case Line():
            dashes = ' stroke-dasharray="3 2"' if shape.is_dashed else ""
            (x1, y1), (x2, y2) = shape.start, shape.end
            return (
                f'<line x1="{_figure(x1)}" y1="{_figure(y1)}" x2="{_figure(x2)}"'
                f' y2="{_figure(y2)}" class="s-{shape.ink}"'
                f' stroke-width="{_figure(shape.width)}"{dashes}/>'
            )
        case Label():
            return _label(shape)


def _fill(drawing: str, box: Box) -> str:
    if not box.is_hatched:
        return f'class="f-{box.fill}"'
    line = Ink.LINE_STRONG if box.fill is Ink.SUNKEN else box.fill
    return (
        f'fill="url(#{drawing}-hatch-{box.fill})" class="s-{line}" stroke-width="0.8"'
        ' stroke-dasharray="3 2"'
    )


def _label(label: Label) -> str:
    classes = [f"f-{label.ink}"]
    classes += ["strong"] if label.is_strong else []
    classes += [f"halo h-{label.halo}"] if label.halo is not None else []
    anchor = "" if label.anchor == "start" else f' text-anchor="{label.anchor}"'
    text = (
        f'<text x="{_figure(label.at[0])}" y="{_figure(label.at[1])}"'
        f' font-size="{_figure(label.size)}" class="{" ".join(classes)}"{anchor}>'
        f"{_text(label.text)}</text>"
    )
    return f'<a href="#{escape(label.link)}">{text}</a>' if label.link else text


def _titled(name: str, attributes: str, note: str) -> str:
    if not note:
        return f"<{name} {attributes}/>"
    return f"<{name} {attributes}><title>{_text(note)}</title></{name}>"


def _ring(ring: tuple[Point, ...]) -> str:
    return "".join(_points(ring)) + "Z"


def _points(ring: tuple[Point, ...]) -> Iterator[str]:
    for number, (x, y) in enumerate(ring[:-1]):
        yield f"{'L' if number else 'M'}{_figure(x)} {_figure(y)}"


def _figure(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _text(text: str) -> str:
    return escape(seen(text))
