// SPDX-License-Identifier: BSD-2-Clause
// main: unpacks the data of the page and draws a run or a study.

import {el} from './dom.js';
import {drawAll} from './plot.js';
import {runPage} from './run.js';
import {studyPage} from './study.js';
import {printLight, themeButton} from './theme.js';

/** The JSON in the page: base64 of a zlib stream. */
async function unpack(text) {
  const bytes = Uint8Array.from(atob(text.replace(/\s+/g, '')), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return JSON.parse(await new Response(stream).text());
}

async function start() {
  const page = document.getElementById('page');
  const data = await unpack(document.getElementById('data').textContent);
  const index = el('ul');
  const nav = el('nav', {'aria-label': 'Parts of the report'}, index);
  const body = (data.kind === 'run' ? runPage : studyPage)(data, index);
  page.replaceChildren(el('header', {},
    el('h1', {}, data.kind === 'run' ? `Run ${data.name}` : `Study ${data.name}`), themeButton()), nav, ...body,
    el('footer', {}, `dmasim ${data.version}. Plots by uPlot.`));
  printLight(drawAll);
  document.documentElement.dataset.ready = 'yes';
}

start().catch((error) => {
  document.getElementById('page').replaceChildren(el('p', {role: 'alert'}, `This report cannot be drawn: ${error.message}`));
});
