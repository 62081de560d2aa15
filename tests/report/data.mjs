// SPDX-License-Identifier: BSD-2-Clause
// What a report says against the files that it is of. DMASIM is the program.
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {appendFileSync, copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';

import {dmasim, good, readPage, readSummary, readTable, root, run, work} from './results.mjs';

const config = (name) => join(root, 'configs', name);

function reportOf(name, ...options) {
  run('run', config(`${name}.yaml`), '-q', '-o', name, ...options);
  good(0, 'report', name, '-q');
  return readPage(`${name}/report.html`);
}

/** Sum over all bins of a share, in ps. */
function total({width, end}, shares) {
  return shares.reduce((sum, share, i) => sum + (share ?? 0) * Math.min(width, end - i * width), 0);
}

test('the page has a strict policy with the hashes of what is in it, and names no other place', () => {
  const {html} = reportOf('modes');
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)[1];
  const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const script = html.slice(html.lastIndexOf('<script>') + 8, html.lastIndexOf('</script>'));
  const style = html.slice(html.indexOf('<style>') + 7, html.indexOf('</style>'));
  assert.equal(policy, `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; base-uri 'none'; form-action 'none'`);
  const outside = html.replaceAll('http://www.w3.org/2000/svg', '');
  assert.ok(!/https?:\/\//.test(outside), 'an address');
  assert.ok(!/\son[a-z]+="/.test(html), 'a handler in an attribute');
});

test('occupancy adds up to the cycles that the bus counted', () => {
  const {data} = reportOf('modes');
  const figures = readSummary('modes'), [bus] = data.buses;
  const busy = bus.masters.reduce((sum, master) => sum + total(bus, master.share), 0);
  assert.ok(Math.abs(busy / 10000 - figures['bus.ahb.busy_cycles']) < 0.5, `${busy / 10000} of ${figures['bus.ahb.busy_cycles']}`);
  const axi = reportOf('axi-dmac-sdr').data, counted = readSummary('axi-dmac-sdr');
  for (const master of axi.buses[0].masters) {
    const [name, direction] = master.name.split(' ');
    const beats = total(axi.buses[0], master.share) / 10000;
    assert.ok(Math.abs(beats - counted[`bus.axi.master.${name}.${direction}s`]) < 0.5, master.name);
  }
  assert.equal(axi.buses[0].masters.length, 3);
});

test('latencies are those of the summary, and every transfer is there', () => {
  const {data} = reportOf('modes');
  const figures = readSummary('modes'), rows = readTable('modes/transfers.csv');
  const [all] = data.latencies;
  assert.equal(all.name, null);
  for (const kind of ['min', 'mean', 'median', 'p99', 'max']) assert.equal(all[kind] / 1000, figures[`transfers.latency.${kind}`], kind);
  assert.equal(all.histogram.counts.reduce((sum, count) => sum + count), all.count);
  assert.deepEqual(all.curve.map(([, share]) => share), [0.25, 0.5, 0.75, 1]);
  const {columns} = data.transfers, at = (name) => columns.indexOf(name);
  assert.deepEqual(data.transfers.rows.map((row) => [data.texts[row[at('name')]], row[at('submit')], row[at('callback')], row[at('bytes')]]),
    rows.map((row) => [row.name, Number(row.submit_ps), Number(row.callback_ps), Number(row.bytes)]));
  assert.deepEqual(data.summary.map((row) => row.join(',')), readFileSync(join(work, 'modes/summary.csv'), 'utf8').trimEnd().split('\n').slice(1));
});

test('the first error, the first loss and the longest stall are found', () => {
  const errors = reportOf('errors').data;
  const [first] = errors.waves;
  assert.equal(first.title, 'First error');
  const beat = readTable('errors/bus.csv').find((row) => row.HRESP === 'ERROR');
  const resp = first.signals.find((signal) => signal.name.startsWith('ahb.HRESP'));
  assert.ok(resp.values.includes('ERROR'), `HRESP: ${resp.values}`);
  // HRESP is ERROR for two cycles, the second of which is the beat's.
  assert.equal(first.mark[0], Number(beat.time_ps) - 10000);
  const state = first.signals.find((signal) => signal.name.startsWith('ahb.HTRANS'));
  assert.ok(state.values.includes('SEQ') && state.values.every((value) => ['IDLE', 'BUSY', 'NONSEQ', 'SEQ'].includes(value)), `${state.values}`);
  const losses = reportOf('axi-dmac-sdr').data;
  assert.equal(losses.waves[0].title, 'First loss of data');
  const stall = losses.waves.find((one) => one.title === 'Longest stall');
  assert.ok(stall.mark[1] - stall.mark[0] >= 20 * 10000, 'a stall of 20 cycles');
  assert.ok(losses.waves.every((one) => one.signals.length > 3 && one.signals.length <= 28));
});

test('a VCD that is packed is read as one that is not', () => {
  const plain = reportOf('errors').data;
  if (run('run', config('errors.yaml'), '-q', '-o', 'packed', '--compress', 'zst').status === 2) return; // built without zstd
  assert.ok(existsSync(join(work, 'packed/trace.vcd.zst')));
  good(0, 'report', 'packed', '-q');
  const {data} = readPage('packed/report.html');
  assert.deepEqual(data.waves, plain.waves);
  assert.deepEqual(data.levels, plain.levels);
});

test('levels lie between the least and the most that the summary tells', () => {
  const {data} = reportOf('modes');
  const figures = readSummary('modes');
  for (const one of data.levels.series.filter((series) => !series.name.includes('.'))) {
    assert.equal(Math.max(...one.high.filter((value) => value !== null)), figures[`fifo.${one.name}.max_level`], one.name);
    assert.ok(one.low.every((value, i) => value === null || value <= one.high[i]));
  }
  assert.ok(data.levels.series.length >= 4);
});

test('what was not traced is left out; what is no result is refused', () => {
  const {data} = reportOf('errors', '--trace', 'summary');
  assert.deepEqual([data.buses, data.transfers, data.levels, data.waves], [undefined, undefined, undefined, undefined]);
  mkdirSync(join(work, 'empty'));
  assert.match(good(2, 'report', 'empty'), /no summary.csv/);
  assert.match(good(2, 'report', 'nowhere'), /nowhere/);
  assert.match(good(2, 'report'), /name a folder/);
  assert.match(good(2, 'report', 'errors', '-o', 'no/such/folder.html'), /no\/such/);
  assert.ok(!existsSync(join(work, 'empty/report.html')));
  for (const [file, text, what] of [['summary.csv', 'metric,value\n', /no column unit/], ['transfers.csv', 'a,b\n1\n', /transfers.csv/],
    ['bus.csv', 'HADDR,x\n', /no column cycle/], ['trace.vcd', '$enddefinitions $end\n#1\n1!\n', /trace.vcd:3/]]) {
    reportOf('errors');
    writeFileSync(join(work, 'errors', file), text);
    assert.match(good(2, 'report', 'errors'), what);
    run('run', config('errors.yaml'), '-q', '-o', 'errors', '--force');
  }
});

test('a text of the results is a text of the page', () => {
  run('run', config('errors.yaml'), '-q', '-o', 'hostile');
  appendFileSync(join(work, 'hostile/summary.csv'), '"</script><img src=x onerror=""alert(1)"">",1,B\n');
  good(0, 'report', 'hostile', '-q', '-o', 'a<b>&.html');
  const {html, data} = readPage('a<b>&.html');
  assert.ok(!html.includes('<img'));
  assert.ok(data.summary.some(([name]) => name.startsWith('</script><img')));
});

test('results that are damaged are refused, or drawn as they are', () => {
  const files = ['summary.csv', 'transfers.csv', 'bus.csv', 'trace.vcd', 'trace.gtkw', 'trace.HRESP.txt'];
  reportOf('errors');
  mkdirSync(join(work, 'damaged'));
  const whole = files.map((file) => readFileSync(join(work, 'errors', file)));
  let state = 4711, drawn = 0;
  const random = (most) => (state = (state * 48271) % 2147483647) % most;
  for (let round = 0; round < 60; round++) {
    files.forEach((file, i) => writeFileSync(join(work, 'damaged', file), whole[i]));
    const i = round % files.length, bytes = Buffer.from(whole[i]);
    const from = random(3) ? random(bytes.length) : random(400);
    for (let k = 0; k < 1 + random(6); k++) bytes[Math.min(bytes.length - 1, from + random(30))] = '0123456789,.#b\n'.charCodeAt(random(15));
    writeFileSync(join(work, 'damaged', files[i]), round % 7 ? bytes : bytes.subarray(0, random(bytes.length)));
    const {status, text} = run('report', 'damaged', '-q');
    assert.ok(status === 0 || (status === 2 && /error: /.test(text)), `round ${round}: status ${status}: ${text}`);
    if (status === 0) {
      drawn++;
      assert.equal(readPage('damaged/report.html').data.kind, 'run');
    }
  }
  assert.ok(drawn > 10 && drawn < 60, `${drawn}`);
});

test('a long run is thinned, and keeps its extremes', () => {
  const head = readFileSync(join(work, 'modes/transfers.csv'), 'utf8').split('\n')[0];
  const count = 100000;
  const lines = [head];
  for (let i = 0; i < count; i++) {
    const submit = i * 1000000, latency = i === 54321 ? 999 : i === 77777 ? 900000 : 1000 + (i * 7919) % 5000;
    const status = i % 5000 === 17 ? 'error' : 'complete';
    lines.push(`dma,${i % 4},n${i % 3},memcpy,burst,64,${status},${submit},${submit + 10},${submit + 20},${submit + 500},${submit + 600},${submit + latency},${'0,'.repeat(9)}0`);
  }
  mkdirSync(join(work, 'long'));
  copyFileSync(join(work, 'modes/summary.csv'), join(work, 'long/summary.csv'));
  writeFileSync(join(work, 'long/transfers.csv'), `${lines.join('\n')}\n`);
  good(0, 'report', 'long', '-q');
  const {data} = readPage('long/report.html');
  const submits = new Set(data.transfers.rows.map((row) => row[0] / 1000000));
  assert.equal(data.transfers.count, count);
  assert.ok(submits.size > 800 && submits.size <= 2000, `${submits.size}`);
  assert.ok(submits.has(0) && submits.has(count - 1) && submits.has(54321) && submits.has(77777));
  for (let i = 17; i < count; i += 5000) assert.ok(submits.has(i), `error ${i}`);
  assert.equal(data.latencies[0].count, count - 20);
  assert.equal(data.latencies[0].min, 999);
  assert.equal(data.latencies[0].max, 900000);
  assert.ok(data.latencies.every((one) => one.curve.length <= 200 && one.curve.at(-1)[1] === 1));
  assert.ok(statSync(join(work, 'long/report.html')).size < 2e6);
});

writeFileSync(join(work, 'scenario.yaml'), `
clocks: { aclk: { frequency: 100 MHz } }
buses: { axi: { type: axi, clock: aclk, width: 64 } }
cpus: { cpu: { bus: axi } }
controllers:
  dma: { type: "adi,axi-dmac", bus: axi, base: 0x4000_0000, source_bus: axi, destination_bus: axi, interrupt: cpu }
memories:
  a: { type: axi-memory, bus: axi, base: 0x1000_0000, size: 64 KiB, read_latency: 30, fill: zero }
  b: { type: axi-memory, bus: axi, base: 0x8000_0000, size: 64 KiB, write_latency: 30 }
work:
  - memcpy: { name: copy, from: a, to: b, bytes: 256 }
`);
const study = `# Question: what is the rate?
scenario: scenario.yaml
axes:
  latency: { path: memories.a.read_latency, from: 1, to: 40, step: 1 }
  bytes: { path: work.copy.bytes, values: [64, 1 KiB, 128 KiB] }
  fill: { path: memories.a.fill, values: [zero, "it's"] }
where: not (latency > 38 and bytes == 64)
repeat: { seeds: 2 }
metrics: { time: run.time, beats: controller.dma.beats, rate: bytes / time }
assert: time < 2000
goals: { maximise: rate, minimise: time }
`;

test('a study: rows, commands and counts are those of the database and of sweep', () => {
  writeFileSync(join(work, 'study.yaml'), study);
  assert.equal(run('sweep', 'study.yaml', '-o', 'out', '-q').status, 1);
  assert.match(good(0, 'report', 'out/study.db'), /report: out\/study.html/);
  const {data} = readPage('out/study.html');
  const rows = readTable('out/study.csv').filter((row) => row.status !== 'refused');
  assert.equal(data.total, data.point.length);
  assert.equal(data.total, 2 * (40 * 3 * 2 - 2 * 2));
  assert.equal(data.leftOut, 2 * 2 * 2);
  assert.ok(data.whole);
  const find = (point, seed) => data.point.findIndex((value, i) => value === point && data.seed[i] === seed);
  for (const row of rows) {
    const i = find(Number(row.point), Number(row.seed));
    assert.equal(data.statuses[data.status[i]], row.status);
    assert.equal(data.asserted[i], row.error.includes('assert: ') ? 1 : 0);
    assert.deepEqual(data.axes.map((axis, k) => axis.values[data.choices[k][i]][0]), [row.latency, row.bytes, row.fill]);
    assert.equal(data.figures[0][i], Number(row.time));
    assert.equal(data.figures[1][i], Number(row.beats));
    assert.ok(Math.abs(data.figures[2][i] / Number(row.rate) - 1) < 1e-8);
  }
  for (const point of [0, 7, 100, 239]) {
    const i = find(point, 1);
    const command = data.command + data.axes.map((axis, k) => axis.values[data.choices[k][i]][2]).join('');
    assert.equal(`${command}\n`, good(0, 'sweep', 'study.yaml', '--command', String(point)));
  }
  data.counts.forEach((count, status) => assert.equal(count, data.status.filter((one) => one === status).length));
  assert.ok(data.counts[1] > 0 && data.counts[2] > 0 && data.errors.length > 0);
});

test('a study with many cells is thinned until the page has room for it, and keeps its extremes', () => {
  const metrics = Array.from({length: 60}, (_, i) => `  m${i}: (latency * 7919 + write * 104729 + ${i}) ** 1.5 % 1`).join('\n');
  writeFileSync(join(work, 'wide.yaml'), `scenario: scenario.yaml\naxes:\n  latency: { path: memories.a.read_latency, from: 1, to: 2000, step: 1 }\n` +
    `  write: { path: memories.b.write_latency, from: 1, to: 9, step: 1 }\nmetrics:\n${metrics}\n  time: run.time\n`);
  good(0, 'sweep', 'wide.yaml', '-o', 'wide', '-q');
  good(0, 'report', 'wide/study.db', '-q');
  const {data} = readPage('wide/study.html');
  const size = statSync(join(work, 'wide/study.html')).size;
  assert.equal(data.total, 18000);
  assert.ok(data.point.length < 18000 && data.point.length > 1000, `${data.point.length} rows`);
  assert.ok(size < 2e6 && size > 8e5, `${size} bytes`);
  const rows = readTable('wide/study.csv');
  data.metrics.forEach((metric, k) => {
    const values = rows.map((row) => Number(row[metric.name])), kept = data.figures[k];
    for (const pick of [Math.min, Math.max]) {
      const all = values.reduce((a, b) => pick(a, b)), ours = kept.reduce((a, b) => pick(a, b));
      assert.ok(Math.abs(all - ours) <= 1e-8 * Math.abs(all), metric.name);
    }
  });
});

test('what is no database of a study is refused', () => {
  writeFileSync(join(work, 'none.db'), 'no database');
  assert.match(good(2, 'report', 'none.db'), /none.db/);
  writeFileSync(join(work, 'empty.db'), '');
  assert.match(good(2, 'report', 'empty.db'), /no database of a study/);
  assert.ok(existsSync(dmasim));
});
