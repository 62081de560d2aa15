// SPDX-License-Identifier: BSD-2-Clause
// table: all points, a page of them at a time, sorted by any column and found by what is typed.

import {el, newId} from './dom.js';
import {parseFilter} from './filter.js';
import {number} from './format.js';
import {sortRows} from './stats.js';

const PAGE = 50;

/** The columns: {name, cell(i), shown(i)}. */
export function columnsOf(study) {
  const {data} = study;
  const plain = (name, list) => ({name, cell: (i) => list[i], shown: (i) => String(list[i])});
  const text = (name, of) => ({name, cell: of, shown: of});
  return [
    plain('point', data.point),
    ...study.axes.map((axis) => ({name: axis.name, cell: (i) => study.axisCell(axis, i), shown: (i) => study.axisText(axis, i)})),
    ...(study.manySeeds ? [plain('seed', data.seed)] : []),
    text('status', (i) => study.status(i)),
    ...study.metrics.map((metric) => ({name: metric.name, cell: (i) => metric.values[i], shown: (i) => number(metric.values[i], 8)})),
    ...(data.errors.length ? [text('error', (i) => study.error(i))] : []),
  ];
}

export function pointTable(study, selection) {
  const columns = columnsOf(study);
  let by = 0, descending = false, page = 0;
  const id = newId('filter');
  const problem = el('span', {id: `${id}-problem`, class: 'problem', role: 'alert'});
  const input = el('input', {id, type: 'search', size: '40', placeholder: `such as ${columns[1]?.name ?? 'point'}=${columns[1]?.shown(0) ?? 1}`, 'aria-describedby': `${id}-problem`, on: {input: () => {
    const filter = parseFilter(input.value, columns);
    problem.textContent = filter.error ?? '';
    if (filter.error) return;
    page = 0;
    selection.ask('table', input.value.trim() ? filter.test : null);
  }}});
  const status = el('span', {class: 'readout', 'aria-live': 'polite'});
  const heads = columns.map((column, k) => el('th', {scope: 'col'}, el('button', {type: 'button', on: {click: () => {
    descending = by === k && !descending;
    by = k;
    page = 0;
    paint();
  }}}, column.name)));
  const body = el('tbody');
  const turn = (text, label, to) => el('button', {type: 'button', 'aria-label': label, on: {click: () => {
    page = to();
    paint();
  }}}, text);
  let last = 0;
  const pages = el('div', {class: 'controls'}, turn('\u00ab', 'First page', () => 0), turn('\u2039', 'Page before', () => Math.max(0, page - 1)),
    status, turn('\u203a', 'Next page', () => Math.min(last, page + 1)), turn('\u00bb', 'Last page', () => last));

  function paint() {
    const rows = sortRows(selection.rows(), columns[by].cell, descending);
    last = Math.max(0, Math.ceil(rows.length / PAGE) - 1);
    page = Math.min(page, last);
    heads.forEach((head, k) => {
      if (k === by) head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    });
    const focused = document.activeElement?.dataset?.row;
    body.replaceChildren(...rows.slice(page * PAGE, (page + 1) * PAGE).map((i) => el('tr', {class: i === selection.chosen ? 'chosen' : null, on: {click: () => selection.pick(i)}},
      el('th', {scope: 'row'}, el('button', {type: 'button', class: 'link', 'data-row': i, 'aria-label': `Point ${study.data.point[i]}: show its command`}, columns[0].shown(i))),
      columns.slice(1).map((column) => el('td', {class: typeof column.cell(i) === 'number' ? 'number' : null}, column.shown(i))))));
    if (focused !== undefined) body.querySelector(`[data-row="${focused}"]`)?.focus();
    const from = rows.length ? page * PAGE + 1 : 0;
    status.textContent = `${number(from)} to ${number(Math.min(rows.length, (page + 1) * PAGE))} of ${number(rows.length)}`;
  }

  paint();
  selection.listeners.push(paint);
  return [el('div', {class: 'controls'}, el('label', {for: id}, 'Find'), input, problem,
    el('span', {class: 'hint'}, 'Words, or NAME < VALUE with = != < <= > >=; all must hold.')),
  pages,
  el('div', {class: 'scroll', tabindex: '0'}, el('table', {class: 'points'}, el('caption', {}, 'Points: a click shows the command'),
    el('thead', {}, el('tr', {}, heads)), body))];
}
