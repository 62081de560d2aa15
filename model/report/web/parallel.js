// SPDX-License-Identifier: BSD-2-Clause
// parallel: a line for each point across axes and metrics. A range, dragged on a column or typed below it, keeps those
// points that lie in it, here and in the other parts.

import {el, newId} from './dom.js';
import {number, plural} from './format.js';
import {whenSeen} from './plot.js';
import {extent} from './stats.js';
import {colour, onRepaint} from './theme.js';

const COLUMNS_MAX = 10, HEIGHT = 300, TOP = 34, BOTTOM = 20, SIDE = 60;

/** A column: its name, the place of a row from 0 (bottom) to 1, and what a place is called. */
function axisColumn(study, axis) {
  if (!axis.numbers) {
    const last = Math.max(1, axis.texts.length - 1);
    return {name: axis.name, value: (i) => study.choice(axis, i), range: [0, last], text: (value) => axis.texts[Math.round(value)] ?? ''};
  }
  return {name: axis.name, value: (i) => study.axisCell(axis, i), range: extent(axis.numbers), log: axis.geometric, text: (value) => number(value, 4)};
}

export function parallel(study, metrics, selection) {
  const chosen = [...new Set([...study.goals().map((goal) => goal.metric), ...metrics])];
  const columns = [...study.axes.map((axis) => axisColumn(study, axis)),
    ...chosen.map((metric) => ({name: metric.name, value: (i) => metric.values[i], range: extent(metric.values), text: (value) => number(value, 4)}))]
    .filter((column) => column.range).slice(0, COLUMNS_MAX);
  for (const column of columns) {
    if (column.range[0] === column.range[1]) column.range = [column.range[0] - 0.5, column.range[1] + 0.5];
    column.kept = null;
  }
  const canvas = el('canvas', {'aria-hidden': 'true'});
  const area = el('div', {class: 'parallel', style: {height: `${HEIGHT}px`}}, canvas);
  const status = el('p', {class: 'readout', 'aria-live': 'polite'}, '');
  const limits = columns.map(limitFields);

  function place(column, value) {
    const [low, high] = column.range;
    const share = column.log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  }

  function valueAt(column, y) {
    const [low, high] = column.range, share = Math.max(0, Math.min(1, (HEIGHT - BOTTOM - y) / (HEIGHT - TOP - BOTTOM)));
    return column.log ? low * (high / low) ** share : low + share * (high - low);
  }

  const xOf = (k, width) => SIDE + (columns.length > 1 ? k / (columns.length - 1) : 0.5) * (width - 2 * SIDE);

  function paint() {
    const width = Math.max(300, area.clientWidth), ratio = devicePixelRatio || 1;
    canvas.width = width * ratio;
    canvas.height = HEIGHT * ratio;
    canvas.style.setProperty('width', `${width}px`);
    canvas.style.setProperty('height', `${HEIGHT}px`);
    const context = canvas.getContext('2d');
    context.scale(ratio, ratio);
    const asked = new Set(selection.rows());
    const all = study.ran;
    strokeRows(context, width, all.filter((i) => !asked.has(i)), colour('grid'), 0.6, 1);
    const shown = all.filter((i) => asked.has(i));
    strokeRows(context, width, shown, colour('series-0'), Math.max(0.08, Math.min(0.8, 60 / shown.length)), 1);
    if (selection.chosen >= 0) strokeRows(context, width, [selection.chosen], colour('series-1'), 1, 3);
    context.globalAlpha = 1;
    context.font = '12px system-ui, sans-serif';
    context.textAlign = 'center';
    columns.forEach((column, k) => {
      const x = xOf(k, width);
      context.strokeStyle = context.fillStyle = colour('text');
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(x, TOP);
      context.lineTo(x, HEIGHT - BOTTOM);
      context.stroke();
      context.fillText(column.name.length > 18 ? `${column.name.slice(0, 17)}\u2026` : column.name, x, 12);
      context.fillText(column.text(column.range[1]).slice(0, 16), x, TOP - 6);
      context.fillText(column.text(column.range[0]).slice(0, 16), x, HEIGHT - 5);
      if (column.kept) {
        const [low, high] = column.kept.map((value) => place(column, value));
        context.globalAlpha = 0.25;
        context.fillStyle = colour('series-1');
        context.fillRect(x - 8, high, 16, Math.max(2, low - high));
        context.globalAlpha = 1;
      }
    });
    status.textContent = `${plural(shown.length, 'point')} of ${number(all.length)}`;
  }

  function strokeRows(context, width, rows, style, alpha, thickness) {
    context.strokeStyle = style;
    context.globalAlpha = alpha;
    context.lineWidth = thickness;
    context.beginPath();
    for (const i of rows) {
      let open = false;
      columns.forEach((column, k) => {
        const value = column.value(i);
        if (value === null || value === undefined) {
          open = false;
          return;
        }
        const x = xOf(k, width), y = place(column, value);
        if (open) context.lineTo(x, y);
        else context.moveTo(x, y);
        open = true;
      });
    }
    context.stroke();
  }

  function keep(k, range) {
    columns[k].kept = range;
    const [from, to] = limits[k].querySelectorAll('input');
    from.value = range ? String(Number(range[0].toPrecision(6))) : '';
    to.value = range ? String(Number(range[1].toPrecision(6))) : '';
    selection.ask('parallel', columns.some((column) => column.kept) ? (i) => columns.every((column) => {
      if (!column.kept) return true;
      const value = column.value(i);
      return value !== null && value >= column.kept[0] && value <= column.kept[1];
    }) : null);
  }

  function limitFields(column, k) {
    const field = (label, side) => {
      const id = newId('limit');
      return [el('label', {for: id}, label), el('input', {id, type: 'number', step: 'any', on: {change: (event) => {
        const range = [...(column.kept ?? column.range)];
        range[side] = event.target.value === '' ? column.range[side] : Number(event.target.value);
        keep(k, range[0] === column.range[0] && range[1] === column.range[1] ? null : range);
      }}})];
    };
    return el('fieldset', {}, el('legend', {}, column.name), field('from', 0), field('to', 1));
  }

  let drag = null;
  canvas.addEventListener('pointerdown', (event) => {
    const box = canvas.getBoundingClientRect(), x = event.clientX - box.left;
    const k = columns.findIndex((_, i) => Math.abs(xOf(i, box.width) - x) < 20);
    if (k < 0) return;
    drag = {k, y: event.clientY - box.top};
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointerup', (event) => {
    if (!drag) return;
    const y = event.clientY - canvas.getBoundingClientRect().top, column = columns[drag.k];
    const ends = [valueAt(column, drag.y), valueAt(column, y)].sort((a, b) => a - b);
    keep(drag.k, Math.abs(y - drag.y) < 4 ? null : ends);
    drag = null;
  });
  whenSeen(area, () => {
    paint();
    new ResizeObserver(paint).observe(area);
    onRepaint(paint);
    selection.listeners.push(paint);
  });
  return [el('p', {}, 'A line is a point. Drag along a column, or type a range, to keep the points in it; a click on a column lets all through.'),
    el('figure', {class: 'figure wide'}, area, status, el('details', {class: 'limits', open: true}, el('summary', {}, 'Ranges'), el('div', {class: 'fields'}, limits)))];
}
