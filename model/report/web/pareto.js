// SPDX-License-Identifier: BSD-2-Clause
// pareto: all points by two metrics, and those that no other beats in both.

import {choice, el} from './dom.js';
import {number, plural} from './format.js';
import {plot} from './plot.js';

export function pareto(study, metrics, selection) {
  const goals = study.goals();
  const first = goals[0] ?? {metric: metrics[0], less: true};
  const second = goals.find((goal) => goal.metric !== first.metric) ?? {metric: metrics.find((metric) => metric !== first.metric), less: true};
  const asked = [{...first}, {...second}];
  const host = el('div');
  let painted = '';

  function paint() {
    const [x, y] = asked;
    const rows = selection.rows().filter((i) => study.status(i) === 'ok' && x.metric.values[i] !== null && y.metric.values[i] !== null)
      .sort((a, b) => x.metric.values[a] - x.metric.values[b] || a - b);
    const key = JSON.stringify([x.metric.index, x.less, y.metric.index, y.less, rows]);
    if (key === painted) return;
    painted = key;
    if (!rows.length) {
      host.replaceChildren(el('p', {}, 'No point that is ok has both.'));
      return;
    }
    const front = new Set(study.front([...rows].sort((a, b) => a - b), asked));
    const values = (keep) => rows.map((i) => (keep(i) ? y.metric.values[i] : null));
    host.replaceChildren(plot({
      title: `${y.metric.name} against ${x.metric.name}`,
      x: {values: rows.map((i) => x.metric.values[i]), label: x.metric.name},
      y: {label: y.metric.name},
      series: [
        {name: 'others', values: values((i) => !front.has(i)), points: true, colour: 'faint', size: 5},
        {name: 'front', values: values((i) => front.has(i)), points: true, colour: 'series-1', size: 9},
      ],
      height: 360,
      pick: (at) => selection.pick(rows[at]),
      note: `${plural(front.size, 'point')} of ${number(rows.length)}: ${x.less ? 'least' : 'most'} ${x.metric.name}, ${y.less ? 'least' : 'most'} ${y.metric.name}.`,
    }));
  }

  const controls = asked.flatMap((one, k) => [
    choice(k ? 'against' : 'Metric', metrics.map((metric) => [metric.index, metric.name]), one.metric.index, (value) => {
      one.metric = study.metrics[value];
      paint();
    }),
    choice('best is', [['less', 'the least'], ['more', 'the most']], one.less ? 'less' : 'more', (value) => {
      one.less = value === 'less';
      paint();
    })]);
  paint();
  selection.listeners.push(paint);
  return [el('div', {class: 'controls'}, controls), host];
}
