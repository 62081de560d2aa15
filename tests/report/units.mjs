// SPDX-License-Identifier: BSD-2-Clause
// What the pages compute, without a page: node --test tests/report/units.mjs
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {groupCauses, parseCause} from '../../model/report/web/causes.js';
import {parseFilter, words} from '../../model/report/web/filter.js';
import {number, plural, shortNames, time, timeLabels} from '../../model/report/web/format.js';
import {lanesOf, transfersOf} from '../../model/report/web/lanes.js';
import {Study, headComment} from '../../model/report/web/rows.js';
import {evenly, heat} from '../../model/report/web/scale.js';
import {stretches, valueAt} from '../../model/report/web/signals.js';
import {aggregate, extent, isGeometric, paretoFront, sortRows, stacked} from '../../model/report/web/stats.js';

test('times have the unit in which they are short', () => {
  assert.equal(time(0), '0 ps');
  assert.equal(time(999), '999 ps');
  assert.equal(time(1000), '1 ns');
  assert.equal(time(1234567), '1.235 us');
  assert.equal(time(2.5e12), '2.5 s');
  assert.equal(time(null), '-');
  assert.deepEqual(timeLabels([0, 500000, 1000000]), ['0 us', '0.5 us', '1 us']);
});

test('numbers are told with as many digits as mean something', () => {
  assert.equal(number(1234), '1234');
  assert.equal(number(1234567), '1\u202f234\u202f567');
  assert.equal(number(-12345.678), '-12\u202f345.7');
  assert.equal(number(0.1 + 0.2), '0.3');
  assert.equal(number(null), '');
  assert.equal(plural(1, 'access', 'accesses'), '1 access');
  assert.equal(plural(2, 'access', 'accesses'), '2 accesses');
});

test('names on an axis lose what all have in common', () => {
  const names = ['{policy: round_robin}', '{policy: fixed}', '{policy: weighted_x}'];
  assert.deepEqual(shortNames(names, [0, 1, 2], 900), ['round_robin', 'fixed', 'weighted_x']);
  assert.deepEqual(shortNames(names, [0, 1], 70), ['roun\u2026', 'fixed']);
  assert.deepEqual(shortNames(['a', 'b'], [1, 0], 900), ['b', 'a']);
  assert.deepEqual(shortNames(['all the same text', 'all the same text'], [0], 900), ['all the same text']);
});

/** The front by its definition: nobody is at least as good in all and better in one; of equal ones the first. */
function frontByPairs(points, less) {
  const good = (a, b, k) => (less[k] ? a[k] <= b[k] : a[k] >= b[k]);
  return points.map((_, i) => i).filter((i) => !points.some((other, j) => j !== i &&
    less.every((_, k) => good(other, points[i], k)) && (less.some((_, k) => !good(points[i], other, k)) || j < i)));
}

test('the Pareto front is that of all pairs', () => {
  let state = 7;
  const random = (most) => (state = (state * 48271) % 2147483647) % most;
  for (let round = 0; round < 300; round++) {
    const goals = 1 + random(3), less = Array.from({length: goals}, () => random(2) === 1);
    const points = Array.from({length: 1 + random(40)}, () => Array.from({length: goals}, () => random(8)));
    assert.deepEqual(paretoFront(points, less), frontByPairs(points, less));
  }
  assert.deepEqual(paretoFront([[1, null], [2, 2]], [true, true]), [1]);
  assert.deepEqual(paretoFront([], [true]), []);
});

test('groups have mean, least and most, and none where there is nothing', () => {
  const sums = aggregate([4, 8, null, 1, 3], [0, 1, 2, 3], 3, (i) => [0, 0, 1, 2, 2][i]);
  assert.deepEqual(sums, {mean: [6, null, 1], low: [4, null, 1], high: [8, null, 1], count: [2, 0, 1]});
});

test('stacks are sums from the last on', () => {
  assert.deepEqual(stacked([[1, 2], [10, null], [100, 100]]), [[111, 102], [110, 100], [100, 100]]);
  assert.deepEqual(stacked([]), []);
});

test('extent and spread', () => {
  assert.deepEqual(extent([null, 3, -1]), [-1, 3]);
  assert.equal(extent([null]), null);
  assert.ok(isGeometric([1, 2, 4, 8, 16, 32, 64]));
  assert.ok(!isGeometric([0, 1, 2, 4, 64]), 'zero has no logarithm');
  assert.ok(!isGeometric([1, 2, 3, 4]));
});

test('rows are sorted by value, either way, what is missing last', () => {
  const cells = [3, null, 20, 1, 3];
  assert.deepEqual(sortRows([0, 1, 2, 3, 4], (i) => cells[i], false), [3, 0, 4, 2, 1]);
  assert.deepEqual(sortRows([0, 1, 2, 3, 4], (i) => cells[i], true), [2, 0, 4, 3, 1]);
  const texts = ['b10', 'a', 'b9', ''];
  assert.deepEqual(sortRows([0, 1, 2, 3], (i) => texts[i], false), [1, 2, 0, 3]);
});

test('filters', () => {
  assert.deepEqual(words('a  "b c" d<= 5 e = "x y"'), ['a', 'b c', 'd<=5', 'e=x y']);
  const rows = [{latency: 10, status: 'ok'}, {latency: 200, status: 'failed'}, {latency: null, status: 'ok'}];
  const column = (name) => ({name, cell: (i) => rows[i][name], shown: (i) => String(rows[i][name] ?? '')});
  const find = (text) => {
    const filter = parseFilter(text, [column('latency'), column('status')]);
    return filter.error ?? [0, 1, 2].filter(filter.test);
  };
  assert.deepEqual(find(''), [0, 1, 2]);
  assert.deepEqual(find('latency<200'), [0]);
  assert.deepEqual(find('latency <= 200'), [0, 1]);
  assert.deepEqual(find('LATENCY>=10 status=ok'), [0]);
  assert.deepEqual(find('status!=ok'), [1]);
  assert.deepEqual(find('latency!=10'), [1, 2]);
  assert.deepEqual(find('fail'), [1]);
  assert.deepEqual(find('latency=1'), []);
  assert.match(find('nothing<3'), /no column "nothing"/);
  assert.match(find('latency<'), /compares with nothing/);
});

const data = {
  kind: 'study', command: 'dmasim run a.yaml', scenarioSeed: 1,
  axes: [{name: 'n', values: [['1 KiB', 1024, ' -s x=1k'], ['2 KiB', 2048, ' -s x=2k']]},
    {name: 'kind', values: [['a', null, " -s 'k={a}'"], ['b', null, ' -s k=b']]}],
  metrics: [{name: 'time', expression: 'run.time'}, {name: 'cost', expression: 'n * 2'}],
  statuses: ['ok', 'refused', 'failed', 'unfinished'],
  point: [0, 1, 2, 3, 3], seed: [1, 1, 1, 1, 2], status: [0, 1, 0, 2, 0], error: [-1, 0, -1, 1, -1], asserted: [0, 0, 0, 1, 0],
  errors: ['no', 'late'],
  choices: [[0, 0, 1, 1, 1], [0, 1, 0, 1, 1]],
  figures: [[5, null, 9, 7, 6], [1, null, 2, 3, 4]],
  minimise: ['time'], maximise: ['cost', 'gone'],
};

test('a study: cells, commands, goals, curves', () => {
  const study = new Study(data);
  assert.deepEqual(study.ok, [0, 2, 4]);
  assert.deepEqual(study.ran, [0, 2, 3, 4]);
  assert.equal(study.axisCell(study.axes[0], 2), 2048);
  assert.equal(study.axisCell(study.axes[1], 2), 'a');
  assert.equal(study.command(0), "dmasim run a.yaml -s x=1k -s 'k={a}'");
  assert.equal(study.command(4), 'dmasim run a.yaml -s x=2k -s k=b -s seed=2');
  assert.equal(study.error(1), 'no');
  assert.equal(study.describe(4), 'Point 3: n = 2 KiB, kind = b, seed = 2: ok');
  assert.deepEqual(study.goals().map((goal) => [goal.metric.name, goal.less]), [['time', true], ['cost', false]]);
  assert.deepEqual(study.front(study.ok, study.goals()), [0, 4]);
  const [n, kind] = study.axes;
  assert.deepEqual(study.curves(study.metrics[0], n, null, new Map()).map((line) => line.mean), [[5, 22 / 3]]);
  const lines = study.curves(study.metrics[0], n, kind, new Map());
  assert.deepEqual(lines.map((line) => [line.name, line.mean, line.low]), [['a', [5, 9], [5, 9]], ['b', [null, 6.5], [null, 6]]]);
  assert.deepEqual(study.curves(study.metrics[0], n, null, new Map([[kind, 0]]))[0].mean, [5, 9]);
});

test('the comment at the head of a study is its question', () => {
  assert.equal(headComment('# yaml-language-server: x\n# Question: why?\n#\n# Answer: so.\nscenario: a\n# not this'), 'Question: why?\n\nAnswer: so.');
  assert.equal(headComment('scenario: a'), '');
});

test('causes are told by their names', () => {
  assert.deepEqual(parseCause('bus.ahb.cause.wait.sram'), {whole: 'bus.ahb', cause: 'wait.sram'});
  assert.equal(parseCause('bus.ahb.cycles'), null);
  assert.deepEqual(groupCauses(['run.time', 'bus.a.cause.data', 'transfer.x.cause.data', 'bus.a.cause.idle']),
    [{whole: 'bus.a', parts: [{cause: 'data', index: 1}, {cause: 'idle', index: 3}]}, {whole: 'transfer.x', parts: [{cause: 'data', index: 2}]}]);
});

test('transfers of a channel that overlap lie in rows of their own', () => {
  const columns = ['submit', 'issue', 'first', 'last', 'interrupt', 'callback', 'controller', 'channel', 'name', 'call', 'mode', 'bytes', 'status'];
  const row = (submit, callback, channel) => [submit, null, null, null, null, callback, 0, channel, 1, 2, 2, 64, 3];
  const transfers = transfersOf({texts: ['dma', 'copy', 'memcpy', 'complete'], transfers: {columns, rows: [row(0, 10, 0), row(5, 20, 0), row(10, 12, 0), row(0, 3, 1)]}});
  assert.equal(transfers[1].end, 20);
  assert.equal(transfers[0].status, 'complete');
  const lanes = lanesOf(transfers);
  assert.deepEqual(lanes.map((lane) => [lane.name, lane.rows.map((one) => one.length)]), [['dma 0', [2, 1]], ['dma 1', [1]]]);
});

test('a signal has the value of its last change, and stretches without breaks', () => {
  const signal = {times: [10, 20, 20, 30], values: ['0', '1', '2', '2']};
  assert.equal(valueAt(signal, 9), 'x');
  assert.equal(valueAt(signal, 10), '0');
  assert.equal(valueAt(signal, 19), '0');
  assert.equal(valueAt(signal, 20), '2');
  assert.equal(valueAt(signal, 99), '2');
  assert.deepEqual(stretches(signal, 15, 40), [[15, 20, '0'], [20, 40, '2']]);
  assert.deepEqual(stretches({times: [], values: []}, 0, 10), []);
});

test('of many values some are shown, evenly, with both ends', () => {
  assert.deepEqual(evenly(3, 5), [0, 1, 2]);
  assert.deepEqual(evenly(9, 3), [0, 4, 8]);
  assert.equal(heat(0).background, 'rgb(68,1,84)');
  assert.equal(heat(1).background, 'rgb(253,231,37)');
  assert.ok(heat(1).dark && !heat(0).dark);
});
