// The packaged jar's /mcp, tried with clients that nobody here wrote: see docs/mcp.md.
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as Transport1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { Client as Client2, StreamableHTTPClientTransport as Transport2 } from '@modelcontextprotocol/client';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { conform } from './conformance.mjs';
import { converse } from './conversation.mjs';
import { Server } from './server.mjs';

const NEWEST = '2026-07-28';
const NAME = { name: 'partyline-check', version: '1' };
const server = new Server();
await server.start();
try {
    await converse(server, '+12025550140', sdk1(await server.agent('with-sdk-1')));
    console.log('mcp: @modelcontextprotocol/sdk 1.x held a conversation over a restart');
    await converse(server, '+12025550141', sdk2(await server.agent('with-sdk-2')));
    console.log('mcp: @modelcontextprotocol/client 2.x held a conversation over a restart');
    const key = await server.agent('inspected');
    await inspect(key);
    console.log('mcp: the inspector found nothing to complain about');
    await conform(server, key, ['2025-11-25', NEWEST]);
} finally {
    await server.stop();
}

function sdk1(key) {
    return async () => {
        const client = new Client1(NAME);
        const requestInit = { headers: { 'X-API-Key': key } };
        await client.connect(new Transport1(new URL(`${server.base}/mcp`), { requestInit }));
        return client;
    };
}

function sdk2(key) {
    return async () => {
        const client = new Client2(NAME, { versionNegotiation: { mode: 'auto' } });
        const requestInit = { headers: { Authorization: `Bearer ${key}` } };
        await client.connect(new Transport2(new URL(`${server.base}/mcp`), { requestInit }));
        assert.equal(client.getNegotiatedProtocolVersion(), NEWEST);
        return client;
    };
}

/** Its CLI, in both eras; with `--strict` it fails for a schema that not every model takes. */
async function inspect(key) {
    const cli = 'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js';
    const target = ['--cli', `${server.base}/mcp`, '--transport', 'http', '--header', `X-API-Key: ${key}`, '--quiet'];
    const run = async (...more) =>
        JSON.parse((await promisify(execFile)(process.execPath, [cli, ...target, ...more])).stdout);
    for (const era of ['legacy', 'modern']) {
        const { tools } = await run('--protocol-era', era, '--method', 'tools/list', '--strict');
        assert.equal(tools.length, 12);
        const asked = ['--method', 'tools/call', '--tool-name', 'connect_instructions'];
        const { structuredContent } = await run('--protocol-era', era, ...asked);
        assert.equal(structuredContent.connect_command, 'connect @inspected');
    }
}
