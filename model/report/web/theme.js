// SPDX-License-Identifier: BSD-2-Clause
// theme: light, dark or as the system has it; what is painted, and not styled, is painted again when that changes.

import {el} from './dom.js';

const painters = new Set();
const root = () => document.documentElement;

/** Calls `paint` whenever colours change. */
export function onRepaint(paint) {
  painters.add(paint);
}

function repaint() {
  for (const paint of painters) paint();
}

export function colour(name) {
  return getComputedStyle(root()).getPropertyValue(`--${name}`).trim();
}

export const SERIES = 8;

/** Of the i-th of several; after SERIES they come again, dashed (dash). */
export function seriesColour(i) {
  return colour(`series-${i % SERIES}`);
}

export function dash(i) {
  return [[], [8, 4], [2, 3], [8, 3, 2, 3]][Math.floor(i / SERIES) % 4];
}

function isDark() {
  const chosen = root().dataset.theme;
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

/** The button that turns light to dark. */
export function themeButton() {
  const button = el('button', {type: 'button', class: 'theme', 'aria-pressed': String(isDark())}, 'Dark');
  button.addEventListener('click', () => {
    root().dataset.theme = isDark() ? 'light' : 'dark';
    button.setAttribute('aria-pressed', String(isDark()));
    repaint();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    button.setAttribute('aria-pressed', String(isDark()));
    repaint();
  });
  return button;
}

/** Paper is white: while it is printed the page is light, and all of it is drawn. `drawAll` draws what was not yet seen. */
export function printLight(drawAll) {
  let before;
  addEventListener('beforeprint', () => {
    before = root().dataset.theme;
    root().dataset.theme = 'light';
    drawAll();
    repaint();
  });
  addEventListener('afterprint', () => {
    if (before) root().dataset.theme = before;
    else delete root().dataset.theme;
    repaint();
  });
}
