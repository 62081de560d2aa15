// SPDX-License-Identifier: BSD-2-Clause
// run: the page of a folder of results.

import {causeBars, groupCauses} from './causes.js';
import {el, section, table} from './dom.js';
import {number, plural, time, timeLabels} from './format.js';
import {latencies} from './latency.js';
import {plot} from './plot.js';
import {stacked} from './stats.js';
import {timeline} from './timeline.js';
import {wave} from './wave.js';

const percent = (value) => `${number(value, 4)} %`;

/** Times in the middle of bins. */
function bins(width, end) {
  return Array.from({length: Math.ceil(end / width)}, (_, i) => (i + 0.5) * width);
}

const timeAxis = (width, end) => ({values: bins(width, end), label: 'time', text: time, labels: timeLabels});

function occupancy(bus) {
  const lists = bus.masters.map((master) => master.share.map((value) => 100 * (value ?? 0)));
  const sums = stacked(lists);
  const note = {
    ahb: 'Share of cycles in which a master has a data phase, wait states included.',
    axi: 'Share of cycles in which a master reads, and writes, a beat: each may have 100 %.',
    isa: 'Share of time in which a bus cycle goes on.',
  }[bus.kind];
  return plot({
    title: `Bus ${bus.name}: who is on it`,
    x: timeAxis(bus.width, bus.end),
    y: {label: 'busy', text: percent, range: (_, low, high) => [0, Math.max(100, high)]},
    series: bus.masters.map((master, i) => ({name: master.name, values: sums[i], shown: lists[i], text: percent, fill: true, stepped: 1, width: 0.5})),
    note,
  });
}

function levels(data) {
  return data.series.map((one) => plot({
    title: `Level of ${one.name}`,
    x: timeAxis(data.width, data.end),
    y: {label: 'level', range: (_, low, high) => [0, Math.max(1, high)]},
    series: [{name: 'most', values: one.high, stepped: 1}, {name: 'least', values: one.low, stepped: 1}],
    bands: [[0, 1, 0]],
    height: 160,
  }));
}

function causes(summary) {
  const groups = groupCauses(summary.map(([name]) => name));
  const kinds = new Map(); // wholes with the same causes in one figure: buses, transfers
  for (const group of groups) {
    const kind = group.whole.split('.')[0];
    if (!kinds.has(kind)) kinds.set(kind, []);
    kinds.get(kind).push(group);
  }
  return [...kinds].map(([kind, members]) => {
    const names = [...new Set(members.flatMap((group) => group.parts.map((part) => part.cause)))];
    const unit = summary[members[0].parts[0].index][2];
    const bars = members.map((group) => ({
      label: group.whole,
      values: names.map((name) => {
        const part = group.parts.find((one) => one.cause === name);
        return part ? Number(summary[part.index][1]) : null;
      }),
    }));
    return causeBars(`Where the cycles of each ${kind} go`, names, bars, unit);
  });
}

/** The figures a reader looks for first. */
function overview(data) {
  const figures = new Map(data.summary.map(([name, value, unit]) => [name, {value, unit}]));
  const cards = [];
  const card = (label, text) => cards.push(el('div', {class: 'card'}, el('dt', {}, label), el('dd', {}, text)));
  const figure = (name) => figures.get(name)?.value;
  if (figure('run.time')) card('Simulated', time(Number(figure('run.time')) * 1000));
  if (figure('transfers.count')) card('Transfers', `${figure('transfers.complete')} complete of ${figure('transfers.count')}`);
  if (figure('transfers.latency.median')) {
    card('Latency, median', time(Number(figure('transfers.latency.median')) * 1000));
    card('Latency, longest', time(Number(figure('transfers.latency.max')) * 1000));
  }
  for (const [name, {value}] of figures) {
    const bus = /^bus\.(.+)\.share_of_peak$/.exec(name);
    if (bus) card(`Share of peak, ${bus[1]}`, `${value} %`);
    if (/\.(overruns|underruns)$/.test(name) && Number(value) > 0) card(name, value);
    if (/^bus\..*\.errors$/.test(name) && !name.includes('.master.') && Number(value) > 0) card(name, value);
  }
  return el('dl', {class: 'cards'}, cards);
}

function figuresTable(summary) {
  const prefix = (name) => name.split('.').slice(0, name.startsWith('run.') || name.startsWith('transfers.') ? 1 : 2).join('.');
  const groups = new Map();
  for (const row of summary) {
    if (!groups.has(prefix(row[0]))) groups.set(prefix(row[0]), []);
    groups.get(prefix(row[0])).push(row);
  }
  return [...groups].map(([name, rows], i) => el('details', {class: 'numbers', open: i < 1},
    el('summary', {}, `${name} (${plural(rows.length, 'figure')})`),
    table(`Figures of ${name}`, ['figure', 'value', 'unit'], rows, {class: 'figures'})));
}

const missing = (file, what) => el('p', {class: 'missing'}, `There is no ${file} among these results, so nothing is drawn of ${what}.`);

/** The parts of the page; `index` gets a link to each. */
export function runPage(data, index) {
  const parts = [];
  const add = (title, ...children) => parts.push(section(index, title, ...children));
  if (data.interrupted) parts.push(el('p', {role: 'note', class: 'warning'}, data.interrupted.trim()));
  add('Summary', overview(data), figuresTable(data.summary));
  const bars = causes(data.summary);
  if (bars.length) add('Causes', bars);
  add('Bus occupancy', data.buses ? el('div', {class: 'grid wide'}, data.buses.map(occupancy)) : missing('bus.csv or beats.csv', 'who was on a bus'));
  add('Transfers', data.transfers ? timeline(data) : missing('transfers.csv', 'transfers'));
  if (data.transfers) add('Latencies', latencies(data.latencies));
  add('FIFO levels', data.levels ? el('div', {class: 'grid'}, data.levels.series.length ? levels(data.levels) : el('p', {}, 'No FIFO is traced.')) : missing('trace.vcd', 'levels'));
  add('Interesting cycles', data.waves ? (data.waves.length ? data.waves.map(wave) : el('p', {}, 'No error, no loss and no stall was traced.')) : missing('trace.vcd', 'waveforms'));
  if (data.scenario) {
    add('Scenario', el('details', {}, el('summary', {}, 'The scenario with every default filled in'), el('pre', {class: 'scroll', tabindex: '0'}, data.scenario)));
  }
  return parts;
}
