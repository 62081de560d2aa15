// SPDX-License-Identifier: BSD-2-Clause
// wave: signals around a moment, as a logic analyser shows them. A cursor, moved by pointer or arrow keys, tells values.

import {el, newId, svg, table} from './dom.js';
import {time, timeLabels} from './format.js';
import {whenSeen} from './plot.js';
import {stretches, valueAt} from './signals.js';
import {onRepaint} from './theme.js';

const LEFT = 210, LANE = 20, TOP = 22, VALUES = 110;

/** The figure of a window: {title, text, from, to, mark, period, signals}. */
export function wave(data) {
  const id = newId('wave');
  const readout = el('p', {class: 'readout', 'aria-live': 'polite'}, data.text);
  const area = el('div', {class: 'wave', tabindex: '0', role: 'application', 'aria-labelledby': `${id}-title`, 'aria-describedby': `${id}-help`});
  let cursor = data.mark[0], x, back, line, cells;

  function tell() {
    line.setAttribute('x1', x(cursor));
    line.setAttribute('x2', x(cursor));
    data.signals.forEach((signal, i) => (cells[i].textContent = valueAt(signal, cursor)));
  }

  function moveTo(ps) {
    cursor = Math.max(data.from, Math.min(data.to, ps));
    tell();
    const before = cursor - data.period;
    const changed = data.signals.filter((signal) => valueAt(signal, before) !== valueAt(signal, cursor))
      .map((signal) => `${signal.name} ${valueAt(signal, cursor)}`);
    readout.textContent = `${time(cursor)}: ${changed.length ? changed.join(', ') : 'nothing changes'}`;
  }

  function paint() {
    const width = Math.max(400, area.clientWidth) - LEFT - VALUES;
    const height = TOP + data.signals.length * LANE + 4;
    x = (ps) => LEFT + (ps - data.from) / (data.to - data.from) * width;
    back = (px) => data.from + (px - LEFT) / width * (data.to - data.from);
    const picture = svg('svg', {width: width + LEFT + VALUES, height, 'aria-hidden': 'true'});
    const ticks = Array.from({length: 7}, (_, i) => data.from + i / 6 * (data.to - data.from));
    const labels = timeLabels(ticks);
    const mark = [data.mark[0], Math.max(data.mark[1], data.mark[0] + data.period)].map((ps) => x(Math.max(data.from, Math.min(data.to, ps))));
    picture.append(svg('rect', {class: 'mark', x: mark[0], y: TOP, width: mark[1] - mark[0], height: height - TOP}));
    ticks.forEach((tick, i) => picture.append(svg('line', {class: 'grid-line', x1: x(tick), x2: x(tick), y1: TOP - 4, y2: height}),
      svg('text', {class: 'tick', x: x(tick), y: 12, 'text-anchor': i === 0 ? 'start' : i === 6 ? 'end' : 'middle'}, labels[i])));
    cells = data.signals.map((signal, i) => {
      const y = TOP + i * LANE;
      picture.append(svg('text', {class: 'signal', x: 4, y: y + 14}, signal.name.length > 32 ? `\u2026${signal.name.slice(-31)}` : signal.name));
      drawSignal(picture, signal, y);
      const cell = svg('text', {class: 'value', x: LEFT + width + 8, y: y + 14});
      picture.append(cell);
      return cell;
    });
    line = svg('line', {class: 'cursor', y1: TOP, y2: height});
    picture.append(line);
    area.replaceChildren(picture);
    tell();
  }

  function drawSignal(picture, signal, y) {
    const parts = stretches(signal, data.from, data.to);
    if (signal.bit && parts.every(([, , value]) => value === '0' || value === '1')) {
      let path = '';
      for (const [from, to, value] of parts) {
        const level = value === '1' ? y + 4 : y + LANE - 4;
        path += `${path ? 'V' : `M${x(from)} `}${path ? level : level} H${x(to)} `;
      }
      picture.append(svg('path', {class: 'bit', d: path}));
      return;
    }
    for (const [from, to, value] of parts) {
      const left = x(from), width = x(to) - left;
      picture.append(svg('rect', {class: 'bus', x: left, y: y + 4, width, height: LANE - 8}));
      const fits = Math.floor((width - 4) / 6.7);
      if (fits >= Math.min(value.length, 3)) picture.append(svg('text', {class: 'word', x: left + 3, y: y + 14}, value.length > fits ? `${value.slice(0, fits - 1)}\u2026` : value));
    }
  }

  area.addEventListener('pointermove', (event) => {
    const px = event.clientX - area.getBoundingClientRect().left + area.scrollLeft;
    if (back && px >= LEFT) moveTo(back(px));
  });
  area.addEventListener('keydown', (event) => {
    const step = data.period * (event.shiftKey ? 10 : 1);
    const moves = {ArrowRight: cursor + step, ArrowLeft: cursor - step, Home: data.from, End: data.to};
    if (!(event.key in moves) || !x) return;
    moveTo(moves[event.key]);
    event.preventDefault();
  });
  whenSeen(area, () => {
    paint();
    new ResizeObserver(paint).observe(area);
    onRepaint(paint);
  });
  const rows = data.signals.map((signal) => [signal.name, stretches(signal, data.from, data.to).map(([from, , value]) => `${time(from)}: ${value}`).join(', ')]);
  return el('figure', {class: 'figure wide'}, el('figcaption', {id: `${id}-title`}, `${data.title}: ${data.text}, ${time(data.mark[0])}` + (data.mark[1] > data.mark[0] ? ` to ${time(data.mark[1])}` : '')),
    area, el('span', {id: `${id}-help`, class: 'hidden'}, 'The arrow keys move the cursor by a cycle, with shift by ten; all values are in the table below.'), readout,
    el('details', {class: 'numbers'}, el('summary', {}, 'Numbers'), el('div', {class: 'scroll', tabindex: '0'}, table(`Changes: ${data.title}`, ['signal', 'values'], rows))));
}
