// Puts the page together: what comes in by the stream of events goes to the parts that show it.

import { Refused, ask, listen } from './connection.js';
import { explain } from './explain.js';
import { showAbout, showFigures, showState } from './figures.js';
import { LiveTable } from './live.js';
import { PortMap } from './port-map.js';
import { Destinations, Steering } from './steering.js';

const typingMilliseconds = 250;

const byId = id => document.getElementById(id);
const ports = byId('ports-form').elements, question = byId('explain-form').elements, view = byId('live-form').elements;

const live = new LiveTable(byId('connections'), byId('closes'), byId('live-count'));
const steering = new Steering(byId('rules'), byId('services'));
const destinations = new Destinations(byId('destinations'));
const map = new PortMap({
  canvas: byId('ports-map'), here: byId('ports-here'), legend: byId('ports-legend'), most: byId('ports-most'), onChoose: explainPort,
});

// What the map is of; what is being typed is not asked for yet.
const chosen = { address: '', protocol: 'tcp' };
let status, mapped, isFirst;

const handlers = {
  status(now) {
    status = now;
    showState(byId('state'), now.ready ? 'ready' : 'not ready');
    showAbout(byId('about'), now);
    if (!now.steering)
      return;
    steering.show(now.steering);
    destinations.show(now.clusters);
    if (!chosen.address)
      chosen.address = ports.address.value ||= firstAddress(now.steering);
    // Where ports lead changes with the rules and the configuration, and with nothing else.
    if (mapped !== nameOfMap())
      mapPorts();
  },
  live(now) {
    live.show(now);
    if (status?.process)
      showFigures(byId('figures'), status, now.totals);
  },
  ports({ counts }) {
    map.setCounts(counts, isFirst);
    isFirst = false;
  },
};

connect();

function connect() {
  isFirst = true;
  live.forget();
  listen({ sort: view.sort.value, filter: view.filter.value }, handlers, () => {
    isFirst = true;
    live.forget();
    showState(byId('state'), 'lost');
  });
}

for (const form of document.querySelectorAll('form'))
  form.addEventListener('submit', event => event.preventDefault());

let typing;
byId('live-form').addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(connect, typingMilliseconds);
});

ports.find.addEventListener('input', () => {
  byId('ports-error').textContent = map.find(ports.find.value);
});
byId('ports-form').addEventListener('change', event => {
  if (event.target === ports.find)
    return;
  Object.assign(chosen, { address: ports.address.value.trim(), protocol: ports.protocol.value });
  mapPorts();
});

byId('explain-form').addEventListener('submit', () => explain(byId('explain-form'), byId('explain-answer')));

function nameOfMap() {
  return [status.steering.publications, status.configuration?.hash, chosen.address, chosen.protocol].join();
}

async function mapPorts() {
  mapped = nameOfMap();
  try {
    map.setTargets(await ask('api/ports/map', chosen));
    byId('ports-error').textContent = '';
  } catch (error) {
    byId('ports-error').textContent = error.message;
    // What is no address stays none; anything else may work the next time.
    if (!(error instanceof Refused))
      mapped = undefined;
  }
}

function explainPort(port) {
  const { address, protocol } = chosen;
  question.protocol.value = protocol;
  question.destination.value = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  explain(byId('explain-form'), byId('explain-answer'));
}

/** An address in a steered range; the first of a range is that of the network. */
function firstAddress({ ranges }) {
  const [address, length] = (ranges[0] ?? '127.0.0.1/32').split('/');
  return address.includes(':') || Number(length) > 30 ? address : address.replace(/\d+$/, last => String(Number(last) + 1));
}
