// The tables of what does not move: rules, services and destinations.

import { count } from './format.js';
import { Table } from './table.js';

export class Steering {
  #rules;
  #services;

  constructor(rules, services) {
    this.#rules = new Table(rules, [
      { title: 'rule', text: rule => rule.name },
      { title: 'addresses', text: rule => rule.prefixes.join(', ') },
      { title: 'ports', text: rule => `${rule.protocols.replace(',', ', ')} ${rule.ports === '*' ? 'every port' : rule.ports}` },
      { title: 'leads to', text: rule => rule.target.toLowerCase() },
      { title: 'hits', class: 'number', text: rule => rule.hits === null ? 'not counted' : count(rule.hits) },
    ], 'Nothing is steered.');
    this.#services = new Table(services, [
      { title: 'service', text: service => service.name },
      { title: 'protocol', text: service => service.protocol },
      { title: 'sockets', class: 'number', text: service => service.sockets || 'none', tone: service => service.sockets === 0 ? 'bad' : '' },
      { title: 'steered', class: 'number', text: service => count(service.steered) },
      { title: 'refused', class: 'number', text: service => count(service.refused), tone: service => service.refused > 0 ? 'warn' : '' },
    ], 'There is no service.');
  }

  show({ rules, services }) {
    this.#rules.show(rules, rule => rule.name);
    this.#services.show(services, service => `${service.name} ${service.protocol}`);
  }
}

export class Destinations {
  #table;

  constructor(table) {
    this.#table = new Table(table, [
      { title: 'cluster', text: destination => destination.cluster },
      { title: 'destination', text: destination => destination.name },
      { title: 'address', text: destination => destination.address },
      { title: 'health', text: destination => destination.health.toLowerCase(), tone: destination => ({ Healthy: 'good', Unhealthy: 'bad' })[destination.health] ?? '' },
      { title: 'circuit', text: destination => destination.circuit?.toLowerCase() ?? '', tone: destination => destination.circuit && destination.circuit !== 'Closed' ? 'bad' : '' },
      { title: 'open', class: 'number', text: destination => count(destination.open) },
    ], 'There is no destination.');
  }

  show(clusters) {
    const all = clusters.flatMap(cluster => cluster.destinations.map(destination => ({ cluster: cluster.name, ...destination })));
    this.#table.show(all, destination => `${destination.cluster}\n${destination.name}`);
  }
}
