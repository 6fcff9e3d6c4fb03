const profileMenus = ['level', 'training'].map(
  name => document.getElementById(`profile_${name}`));
const drawProfile = () => {
  const { n, curves } = profiles[profileMenus.map(menu => menu.value)
    .join(', ')];
  const div = document.getElementById('profile');
  const narrow = div.clientWidth < 520;
  const axis = {
    gridcolor: '#eceff2', linecolor: '#8b949e', zeroline: false,
    showline: true, ticks: 'outside', tickcolor: '#8b949e', automargin: true,
  };
  div.replaceChildren();  // a copy of this page comes with its drawing
  Plotly.newPlot(div, curves.map(({ name, x, y, color, dash, marker }) => ({
    name, x, y, mode: 'lines+markers', line: { color, dash, shape: 'hv' },
    // the end of a curve is no solved case
    marker: { color, symbol: marker, size: x.map((_, i) =>
      i < x.length - 1 ? 6 : 0) },
    hovertemplate: `${name}: %{y:.0%} within %{x:.3g} x<extra></extra>`,
  })), {
    xaxis: { ...axis, type: 'log', exponentformat: 'power',
             title: { text: "time over the fastest method's", standoff: 6 } },
    yaxis: { ...axis, range: [0, 1.03], tickformat: '.0%',
             title: { text: `share of ${n} cases`, standoff: 6 } },
    font: { family: 'system-ui, sans-serif', size: 11, color: '#1b1f24' },
    margin: { l: 50, r: 8, t: 8, b: 40 }, hovermode: 'closest',
    showlegend: true, legend: narrow
      ? { orientation: 'h', y: -0.25, font: { size: 10 } }
      : { x: 1.01, y: 1, font: { size: 10 } },
    annotations: curves.length ? [] : [{
      xref: 'paper', yref: 'paper', x: 0.5, y: 0.5, showarrow: false,
      text: 'no method gets there' }],
  }, { responsive: true, displaylogo: false, displayModeBar: false });
};
profileMenus.forEach(menu => {
  menu.addEventListener('change', event => {
    event.stopPropagation();
    drawProfile();
  });
});
window.addEventListener('load', drawProfile);
