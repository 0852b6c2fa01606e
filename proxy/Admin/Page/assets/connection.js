// Speaks with the proxy: requests with the admin token where one is needed, and the stream of events, which comes back by itself.
// EventSource cannot send a token, so the events are read from a plain request.

const storage = 'everyport admin token', retryMilliseconds = 2000;

export class Unauthorized extends Error {}

export const remember = token => sessionStorage.setItem(storage, token);

export async function request(path, options = {}) {
  const token = sessionStorage.getItem(storage);
  const answer = await fetch(path, { cache: 'no-store', headers: token ? { authorization: `Bearer ${token}` } : {}, ...options });
  if (answer.status === 401)
    throw new Unauthorized(token ? 'This token is not the right one.' : '');
  return answer;
}

let listening = new AbortController();

/** Asks for the events anew, when other ones are wanted. */
export function listenAnew() {
  listening.abort();
  listening = new AbortController();
}

/** Calls what is in `handlers` for each event, for as long as the page is open, and `lost` while there is no connection. */
export async function listen(path, handlers, lost) {
  for (;;) {
    const { signal } = listening;
    try {
      await readEvents(await request(path(), { signal }), handlers);
    } catch (error) {
      if (error instanceof Unauthorized)
        throw error;
      if (signal.aborted)
        continue;
    }
    lost();
    await new Promise(resolve => setTimeout(resolve, retryMilliseconds));
  }
}

async function readEvents(answer, handlers) {
  if (!answer.ok)
    return;
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ''; ;) {
    const { value, done } = await reader.read();
    if (done)
      return;
    text += value;
    for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2))
      handle(text.slice(0, end), handlers);
  }
}

function handle(event, handlers) {
  let name = 'message', data = '';
  for (const line of event.split('\n')) {
    if (line.startsWith('event: '))
      name = line.slice(7);
    else if (line.startsWith('data: '))
      data += line.slice(6);
  }
  if (data)
    handlers[name]?.(JSON.parse(data));
}
