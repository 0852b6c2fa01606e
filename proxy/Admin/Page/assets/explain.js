// Asks where a connection would go, and shows the way step by step.

import { ask } from './connection.js';
import { element } from './table.js';

export async function explain(form, place) {
  const wanted = [...new FormData(form)].filter(([, value]) => value.trim() !== '');
  if (!form.reportValidity())
    return;
  try {
    place.replaceChildren(...way(await ask('api/explain', wanted)));
  } catch (error) {
    place.replaceChildren(element('p', { class: 'bad', text: error.message }));
  }
}

function way({ summary, steps, cases = [] }) {
  const open = cases.map(({ when, summary: then }) => element('li', { text: `${when}: ${then}` }));
  return [
    element('ol', {}, ...steps.map(step => element('li', { text: step }))),
    ...(open.length > 0 ? [element('ul', {}, ...open)] : []),
    element('p', {}, 'So: ', element('strong', { text: `${summary}.` })),
  ];
}
