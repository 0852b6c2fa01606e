// The head of the page: whether the proxy is well, what it runs, and the figures of now.

import { bytes, count, duration, rate, time } from './format.js';
import { element } from './table.js';

const words = { lost: 'no answer', ready: 'ready', draining: 'draining', 'not ready': 'not ready' };

export function showState(place, state) {
  place.dataset.state = state;
  if (place.textContent !== words[state])
    place.textContent = words[state];
  document.title = state === 'ready' ? 'Everyport' : `Everyport: ${words[state]}`;
}

export function showAbout(place, { version, uptimeSeconds, configuration }) {
  const reload = configuration.lastReload;
  const facts = [
    ['version', version],
    ['up', duration(uptimeSeconds)],
    ['configuration', `${configuration.source} ${configuration.hash.slice(0, 8)}`],
    ...(reload ? [['last reload', reload.succeeded ? `good, ${time(reload.at)}` : `refused, ${time(reload.at)}`, reload.succeeded ? '' : 'bad', (reload.errors ?? []).join('\n')]] : []),
  ];
  while (place.children.length > facts.length)
    place.lastChild.remove();
  facts.forEach(([name, text, tone, title], index) => {
    const fact = place.children[index] ?? place.appendChild(element('div', {}, element('dt'), element('dd')));
    set(fact.children[0], name);
    set(fact.children[1], text);
    fact.children[1].className = tone ?? '';
    fact.children[1].title = title ?? '';
  });
}

let before = null;

/** Sums become rates by what they were a moment ago. */
export function showFigures(place, status) {
  const now = { at: performance.now(), ...status.totals };
  const each = name => before ? Math.max(0, (now[name] - before[name]) / (now.at - before.at) * 1000) : 0;
  const sum = counters => Object.values(counters).reduce((total, counter) => total + counter, 0);
  const figures = [
    ['connections', count(status.connections.open), `${count(each('accepted'))} new a second`],
    ['flows of UDP', count(status.flows.open), `${count(each('flowsOpened'))} new a second`],
    ['requests a second', count(each('requests')), `${count(each('httpErrors'))} answered by the proxy`],
    ['to destinations', rate(each('bytesToDestinations')), `${bytes(now.bytesToDestinations)} in all`],
    ['to clients', rate(each('bytesToClients')), `${bytes(now.bytesToClients)} in all`],
    ['refused a second', count(each('refused')), `${count(sum(status.connections.refused))} connections in all`],
  ];
  before = now;
  figures.forEach(([name, value, more], index) => {
    const figure = place.children[index] ?? place.appendChild(element('div', { class: 'figure' }, element('b'), element('span'), element('small')));
    [value, name, more].forEach((text, part) => set(figure.children[part], text));
  });
}

function set(place, text) {
  if (place.textContent !== text)
    place.textContent = text;
}
