// SPDX-License-Identifier: BSD-2-Clause
// build.mjs PACKAGES OUT.c: one script and one style for the pages, as a C file (model/report/assets.h). PACKAGES is the
// folder with node_modules.
import {createHash} from 'node:crypto';
import {readFileSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const [packages, out] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const esbuild = createRequire(join(packages, 'package.json'))('esbuild');
const modules = join(packages, 'node_modules');
const licence = readFileSync(join(modules, 'uplot', 'LICENSE'), 'utf8').trim();

async function bundle(entry, extra) {
  const result = await esbuild.build({
    entryPoints: [join(here, entry)],
    nodePaths: [modules],
    bundle: true,
    minify: true,
    write: false,
    charset: 'utf8',
    target: ['chrome90', 'firefox115', 'safari16'],
    ...extra,
  });
  return result.outputFiles[0].text.trim();
}

/** Bytes as the rows of an array. */
function rows(bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length; at += 32) lines.push(bytes.subarray(at, at + 32).join(','));
  return lines.join(',\n');
}

function define(name, text) {
  const bytes = Buffer.from(text, 'utf8');
  const hash = createHash('sha256').update(bytes).digest('base64');
  return `const unsigned char report_${name}[] = {\n${rows(bytes)}};\n` +
    `const size_t report_${name}_length = ${bytes.length};\n` +
    `const char report_${name}_hash[] = "sha256-${hash}";\n`;
}

const script = `/* uPlot: ${licence.replaceAll('*/', '* /')} */\n` + await bundle('main.js', {format: 'iife'});
const style = await bundle('page.css', {});
for (const text of [script, style]) {
  // What would end the element that it stands in.
  if (/<\/(script|style)|<!--/i.test(text)) throw new Error('the page would be cut short');
}
writeFileSync(out, '/* Made by model/report/web/build.mjs. */\n#include "report/assets.h"\n\n' + define('script', script) +
  define('style', style));
