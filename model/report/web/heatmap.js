// SPDX-License-Identifier: BSD-2-Clause
// heatmap: a metric over two axes, a table whose cells are coloured: it can be read, printed and walked through.

import {choice, el} from './dom.js';
import {number} from './format.js';
import {evenly, heat} from './scale.js';
import {aggregate, extent} from './stats.js';

const CELLS_MAX = 40; // of a side

export function heatMap(study, metrics, selection) {
  let [across, down] = study.axes, metric = study.goals()[0]?.metric ?? metrics[0];
  const host = el('div', {class: 'scroll'});

  function paint() {
    const width = across.texts.length;
    const sums = aggregate(metric.values, study.ran, width * down.texts.length, (i) => study.choice(down, i) * width + study.choice(across, i));
    const range = extent(sums.mean);
    const columns = evenly(width, CELLS_MAX), rows = evenly(down.texts.length, CELLS_MAX);
    const body = rows.map((y) => el('tr', {}, el('th', {scope: 'row'}, down.texts[y]), columns.map((x) => {
      const at = y * width + x, value = sums.mean[at];
      if (value === null) return el('td', {}, '');
      const {background, dark} = heat(range[1] > range[0] ? (value - range[0]) / (range[1] - range[0]) : 0.5);
      const label = `${across.name} ${across.texts[x]}, ${down.name} ${down.texts[y]}: ${metric.name} ${number(value)}` +
        (sums.count[at] > 1 ? `, mean of ${sums.count[at]} (${number(sums.low[at])} to ${number(sums.high[at])})` : '');
      return el('td', {style: {'background-color': background}}, el('button', {type: 'button', class: dark ? 'cell dark' : 'cell light', title: label, 'aria-label': label,
        on: {click: () => selection.pick(study.ran.find((i) => study.choice(across, i) === x && study.choice(down, i) === y))}}, number(value, 3)));
    })));
    const thinned = columns.length < width || rows.length < down.texts.length ? `; ${columns.length} of ${width} and ${rows.length} of ${down.texts.length} values` : '';
    const others = study.axes.length > 2 || study.manySeeds ? '; mean over all else' : '';
    host.replaceChildren(el('table', {class: 'heat'},
      el('caption', {}, `${metric.name}: ${across.name} across, ${down.name} down${others}${thinned}` + (range ? `. From ${number(range[0])} (dark) to ${number(range[1])} (bright)` : '')),
      el('thead', {}, el('tr', {}, el('td', {}), columns.map((x) => el('th', {scope: 'col'}, across.texts[x])))), el('tbody', {}, body)));
  }

  paint();
  const axes = study.axes.map((axis) => [axis.index, axis.name]);
  return [el('div', {class: 'controls'},
    choice('Metric', metrics.map((one) => [one.index, one.name]), metric.index, (value) => {
      metric = study.metrics[value];
      paint();
    }),
    choice('across', axes, across.index, (value) => {
      across = study.axes[value];
      paint();
    }),
    choice('down', axes, down.index, (value) => {
      down = study.axes[value];
      paint();
    })), host];
}
