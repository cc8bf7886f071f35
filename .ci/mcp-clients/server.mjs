// The packaged jar as a process of its own, and the simulated phones behind it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PATIENCE_MILLIS = 60_000;
const ROUTER = '+12025550100';

export class Server {
    #folder = mkdtempSync(join(tmpdir(), 'partyline-mcp-'));
    #port = 0;
    #process;
    base;
    key;

    async start() {
        const [java, jar] = process.argv.slice(2);
        const options = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-jar', jar, '--port', String(this.#port)];
        this.#process = spawn(java, options, { cwd: this.#folder, stdio: ['ignore', 'pipe', 'pipe'] });
        let printed = '';
        this.#process.stdout.on('data', data => (printed += data));
        this.#process.stderr.on('data', data => (printed += data));
        await until(() => {
            if (this.#process.exitCode !== null) throw new Error(`the server ended: ${printed}`);
            return /API +\S+\n(.+\n)*\n/.test(printed);
        }, `the server starts: ${printed}`);
        this.base = printed.match(/^ {2}API +(\S+)/m)[1];
        this.#port = new URL(this.base).port;
        this.key ??= printed.match(/^ {2}key +(\S+)/m)[1];
    }

    async restart() {
        await this.#end('SIGTERM');
        await this.start();
    }

    async stop() {
        await this.#end('SIGKILL');
        rmSync(this.#folder, { recursive: true });
    }

    async #end(signal) {
        if (this.#process.exitCode === null) {
            const ended = once(this.#process, 'exit');
            this.#process.kill(signal);
            await ended;
        }
    }

    /** A new agent; returns its own key. */
    async agent(handle) {
        const made = await this.#call('/api/v1/identities', { agent_handle: handle, imessage_enabled: true });
        const key = { label: 'mcp', scoped_identity_id: made.id };
        return (await this.#call('/api/v1/api-keys', key)).api_key;
    }

    /** A person texts a line. */
    text(from, to, text) {
        return this.#call('/simulator/messages', { from, to, text });
    }

    /** The line of the only agent that a person is connected with, once they are. */
    async line(person) {
        return until(async () => {
            const { threads } = await this.#call(`/simulator/phones/${encodeURIComponent(person)}`);
            return threads.map(thread => thread.line).find(line => line !== ROUTER);
        }, `${person} is connected`);
    }

    /** Waits until the thread of a person with a line shows all of these. */
    shows(person, line, ...wanted) {
        return until(async () => {
            const { threads } = await this.#call(`/simulator/phones/${encodeURIComponent(person)}`);
            const shown = JSON.stringify(threads.filter(thread => thread.line === line));
            return wanted.every(text => shown.includes(text));
        }, `the phone shows ${wanted}`);
    }

    async #call(path, body) {
        const answer = await fetch(this.base + path, {
            method: body ? 'POST' : 'GET',
            headers: { 'X-API-Key': this.key, 'Content-Type': 'application/json' },
            body: body && JSON.stringify(body),
        });
        if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
        return answer.json();
    }
}

async function until(look, what) {
    for (const end = Date.now() + PATIENCE_MILLIS; Date.now() < end; await new Promise(next => setTimeout(next, 50))) {
        const seen = await look();
        if (seen) return seen;
    }
    throw new Error(`it never came that ${what}`);
}
