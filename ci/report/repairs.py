"""Errors of benchopt 1.10.0's page script, result.js, and their repair."""

# (how often, old, new)
REPAIRS = [
    # one NaN or null in a curve spoils the minimum of all curves
    (1, "...curveData.y);", "...curveData.y.filter(Number.isFinite));"),
    # bands do not move with their curve; relative divides by y0 - 2 min
    (1, """\
    if (state().suboptimal_curve) {
      y = y.map(value => value - min_y);
    }
    if (state().relative_curve) {
      y = y.map(value => value / (y[0] - min_y));
    }
""", """\
    const shift = state().suboptimal_curve ? min_y : 0;
    const unit = state().relative_curve ? y[0] - min_y : 1;
    const moved = values => values.map(value => (value - shift) / unit);
    y = moved(y);
    if ("y_low" in curveData && state().with_quantiles) {
      y_low = moved(y_low);
      y_high = moved(y_high);
    }
"""),
    # a metric without numbers (text) has no box: no first box to ask
    (2, "plot_info.data[0].x[0]", "plot_info.data[0]?.x[0]"),
    # the title of images shows its line breaks as text
    (1, "titleEl.innerText = plotData.title;",
     "titleEl.innerText = plotData.title.replace(/<br\\s*\\/?>/g, '\\n');"),
    # the plot "table" also takes the menus of a plot "table_of_ends"
    (1, "if (key.startsWith(kind)) {",
     "if (document.getElementById('change_' + key)?.closest("
     "`[id='${kind}-custom-params-container']`)) {"),
    # another metric keeps the scale of the one before
    (1, "  window._state = {...state(), ...partialState};\n",
     "  const before = state() && getPlotData().scale;\n"
     "  window._state = {...state(), ...partialState};\n"),
    (1, "  if (plotKindChanged) {\n",
     "  if (plotKindChanged || (\n"
     "    !('scale' in partialState) && getPlotData().scale !== before\n"
     "  )) {\n"),
    # a saved view's scale loses against the plot's default scale
    (1, "    setState(update);\n",
     "    setState(update);\n"
     "    if ('scale' in update) setState({scale: update.scale});\n"),
    # NaN compares equal to everything, which leaves the rows unsorted
    (1, "  if (numA !== null && numB !== null) {",
     "  if (Number.isNaN(numA) || Number.isNaN(numB)) {\n"
     "    return Number.isNaN(numA) - Number.isNaN(numB);\n"
     "  }\n"
     "  if (numA !== null && numB !== null) {"),
    # a title of more than three lines runs into the plot
    (1, "const MPL_LAYOUT = {",
     "const MPL_LAYOUT = {\n"
     "  get margin() {\n"
     "    return {t: 56 + 22 * getPlotData().title.split('<br').length};\n"
     "  },"),
    # a gap of 1e-9 shows as 0.0000
    (1, "    return value.toFixed(tableFloatPrecision);",
     "    const size = Math.abs(value);\n"
     "    return size !== 0 && (size < 10 ** (1 - tableFloatPrecision)"
     " || size >= 1e6)\n"
     "      ? value.toExponential(tableFloatPrecision)\n"
     "      : value.toFixed(tableFloatPrecision);"),
]
