// Puts the page together: what comes in by the stream of events goes to the parts that show it.

import { listen, listenAnew, remember, request, Unauthorized } from './connection.js';
import { showAbout, showFigures, showState } from './figures.js';
import { explain } from './explain.js';
import { LiveTable } from './live.js';
import { PortMap } from './port-map.js';
import { Steering, Destinations } from './steering.js';

const byId = id => document.getElementById(id);

const live = new LiveTable(byId('connections'), byId('closes'), byId('live-count'));
const steering = new Steering(byId('rules'), byId('services'));
const destinations = new Destinations(byId('destinations'));
const portsForm = byId('ports-form').elements;
const map = new PortMap({
  canvas: byId('ports-map'), here: byId('ports-here'), legend: byId('ports-legend'), most: byId('ports-most'),
  onChoose: port => explainPort(port),
});
let firstPorts = true, mapped = '';

const handlers = {
  status(status) {
    showState(byId('state'), status.draining ? 'draining' : status.ready ? 'ready' : 'not ready');
    showAbout(byId('about'), status);
    showFigures(byId('figures'), status);
    steering.show(status.steering);
    destinations.show(status.clusters);
    if (!portsForm.address.value && status.steering.rules.length > 0)
      portsForm.address.value = firstAddress(status.steering.rules);
    // Where ports lead can only have changed with the rules.
    if (mapped !== `${status.steering.generation} ${portsForm.address.value}`)
      mapPorts(status.steering.generation);
  },
  live: shown => live.show(shown),
  ports({ counts }) {
    map.setCounts(counts, firstPorts);
    firstPorts = false;
  },
};

start();

async function start() {
  try {
    await request('api/status');
    byId('token').hidden = true;
    document.querySelector('main').hidden = false;
    await listen(eventsPath, handlers, () => {
      firstPorts = true;
      showState(byId('state'), 'lost');
    });
  } catch (error) {
    if (!(error instanceof Unauthorized)) {
      showState(byId('state'), 'lost');
      setTimeout(start, 2000);
      return;
    }
    byId('token').hidden = false;
    byId('token').querySelector('[role=alert]').textContent = error.message;
  }
}

byId('token').addEventListener('submit', event => {
  event.preventDefault();
  remember(event.target.elements.token.value);
  start();
});

/** The events are asked for with what shall be shown of the connections; another wish is another stream. */
function eventsPath() {
  const { filter, sort } = byId('live-form').elements;
  return `api/events?${new URLSearchParams({ sort: sort.value, filter: filter.value })}`;
}

for (const form of document.querySelectorAll('form'))
  form.addEventListener('submit', event => event.preventDefault());

let pause;
byId('live-form').addEventListener('input', () => {
  clearTimeout(pause);
  pause = setTimeout(listenAnew, 250);
});

byId('ports-form').addEventListener('input', event => {
  if (event.target.name === 'find')
    byId('ports-error').textContent = map.find(event.target.value);
});
byId('ports-form').addEventListener('change', event => {
  if (event.target.name !== 'find')
    mapPorts(mapped.split(' ')[0]);
});

async function mapPorts(generation) {
  const address = portsForm.address.value;
  mapped = `${generation} ${address}`;
  const answer = await request(`api/ports?${new URLSearchParams({ address, protocol: portsForm.protocol.value })}`);
  const body = await answer.json();
  byId('ports-error').textContent = answer.ok ? '' : body.detail ?? body.title;
  if (answer.ok)
    map.setTargets(body.targets, body.runs);
}

function explainPort(port) {
  const form = byId('explain-form').elements, address = portsForm.address.value;
  form.protocol.value = portsForm.protocol.value;
  form.destination.value = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  explain(byId('explain-form'), byId('explain-answer'));
}

byId('explain-form').addEventListener('submit', () => explain(byId('explain-form'), byId('explain-answer')));

function firstAddress(rules) {
  const prefix = (rules.find(rule => rule.action === 'Proxy') ?? rules[0]).prefixes[0];
  return prefix.split('/')[0];
}
