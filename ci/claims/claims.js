const font = {
  family: 'system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif',
  size: 12, color: '#1b1f24',
};
const axis = {
  gridcolor: '#eceff2', linecolor: '#8b949e', zeroline: false, ticks: 'outside',
  tickcolor: '#8b949e', ticklen: 4, showline: true, automargin: true,
  exponentformat: 'power',
};
const draw = (panel, index) => {
  const layout = panel.layout;
  for (const name of ['xaxis', 'yaxis']) {
    layout[name] = { ...axis, ...layout[name] };
    layout[name].title.standoff = 8;
    // plotly draws powers of ten a quarter larger than other labels
    layout[name].tickfont = { size: layout[name].dtick ? 9.6 : 12 };
  }
  Plotly.newPlot(`panel${index}`, panel.data, {
    ...layout, font,
    title: { ...layout.title, font: { size: 13 }, x: 0, xref: 'paper',
             xanchor: 'left', y: 0.985 },
    margin: { l: 60, r: 12, t: 34, b: 44 }, hovermode: 'closest',
    legend: { orientation: 'h', y: -0.22, x: 0, font: { size: 11 } },
    paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)',
  }, { responsive: true, displaylogo: false,
       modeBarButtonsToRemove: ['select2d', 'lasso2d', 'autoScale2d'] });
};
panels.forEach(draw);
