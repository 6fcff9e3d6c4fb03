"""What is laid out differently from benchopt 1.10.0's page of one run."""

from importlib.resources import files as resources

SUMMARY = "<!-- Plot configuration -->"
"""The summary goes in front of it."""

# (how often, old, new)
CHANGES = [
    # learned and classical methods differ by the line
    (1, """\
      mode: 'lines+markers',
      line: {
        color: curveData.color,
""", """\
      mode: 'lines+markers',
      line: {
        color: curveData.color,
        dash: curveData.dash,
"""),
    (1, "        size: 10,\n", "        size: 7,\n"),
    (1, "  hBar.style.height = '2px';\n",
     "  const dash = {dash: 'dashed', dot: 'dotted'}[data(curve).dash];\n"
     "  hBar.style.borderTop = `2px ${dash ?? 'solid'} ${color}`;\n"),
    (1, "  hBar.style.backgroundColor = color;\n", ""),
    # a title is as wide as the plot at most, see TITLE_WIDTH of the command
    (1, "const MPL_LAYOUT = {",
     "const MPL_LAYOUT = {\n"
     "  get title() {\n"
     "    const size = window.innerWidth < 700 ? 9 : 14;\n"
     "    return {text: getPlotData().title, font: {size}};\n"
     "  },"),
    # open markers are to be seen
    (2, "path.setAttribute('stroke-width', 0.5);",
     "path.setAttribute('stroke-width', 1.5);"),
    # what can be clicked can be reached and pressed with the keyboard
    (1, "  // Click on a curve in the legend\n", """\
  pressable(item);
  item.setAttribute('aria-pressed', isVisible(curve));
  // Click on a curve in the legend
"""),
]


def end():
    """Return the style and the script of the end of the page, HTML."""
    style, script = (
        (resources("ci.report") / f"layout.{kind}").read_text("utf-8")
        for kind in ("css", "js"))
    return f"<style>{style}</style><script>{script}</script>"
