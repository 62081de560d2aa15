// SPDX-License-Identifier: BSD-2-Clause
// timeline: transfers as bars over time, a lane for each channel; what a transfer is stands below the picture, under the
// pointer and when the arrow keys come to it.

import {el, newId, svg, table} from './dom.js';
import {number, plural, time, timeLabels} from './format.js';
import {lanesOf, transfersOf} from './lanes.js';
import {whenSeen} from './plot.js';
import {onRepaint} from './theme.js';

const LEFT = 130, ROW = 22, AXIS = 24, TICKS = 8;
const PHASES = [
  ['waits to be issued', 'submit', 'issue', 'wait'],
  ['until the first beat', 'issue', 'first', 'lead'],
  ['data', 'first', 'last', 'data'],
  ['until the interrupt', 'last', 'interrupt', 'lead'],
  ['until the callback', 'interrupt', 'callback', 'wait'],
];

function describe(one) {
  const parts = PHASES.filter(([, from, to]) => one[from] !== null && one[to] !== null && one[to] >= one[from])
    .map(([label, from, to]) => `${label} ${time(one[to] - one[from])}`);
  return `${one.name}${one.controller ? `, ${one.controller} channel ${one.channel}` : ''}: ${one.call}${one.mode ? ` (${one.mode})` : ''}, ${plural(one.bytes, 'byte')}, ${one.status}; ` +
    `from ${time(one.submit)} to ${time(one.end)}: ${parts.join(', ')}; ${plural(one.data, 'data beat')}, ${plural(one.descriptors, 'descriptor beat')}` +
    (one.accesses ? `; meanwhile ${plural(one.accesses, 'CPU access', 'CPU accesses')}, stalled ${plural(one.stalls, 'cycle')}` : '');
}

export function timeline(data) {
  const transfers = transfersOf(data);
  if (!transfers.length) return el('p', {}, 'There was no transfer.');
  const lanes = lanesOf(transfers);
  const order = [...transfers].sort((a, b) => a.submit - b.submit);
  const end = Math.max(...transfers.map((one) => one.end), 1);
  const whole = [0, end];
  let view = [...whole], chosen = -1;
  const id = newId('timeline');
  const readout = el('p', {class: 'readout', 'aria-live': 'polite'}, 'Point at a transfer, or use the arrow keys.');
  const area = el('div', {class: 'timeline', tabindex: '0', role: 'application', 'aria-labelledby': `${id}-title`, 'aria-describedby': `${id}-help`});

  function choose(i) {
    chosen = Math.max(0, Math.min(order.length - 1, i));
    const one = order[chosen];
    readout.textContent = describe(one);
    if (one.end < view[0] || one.submit > view[1]) {
      const length = view[1] - view[0], from = Math.max(0, one.submit - length / 4);
      view = [from, from + length];
    }
    paint();
  }

  function zoom(factor) {
    const middle = chosen >= 0 ? (order[chosen].submit + order[chosen].end) / 2 : (view[0] + view[1]) / 2;
    const length = Math.min(whole[1] - whole[0], (view[1] - view[0]) * factor);
    const from = Math.max(0, Math.min(whole[1] - length, middle - length / 2));
    view = [from, from + length];
    paint();
  }

  function move(share) {
    const length = view[1] - view[0], from = Math.max(0, Math.min(whole[1] - length, view[0] + share * length));
    view = [from, from + length];
    paint();
  }

  function paint() {
    const width = Math.max(300, area.clientWidth) - LEFT - 10;
    const x = (ps) => LEFT + Math.max(-5, Math.min(width + 5, (ps - view[0]) / (view[1] - view[0]) * width));
    const height = lanes.reduce((sum, lane) => sum + lane.rows.length * ROW + 6, AXIS);
    const picture = svg('svg', {width: width + LEFT + 10, height, 'aria-hidden': 'true'});
    const ticks = Array.from({length: TICKS + 1}, (_, i) => view[0] + i / TICKS * (view[1] - view[0]));
    const labels = timeLabels(ticks);
    ticks.forEach((tick, i) => picture.append(svg('line', {class: 'grid-line', x1: x(tick), x2: x(tick), y1: AXIS - 6, y2: height}),
      svg('text', {class: 'tick', x: x(tick), y: 12, 'text-anchor': i === 0 ? 'start' : i === TICKS ? 'end' : 'middle'}, labels[i])));
    let y = AXIS;
    for (const lane of lanes) {
      picture.append(svg('text', {class: 'lane', x: 4, y: y + 15}, lane.name));
      for (const row of lane.rows) {
        for (const one of row) {
          if (one.end < view[0] || one.submit > view[1]) continue;
          picture.append(bar(one, x, y));
        }
        y += ROW;
      }
      y += 6;
      picture.append(svg('line', {class: 'grid-line', x1: 0, x2: width + LEFT, y1: y - 3, y2: y - 3}));
    }
    area.replaceChildren(picture);
  }

  function bar(one, x, y) {
    const at = order.indexOf(one);
    const group = svg('g', {class: `transfer${one.status === 'complete' ? '' : ' odd'}${at === chosen ? ' chosen' : ''}`,
      on: {pointerenter: () => (readout.textContent = describe(one)), click: () => choose(at)}});
    group.append(svg('rect', {class: 'whole', x: x(one.submit), y: y + 3, width: Math.max(2, x(one.end) - x(one.submit)), height: ROW - 8}));
    for (const [, from, to, kind] of PHASES) {
      if (one[from] === null || one[to] === null || one[to] <= one[from]) continue;
      const left = x(one[from]), width = x(one[to]) - left;
      if (width > 0.3) group.append(svg('rect', {class: kind, x: left, y: y + 3, width, height: ROW - 8}));
    }
    const room = x(one.end) - x(one.submit);
    if (room > one.name.length * 7 + 6) group.append(svg('text', {class: 'name', x: Math.max(LEFT, x(one.submit)) + 4, y: y + 14}, one.name));
    group.append(svg('title', {}, describe(one)));
    return group;
  }

  area.addEventListener('keydown', (event) => {
    const keys = {ArrowRight: () => choose(chosen + 1), ArrowLeft: () => choose(chosen - 1), Home: () => choose(0),
      End: () => choose(order.length - 1), '+': () => zoom(0.5), '-': () => zoom(2)};
    if (!keys[event.key]) return;
    keys[event.key]();
    event.preventDefault();
  });
  whenSeen(area, () => {
    paint();
    new ResizeObserver(paint).observe(area);
    onRepaint(paint);
  });
  const button = (text, label, action) => el('button', {type: 'button', 'aria-label': label, on: {click: action}}, text);
  const shown = transfers.length === data.transfers.count ? '' : ` ${number(transfers.length)} of ${number(data.transfers.count)} are drawn: those that failed, the shortest and the longest of each entry, and one of so many of the others.`;
  const phases = el('div', {class: 'legend'}, [['waits', 'wait'], ['to the first beat, to the interrupt', 'lead'], ['data', 'data']]
    .map(([text, kind]) => el('span', {class: 'key'}, el('span', {class: `swatch phase-${kind}`, 'aria-hidden': 'true'}), text)));
  const rows = order.slice(0, 1000).map((one) => [one.name, one.controller, one.channel, one.status, number(one.bytes), time(one.submit), time(one.issue), time(one.first), time(one.last), time(one.callback)]);
  return [el('p', {}, `${plural(data.transfers.count, 'transfer')}.${shown}`),
    el('figure', {class: 'figure wide'}, el('figcaption', {id: `${id}-title`}, 'Transfers over time'), phases,
      el('div', {class: 'controls'}, button('+', 'Zoom in', () => zoom(0.5)), button('\u2212', 'Zoom out', () => zoom(2)),
        button('\u2190', 'Earlier', () => move(-0.5)), button('\u2192', 'Later', () => move(0.5)),
        button('All', 'All of the run', () => {
          view = [...whole];
          paint();
        })),
      area, el('span', {id: `${id}-help`, class: 'hidden'}, 'The arrow keys go from transfer to transfer, plus and minus zoom; all numbers are in the table below.'), readout,
      el('details', {class: 'numbers'}, el('summary', {}, 'Numbers'), el('div', {class: 'scroll', tabindex: '0'},
        table('Transfers', ['name', 'controller', 'channel', 'status', 'bytes', 'submit', 'issue', 'first beat', 'last beat', 'callback'], rows))))];
}
