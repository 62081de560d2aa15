// SPDX-License-Identifier: BSD-2-Clause
// lines: metrics over axes as small multiples, a figure for each metric and axis.

import {choice, el} from './dom.js';
import {number, plural} from './format.js';
import {plot} from './plot.js';

const LINES_MAX = 8;   // values of an axis that become lines of their own
const FIGURES_MAX = 24; // drawn without being asked: beyond them one axis at a time
const METRICS_MAX = 60;

/** x of a plot over an axis: its values where it has numbers, in rising order; else one place for each. */
function scaleOf(axis) {
  const order = axis.texts.map((_, i) => i);
  if (!axis.numbers) return {order, x: {values: order, label: axis.name, scale: 'ordinal', names: axis.texts, text: (i) => axis.texts[i]}};
  order.sort((a, b) => axis.numbers[a] - axis.numbers[b]);
  const texts = new Map(axis.numbers.map((value, i) => [value, axis.texts[i]]));
  return {order, x: {values: order.map((i) => axis.numbers[i]), label: axis.name, scale: axis.geometric ? 'log' : 'linear', text: (value) => texts.get(value) ?? number(value)}};
}

function figure(study, metric, axis, split, fixed, selection) {
  const {order, x} = scaleOf(axis);
  const curves = study.curves(metric, axis, split, fixed);
  const spread = curves.some((line) => line.count.some((count) => count > 1));
  const series = curves.map((line) => ({name: split ? `${split.name} ${line.name}` : spread ? 'mean' : metric.name, values: order.map((i) => line.mean[i]), dots: true, spanGaps: true}));
  let bands;
  if (curves.length === 1 && spread) {
    const of = (name) => ({name, values: order.map((i) => curves[0][name === 'least' ? 'low' : 'high'][i]), width: 0.5, spanGaps: true, colour: 'series-0'});
    series.push(of('most'), of('least'));
    bands = [[1, 2, 0]];
  }
  // The first row with this value of the axis, that the first line has.
  const pick = (at) => {
    const wanted = order[at];
    const row = study.ran.find((i) => study.choice(axis, i) === wanted && [...fixed].every(([other, k]) => study.choice(other, i) === k));
    if (row !== undefined) selection.pick(row);
  };
  return plot({title: `${metric.name} over ${axis.name}`, x, series, bands, height: 190, pick, note: metric.expression === metric.name ? '' : `${metric.name} = ${metric.expression}`});
}

export function lines(study, metrics, selection) {
  const host = el('div', {class: 'grid'});
  const few = study.axes.length * metrics.length <= FIGURES_MAX;
  let shown = few ? 'all' : study.axes[0].index;
  let split = study.axes.find((axis, i) => i > 0 && axis.texts.length <= LINES_MAX) ?? null;
  const fixed = new Map();
  const controls = el('div', {class: 'controls'});

  function paint() {
    const figures = [];
    for (const metric of metrics.slice(0, METRICS_MAX)) {
      for (const axis of study.axes) {
        if (shown !== 'all' && axis.index !== shown) continue;
        const own = split && split !== axis ? split : study.axes.find((other) => other !== axis && other.texts.length <= LINES_MAX && !fixed.has(other)) ?? null;
        const held = new Map([...fixed].filter(([other]) => other !== axis));
        figures.push(figure(study, metric, axis, split ? (fixed.has(own) ? null : own) : null, held, selection));
      }
    }
    host.replaceChildren(...figures);
  }

  controls.append(choice('Over', [...(study.axes.length > 1 ? [['all', 'every axis']] : []), ...study.axes.map((axis) => [axis.index, axis.name])], shown, (value) => {
    shown = value === 'all' ? value : Number(value);
    paint();
  }));
  const splits = study.axes.filter((axis) => axis.texts.length <= 4 * LINES_MAX);
  if (study.axes.length > 1) {
    controls.append(choice('A line for each', [['', '(mean, least and most)'], ...splits.map((axis) => [axis.index, axis.name])], split ? split.index : '', (value) => {
      split = value === '' ? null : study.axes[Number(value)];
      paint();
    }));
    for (const axis of study.axes) {
      controls.append(choice(axis.name, [['', 'all'], ...axis.texts.slice(0, 200).map((text, i) => [i, text])], '', (value) => {
        if (value === '') fixed.delete(axis);
        else fixed.set(axis, Number(value));
        paint();
      }));
    }
  }
  paint();
  const more = metrics.length > METRICS_MAX && el('p', {class: 'missing'}, `The first ${METRICS_MAX} of ${plural(metrics.length, 'metric')}.`);
  return [controls, host, more];
}
