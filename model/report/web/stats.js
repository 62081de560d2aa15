// SPDX-License-Identifier: BSD-2-Clause
// stats: what is computed of the rows of a study, and of stacks. Nothing here knows of a page.

/** Whether each of the rows `points` (lists of numbers) is beaten by none in all of `lessIsBetter`; of equal ones the first. */
export function paretoFront(points, lessIsBetter) {
  const front = [];
  const beats = (a, b) => {
    for (let k = 0; k < lessIsBetter.length; k++) {
      if (lessIsBetter[k] ? points[a][k] > points[b][k] : points[a][k] < points[b][k]) return false;
    }
    return true;
  };
  for (let i = 0; i < points.length; i++) {
    if (points[i].some((value) => value === null || value === undefined)) continue;
    if (front.some((other) => beats(other, i))) continue;
    for (let k = front.length - 1; k >= 0; k--) if (beats(i, front[k])) front.splice(k, 1);
    front.push(i);
  }
  return front.sort((a, b) => a - b);
}

/** Mean, least and most of each group: `group(i)` is an index below `groups`, or negative to leave row i out. */
export function aggregate(values, rows, groups, group) {
  const mean = new Array(groups).fill(null), low = [...mean], high = [...mean], count = new Array(groups).fill(0);
  for (const i of rows) {
    const at = group(i), value = values[i];
    if (at < 0 || value === null) continue;
    if (count[at]++ === 0) {
      mean[at] = low[at] = high[at] = value;
      continue;
    }
    mean[at] += (value - mean[at]) / count[at];
    low[at] = Math.min(low[at], value);
    high[at] = Math.max(high[at], value);
  }
  return {mean, low, high, count};
}

/** Sums from the last list to the first, for stacks that are painted from the highest: sums[i] = lists[i] + lists[i + 1] + ... */
export function stacked(lists) {
  const sums = [];
  let above = null;
  for (let k = lists.length - 1; k >= 0; k--) {
    const below = above;
    above = lists[k].map((value, i) => (value ?? 0) + (below ? below[i] : 0));
    sums[k] = above;
  }
  return sums;
}

/** Least and most of those that are numbers; null if there are none. */
export function extent(values) {
  let low = Infinity, high = -Infinity;
  for (const value of values) {
    if (value === null || value === undefined) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}

/** Whether positive values are spread as a geometric row is: they are shown on a logarithmic scale. */
export function isGeometric(values) {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  if (sorted.length < 3 || sorted[0] <= 0) return false;
  const last = sorted.length - 1;
  return sorted[last] / sorted[0] >= 8 && sorted[Math.floor(last / 2)] < sorted[0] + (sorted[last] - sorted[0]) / 4;
}

const isMissing = (value) => value === null || value === undefined || value === '';

/** Order of two cells: numbers by value, texts by letters and the numbers in them. */
export function compareCells(a, b) {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'en', {numeric: true});
}

/** Row indices by a cell, either way; what is missing comes last both ways, and equal rows keep their order. */
export function sortRows(rows, cell, descending) {
  const there = rows.filter((i) => !isMissing(cell(i))), missing = rows.filter((i) => isMissing(cell(i)));
  const sign = descending ? -1 : 1;
  return [...there.sort((i, k) => sign * compareCells(cell(i), cell(k)) || i - k), ...missing];
}
