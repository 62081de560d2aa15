// SPDX-License-Identifier: BSD-2-Clause
// Reports in a headless Chromium: what a user sees, clicks and types, prints and hears. DMASIM is the program; PICTURES a
// folder for the pictures, if they are wanted.
import assert from 'node:assert/strict';
import {mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {inflateSync} from 'node:zlib';

import {Browser, findChromium} from './chromium.mjs';
import {good, root, run, work} from './results.mjs';

let browser;

before(async () => {
  browser = await Browser.start(findChromium());
  for (const name of ['modes', 'errors']) {
    run('run', join(root, `configs/${name}.yaml`), '-q', '-o', name);
    good(0, 'report', name, '-q');
  }
  for (const name of ['arbiters', 'outstanding']) {
    good(0, 'sweep', join(root, `configs/studies/${name}.yaml`), '-q', '-o', name);
    good(0, 'report', `${name}/study.db`, '-q');
  }
  writeFileSync(join(work, 'big.yaml'), `scenario: ${join(root, 'configs/priorities.yaml')}
set:
  controllers.dma.fifo: 256 B
  work: [{ memcpy: { name: copy, from: sram, to: sram + 64 KiB, bytes: 1 KiB, mode: linked_list } }]
axes:
  item: { path: work.copy.segment_bytes, from: 64 B, to: 1 KiB, count: 25, scale: log }
  read: { path: memories.sram.read_first, from: 0, to: 19, step: 1 }
  write: { path: memories.sram.write_first, from: 0, to: 19, step: 1 }
metrics: { latency: transfers.latency.max, share: 100 * 2 * 256 * 10 / latency, time: run.time, beats: controller.dma.beats, busy: bus.ahb.busy_cycles, each: latency / beats }
goals: { minimise: [time], maximise: share }
`);
  good(0, 'sweep', 'big.yaml', '-q', '-o', 'big');
  good(0, 'report', 'big/study.db', '-q');
});

after(() => browser?.close());

async function open(path, width, height) {
  const page = await browser.page(width, height);
  page.opened = await page.open(join(work, path));
  return page;
}

/** Nothing was complained of, and nothing was asked of the network. */
async function ends(page, name) {
  assert.deepEqual(page.problems, []);
  assert.deepEqual(page.requests.filter((url) => !url.startsWith('data:')), []);
  if (process.env.PICTURES) {
    mkdirSync(process.env.PICTURES, {recursive: true});
    await scrollThrough(page);
    writeFileSync(join(process.env.PICTURES, `${name}.png`), await page.picture());
  }
}

async function scrollThrough(page) {
  await page.run(`(async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += 500) {
      scrollTo(0, y);
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 20)));
    }
    scrollTo(0, 0);
  })()`);
}

const text = (page, selector) => page.run(`document.querySelector(${JSON.stringify(selector)})?.textContent ?? null`);
const count = (page, selector) => page.run(`document.querySelectorAll(${JSON.stringify(selector)}).length`);

/** Places of the pixels of a picture that are no background: colours, told apart by their bytes. */
async function coloursOf(page, selector) {
  return page.run(`(() => {
    const canvas = document.querySelector(${JSON.stringify(selector)});
    const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const seen = new Set();
    for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 200) seen.add(data[i] << 16 | data[i + 1] << 8 | data[i + 2]);
    return [...seen];
  })()`);
}

test('a run: all its parts are drawn', async () => {
  const page = await open('modes/report.html');
  await scrollThrough(page);
  assert.equal(await text(page, 'h1'), 'Run modes');
  const parts = await page.run('[...document.querySelectorAll("h2")].map((node) => node.textContent)');
  for (const part of ['Summary', 'Bus occupancy', 'Transfers', 'Latencies', 'FIFO levels', 'Interesting cycles', 'Scenario']) assert.ok(parts.includes(part), part);
  assert.ok((await count(page, '.plot canvas')) >= 6);
  assert.ok((await coloursOf(page, '#bus-occupancy canvas')).length > 3, 'something is painted');
  assert.equal(await count(page, '.transfer'), 4);
  assert.ok((await count(page, '.wave .bit')) > 3);
  await ends(page, 'run-light');
});

test('a run: the pointer tells of a transfer and of cycles', async () => {
  const page = await open('modes/report.html');
  await page.hover('.timeline');
  await page.until('document.querySelector(".transfer")');
  await page.hover('.transfer .whole');
  await page.until('/^burst, dma channel 0: slave_sg/.test(document.querySelector(".timeline ~ .readout").textContent)');
  await page.hover('.plot');
  await page.until('document.querySelector(".plot canvas")');
  await page.hover('.plot .u-over', [0.3, 0.5]);
  await page.until('/^time .* us: cpu .* %, dma .* %$/.test(document.querySelector(".plot ~ .readout").textContent)');
  await page.hover('.wave');
  await page.until('document.querySelector(".wave svg")');
  await page.hover('.wave', [0.4, 0.5]);
  await page.until('/ns|us: /.test(document.querySelector(".wave ~ .readout").textContent)');
  await ends(page, 'run-pointer');
});

test('a run: the keyboard reaches all of it', async () => {
  const page = await open('modes/report.html');
  for (const part of ['.plot', '.timeline', '.wave']) {
    await page.middle(part);
    await page.until(`document.querySelector("${part} canvas, ${part} svg")`);
  }
  const seen = new Set();
  await page.run('document.body.focus()');
  for (let i = 0; i < 80; i++) {
    await page.key('Tab');
    seen.add(await page.run('document.activeElement.className.split(" ")[0] || document.activeElement.tagName'));
  }
  for (const part of ['theme', 'A', 'SUMMARY', 'plot', 'timeline', 'wave', 'BUTTON']) assert.ok(seen.has(part), `${part} of ${[...seen]}`);
  await page.run('document.querySelector(".timeline").focus()');
  const heard = [];
  for (const key of ['ArrowRight', 'ArrowRight', 'End', 'Home']) {
    await page.key(key);
    heard.push((await text(page, '.timeline ~ .readout')).split(',')[0]);
  }
  assert.deepEqual(heard, ['burst', 'steal', 'chain', 'burst']);
  await page.key('+');
  assert.equal(await count(page, '.transfer') < 4, true, 'zoomed in');
  await page.run('document.querySelector(".wave").focus()');
  await page.key('Home');
  const first = await text(page, '.wave ~ .readout');
  await page.key('ArrowRight');
  assert.notEqual(await text(page, '.wave ~ .readout'), first);
  await page.run('document.querySelector(".plot").focus()');
  await page.key('End');
  await page.until('/^time 25\\d/.test(document.querySelector(".plot ~ .readout").textContent) || /^time 249/.test(document.querySelector(".plot ~ .readout").textContent)');
  await ends(page, 'run-keyboard');
});

test('a legend hides a line; numbers are a table', async () => {
  const page = await open('modes/report.html');
  await page.middle('#bus-occupancy .plot');
  await page.until('document.querySelector("#bus-occupancy canvas")');
  const blue = 0x0072b2; // of the first master
  assert.ok((await coloursOf(page, '#bus-occupancy canvas')).includes(blue));
  await page.click('#bus-occupancy .legend button');
  assert.equal(await page.run('document.querySelector("#bus-occupancy .legend button").getAttribute("aria-pressed")'), 'false');
  await page.run('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  assert.ok(!(await coloursOf(page, '#bus-occupancy canvas')).includes(blue));
  await page.click('#bus-occupancy summary');
  await page.until('document.querySelectorAll("#bus-occupancy tbody tr").length > 100'); // made once it is open
  await ends(page, 'run-legend');
});

/** Text of the pages of a PDF, as far as its streams tell: their bytes, unpacked. */
function pdfPages(bytes) {
  const raw = bytes.toString('latin1');
  let drawn = 0;
  for (const match of raw.matchAll(/stream\r?\n/g)) {
    const from = match.index + match[0].length, to = raw.indexOf('endstream', from);
    try {
      drawn += inflateSync(bytes.subarray(from, to)).length;
    } catch { /* a font or a picture */ }
  }
  return {pages: raw.match(/\/Type\s*\/Page\b/g)?.length ?? 0, drawn};
}

test('dark is dark, paper is light, and print has what was not yet seen', async () => {
  const page = await open('modes/report.html');
  const brightness = (name) => page.run(`getComputedStyle(document.documentElement).getPropertyValue('${name}')`);
  assert.equal((await brightness('--page')).trim(), '#ffffff');
  await page.dark(true);
  assert.equal((await brightness('--page')).trim(), '#0d1117');
  await scrollThrough(page);
  await ends(page, 'run-dark');
  const painted = await coloursOf(page, '#bus-occupancy canvas');
  await page.click('.theme');
  assert.equal((await brightness('--page')).trim(), '#ffffff');
  assert.equal(await page.run('document.querySelector(".theme").getAttribute("aria-pressed")'), 'false');
  await page.run('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  assert.notDeepEqual(await coloursOf(page, '#bus-occupancy canvas'), painted);

  const other = await open('modes/report.html');
  await other.dark(true);
  assert.equal(await count(other, '#interesting-cycles svg'), 0, 'not yet drawn');
  const paper = pdfPages(await other.pdf());
  assert.ok(paper.pages >= 2 && paper.drawn > 20000, JSON.stringify(paper));
  assert.ok((await count(other, '#interesting-cycles svg')) > 0);
  assert.equal(await other.run('document.documentElement.dataset.theme ?? "as before"'), 'as before');
  if (process.env.PICTURES) writeFileSync(join(process.env.PICTURES, 'run.pdf'), await other.pdf());
  await ends(other, 'run-printed');
});

test('a screen reader finds a heading for each part, a name for each picture and field', async () => {
  for (const path of ['modes/report.html', 'arbiters/study.html']) {
    const page = await open(path);
    await scrollThrough(page);
    const {nodes} = await page.call('Accessibility.getFullAXTree');
    const seen = nodes.filter((node) => !node.ignored);
    const of = (role) => seen.filter((node) => node.role?.value === role);
    assert.equal(of('heading').filter((node) => node.properties.some((one) => one.name === 'level' && one.value.value === 1)).length, 1);
    assert.ok(of('heading').length >= 6 && of('navigation').length === 1 && of('main').length === 1);
    for (const role of ['application', 'button', 'combobox', 'textbox', 'searchbox', 'spinbutton', 'link', 'table', 'region']) {
      for (const node of of(role)) assert.ok(node.name?.value, `a ${role} of ${path} has no name`);
    }
    assert.ok(of('application').length >= 3);
    assert.equal(await page.run('document.documentElement.lang'), 'en');
    await ends(page, path.includes('modes') ? 'run-read' : 'study-light');
  }
});

const commandOf = (page) => text(page, '.panel code');
const printed = (study, point) => good(0, 'sweep', join(root, `configs/studies/${study}.yaml`), '--command', String(point)).trim();

test('a study: a click on a row, a cell, a point and a line shows the command', async () => {
  const page = await open('arbiters/study.html');
  await page.click('[data-row="5"]');
  assert.equal(await commandOf(page), printed('arbiters', 5));
  assert.match(await text(page, '.panel .chosen'), /^Point 5: arbiter = .*, burst = 4: ok$/);
  await page.click('.heat tbody tr:nth-child(2) td:nth-child(4) .cell');
  assert.equal(await commandOf(page), printed('arbiters', 9));
  await page.middle('#pareto-front .plot');
  await page.until('document.querySelector("#pareto-front .u-over")');
  await page.click('#pareto-front .u-over', [0.5, 0.5]);
  const [, point] = /^Point (\d+):/.exec(await text(page, '.panel .chosen'));
  assert.equal(await commandOf(page), printed('arbiters', point));
  await page.middle('#metrics-over-axes .plot');
  await page.until('document.querySelector("#metrics-over-axes .u-over")');
  await page.run('document.querySelector("#metrics-over-axes .plot").focus()');
  await page.key('End');
  await page.key('Enter');
  assert.match(await text(page, '.panel .chosen'), /grant: registered/);
  await page.click('.panel button');
  await page.until('/Copied|Selected/.test(document.querySelector(".panel button").textContent)');
  assert.equal(await page.run('getSelection().toString()'), await commandOf(page));
  await ends(page, 'study-clicked');
});

test('a study: the table sorts and finds, by mouse and by keyboard', async () => {
  const page = await open('outstanding/study.html');
  const column = () => page.run('[...document.querySelectorAll("table.points tbody tr")].map((row) => row.children[1].textContent)');
  assert.equal((await column())[0], '1');
  await page.click('table.points th:nth-child(2) button');
  await page.click('table.points th:nth-child(2) button');
  assert.equal((await column())[0], '200');
  assert.equal(await page.run('document.querySelector("table.points th:nth-child(2)").getAttribute("aria-sort")'), 'descending');
  await page.run('document.querySelector("table.points th:nth-child(2) button").focus()');
  await page.key('Enter');
  assert.equal((await column())[0], '1');
  await page.click('input[type=search]');
  await page.type('latency>=100 share8<90');
  await page.until('document.querySelectorAll("table.points tbody tr").length === 3');
  assert.deepEqual(await column(), ['120', '150', '200']);
  await page.type(' nothing<3');
  await page.until('/no column/.test(document.querySelector(".problem").textContent)');
  await ends(page, 'study-found');
});

test('a study: ranges of parallel coordinates hold for the table too', async () => {
  const page = await open('outstanding/study.html');
  await page.middle('.parallel');
  await page.until('document.querySelector(".parallel canvas").width > 300');
  const rows = () => count(page, 'table.points tbody tr');
  assert.equal(await rows(), 13);
  // The first column is 60 pixels from the left edge; its upper half.
  const width = await page.run('document.querySelector(".parallel canvas").clientWidth');
  await page.drag('.parallel canvas', [60 / width, 0.5], [60 / width, 0.1]);
  const dragged = await rows();
  assert.ok(dragged > 0 && dragged < 13, `${dragged} rows`);
  await page.click('.parallel canvas', [60 / width, 0.3]);
  assert.equal(await rows(), 13);
  await page.run(`(() => {
    const field = document.querySelector('.fields input');
    field.value = '90';
    field.dispatchEvent(new Event('change', {bubbles: true}));
  })()`);
  assert.equal(await rows(), 5);
  await ends(page, 'study-ranges');
});

test('a study: choices draw other figures', async () => {
  const page = await open('arbiters/study.html');
  const figures = () => count(page, '#metrics-over-axes figure');
  assert.equal(await figures(), 8);
  await page.choose('#metrics-over-axes select', '1');
  assert.equal(await figures(), 4);
  await page.choose('#heat-map select', '3');
  assert.match(await text(page, '.heat caption'), /^longest: /);
  await page.dark(true);
  await scrollThrough(page);
  await ends(page, 'study-dark');
});

test('a run of 100 million cycles has less than 2 MB, and opens at once', async (t) => {
  run('run', join(root, 'tests/bench/idle.yaml'), '-q', '--trace', 'transfers,summary', '-s', 'stop=1 s', '-o', 'idle');
  good(0, 'report', 'idle', '-q');
  assert.match(readFileSync(join(work, 'idle/summary.csv'), 'utf8'), /^bus[.]ahb[.]cycles,100000001,cycles$/m);
  assert.ok(statSync(join(work, 'idle/report.html')).size < 2e6);
  const times = [];
  for (let i = 0; i < 5; i++) {
    const page = await open('idle/report.html');
    times.push(page.opened);
    if (i === 0) await ends(page, 'run-long');
    await page.call('Page.close');
  }
  t.diagnostic(`opened in ${times.map(Math.round)} ms`);
  assert.ok(!process.env.DMASIM_TIMES || Math.min(...times) < 1000);
});

// Under a second on an idle machine: DMASIM_TIMES=1 holds it to that.
test('a study of 10,000 points has less than 2 MB, and opens at once', async (t) => {
  assert.ok(statSync(join(work, 'big/study.html')).size < 2e6);
  const times = [];
  for (let i = 0; i < 5; i++) {
    const page = await open('big/study.html');
    times.push(page.opened);
    if (i === 0) {
      assert.equal(await page.run('document.querySelector(".cards dd").textContent.replace(/\\D/g, "")'), '10000');
      await ends(page, 'study-big');
    }
    await page.call('Page.close');
  }
  t.diagnostic(`opened in ${times.map(Math.round)} ms`);
  assert.ok(!process.env.DMASIM_TIMES || Math.min(...times) < 1000);
  assert.ok(readFileSync(join(work, 'big/study.html')).length > 1e5);
});

/** Of each bar of a figure: its label, and the widths of its parts in per cent. */
const bars = (page, part) => page.run(`[...document.querySelectorAll('${part} .bar')].map((bar) => [bar.querySelector('.bar-label').textContent,
  [...bar.querySelectorAll('.part')].map((node) => parseFloat(node.style.width))])`);

test('causes are bars whose parts are the cycles, of a run and over an axis of a study', async () => {
  const page = await open('modes/report.html');
  const drawn = await bars(page, '#causes');
  assert.deepEqual(drawn.map(([label]) => label), ['bus.ahb', 'transfer.burst', 'transfer.steal', 'transfer.demand', 'transfer.chain']);
  for (const [label, widths] of drawn) assert.ok(widths.length > 3 && Math.abs(widths.reduce((a, b) => a + b) - 100) < 0.01, label);
  assert.match(await page.run('document.querySelector("#causes .part").title'), /^data: [\d\u202f]+ cycles, [\d.]+ %$/);
  await page.click('#causes summary');
  assert.equal(await page.run('document.querySelector("#causes tbody th").textContent'), 'bus.ahb');
  await ends(page, 'run-causes');

  writeFileSync(join(work, 'causes.yaml'), `scenario: ${join(root, 'configs/priorities.yaml')}
axes:
  read: { path: memories.sram.read_first, values: [0, 2, 5] }
  write: { path: memories.sram.write_first, values: [0, 1] }
metrics: [bus.ahb.cause.data, bus.ahb.cause.wait.sram, bus.ahb.cause.address, run.time]
`);
  good(0, 'sweep', 'causes.yaml', '-q', '-o', 'causes');
  good(0, 'report', 'causes/study.db', '-q');
  const study = await open('causes/study.html');
  const over = await bars(study, '#causes');
  assert.deepEqual(over.map(([label]) => label), ['read 0', 'read 2', 'read 5']);
  const waits = over.map(([, widths]) => widths[1]);
  assert.ok(waits[0] < waits[1] && waits[1] < waits[2], `${waits}`);
  await study.run(`(() => {
    const list = document.querySelectorAll('#causes select')[1];
    list.value = '1';
    list.dispatchEvent(new Event('change', {bubbles: true}));
  })()`);
  assert.deepEqual((await bars(study, '#causes')).map(([label]) => label), ['write 0', 'write 1']);
  await ends(study, 'study-causes');
});

test('a narrow page does not scroll sideways', async () => {
  for (const path of ['modes/report.html', 'arbiters/study.html']) {
    const page = await open(path, 400, 800);
    await scrollThrough(page);
    assert.ok(await page.run('document.documentElement.scrollWidth <= 410'), `${path}: ${await page.run('document.documentElement.scrollWidth')}`);
    await ends(page, `narrow-${path.slice(0, 5)}`);
  }
});
