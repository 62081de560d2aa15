// SPDX-License-Identifier: BSD-2-Clause
// latency: how long the transfers of each entry took, as a table, and as a histogram with the share that took no longer.

import {choice, el, table} from './dom.js';
import {number, time, timeLabels} from './format.js';
import {plot} from './plot.js';

const SHOWN = 12;

const nameOf = (entry) => (entry.name === null ? 'all transfers' : entry.controller ? `${entry.name} (${entry.controller})` : entry.name);

/** Lists of x and of two series over all x of a histogram and a curve. */
function merged(entry) {
  const {from, width, counts} = entry.histogram;
  const bars = counts.map((count, i) => [from + i * width, count]);
  bars.push([from + counts.length * width, 0]);
  const all = [...bars.map(([x, y]) => [x, y, null]), ...entry.curve.map(([x, y]) => [x, null, 100 * y])].sort((a, b) => a[0] - b[0]);
  const xs = [], heights = [], shares = [];
  for (const [x, height, share] of all) {
    if (xs[xs.length - 1] !== x) {
      xs.push(x);
      heights.push(height);
      shares.push(share);
    } else {
      const at = xs.length - 1;
      heights[at] = height ?? heights[at];
      shares[at] = share ?? shares[at];
    }
  }
  return {xs, heights, shares};
}

function distribution(entry) {
  const {xs, heights, shares} = merged(entry);
  return plot({
    title: `Latency of ${nameOf(entry)}`,
    x: {values: xs, label: 'latency', text: time, labels: timeLabels},
    y: {label: 'transfers', range: (_, low, high) => [0, Math.max(1, high)]},
    right: {label: 'took no longer', text: (value) => `${number(value, 3)} %`, range: () => [0, 100]},
    series: [
      {name: 'transfers of a bin', values: heights, fill: true, stepped: 1, spanGaps: true, width: 1, alpha: 0.5},
      {name: 'took no longer', values: shares, scale: 'right', stepped: 1, spanGaps: true, width: 2, text: (value) => `${number(value, 4)} %`},
    ],
    note: `${entry.count} transfers`,
  });
}

export function latencies(entries) {
  if (!entries.length) return el('p', {}, 'No transfer is complete.');
  const rows = entries.map((entry) => [nameOf(entry), number(entry.count), time(entry.min), time(entry.mean), time(entry.median), time(entry.p99), time(entry.max)]);
  const drawn = entries.filter((entry) => entry.count > 1);
  const grid = el('div', {class: 'grid'}, drawn.slice(0, SHOWN).map(distribution));
  const more = drawn.length > SHOWN && choice('Another', drawn.map((entry, i) => [i, nameOf(entry)]), 0, (i) => grid.prepend(distribution(drawn[i])));
  return [el('p', {}, 'From the submit to the callback, of complete transfers.'),
    el('div', {class: 'scroll', tabindex: '0'}, table('Latencies', ['transfers of', 'count', 'least', 'mean', 'median', '99 %', 'most'], rows)), more, grid];
}
