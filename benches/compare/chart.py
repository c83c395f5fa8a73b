"""The medians as bars, in an SVG that is read as well on a dark page: it brings its own background."""

from html import escape

from report import seconds

WIDTH, LABEL, BARS = 760, 190, 310
LINE, GAP, TITLE, MARGIN = 24, 22, 26, 16
NOTES = (
    "Median of the wall time, less is better; how many times ours; peak memory.",
    "Dashed: a part of the work alone, which no counter can do without.",
)
STYLE = """
  .page { fill: #ffffff; stroke: #d0d7de } .text { fill: #1f2328 } .note { fill: #59636e }
  .ours { fill: #0a7d4f } .peer { fill: #8c959f } .limit { fill: none; stroke: #8c959f; stroke-dasharray: 4 3 }
  text { font: 14px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif }
  .title { font-weight: 600; font-size: 15px }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117; stroke: #3d444d } .text { fill: #f0f6fc } .note { fill: #9198a1 }
    .ours { fill: #2ea87a } .peer { fill: #656c76 } .limit { stroke: #9198a1 }
  }
"""


def svg(report, skip=("threads", "sizes", "startup")):
    """A panel of bars for each work that has peers."""
    panels = [(work, rows) for work, rows in report.works if work.name not in skip]
    parts, top = [], MARGIN
    for work, rows in panels:
        parts += panel(work, rows, report, top)
        top += TITLE + LINE * len(rows) + GAP
    for note in NOTES:
        parts.append(text(MARGIN, top + 4, note, "note"))
        top += LINE - 4
    return document(parts, top + MARGIN - 8)


def panel(work, rows, report, top):
    longest = max(row.median for row in rows)
    yield text(MARGIN, top + 16, work.title, "text title")
    for number, row in enumerate(rows):
        yield from bar(row, rows[0], longest, report.memory(row), top + TITLE + LINE * number)


def bar(row, ours, longest, memory, top):
    """One tool: its name, its bar, its figures."""
    length = max(BARS * row.median / longest, 2)
    kind = "ours" if row.is_ours else "limit" if row.is_limit else "peer"
    ratio = "" if row is ours else f" ({row.median / ours.median:.1f}×)"
    name = text(LABEL, top + 16, row.name, "text", anchor="end")
    shape = f'<rect class="{kind}" x="{LABEL + 10}" y="{top + 4}" width="{length:.1f}" height="{LINE - 8}" rx="2"/>'
    return name, shape, text(LABEL + 18 + length, top + 16, f"{seconds(row.median)}{ratio}, {memory}", "note")


def text(x, y, content, kind, anchor="start"):
    return f'<text class="{kind}" x="{x:.1f}" y="{y}" text-anchor="{anchor}">{escape(content)}</text>'


def document(parts, height):
    size = f'width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
    title = "<title>How long ngram-count and other tools take for the same work</title>"
    page = f'<rect class="page" x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="6"/>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
    return "\n".join([head, title, f"<style>{STYLE}</style>", page, *parts, "</svg>\n"])
