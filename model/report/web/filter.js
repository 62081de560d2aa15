// SPDX-License-Identifier: BSD-2-Clause
// filter: what is typed to find rows. Words are looked for in all cells; NAME OP VALUE asks of one column, with OP one of
// = != < <= > >=. All that is written must hold. Quotes keep blanks together.

const CONDITION = /^([^\s=<>!]+)(<=|>=|!=|==|=|<|>)(.*)$/;

/** Words of a text; quotes may stand anywhere in one. */
export function words(text) {
  const found = [];
  let word = '', open = false, any = false;
  for (const c of text.replace(/\s*(<=|>=|!=|==|=|<|>)\s*/g, '$1')) {
    if (c === '"') {
      open = !open;
      any = true;
    } else if (/\s/.test(c) && !open) {
      if (any) found.push(word);
      word = '';
      any = false;
    } else {
      word += c;
      any = true;
    }
  }
  if (any) found.push(word);
  return found;
}

function holds(op, a, b) {
  switch (op) {
  case '<': return a < b;
  case '<=': return a <= b;
  case '>': return a > b;
  case '>=': return a >= b;
  case '!=': return a !== b;
  default: return a === b;
  }
}

/**
 * A test of rows, as {test(i)} or {error}. `columns`: of each {name, cell(i), shown(i)}: the value, a number where it is
 * one, and the text that stands in the table.
 */
export function parseFilter(text, columns) {
  const tests = [];
  for (const word of words(text)) {
    const match = CONDITION.exec(word);
    const column = match && columns.find((one) => one.name.toLowerCase() === match[1].toLowerCase());
    if (match && !column) return {error: `There is no column "${match[1]}".`};
    if (!match) {
      const wanted = word.toLowerCase();
      tests.push((i) => columns.some((one) => String(one.shown(i)).toLowerCase().includes(wanted)));
      continue;
    }
    const [, , op, value] = match;
    if (value === '') return {error: `"${word}" compares with nothing.`};
    const wanted = Number(value);
    tests.push((i) => {
      const cell = column.cell(i);
      if (typeof cell === 'number' && !Number.isNaN(wanted)) return holds(op, cell, wanted);
      if (cell === null || cell === undefined) return op === '!=';
      return holds(op, String(column.shown(i)).toLowerCase(), value.toLowerCase());
    });
  }
  return {test: (i) => tests.every((test) => test(i))};
}
