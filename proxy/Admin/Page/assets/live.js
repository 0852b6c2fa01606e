// Open connections and flows, and how the last ones ended.

import { bytes, count, duration, rate, time } from './format.js';
import { Table } from './table.js';

const mostEnds = 200;

export class LiveTable {
  #open;
  #ends;
  #ended = [];

  constructor(open, ends, counter) {
    this.counter = counter;
    const way = [
      { title: 'kind', text: item => item.kind },
      { title: 'client', class: 'nowrap', text: item => item.client },
      { title: 'dialled', class: 'nowrap', text: item => item.original },
      { title: 'asks for', class: 'name', text: item => item.name },
      { title: 'route', text: item => item.route },
      { title: 'destination', class: 'nowrap', text: item => item.destination },
    ];
    this.#open = new Table(open, [
      ...way,
      { title: 'sent', class: 'number', text: item => bytes(item.toDestination) },
      { title: 'received', class: 'number', text: item => bytes(item.toClient) },
      { title: 'now', class: 'number', text: item => rate(item.rate) },
      { title: 'open for', class: 'number', text: item => duration(item.seconds) },
    ], 'Nothing is open.');
    this.#ends = new Table(ends, [
      { title: 'at', class: 'nowrap', text: item => time(item.at) },
      ...way,
      { title: 'sent', class: 'number', text: item => bytes(item.toDestination) },
      { title: 'received', class: 'number', text: item => bytes(item.toClient) },
      { title: 'took', class: 'number', text: item => duration(item.seconds) },
      { title: 'end', text: item => item.end, tone: item => item.failed ? 'bad' : '' },
    ], 'Nothing has ended yet.');
    this.#ends.show([], item => item.id);
  }

  /** What has ended is told again from the beginning. */
  forget() {
    this.#ended = [];
  }

  show({ open, shown, ends }) {
    this.#open.show(shown, item => item.id);
    this.counter.textContent = shown.length < open ? `${count(shown.length)} of ${count(open)}` : `${count(open)} open`;
    if (ends.length === 0)
      return;
    this.#ended = [...ends.toReversed(), ...this.#ended].slice(0, mostEnds);
    this.#ends.show(this.#ended, item => item.id);
  }
}
