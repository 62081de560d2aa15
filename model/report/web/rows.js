// SPDX-License-Identifier: BSD-2-Clause
// rows: what the data of a study say, column by column. Nothing here knows of a page.

import {aggregate, isGeometric, paretoFront} from './stats.js';

/** A study: axes, metrics and rows, each row a number from 0. */
export class Study {
  constructor(data) {
    this.data = data;
    this.count = data.point.length;
    this.axes = data.axes.map((axis, index) => {
      const numbers = axis.values.map(([, number]) => number);
      const numeric = axis.values.length > 1 && numbers.every((number) => number !== null) && new Set(numbers).size === numbers.length;
      return {name: axis.name, index, texts: axis.values.map(([text]) => text), numbers: numeric ? numbers : null, geometric: numeric && isGeometric(numbers)};
    });
    this.metrics = data.metrics.map((metric, index) => ({name: metric.name, index, expression: metric.expression, values: data.figures[index] ?? []}));
    this.ok = this.all().filter((i) => data.statuses[data.status[i]] === 'ok');
    /** Rows that ran: those of a failed or unfinished run have figures too. */
    this.ran = this.all().filter((i) => data.statuses[data.status[i]] !== 'refused');
    this.manySeeds = new Set(data.seed).size > 1;
  }

  all() {
    return Array.from({length: this.count}, (_, i) => i);
  }

  status(i) {
    return this.data.statuses[this.data.status[i]];
  }

  error(i) {
    const at = this.data.error[i];
    return at < 0 ? '' : this.data.errors[at];
  }

  /** Index of the value that an axis has at a row. */
  choice(axis, i) {
    return this.data.choices[axis.index][i];
  }

  /** A number where the axis has numbers, else its text. */
  axisCell(axis, i) {
    const at = this.choice(axis, i);
    return axis.numbers ? axis.numbers[at] : axis.texts[at];
  }

  axisText(axis, i) {
    return axis.texts[this.choice(axis, i)];
  }

  /** The `dmasim run` of a row, as `dmasim sweep --command` prints it; of another seed than the scenario's with that. */
  command(i) {
    const {data} = this;
    const seed = data.seed[i] === data.scenarioSeed ? '' : ` -s seed=${data.seed[i]}`;
    return data.command + data.axes.map((axis, k) => axis.values[data.choices[k][i]][2]).join('') + seed;
  }

  describe(i) {
    const axes = this.axes.map((axis) => `${axis.name} = ${this.axisText(axis, i)}`);
    const seed = this.manySeeds ? [`seed = ${this.data.seed[i]}`] : [];
    return `Point ${this.data.point[i]}: ${[...axes, ...seed].join(', ')}: ${this.status(i)}`;
  }

  /** Metrics with a value somewhere. */
  filled() {
    return this.metrics.filter((metric) => metric.values.some((value) => value !== null));
  }

  /** Goals as [{metric, less}]. */
  goals() {
    const find = (name) => this.metrics.find((metric) => metric.name === name);
    return [...this.data.minimise.map((name) => ({metric: find(name), less: true})), ...this.data.maximise.map((name) => ({metric: find(name), less: false}))]
      .filter((goal) => goal.metric);
  }

  /** Rows of `rows` that none beats in all of `goals`, by number of row. */
  front(rows, goals) {
    const points = rows.map((i) => goals.map((goal) => goal.metric.values[i]));
    return paretoFront(points, goals.map((goal) => goal.less)).map((at) => rows[at]);
  }

  /**
   * Of a metric, over the values of an axis, one line for each value of `lines` (an axis, or null): mean, least and
   * most over all rows that are left. `fixed`: Map of axes to the value that they must have.
   */
  curves(metric, axis, lines, fixed) {
    const rows = this.ran.filter((i) => [...fixed].every(([other, at]) => this.choice(other, i) === at));
    const width = axis.texts.length;
    const names = lines ? lines.texts : [metric.name];
    const sums = aggregate(metric.values, rows, width * names.length,
      (i) => (lines ? this.choice(lines, i) : 0) * width + this.choice(axis, i));
    return names.map((name, k) => {
      const part = (list) => list.slice(k * width, (k + 1) * width);
      return {name, mean: part(sums.mean), low: part(sums.low), high: part(sums.high), count: part(sums.count)};
    }).filter((line) => line.mean.some((value) => value !== null));
  }
}

/** The lines of comment at the head of a study, without their marks. */
export function headComment(text) {
  const lines = [];
  for (const line of text.split('\n')) {
    if (!line.startsWith('#')) break;
    lines.push(line.replace(/^# ?/, ''));
  }
  while (lines.length && /^(yaml-language-server|SPDX|\$schema)/.test(lines[0])) lines.shift();
  return lines.join('\n').trim();
}
