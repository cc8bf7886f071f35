// An agent that has nothing but a client of the protocol holds a conversation, also over a restart of the server.
import assert from 'node:assert/strict';

const ROUTER = '+12025550100';

/** `connect` makes a client that is connected, of an agent's key. The client checks each result by its tool's schema. */
export async function converse(server, person, connect) {
    let client = await connect();
    const { tools } = await client.listTools();
    assert.equal(tools.length, 12);
    const call = async (name, args = {}) => {
        const result = await client.callTool({ name, arguments: args });
        assert.ok(!result.isError, `${name}: ${JSON.stringify(result.content)}`);
        assert.deepEqual(JSON.parse(result.content[0].text), result.structuredContent);
        return result.structuredContent;
    };
    const texts = waited => waited.events.map(event => event.data.message.content);

    const way = await call('connect_instructions');
    const { cursor: start } = await call('wait_for_message', { timeout_seconds: 0 });
    const waiting = call('wait_for_message', { cursor: start, timeout_seconds: 50 });
    await server.text(person, ROUTER, way.connect_command);
    const line = await server.line(person);
    await server.text(person, line, 'marco');
    const heard = await waiting;
    assert.deepEqual(texts(heard), ['marco']);
    const { conversation_id, id: message_id } = heard.events[0].data.message;

    const read = await call('read_conversation', { conversation_id });
    assert.deepEqual(read.messages.map(message => message.content), ['marco']);
    const found = await call('search_messages', { q: 'marco', conversation_id });
    assert.deepEqual(found.messages.map(message => message.content), ['marco']);
    assert.equal((await call('mark_read', { conversation_id })).updated_count, 1);
    await call('set_typing', { conversation_id });
    const { media_url } = await call('upload_media', { data: btoa('a note'), name: 'note.txt' });
    const reply = { conversation_id, text: 'polo', media_urls: [media_url], idempotency_key: 'reply-1' };
    assert.equal((await call('send_message', reply)).replayed, false);
    assert.equal((await call('send_message', reply)).replayed, true);
    await call('react', { message_id, reaction: 'love' });
    await server.shows(person, line, 'polo', 'love');
    const [conversation] = (await call('list_conversations')).conversations;
    assert.equal(conversation.latest_text, 'polo');

    await server.text(person, line, 'before the restart');
    await client.close();
    await server.restart();
    await server.text(person, line, 'after the restart');
    client = await connect();
    const later = [];
    let { cursor } = heard;
    while (later.length < 2) {
        const more = await call('wait_for_message', { cursor, timeout_seconds: 50, limit: 1 });
        later.push(...texts(more));
        cursor = more.cursor;
    }
    assert.deepEqual(later, ['before the restart', 'after the restart']);
    assert.deepEqual((await call('wait_for_message', { cursor, timeout_seconds: 0 })).events, []);

    await call('add_rule', { match_target: person, action: 'block' });
    assert.equal((await call('list_rules')).rules.length, 1);
    const refused = await client.callTool({ name: 'send_message', arguments: { conversation_id, text: 'more' } });
    assert.ok(refused.isError && refused.content[0].text.includes('recipient_blocked'), JSON.stringify(refused));
    await client.close();
}
