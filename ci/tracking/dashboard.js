const $ = id => document.getElementById(id);
const MOST = 250;
const unpack = spans => {
  const all = [];
  for (let i = 0; i < spans.length; i += 2)
    for (let k = 0; k < spans[i + 1]; k++) all.push(spans[i] + k);
  return all;
};
const series = data.series.map(([key, spans, values, steps], id) => ({
  id, key: key.map(word => data.words[word]), at: unpack(spans), values,
  steps: steps.map(([n, before, after, software]) => (
    { n, before, after, software, ratio: after / before })),
}));
const commits = data.commits.map(([id, date, author, subject]) => (
  { id, date: date.slice(0, 10), author, subject }));
const short = value => {
  if (!Number.isFinite(value)) return value > 0 ? '∞' : 'no number';
  const rounded = Number(value.toPrecision(4)), size = Math.abs(rounded);
  return size >= 1e6 || size > 0 && size < 1e-4 ? rounded.toExponential()
    : String(rounded);
};
const element = (name, text, properties = {}) =>
  Object.assign(document.createElement(name), { textContent: text },
                properties);
const cell = (row, content, className = '') => {
  const td = element('td', typeof content === 'string' ? content : '',
                     { className });
  if (typeof content !== 'string') td.append(content);
  row.append(td);
};
const commitLink = n => {
  const { id, subject } = commits[n];
  return data.url
    ? element('a', id.slice(0, 10), { href: data.url + id, title: subject })
    : element('code', id.slice(0, 10), { title: subject });
};
const sign = ratio => ratio > 1 ? 'worse' : 'better';
// all metrics are positive, or nearly: a ratio is what the eye should compare
const sparkline = ({ at, values, steps, key }) => {
  const shown = at.map((n, i) => [n, values[i]])
    .filter(([, v]) => v > 0 && v < Infinity)
    .map(([n, v]) => [n, Math.log(v)]);
  const low = shown.reduce((m, [, v]) => Math.min(m, v), Infinity);
  const high = shown.reduce((m, [, v]) => Math.max(m, v), -Infinity);
  const x = n => 2 + 156 * n / Math.max(1, commits.length - 1);
  const y = v => high > low ? 25 - 22 * (v - low) / (high - low) : 14;
  const path = shown.map(([n, v], i) =>
    `${i ? 'L' : 'M'}${x(n).toFixed(1)} ${y(v).toFixed(1)}`).join('');
  const ns = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(ns, 'svg');
  svg.setAttribute('class', 'spark');
  svg.setAttribute('viewBox', '0 0 160 28');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label',
    `${key[3]}, ${key[4]}: ${shown.length} values, ${steps.length} changes`);
  const line = document.createElementNS(ns, 'path');
  line.setAttribute('d', shown.length === 1 ? `${path}h1` : path);
  line.setAttribute('fill', 'none');
  line.setAttribute('stroke', data.colours[0]);
  line.setAttribute('stroke-width', '1.2');
  svg.append(line);
  for (const { n, ratio } of steps) {
    const mark = document.createElementNS(ns, 'line');
    for (const [name, value] of Object.entries(
      { x1: x(n), x2: x(n), y1: 1, y2: 27, 'stroke-dasharray': 2,
        stroke: ratio > 1 ? '#b3261e' : '#1a7f4b' }))
      mark.setAttribute(name, value);
    svg.append(mark);
  }
  return svg;
};
const draw = one => {
  const [benchmark, dataset, objective, solver, metric] = one.key;
  $('title').textContent = `${solver}: ${metric}`;
  $('where').textContent = [benchmark, dataset, objective].join(' | ');
  for (const row of $('series').tBodies[0].rows)
    row.classList.toggle('chosen', row.dataset.id === String(one.id));
  const positive = !one.values.some(v => v <= 0);
  Plotly.react('chart', [{
    x: one.at, y: one.values, mode: 'lines+markers', name: metric,
    marker: { size: 5, color: data.colours[0] }, line: { width: 1.2 },
    text: one.at.map(n => `${commits[n].id.slice(0, 10)} ${commits[n].date}`
      + `<br>${commits[n].author.replace(/</g, '&lt;')}: `
      + commits[n].subject.replace(/</g, '&lt;')),
    hovertemplate: '%{y:.4g}<br>%{text}<extra></extra>',
  }], {
    margin: { l: 64, r: 12, t: 8, b: 44 }, hovermode: 'closest',
    xaxis: { title: 'commit', automargin: true, tickmode: 'array',
      ...ticks(one.at) },
    yaxis: { type: positive ? 'log' : 'linear', automargin: true,
      exponentformat: 'power', title: metric },
    shapes: one.steps.map(({ n, ratio }) => ({
      type: 'line', x0: n - .5, x1: n - .5, yref: 'paper', y0: 0, y1: 1,
      line: { dash: 'dot', color: ratio > 1 ? '#b3261e' : '#1a7f4b' } })),
  }, { responsive: true, displaylogo: false });
};
const ticks = at => {
  const every = Math.ceil(at.length / 8);
  const chosen = at.filter((_, i) => i % every === 0);
  return { tickvals: chosen, ticktext: chosen.map(n => commits[n].date) };
};
const choose = one => {
  draw(one);
  history.replaceState(null, '', '#' + one.id);
};
const chosenSeries = () => {
  const wanted = data.keys.map(key => $(key).value);
  const words = $('search').value.toLowerCase().split(/\s+/);
  return series.filter(({ key }) => wanted.every((w, i) => !w || w === key[i])
    && words.every(w => key.join(' ').toLowerCase().includes(w)));
};
const update = () => {
  const found = chosenSeries();
  $('count').textContent = `${found.length} of ${series.length} series`
    + (found.length > MOST ? `; the first ${MOST} are listed` : '');
  $('series').tBodies[0].replaceChildren(...found.slice(0, MOST).map(one => {
    const row = document.createElement('tr');
    row.dataset.id = one.id;
    const button = element('button', one.key[3], { type: 'button' });
    button.addEventListener('click', () => {
      choose(one);
      $('title').scrollIntoView({ block: 'nearest' });
    });
    cell(row, button);
    cell(row, one.key[4]);
    cell(row, [one.key[0], one.key[1], one.key[2]].join(' | '), 'where');
    cell(row, short(one.values.at(-1)));
    cell(row, one.steps.map(({ ratio }) => `x ${short(ratio)}`).join(', '));
    cell(row, sparkline(one));
    return row;
  }));
  const changes = found.flatMap(one => one.steps.map(step =>
    ({ one, ...step }))).sort((a, b) => b.n - a.n);
  $('changes').tBodies[0].replaceChildren(
    ...changes.slice(0, MOST).map(change => {
      const { one, n, before, after, software, ratio } = change;
      const row = document.createElement('tr');
      const since = document.createElement('span');
      since.append(commits[n].date + ' ', commitLink(n));
      cell(row, since);
      cell(row, commits[n].author
        + (software && `; also changed: ${software}`));
      cell(row, `x ${short(ratio)} (${short(before)} to ${short(after)})`,
           sign(ratio));
      const button = element('button', `${one.key[3]}: ${one.key[4]}`,
                             { type: 'button' });
      button.addEventListener('click', () => {
        choose(one);
        $('title').scrollIntoView({ block: 'nearest' });
      });
      cell(row, button);
      return row;
    }));
  if (found.length) draw(found[0]);
  else {
    $('title').textContent = 'No such series';
    $('where').textContent = '';
    Plotly.purge('chart');
  }
};
data.keys.forEach((key, i) => {
  const names = [...new Set(series.map(one => one.key[i]))].sort();
  const label = name => key === 'machine'
    ? `${data.machines[name]?.cpu ?? ''} (${name})` : name;
  $(key).append(element('option', 'all', { value: '' }),
    ...names.map(name => element('option', label(name), { value: name })));
  $(key).addEventListener('change', update);
});
$('search').addEventListener('input', update);
$('filters').addEventListener('submit', event => event.preventDefault());
const last = commits.at(-1);
$('summary').textContent = commits.length
  ? `${commits.length} commits, ${series.length} series; the last commit is `
    + `${last.id.slice(0, 10)} of ${last.date} by ${last.author}. All metrics `
    + 'are better the smaller they are; ∞ is a level that is not reached.'
  : 'The history has no run of a commit: python -m ci run adds to it.';
update();
if (series[+location.hash.slice(1)] && location.hash)
  draw(series[+location.hash.slice(1)]);
