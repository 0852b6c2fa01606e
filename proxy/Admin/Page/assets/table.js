// Tables whose rows stay the same elements while what they show changes, so that a selection or the focus in them is not lost.

/** Makes an element; text is never taken for HTML. */
export function element(name, { text, ...attributes } = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== '')
      made.setAttribute(key, value);
  }
  if (text !== undefined)
    made.textContent = text;
  made.append(...children);
  return made;
}

export class Table {
  #rows = new Map();
  #body = element('tbody');

  /** Each column has a title, the text of a cell, and where wanted its class. */
  constructor(table, columns, empty) {
    this.columns = columns;
    table.append(element('thead', {}, element('tr', {}, ...columns.map(column => element('th', { text: column.title, scope: 'col', class: column.class })))), this.#body);
    this.empty = element('tr', {}, element('td', { text: empty, class: 'empty', colspan: columns.length }));
  }

  /** Shows these items in this order; `key` tells which is which. */
  show(items, key) {
    const kept = new Map();
    let before = null;
    for (const item of items) {
      const id = key(item);
      const row = kept.get(id) ?? this.#rows.get(id) ?? element('tr', {}, ...this.columns.map(() => element('td')));
      this.columns.forEach((column, index) => fill(row.children[index], column, item));
      const next = before ? before.nextSibling : this.#body.firstChild;
      if (next !== row)
        this.#body.insertBefore(row, next);
      kept.set(id, row);
      before = row;
    }
    while ((before ? before.nextSibling : this.#body.firstChild) !== null)
      (before ? before.nextSibling : this.#body.firstChild).remove();
    if (kept.size === 0)
      this.#body.append(this.empty);
    this.#rows = kept;
  }
}

function fill(cell, column, item) {
  const text = column.text(item) ?? '', kind = `${column.class ?? ''} ${column.tone?.(item) ?? ''}`.trim();
  if (cell.textContent !== text)
    cell.textContent = text;
  if (cell.className !== kind)
    cell.className = kind;
}
