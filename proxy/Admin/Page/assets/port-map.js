// The picture of all ports: 256 rows of 256. The hue tells where a port leads, the lightness how often it was dialled.

import { count } from './format.js';
import { element } from './table.js';

const side = 256, ports = side * side;
const glowMilliseconds = 4000, mostDialled = 8, mostInLegend = 8;

// Told apart by those who see colours differently, too (Okabe and Ito); "no rule" stays dark.
const hues = [[0, 158, 115], [230, 159, 0], [86, 180, 233], [204, 121, 167], [213, 94, 0], [0, 114, 178], [240, 228, 66]];
const noRule = [70, 78, 88], glow = [255, 255, 255];

export class PortMap {
  #targets = [{ name: 'normal lookup', isSteered: false }];
  #targetOf = new Uint16Array(ports);
  #counts = new Float64Array(ports);
  #glowUntil = new Float64Array(ports);
  #found = null;
  #here = 0;
  #dirty = true;
  #most = [];

  constructor({ canvas, here, legend, most, onChoose }) {
    Object.assign(this, { canvas, here, legend, most, onChoose });
    this.context = canvas.getContext('2d', { alpha: false });
    this.image = this.context.createImageData(side, side);
    canvas.addEventListener('pointermove', event => this.#moveTo(this.#at(event)));
    canvas.addEventListener('click', event => onChoose(this.#at(event)));
    canvas.addEventListener('keydown', event => this.#onKey(event));
    canvas.addEventListener('focus', () => this.#moveTo(this.#here));
    this.#moveTo(0);
    const draw = now => {
      requestAnimationFrame(draw);
      this.#draw(now);
    };
    requestAnimationFrame(draw);
  }

  /** Where ports lead: the targets, and for each run of ports which of them. */
  setTargets({ targets, runs }) {
    this.#targets = targets;
    for (const [first, last, target] of runs)
      this.#targetOf.fill(target, first, last + 1);
    const sizes = new Array(targets.length + 1).fill(0);
    for (const target of this.#targetOf)
      sizes[target]++;
    const most = targets.map((_, index) => index).filter(index => sizes[index] > 0).sort((a, b) => sizes[b] - sizes[a]);
    this.legend.replaceChildren(...most.slice(0, mostInLegend).map(index => element('li', {},
      swatch(this.#colourOf(index)), element('span', { text: targets[index].name }), element('span', { text: count(sizes[index]) }))));
    if (most.length > mostInLegend)
      this.legend.append(element('li', { text: `and ${count(most.length - mostInLegend)} others`, class: 'empty' }));
    this.#changed();
  }

  /** How often ports were dialled, in all; those that have more than before glow. */
  setCounts(pairs, isFirst) {
    if (isFirst)
      this.#counts.fill(0);
    const until = performance.now() + glowMilliseconds;
    for (let i = 0; i < pairs.length; i += 2) {
      this.#counts[pairs[i]] = pairs[i + 1];
      if (!isFirst)
        this.#glowUntil[pairs[i]] = until;
    }
    if (pairs.length > 0)
      this.#rank(pairs);
    this.#changed();
  }

  /** Marks the ports that a text names. Returns what is wrong with it. */
  find(text) {
    this.#found = null;
    this.#changed();
    if (text.trim() === '')
      return '';
    const ranges = [];
    for (const part of text.split(',')) {
      const match = /^\s*(\d{1,5})\s*(?:-\s*(\d{1,5})\s*)?$/.exec(part);
      const [first, last] = match ? [Number(match[1]), Number(match[2] ?? match[1])] : [1, 0];
      if (first > last || last >= ports)
        return `'${part.trim()}' is neither a port nor a range such as 8000-8999.`;
      ranges.push([first, last]);
    }
    this.#found = port => ranges.some(([first, last]) => port >= first && port <= last);
    this.#moveTo(ranges[0][0]);
    return '';
  }

  #at(event) {
    const box = this.canvas.getBoundingClientRect();
    const place = (position, length) => Math.min(side - 1, Math.max(0, Math.floor(position / length * side)));
    return place(event.clientY - box.top, box.height) * side + place(event.clientX - box.left, box.width);
  }

  #onKey(event) {
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -side, ArrowDown: side, PageUp: -16 * side, PageDown: 16 * side };
    if (event.key in steps)
      this.#moveTo(Math.min(ports - 1, Math.max(0, this.#here + steps[event.key])));
    else if (event.key === 'Home' || event.key === 'End')
      this.#moveTo(event.key === 'Home' ? 0 : ports - 1);
    else if (event.key === 'Enter' || event.key === ' ')
      this.onChoose(this.#here);
    else
      return;
    event.preventDefault();
  }

  #moveTo(port) {
    this.#here = port;
    this.#tell();
    this.#dirty = true;
  }

  #changed() {
    this.#dirty = true;
    this.#tell();
  }

  #tell() {
    const port = this.#here, target = this.#targets[this.#targetOf[port]];
    const text = `Port ${port}\n${target?.name ?? 'one of many targets'}\ndialled ${count(this.#counts[port])} times`;
    if (this.here.textContent !== text)
      this.here.textContent = text;
  }

  #rank(pairs) {
    const changed = new Set(this.#most);
    for (let i = 0; i < pairs.length; i += 2)
      changed.add(pairs[i]);
    this.#most = [...changed].filter(port => this.#counts[port] > 0).sort((a, b) => this.#counts[b] - this.#counts[a] || a - b).slice(0, mostDialled);
    // The buttons stay, so that the focus does.
    while (this.most.children.length > this.#most.length)
      this.most.lastChild.remove();
    while (this.most.children.length < this.#most.length) {
      const button = element('button', { type: 'button' });
      button.addEventListener('click', () => this.onChoose(Number(button.dataset.port)));
      this.most.append(element('li', {}, button, element('span')));
    }
    this.#most.forEach((port, index) => {
      const [button, times] = this.most.children[index].children;
      button.dataset.port = port;
      button.textContent = port;
      times.textContent = count(this.#counts[port]);
    });
  }

  #colourOf(target) {
    return this.#targets[target]?.isSteered === false ? noRule : hues[(target - 1) % hues.length];
  }

  #draw(now) {
    if (!this.#dirty)
      return;
    this.#dirty = false;
    const data = this.image.data, colours = this.#targets.map((_, index) => this.#colourOf(index));
    const most = Math.log1p(this.#most.length > 0 ? this.#counts[this.#most[0]] : 0) || 1;
    for (let port = 0, at = 0; port < ports; port++, at += 4) {
      const colour = colours[this.#targetOf[port]] ?? noRule; // of very many targets, the last stand together
      const dialled = this.#counts[port] > 0 ? 0.62 + 0.38 * Math.log1p(this.#counts[port]) / most : 0.33;
      const left = (this.#glowUntil[port] - now) / glowMilliseconds;
      const heat = left > 0 ? 0.75 * left : 0;
      if (left > 0)
        this.#dirty = true;
      const shade = this.#found && !this.#found(port) ? 0.35 : 1;
      for (let channel = 0; channel < 3; channel++)
        data[at + channel] = shade * (colour[channel] * dialled * (1 - heat) + glow[channel] * heat);
      data[at + 3] = 255;
    }
    this.context.putImageData(this.image, 0, 0);
    this.#drawCross();
  }

  #drawCross() {
    const [x, y] = [this.#here % side, Math.floor(this.#here / side)];
    this.context.strokeStyle = 'white';
    this.context.lineWidth = 1;
    this.context.strokeRect(x - 1.5, y - 1.5, 4, 4);
  }
}

function swatch(colour) {
  const made = element('i');
  made.style.background = `rgb(${colour})`;
  return made;
}
