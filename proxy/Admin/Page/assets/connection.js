// Speaks with the proxy. Where it wants the admin token, the browser asks for it, as for a password.

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
    throw new Error(body.detail ?? body.error ?? body.title);
  return body;
}

let source;

/** Calls what is in `handlers` for each event, and `lost` while there is no connection, which comes back by itself. Asked again, it listens to something else. */
export function listen(parameters, handlers, lost) {
  source?.close();
  source = new EventSource(`api/events?${new URLSearchParams(parameters)}`);
  source.addEventListener('error', () => {
    lost();
    // After an answer that is no stream, as of a proxy that just starts, the browser does not try again.
    if (source.readyState === EventSource.CLOSED)
      setTimeout(() => listen(parameters, handlers, lost), 2000);
  });
  for (const [name, handle] of Object.entries(handlers))
    source.addEventListener(name, event => handle(JSON.parse(event.data)));
}
