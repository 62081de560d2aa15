// SPDX-License-Identifier: BSD-2-Clause
// format: numbers and times as people read them.

const TIMES = [[1e12, 's'], [1e9, 'ms'], [1e6, 'us'], [1e3, 'ns'], [1, 'ps']];

/** The unit [ps, name] in which a time of `ps` has one to three digits before the point. */
export function timeUnit(ps) {
  return TIMES.find(([size]) => Math.abs(ps) >= size) ?? TIMES[TIMES.length - 1];
}

/** A time with its unit: 1234567 is "1.235 us". */
export function time(ps) {
  if (ps === null || ps === undefined) return '-';
  const [size, name] = timeUnit(ps);
  return `${number(ps / size, 4)} ${name}`;
}

/** A number with at most so many digits that mean something; whole numbers in full up to a million. */
export function number(value, digits = 6) {
  if (value === null || value === undefined || Number.isNaN(value)) return '';
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return group(String(value));
  const text = String(Number(value.toPrecision(digits)));
  return group(text);
}

/** Thin blanks between thousands of the whole part, from five digits on. */
function group(text) {
  const [, sign, whole, rest] = /^(-?)(\d+)(.*)$/.exec(text) ?? [null, '', text, ''];
  return sign + (whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, '\u202f') : whole) + rest;
}

export function plural(count, word, more = `${word}s`) {
  return `${number(count)} ${count === 1 ? word : more}`;
}

/** Labels of an axis of time in ps, all in one unit. */
export function timeLabels(values) {
  const [size, name] = timeUnit(Math.max(...values.map(Math.abs), 1));
  return values.map((value) => `${number(value / size, 6)} ${name}`);
}

/** Names of places that fit beside each other: without what all have in common at their ends, and cut. */
export function shortNames(names, places, width) {
  const common = (list) => {
    let length = 0;
    while (list.length > 1 && list.every((name) => length < name.length && name[length] === list[0][length])) length++;
    return length;
  };
  const long = names.some((name) => name.length > 12);
  const front = long ? common(names) : 0;
  const rests = names.map((name) => name.slice(front));
  const back = long ? common(rests.map((name) => [...name].reverse().join(''))) : 0;
  const room = Math.max(3, Math.floor(width / Math.max(1, places.length) / 7));
  return places.map((i) => {
    const name = (rests[i] ?? '').slice(0, Math.max(0, (rests[i] ?? '').length - back)) || names[i] || '';
    return name.length > room ? `${name.slice(0, room - 1)}\u2026` : name;
  });
}
