// SPDX-License-Identifier: BSD-2-Clause
// signals: values over time. Nothing here knows of a page.

/** Value of a signal at a time: that of its last change up to then. */
export function valueAt(signal, ps) {
  let low = 0, high = signal.times.length - 1, found = -1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (signal.times[middle] <= ps) {
      found = middle;
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  return found < 0 ? 'x' : signal.values[found];
}

/** Stretches [from, to, value] of a signal inside a window, equal neighbours joined. */
export function stretches(signal, from, to) {
  const found = [];
  signal.times.forEach((at, i) => {
    const start = Math.max(from, at), end = Math.min(to, signal.times[i + 1] ?? to);
    if (end <= start) return;
    const last = found[found.length - 1];
    if (last && last[2] === signal.values[i] && last[1] === start) last[1] = end;
    else found.push([start, end, signal.values[i]]);
  });
  return found;
}
