// SPDX-License-Identifier: BSD-2-Clause
// causes: names of figures that are parts of a whole (docs/explain.md), and the bars that show them.

import {el, table} from './dom.js';
import {number} from './format.js';

const CAUSE = /^(.+)\.cause\.(.+?)(?:\.cycles)?$/;

/** {whole, cause} of the name of a figure; null if it is no cause. */
export function parseCause(name) {
  const match = CAUSE.exec(name);
  return match && {whole: match[1], cause: match[2]};
}

/** Groups [{whole, parts: [{cause, index}]}] of those names that are causes, in their order. */
export function groupCauses(names) {
  const groups = new Map();
  names.forEach((name, index) => {
    const parsed = parseCause(name);
    if (!parsed) return;
    if (!groups.has(parsed.whole)) groups.set(parsed.whole, []);
    groups.get(parsed.whole).push({cause: parsed.cause, index});
  });
  return [...groups].map(([whole, parts]) => ({whole, parts}));
}

/**
 * Bars of one length, cut into parts. `bars`: [{label, values}] with a value for each of `causes` (null: none); a cause
 * that is nothing everywhere is left out.
 */
export function causeBars(title, causes, bars, unit) {
  const used = causes.map((_, k) => k).filter((k) => bars.some((bar) => bar.values[k] > 0));
  const shares = bars.map((bar) => {
    const sum = used.reduce((all, k) => all + (bar.values[k] ?? 0), 0);
    return used.map((k) => (sum ? (bar.values[k] ?? 0) / sum : 0));
  });
  const legend = el('div', {class: 'legend'}, used.map((k, i) => el('span', {class: 'key'},
    el('span', {class: `swatch series-${i % 8}${i >= 8 ? ' striped' : ''}`, 'aria-hidden': 'true'}), causes[k])));
  const drawn = el('div', {class: 'bars', 'aria-hidden': 'true'}, bars.map((bar, row) => el('div', {class: 'bar'},
    el('span', {class: 'bar-label'}, bar.label),
    el('span', {class: 'bar-parts'}, used.map((k, i) => shares[row][i] > 0 && el('span', {
      class: `part series-${i % 8}${i >= 8 ? ' striped' : ''}`,
      style: {width: `${100 * shares[row][i]}%`},
      title: `${causes[k]}: ${number(bar.values[k])} ${unit}, ${number(100 * shares[row][i], 3)} %`,
    }))))));
  const rows = bars.map((bar, row) => [bar.label, ...used.map((k, i) => `${number(bar.values[k])} (${number(100 * shares[row][i], 3)} %)`)]);
  return el('figure', {class: 'figure wide'}, el('figcaption', {}, title), legend, drawn,
    el('details', {class: 'numbers'}, el('summary', {}, 'Numbers'),
      el('div', {class: 'scroll', tabindex: '0'}, table(`${title}, in ${unit}`, ['', ...used.map((k) => causes[k])], rows))));
}
