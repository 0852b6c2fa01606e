// Asks where a connection would go, and shows the way step by step.

import { request } from './connection.js';
import { element } from './table.js';

export async function explain(form, place) {
  const wanted = [...new FormData(form)].filter(([, value]) => value.trim() !== '');
  if (!form.reportValidity())
    return;
  try {
    const answer = await request(`api/explain?${new URLSearchParams(wanted)}`);
    const body = await answer.json();
    place.replaceChildren(...(answer.ok ? way(body) : [element('p', { class: 'bad', text: body.detail ?? body.title })]));
  } catch (error) {
    place.replaceChildren(element('p', { class: 'bad', text: `The proxy does not answer: ${error.message}` }));
  }
}

const way = ({ outcome, steps }) => [element('p', {}, element('strong', { text: outcome })), element('ol', {}, ...steps.map(step => element('li', { text: step })))];
