// An agent with a language model, on the long poll: any model behind an OpenAI-compatible address, such as Ollama's.
//
//     export PARTYLINE_API_KEY=ApiKey_...        # a key that is scoped to one identity, see README.md
//     npx -y node@22 llm.mts                      # or just `node llm.mts` with Node 22.18 or newer; nothing is compiled
//
//     PARTYLINE_URL     where the server is                     default http://127.0.0.1:8080
//     OPENAI_BASE_URL   where the model is                      default http://127.0.0.1:11434/v1, which is Ollama
//     OPENAI_API_KEY    the key for the model                   default none
//     OPENAI_MODEL      which model                             default llama3.2
//     LLM_PLACE         the file with the last event's number   default llm.place
//
// Node alone, no packages. llm.py is the same in Python.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

interface Message {
  id: string;
  conversation_id: string;
  direction: 'inbound' | 'outbound';
  remote_number: string;
  content: string | null;
}

interface Event {
  id: string;
  data: { message: Message };
}

interface Page {
  events: Event[];
  next: number;
}

interface Turn {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

const env = process.env;
const server = (env.PARTYLINE_URL ?? 'http://127.0.0.1:8080').replace(/\/+$/, '');
const apiKey = env.PARTYLINE_API_KEY ?? '';
const modelUrl = (env.OPENAI_BASE_URL ?? 'http://127.0.0.1:11434/v1').replace(/\/+$/, '') + '/chat/completions';
const modelKey = env.OPENAI_API_KEY ?? '';
const model = env.OPENAI_MODEL ?? 'llama3.2';
const place = env.LLM_PLACE ?? 'llm.place';
const system = 'You are texting with a person on their phone. Answer in plain text, in one to three short sentences.';
const remembered = 20; // messages of the conversation that the model is shown
const longest = 1_500; // characters of a reply

class Refused extends Error {
  status: number;
  body: string;
  pause: number; // seconds

  constructor(status: number, body: string, pause: number) {
    super(`The server answered ${status}: ${body}`);
    this.status = status;
    this.body = body;
    this.pause = pause;
  }
}

async function request<T>(url: string, headers: Record<string, string>, seconds: number, body?: unknown): Promise<T> {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(seconds * 1_000),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Refused(response.status, text, Number(response.headers.get('Retry-After') ?? 2));
  }
  return JSON.parse(text || 'null');
}

/** One request to the server's API; the answer's JSON. */
function api<T>(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
  return request(server + '/api/v1/imessage' + path, { 'X-API-Key': apiKey, ...headers }, 70, body);
}

/** Reads, types while the model thinks, and sends what it says; `event` is the newest of its conversation. */
async function answer(event: Event): Promise<void> {
  const { conversation_id, remote_number } = event.data.message;
  try {
    await api('/mark-read', { conversation_id });
    await api('/typing', { conversation_id });
  } catch (error) {
    console.error(`not shown: ${explain(error)}`); // a courtesy, of which a phone is shown so many
  }
  const newestFirst = await api<Message[]>(`/messages?conversation_id=${conversation_id}&limit=${remembered}`);
  let text: string;
  try {
    text = await think(newestFirst.reverse().map(turn));
  } catch (error) {
    console.error(`the model does not answer: ${explain(error)}`);
    text = 'I cannot think right now. Please ask me again in a few minutes.';
  }
  try {
    // An event may come twice, but is answered once: hence the key.
    await api('/messages', { conversation_id, text: text.slice(0, longest) }, { 'Idempotency-Key': event.id });
  } catch (error) {
    if (!(error instanceof Refused) || error.status >= 500 || [408, 429].includes(error.status)) {
      throw error; // the event is asked for again
    }
    console.error(`no reply to ${remote_number}: ${error.message}`);
  }
}

/** A message as the model is shown it. */
function turn(message: Message): Turn {
  const role = message.direction === 'inbound' ? 'user' : 'assistant';
  return { role, content: message.content ?? '(a file, or a text that is gone)' };
}

async function think(turns: Turn[]): Promise<string> {
  const headers: Record<string, string> = modelKey ? { Authorization: `Bearer ${modelKey}` } : {};
  const messages: Turn[] = [{ role: 'system', content: system }, ...turns];
  const said = await request<{ choices: { message: { content: string } }[] }>(modelUrl, headers, 120, { model, messages });
  return said.choices[0].message.content.trim() || 'I have nothing to say to that.';
}

/** An error in a sentence; `fetch` hides the reason in the cause. */
function explain(error: unknown): string {
  return error instanceof Error ? [error.message, (error.cause as Error)?.message].filter(Boolean).join(': ') : `${error}`;
}

/** Writes the place down: all of it or nothing, whenever this dies. */
function note(number: number): void {
  writeFileSync(`${place}.new`, `${number}`);
  renameSync(`${place}.new`, place);
}

/** Answers the next events. Of texts that came together, those of one person get one answer. */
async function listen(): Promise<void> {
  const after = readFileSync(place, 'utf8').trim();
  const page = await api<Page>(`/events?types=imessage.received&wait=50&after=${after}`);
  const newest = new Map(page.events.map((event) => [event.data.message.conversation_id, event]));
  await Promise.all([...newest.values()].map(answer)); // people do not wait for each other
  note(page.next);
}

function stop(why: string): never {
  console.error(why);
  process.exit(1);
}

if (!apiKey) {
  stop('Set PARTYLINE_API_KEY to the key of the agent; README.md shows how to make one.');
}
process.on('SIGINT', () => {
  console.log('\nBye.');
  process.exit(0);
});
for (let told = false; ; ) {
  try {
    if (!existsSync(place)) {
      note((await api<Page>('/events?limit=1')).next); // a new agent begins at now
    }
    if (!told) {
      console.log('listening');
    }
    told = true;
    await listen();
  } catch (error) {
    if (error instanceof Refused && error.status === 401) {
      stop('The server does not know this key. Is PARTYLINE_API_KEY right?');
    }
    console.error(error instanceof Refused ? error.message : `${server} does not answer (${explain(error)}).`);
    if (error instanceof Refused && error.status === 410) {
      note(JSON.parse(error.body).detail.next); // the events after our place are gone
    }
    await sleep(1_000 * (error instanceof Refused ? error.pause : 2));
  }
}
