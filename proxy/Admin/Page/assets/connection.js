// Speaks with the proxy. Where it wants the admin token, the browser asks for it, as for a password.

/** The proxy has understood what was asked, and does not like it. */
export class Refused extends Error {}

/** Asks for JSON; an error is what the proxy says of it. */
export async function ask(path, parameters) {
  const answer = await fetch(`${path}?${new URLSearchParams(parameters)}`, { headers: { accept: 'application/json' } });
  const text = await answer.text();
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Error(text.trim() || `the proxy answered ${answer.status}`);
  }
  if (!answer.ok)
    throw new Refused(body.detail ?? body.error ?? body.title);
  return body;
}

let source;

/** Calls what is in `handlers` for each event, and `lost` while there is no connection, which comes back by itself. Asked again, it listens to something else. */
export function listen(parameters, handlers, lost) {
  source?.close();
  const mine = source = new EventSource(`api/events?${new URLSearchParams(parameters)}`);
  mine.addEventListener('error', () => {
    lost();
    // After an answer that is no stream, as of a proxy that just starts, the browser does not try again.
    if (mine.readyState === EventSource.CLOSED)
      setTimeout(() => mine === source && listen(parameters, handlers, lost), 2000);
  });
  for (const [name, handle] of Object.entries(handlers))
    mine.addEventListener(name, event => handle(JSON.parse(event.data)));
}
