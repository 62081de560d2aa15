// SPDX-License-Identifier: BSD-2-Clause
// study: the page of a study.

import {causeBars, groupCauses} from './causes.js';
import {choice, el, section, table} from './dom.js';
import {number, plural} from './format.js';
import {heatMap} from './heatmap.js';
import {lines} from './lines.js';
import {parallel} from './parallel.js';
import {pareto} from './pareto.js';
import {Study, headComment} from './rows.js';
import {aggregate} from './stats.js';
import {pointTable} from './table.js';

/** What all parts share: the point that is chosen, and which rows are asked for. */
class Selection {
  constructor(study) {
    this.study = study;
    this.tests = new Map();
    this.listeners = [];
    this.chosen = -1;
    this.text = el('p', {class: 'chosen'}, 'Choose a point in a picture or in the table.');
    this.code = el('code', {tabindex: '0', 'aria-label': 'Command of the point'});
    this.copy = el('button', {type: 'button', hidden: true, on: {click: () => this.copyCommand()}}, 'Copy');
    this.panel = el('section', {class: 'panel', 'aria-live': 'polite', 'aria-label': 'Chosen point'}, this.text, el('p', {class: 'command'}, this.code, this.copy));
  }

  pick(i) {
    this.chosen = i;
    this.text.textContent = this.study.describe(i) + (this.study.error(i) ? ` (${this.study.error(i)})` : '');
    this.code.textContent = this.study.command(i);
    this.copy.hidden = false;
    this.copy.textContent = 'Copy';
    this.changed();
  }

  async copyCommand() {
    const range = document.createRange();
    range.selectNodeContents(this.code);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    let done = false;
    try {
      await navigator.clipboard.writeText(this.code.textContent);
      done = true;
    } catch {
      done = document.execCommand('copy'); // where there is no clipboard, as in a file of some browsers
    }
    this.copy.textContent = done ? 'Copied' : 'Selected';
  }

  /** A part asks for rows: `test(i)`, or null for all. */
  ask(part, test) {
    if (test) this.tests.set(part, test);
    else this.tests.delete(part);
    this.changed();
  }

  rows() {
    const tests = [...this.tests.values()];
    return this.study.all().filter((i) => tests.every((test) => test(i)));
  }

  changed() {
    for (const listener of this.listeners) listener();
  }
}

function overview(study) {
  const {data} = study;
  const cards = data.statuses.map((status, i) => [status, data.counts[i]]).filter(([, count]) => count > 0);
  const card = (label, text) => el('div', {class: 'card'}, el('dt', {}, label), el('dd', {}, text));
  const parts = [el('dl', {class: 'cards'}, card('Runs', number(data.total)), cards.map(([status, count]) => card(status, number(count))),
    data.leftOut > 0 && card('Left out by where', number(data.leftOut)))];
  const comment = headComment(data.text);
  if (comment) parts.unshift(el('p', {class: 'question'}, comment));
  if (!data.whole) parts.push(el('p', {role: 'note', class: 'warning'}, 'The study is not whole: runs are missing.'));
  if (study.count < data.total) {
    parts.push(el('p', {role: 'note', class: 'warning'}, `${number(study.count)} of ${number(data.total)} rows are in this report: the extremes of every metric, the Pareto front, rows that are not ok, and one of so many of the others.`));
  }
  parts.push(el('details', {}, el('summary', {}, `The study, over ${data.scenario}`), el('pre', {class: 'scroll', tabindex: '0'}, data.text)));
  return parts;
}

/** Causes stacked over an axis. */
function causesOver(study) {
  const groups = groupCauses(study.metrics.map((metric) => metric.expression));
  if (!groups.length) return null;
  const named = groups.length ? groups : [];
  const host = el('div');
  let axis = study.axes[0], group = named[0];
  const paint = () => {
    const lists = group.parts.map((part) => aggregate(study.metrics[part.index].values, study.ran, axis.texts.length, (i) => study.choice(axis, i)).mean);
    const bars = axis.texts.map((text, k) => ({label: `${axis.name} ${text}`, values: lists.map((list) => list[k])})).filter((bar) => bar.values.some((value) => value !== null));
    host.replaceChildren(causeBars(`Causes of ${group.whole} over ${axis.name}`, group.parts.map((part) => part.cause), bars, 'cycles'));
  };
  paint();
  return [el('div', {class: 'controls'},
    choice('of', named.map((one, i) => [i, one.whole]), 0, (i) => {
      group = named[i];
      paint();
    }),
    choice('over', study.axes.map((one, i) => [i, one.name]), 0, (i) => {
      axis = study.axes[i];
      paint();
    })), host];
}

function best(study, selection) {
  const goals = study.goals();
  if (!goals.length) return null;
  const front = study.front(study.ok, goals).slice(0, 50);
  return el('div', {class: 'scroll', tabindex: '0'}, table(`Best by ${goals.map((goal) => `${goal.less ? 'least' : 'most'} ${goal.metric.name}`).join(', ')}: ${plural(front.length, 'point')} that no other beats in all`,
    ['point', ...study.axes.map((axis) => axis.name), ...goals.map((goal) => goal.metric.name)],
    front.map((i) => [el('button', {type: 'button', class: 'link', on: {click: () => selection.pick(i)}}, String(study.data.point[i])),
      ...study.axes.map((axis) => study.axisText(axis, i)), ...goals.map((goal) => number(goal.metric.values[i]))])));
}

/** The parts of the page; `index` gets a link to each. */
export function studyPage(data, index) {
  const study = new Study(data);
  const selection = new Selection(study);
  const parts = [];
  const add = (title, ...children) => parts.push(section(index, title, ...children));
  const metrics = study.filled();
  add('Overview', overview(study), best(study, selection));
  if (study.axes.length && metrics.length) {
    add('Metrics over axes', lines(study, metrics, selection));
    const bars = causesOver(study);
    if (bars) add('Causes', bars);
    if (study.axes.length > 1) add('Heat map', heatMap(study, metrics, selection));
    if (metrics.length > 1) add('Pareto front', pareto(study, metrics, selection));
    add('Parallel coordinates', parallel(study, metrics, selection));
  }
  add('Points', pointTable(study, selection));
  parts.push(selection.panel);
  return parts;
}
