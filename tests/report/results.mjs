// SPDX-License-Identifier: BSD-2-Clause
// results: what the tests of reports share: running dmasim in a folder of their own, and looking into a page.

import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {inflateSync} from 'node:zlib';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const dmasim = resolve(process.env.DMASIM ?? join(root, 'build/release/dmasim'));
export const work = mkdtempSync(join(tmpdir(), 'dmasim-report-'));
process.on('exit', () => rmSync(work, {recursive: true, force: true}));

/** Runs dmasim in the work folder; {status, text}. */
export function run(...args) {
  const result = spawnSync(dmasim, args, {cwd: work, encoding: 'utf8', maxBuffer: 1 << 28});
  return {status: result.status, text: result.stdout + result.stderr};
}

/** The same, with a status that must be `wanted`. */
export function good(wanted, ...args) {
  const result = run(...args);
  if (result.status !== wanted) throw new Error(`status ${result.status} instead of ${wanted}: dmasim ${args.join(' ')}\n${result.text}`);
  return result.text;
}

/** {html, data}: a page and the data in it. */
export function readPage(path) {
  const html = readFileSync(join(work, path), 'utf8');
  const packed = /<script type="application\/octet-stream" id="data">([^<]*)<\/script>/.exec(html)[1];
  return {html, data: JSON.parse(inflateSync(Buffer.from(packed, 'base64')).toString('utf8'))};
}

/** Rows of a CSV without quotes, as objects. */
export function readTable(path) {
  const [head, ...lines] = readFileSync(join(work, path), 'utf8').trimEnd().split('\n').map((line) => line.split(','));
  return lines.map((line) => Object.fromEntries(head.map((name, i) => [name, line[i]])));
}

/** Figures of a folder of results by their names. */
export function readSummary(folder) {
  return Object.fromEntries(readTable(`${folder}/summary.csv`).map((row) => [row.metric, Number(row.value)]));
}
