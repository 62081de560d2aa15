// SPDX-License-Identifier: BSD-2-Clause
// lanes: transfers as objects, and which of them lie beside each other. Nothing here knows of a page.

/** Rows as objects, with their texts and their end. */
export function transfersOf(data) {
  const {columns, rows} = data.transfers;
  const words = new Set(['controller', 'name', 'call', 'mode', 'status']);
  return rows.map((row) => {
    const one = Object.fromEntries(columns.map((name, i) => [name, words.has(name) ? data.texts[row[i]] : row[i]]));
    one.end = Math.max(...['callback', 'interrupt', 'last', 'first', 'issue', 'submit'].map((name) => one[name] ?? 0));
    return one;
  });
}

/** Lanes [{name, rows: [[transfer, ...]]}]: those of a channel that overlap lie in rows of their own. */
export function lanesOf(transfers) {
  const lanes = new Map();
  for (const one of [...transfers].sort((a, b) => a.submit - b.submit)) {
    const name = one.controller ? `${one.controller} ${one.channel}` : one.call;
    if (!lanes.has(name)) lanes.set(name, []);
    const rows = lanes.get(name);
    let row = rows.find((others) => others[others.length - 1].end <= one.submit);
    if (!row && rows.length >= 6) row = rows[rows.length - 1];
    if (row) row.push(one);
    else rows.push([one]);
  }
  return [...lanes].map(([name, rows]) => ({name, rows}));
}
