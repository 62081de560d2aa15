// SPDX-License-Identifier: BSD-2-Clause
// dom: elements from names, properties and children. Text only ever becomes text.

/** An element. `props`: attributes by name; `class`; `on`: listeners by event; `style`: CSS properties. */
export function el(tag, props = {}, ...children) {
  return filled(document.createElement(tag), props, children);
}

/** The same in SVG. */
export function svg(tag, props = {}, ...children) {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', tag), props, children);
}

function filled(node, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'on') {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else if (name === 'style') {
      for (const [key, text] of Object.entries(value)) node.style.setProperty(key, text);
    } else {
      node.setAttribute(name, value === true ? '' : value);
    }
  }
  for (const child of children.flat(Infinity)) if (child !== null && child !== undefined && child !== false) node.append(child);
  return node;
}

let last = 0;

/** An id that nothing else has. */
export function newId(stem) {
  return `${stem}-${++last}`;
}

/** A labelled list of choices. `options`: texts, or [value, text]. `changed` gets the value. */
export function choice(label, options, value, changed) {
  const id = newId('choice');
  const select = el('select', {id, on: {change: () => changed(select.value)}});
  for (const option of options) {
    const [key, text] = Array.isArray(option) ? option : [option, option];
    select.append(el('option', {value: key, selected: String(key) === String(value)}, text));
  }
  return el('span', {class: 'choice'}, el('label', {for: id}, label), select);
}

/** A table. `head`: texts; `rows`: lists of texts or elements; the first cell of a row is its header. */
export function table(caption, head, rows, props = {}) {
  return el('table', props,
    el('caption', {}, caption),
    el('thead', {}, el('tr', {}, head.map((text) => el('th', {scope: 'col'}, text)))),
    el('tbody', {}, rows.map((row) => el('tr', {},
      row.map((cell, i) => (i ? el('td', {}, cell) : el('th', {scope: 'row'}, cell)))))));
}

/** A part of the page with a heading, and a link to it in `index`. */
export function section(index, title, ...children) {
  const id = title.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  index.append(el('li', {}, el('a', {href: `#${id}`}, title)));
  return el('section', {id, 'aria-labelledby': `${id}-title`}, el('h2', {id: `${id}-title`}, title), children);
}
