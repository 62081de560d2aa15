// SPDX-License-Identifier: BSD-2-Clause
// plot: a figure drawn by uPlot, with a legend of buttons, a cursor that the arrow keys move, a line of text that says
// what is under it, and its numbers as a table. A figure is drawn when it comes into view.

import uPlot from 'uplot';
import {el, newId, table} from './dom.js';
import {number, shortNames} from './format.js';
import {colour, dash, onRepaint, seriesColour} from './theme.js';

const TABLE_ROWS = 1000;
const waiting = new Map(); // figures that nobody has seen yet, and what draws them

const watcher = globalThis.IntersectionObserver && new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) draw(entry.target);
}, {rootMargin: '300px'});

function draw(node) {
  const start = waiting.get(node);
  if (!start) return;
  waiting.delete(node);
  watcher?.unobserve(node);
  start();
}

/** Calls `start` once `node` is near to what is seen, or printed. */
export function whenSeen(node, start) {
  waiting.set(node, start);
  if (watcher) watcher.observe(node);
  else draw(node);
}

export function drawAll() {
  for (const node of [...waiting.keys()]) draw(node);
}

const identity = (value) => number(value);

function axis(options, side) {
  return {
    stroke: () => colour('text'),
    grid: {stroke: () => colour('grid'), width: 1},
    ticks: {stroke: () => colour('grid'), width: 1},
    font: '12px system-ui, sans-serif',
    labelFont: '12px system-ui, sans-serif',
    size: side === 'y' ? 64 : 40,
    ...options,
  };
}

function seriesOptions(one, i) {
  const points = one.points === true;
  return {
    label: one.name,
    scale: one.scale ?? 'y',
    stroke: () => (one.colour ? colour(one.colour) : seriesColour(i)),
    fill: one.fill ? () => (one.colour ? colour(one.colour) : seriesColour(i)) : undefined,
    alpha: one.alpha,
    width: one.width ?? 1.5,
    dash: dash(i),
    spanGaps: one.spanGaps ?? false,
    points: points ? {show: true, size: one.size ?? 6, space: 0, fill: () => colour(one.colour ?? 'text')} : {show: one.dots ?? false, size: 5},
    paths: points ? () => null : one.stepped ? uPlot.paths.stepped({align: one.stepped}) : undefined,
  };
}

/**
 * A figure.
 *
 * x: {values, label, text(value), scale: 'linear' | 'log' | 'ordinal', names}
 * series: of each {name, values, text(value), fill, stepped, points, colour, scale, shown(i)}; `shown` is the value that is
 *   told where `values` are only what is painted (stacks)
 * bands: pairs of series between which is filled
 * y: options of the left axis: {label, text, log, min, max}; right: the same of the scale 'right'
 * pick(i): called with the index that was clicked, or on which Enter was pressed
 */
export function plot({title, x, series, bands, y = {}, right, height = 220, pick, note}) {
  const id = newId('plot');
  const readout = el('p', {class: 'readout', 'aria-live': 'polite'}, note ?? '');
  const area = el('div', {class: 'plot', tabindex: '0', role: 'application', 'aria-labelledby': `${id}-title`,
    'aria-describedby': `${id}-help`, style: {height: `${height}px`}});
  const help = el('span', {id: `${id}-help`, class: 'hidden'},
    `A plot. The arrow keys move along it, ${pick ? 'Enter chooses the point, ' : ''}its numbers are in the table below.`);
  const legend = el('div', {class: 'legend'});
  const figure = el('figure', {class: 'figure'}, el('figcaption', {id: `${id}-title`}, title), legend, area, help, readout);
  const xText = x.text ?? identity;
  let u;
  let at = -1;

  function tell(i) {
    const values = series.filter((one, k) => u.series[k + 1].show && one.silent !== true)
      .map((one) => [one, (one.shown ?? one.values)[i]])
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([one, value]) => `${one.name} ${(one.text ?? identity)(value)}`);
    readout.textContent = `${x.label ? `${x.label} ` : ''}${xText(x.values[i])}: ${values.join(', ')}`;
  }

  function moveTo(i) {
    at = Math.max(0, Math.min(x.values.length - 1, i));
    const first = series.findIndex((one, k) => u.series[k + 1].show && one.values[at] !== null && one.values[at] !== undefined);
    const top = first < 0 ? 0 : u.valToPos(series[first].values[at], u.series[first + 1].scale);
    u.setCursor({left: u.valToPos(x.values[at], 'x'), top}, false);
    tell(at);
  }

  function key(event) {
    const step = event.shiftKey ? 10 : 1;
    const moves = {ArrowRight: at + step, ArrowLeft: at - step, Home: 0, End: x.values.length - 1};
    if (event.key in moves) moveTo(moves[event.key]);
    else if (event.key === 'Enter' && pick && at >= 0) pick(at);
    else return;
    event.preventDefault();
  }

  function start() {
    const ordinal = x.scale === 'ordinal';
    const xs = x.values;
    const options = {
      width: Math.max(200, area.clientWidth),
      height,
      legend: {show: false},
      cursor: {drag: {x: !ordinal, y: false}, points: {show: !series.some((one) => one.points)}},
      scales: {
        x: {time: false, distr: x.scale === 'log' ? 3 : 1,
          range: ordinal ? () => [-0.5, x.names.length - 0.5] : undefined},
        y: {distr: y.log ? 3 : 1, range: y.range},
        ...(right ? {right: {range: right.range}} : {}),
      },
      axes: [
        axis({label: x.label, labelSize: 18,
          values: ordinal ? (self, splits) => shortNames(x.names, splits, self.width - 80) : x.labels ? (_, splits) => x.labels(splits) : (_, splits) => splits.map((v) => (v === null ? '' : number(v))),
          splits: ordinal ? () => ordinalSplits(x.names.length) : undefined}, 'x'),
        axis({label: y.label, labelSize: 18, values: (_, splits) => splits.map((v) => (v === null ? '' : (y.text ?? number)(v)))}, 'y'),
        ...(right ? [axis({scale: 'right', side: 1, label: right.label, labelSize: 18, grid: {show: false}, values: (_, splits) => splits.map((v) => (right.text ?? number)(v))}, 'y')] : []),
      ],
      series: [{}, ...series.map(seriesOptions)],
      bands: bands?.map(([a, b, i]) => ({series: [a + 1, b + 1], fill: () => `${seriesColour(i)}33`})),
      hooks: {setCursor: [(self) => {
        if (self.cursor.idx === null || self.cursor.idx === undefined || !self.cursor.event) return;
        at = nearest(self, xs, series) ?? self.cursor.idx;
        tell(at);
      }]},
    };
    u = new uPlot(options, [xs, ...series.map((one) => one.values)], area);
    if (pick) u.over.addEventListener('click', () => at >= 0 && pick(at));
    new ResizeObserver(() => area.clientWidth > 0 && u.setSize({width: area.clientWidth, height})).observe(area);
    onRepaint(() => u.redraw(false));
  }

  area.addEventListener('keydown', (event) => {
    if (u) key(event);
  });
  const legendEntries = series.map((one, i) => [one, i]).filter(([one]) => one.silent !== true);
  if (legendEntries.length > 1) {
    for (const [one, i] of legendEntries) legend.append(legendButton(one, i, () => u));
  }
  figure.append(numbers(title, x, series));
  whenSeen(area, start);
  return figure;
}

/** Where an axis of names has labels: everywhere, or at some evenly, so that they do not overlap. */
function ordinalSplits(count) {
  const every = Math.ceil(count / 12);
  return Array.from({length: Math.ceil(count / every)}, (_, i) => i * every);
}

/** Of points: the one that is nearest to the pointer; of lines nothing. */
function nearest(u, xs, series) {
  if (!series.some((one) => one.points)) return undefined;
  const {left, top} = u.cursor;
  let best, least = Infinity;
  series.forEach((one, k) => {
    if (!one.points) return;
    for (let i = 0; i < xs.length; i++) {
      if (one.values[i] === null) continue;
      const dx = u.valToPos(xs[i], 'x') - left, dy = u.valToPos(one.values[i], u.series[k + 1].scale) - top;
      if (dx * dx + dy * dy < least) [best, least] = [i, dx * dx + dy * dy];
    }
  });
  return best;
}

function legendButton(one, i, chart) {
  const swatch = el('span', {class: `swatch ${one.colour ? `of-${one.colour}` : `series-${i % 8}`}`, 'aria-hidden': 'true'});
  const button = el('button', {type: 'button', 'aria-pressed': 'true'}, swatch, el('span', {class: 'legend-name', title: one.name}, one.name));
  button.addEventListener('click', () => {
    const u = chart();
    if (!u) return;
    const show = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(show));
    u.setSeries(i + 1, {show});
  });
  return button;
}

function numbers(title, x, series) {
  const details = el('details', {class: 'numbers'}, el('summary', {}, 'Numbers'));
  details.addEventListener('toggle', () => {
    if (!details.open || details.childElementCount > 1) return;
    const shown = series.filter((one) => one.silent !== true);
    const every = Math.ceil(x.values.length / TABLE_ROWS);
    const rows = [];
    for (let i = 0; i < x.values.length; i += every) {
      rows.push([(x.text ?? identity)(x.values[i]), ...shown.map((one) => {
        const value = (one.shown ?? one.values)[i];
        return value === null || value === undefined ? '' : (one.text ?? identity)(value);
      })]);
    }
    details.append(el('div', {class: 'scroll', tabindex: '0'}, table(every > 1 ? `${title}: one of ${every} rows` : title, [x.label || 'x', ...shown.map((one) => one.name)], rows)));
  });
  return details;
}
