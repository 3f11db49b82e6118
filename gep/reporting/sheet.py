"""The sheet of the HTML report: colours of the console, light and dark, and A4 when printed."""

from gep.reporting.shapes import DARK, LIGHT, Ink

_MORE_LIGHT = {"canvas": "#f3f5f8", "raised": "#f8f9fb", "warn-weak": "#fff3dc"}
_MORE_DARK = {"canvas": "#0c0f14", "raised": "#191f28", "warn-weak": "#36280d"}
_MORE = {"ok-light": "#0d7048", "ok-dark": "#4cc38a"}


def _tokens(tokens: dict[str, str], ok: str) -> str:
    return "".join(f"--{name}:{value};" for name, value in tokens.items()) + f"--ok:{ok};"


def _inks() -> str:
    fills = "".join(f".f-{ink}{{fill:var(--{ink})}}" for ink in Ink)
    strokes = "".join(f".s-{ink}{{stroke:var(--{ink})}}" for ink in Ink)
    halos = "".join(f".h-{ink}{{stroke:var(--{ink})}}" for ink in Ink)
    return fills + strokes + halos


_RULES = """
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--canvas);color:var(--ink);font:14px/1.55 Roboto,-apple-system,
"Segoe UI","PingFang SC","HarmonyOS Sans SC",MiSans,"Microsoft YaHei UI","Microsoft YaHei",
"Noto Sans CJK SC","Noto Sans SC","Source Han Sans SC",sans-serif;
font-variant-numeric:tabular-nums}
code{font-family:ui-monospace,"SF Mono","Cascadia Mono",Consolas,"DejaVu Sans Mono",
"Noto Sans Mono CJK SC",monospace;font-size:.88em;color:var(--ink-2);overflow-wrap:anywhere}
a{color:var(--accent);text-decoration:none}
a:hover{text-decoration:underline}
a:focus-visible,.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.skip{position:absolute;left:-999px}
.skip:focus{left:8px;top:8px;background:var(--surface);padding:8px}
.sheet{max-width:1060px;margin:24px auto;background:var(--surface);padding:40px 48px;
border:1px solid var(--line);border-radius:8px}
h1{font-size:25px;line-height:1.35;font-weight:650;margin:0 0 6px}
h2{font-size:17px;line-height:1.4;font-weight:650;margin:36px 0 12px;padding-bottom:6px;
border-bottom:2px solid var(--ink)}
h2 .number{color:var(--ink-3);font-weight:500;margin-right:10px}
p{margin:8px 0}
.subtitle{color:var(--ink-2);margin:0 0 14px}
.status{display:flex;gap:8px 16px;flex-wrap:wrap;align-items:baseline;font-size:12.5px}
.badge{border:1px solid currentColor;border-radius:5px;padding:2px 9px;color:var(--ok)}
.badge .flag{background:none;padding:0;font-size:inherit}
.badge:has(.flag){color:var(--warn)}
nav{margin-top:20px}
nav h2{font-size:13px;margin:0 0 6px;border:0;padding:0;color:var(--ink-3)}
nav ol{margin:0;padding:0;list-style:none;display:flex;flex-wrap:wrap;gap:4px 18px;font-size:13px}
.tiles{display:grid;grid-template-columns:repeat(2,1fr);gap:1px;background:var(--line);
border:1px solid var(--line);border-radius:8px;overflow:hidden}
.tile{background:var(--surface);padding:12px 16px}
.tile .label{color:var(--ink-2);font-size:12.5px}
.tile .figure{font-size:22px;line-height:1.3;font-weight:650;color:var(--ink)}
.tile .figure a{color:inherit}
.tile .context{color:var(--ink-3);font-size:12px}
.tile:first-child .figure{font-size:30px}
@media (min-width:860px),print{.of-3{grid-template-columns:repeat(3,1fr)}
.of-4{grid-template-columns:repeat(4,1fr)}.wide .tile:first-child{grid-column:span 2}}
.scroll{overflow-x:auto;margin:14px 0 6px}
table{border-collapse:collapse;width:100%;font-size:12.5px;line-height:1.45}
caption{text-align:left;font-weight:600;font-size:13px;padding:0 0 6px;color:var(--ink)}
th,td{padding:4px 7px;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);
font-weight:400}
thead th{border-top:1.5px solid var(--ink);border-bottom:1px solid var(--line-strong);
font-size:11.5px;color:var(--ink-2);vertical-align:bottom;font-weight:550}
tbody:last-of-type tr:last-child>*{border-bottom:1.5px solid var(--ink)}
.n{text-align:right;white-space:nowrap}
tr.group th{background:var(--raised);font-weight:600;border-bottom-color:var(--line-strong)}
tr.subtotal>*{border-top:1px solid var(--line-strong)}
tr.total>*{border-top:1.5px solid var(--ink);font-weight:650}
tr.note td{color:var(--ink-3);font-size:11.5px}
tr:target>*,li:target{background:var(--warn-weak)}
.strong{font-weight:650}
.note{color:var(--ink-3);font-size:12px}
.flag{color:var(--warn);background:var(--warn-weak);border-radius:4px;padding:0 4px;
font-size:11.5px;
white-space:nowrap}
p>.flag,li>.flag{white-space:normal}
ul{margin:8px 0;padding-left:20px}
li{margin:3px 0}
figure{margin:18px 0 10px;break-inside:avoid}
figcaption{font-weight:600;font-size:13px;margin-bottom:8px}
svg{display:block;width:100%;height:auto;font-family:inherit}
svg text.strong{font-weight:650}
svg a:hover text{fill:var(--accent)}
.halo{paint-order:stroke;stroke-width:2.4px;stroke-linejoin:round}
pre{margin:6px 0;padding:8px 12px;background:var(--sunken);border-radius:6px;overflow-x:auto}
pre code{color:var(--ink);overflow-wrap:normal}
footer{margin-top:32px;padding-top:10px;border-top:1px solid var(--line);color:var(--ink-3);
font-size:11.5px;overflow-wrap:anywhere}
@media (max-width:700px){.sheet{margin:0;padding:20px 16px;border:0;border-radius:0}
.tiles{grid-template-columns:1fr}table{min-width:680px}figure{overflow-x:auto}svg{min-width:560px}}
@page{size:A4;margin:16mm 14mm 18mm;@bottom-right{content:counter(page) " / " counter(pages);
font-size:8pt}}
@media print{body{background:none;font-size:9.5pt}.sheet{max-width:none;margin:0;padding:0;border:0}
.skip{display:none}.scroll{overflow:visible}table{font-size:7.8pt}thead th{font-size:7.2pt}
th,td{padding:2.5px 4px}tr,li,.tile{break-inside:avoid}h2{break-after:avoid;margin-top:22px}
caption,thead{break-after:avoid}tbody tr:first-child{break-before:avoid}.tile{padding:8px 12px}
.tile .figure{font-size:14pt}.tile:first-child .figure{font-size:18pt}
a{color:inherit}pre{white-space:pre-wrap;overflow-wrap:anywhere}}
"""

_LIGHT = _tokens(LIGHT | _MORE_LIGHT, _MORE["ok-light"])
_DARK = _tokens(DARK | _MORE_DARK, _MORE["ok-dark"])
# What is printed is light, whatever the screen is.
SHEET = (
    f":root{{color-scheme:light dark;{_LIGHT}}}"
    f"@media screen and (prefers-color-scheme:dark){{:root{{{_DARK}}}}}"
    f"{_inks()}{_RULES}"
)
