// The head of the page: whether the proxy is well, what it runs, and the figures of now.

import { bytes, count, duration, rate, time } from './format.js';
import { element } from './table.js';

const words = { lost: 'no answer', ready: 'ready', 'not ready': 'not ready' };

export function showState(place, state) {
  place.dataset.state = state;
  set(place, words[state]);
  document.title = state === 'ready' ? 'Everyport' : `Everyport: ${words[state]}`;
}

export function showAbout(place, { process, configuration }) {
  const facts = [];
  if (process)
    facts.push(['version', process.version.split('+')[0], '', process.version], ['up', duration(process.uptimeSeconds)]);
  if (configuration)
    facts.push(['configuration', `${configuration.source} ${configuration.hash.slice(0, 8)}`], ...reloadOf(configuration));
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

function reloadOf({ lastReload }) {
  if (!lastReload)
    return [];
  const isGood = ['Applied', 'Unchanged'].includes(lastReload.result);
  const errors = lastReload.errors.map(({ path, message }) => `${path} ${message}`).join('\n');
  return [['last reload', `${isGood ? 'good' : 'refused'}, ${time(lastReload.at)}`, isGood ? '' : 'bad', errors]];
}

const sum = counters => Object.values(counters).reduce((total, counter) => total + counter, 0);

let before = null;

/** Sums become rates by what they were a moment ago. */
export function showFigures(place, { process, connections, flows, http }, totals) {
  const now = { at: process.uptimeSeconds, ...totals, accepted: connections.accepted, errors: sum(http.errors), refused: sum(connections.refused), dropped: sum(flows.dropped) };
  const each = name => before && now.at > before.at ? Math.max(0, (now[name] - before[name]) / (now.at - before.at)) : 0;
  const figures = [
    ['TCP connections', count(connections.open), `${count(each('accepted'))} new a second`],
    ['UDP flows', count(flows.open), `${count(now.dropped)} datagrams dropped`],
    ['requests a second', count(each('requests')), `${count(now.errors)} answered by the proxy itself`],
    ['to destinations', rate(each('toDestinations')), `${bytes(now.toDestinations)} in all`],
    ['to clients', rate(each('toClients')), `${bytes(now.toClients)} in all`],
    ['refused a second', count(each('refused')), `${count(now.refused)} connections in all`],
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
