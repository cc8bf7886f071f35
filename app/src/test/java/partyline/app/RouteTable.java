package partyline.app;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/// What every route answers to every kind of key: one row or more for each method and path that the server registers.
///
/// In paths, queries and bodies `{name}` stands for something of the agent that is looked for: see [RouteWorld]. Own
/// is its key, sibling the key of another agent of its organization, admin its organization's (which is the
/// operator's), foreign the admin key of another organization. No key, garbage, revoked and expired are all `closed`.
final class RouteTable {

    /// The statuses that a route answers, by who asks.
    record Statuses(int closed, int foreign, int sibling, int own, int admin) {}

    /// How to ask a route, and what it must answer. A `stream` is opened and left; who may see `everything` may see
    /// what belongs to others.
    record Row(String method, String path, Map<String, String> more, Statuses statuses) {

        /// Asked with this query.
        Row asking(String query) {
            return with("query", query);
        }

        /// Asked with this body.
        Row sending(String body) {
            return with("body", body.replace('\'', '"'));
        }

        /// Asked for this kind of answer.
        Row accepting(String kind) {
            return with("accept", kind);
        }

        /// Asked under the key of the agent's own send.
        Row keyed() {
            return with("once", "{once}");
        }

        Row stream() {
            return with("stream", "yes");
        }

        String query() {
            return more.getOrDefault("query", "");
        }

        String body() {
            return more.getOrDefault("body", "");
        }

        /// Names and values, one after the other.
        String[] headers() {
            Stream<String> accept = Stream.of("Accept", more.getOrDefault("accept", "*/*"));
            Stream<String> once = Stream.ofNullable(more.get("once")).flatMap(it -> Stream.of("Idempotency-Key", it));
            return Stream.concat(accept, once).toArray(String[]::new);
        }

        boolean isStream() {
            return more.containsKey("stream");
        }

        /// The simulator's pages are for the operator, who sees every tenant there.
        boolean everything() {
            return path.startsWith("/simulator/");
        }

        @Override
        public String toString() {
            return method + " " + path + query();
        }

        private Row with(String key, String value) {
            Map<String, String> both = new HashMap<>(more);
            both.put(key, value);
            return new Row(method, path, both, statuses);
        }
    }

    private RouteTable() {}

    private static final String V1 = "/api/v1";
    private static final String IMESSAGE = V1 + "/imessage";
    private static final String RULES = IMESSAGE + "/identities/{handle}/contact-rules";
    private static final String SUBSCRIPTIONS = V1 + "/webhooks/subscriptions";
    private static final String DELIVERIES = V1 + "/webhooks/deliveries";
    private static final String OF_THE_IDENTITY = "?agent_identity_id={identity}";

    static Stream<Row> rows() {
        return Stream.of(
                        pages(),
                        keys(),
                        identities(),
                        messages(),
                        media(),
                        reactions(),
                        rules(),
                        events(),
                        mcp(),
                        subscriptions(),
                        deliveries(),
                        contacts(),
                        people(),
                        plugins(),
                        calls(),
                        tunnels(),
                        simulator())
                .flatMap(rows -> rows);
    }

    private static Stream<Row> pages() {
        return Stream.of(
                open("/"),
                open("/console"),
                open("/console/<place>"),
                open("/web/{shared}"),
                open("/phone"),
                open("/phone/{file}"),
                open("/docs"),
                open("/docs/{page}"),
                open("/docs/examples/<example>"),
                open("/llms.txt"),
                open("/llms-full.txt"),
                open("/SKILL.md"),
                open("/healthz"),
                open("/readyz"),
                open("/openapi.json"),
                open("/openapi.yaml"),
                hook("POST", ""),
                hook("POST", "/{kind}"),
                hook("GET", "/media/{name}"));
    }

    /// No key opens it, only the secret of a line that expects calls.
    private static Row hook(String method, String more) {
        String path = "/hooks/{line_id}/{secret}" + more;
        return new Row(method, path, Map.of(), new Statuses(404, 404, 404, 404, 404));
    }

    private static Stream<Row> keys() {
        return Stream.of(
                key("GET", "/api/whoami", 200, 200, 200, 200),
                admin("GET", V1 + "/api-keys", 200, 200),
                admin("POST", V1 + "/api-keys", 404, 201).sending("{'label':'x','scoped_identity_id':'{identity}'}"),
                key("GET", V1 + "/api-keys/self", 200, 200, 200, 200),
                key("POST", V1 + "/api-keys/self/revoke", 200, 200, 200, 200),
                admin("POST", V1 + "/api-keys/{key_id}/revoke", 404, 200),
                key("GET", V1 + "/identities/{handle}/signing-key", 404, 404, 200, 200),
                key("POST", V1 + "/identities/{handle}/signing-key", 404, 404, 201, 201),
                key("GET", V1 + "/signing-keys", 200, 200, 200, 200),
                key("POST", V1 + "/signing-keys", 409, 201, 201, 409));
    }

    private static Stream<Row> identities() {
        return Stream.of(
                key("GET", V1 + "/identities", 200, 200, 200, 200),
                admin("POST", V1 + "/identities", 201, 201).sending("{'agent_handle':'{fresh}'}"),
                key("GET", V1 + "/identities/self", 404, 200, 200, 404),
                key("GET", V1 + "/identities/{handle}", 404, 404, 200, 200),
                key("GET", V1 + "/identities/{handle}/usage", 404, 404, 200, 200),
                key("GET", V1 + "/identities/{handle}/connect-card.svg", 404, 404, 200, 200),
                key("PATCH", V1 + "/identities/{handle}", 404, 404, 200, 200).sending("{'display_name':'x'}"),
                admin("DELETE", V1 + "/identities/{handle}", 404, 204));
    }

    private static Stream<Row> messages() {
        return Stream.of(
                key("GET", IMESSAGE + "/triage-number", 200, 200, 200, 200),
                key("GET", IMESSAGE + "/messages", 200, 200, 200, 200),
                key("GET", IMESSAGE + "/messages", 404, 403, 200, 200).asking(OF_THE_IDENTITY),
                key("GET", IMESSAGE + "/messages", 200, 200, 200, 200).asking("?conversation_id={conversation_id}"),
                key("POST", IMESSAGE + "/messages", 404, 404, 201, 201)
                        .sending("{'conversation_id':'{conversation_id}','text':'x'}"),
                key("POST", IMESSAGE + "/messages", 404, 404, 201, 201)
                        .asking(OF_THE_IDENTITY)
                        .sending("{'to':'{number}','text':'x'}"),
                key("GET", IMESSAGE + "/messages/{message_id}", 404, 404, 200, 200),
                key("GET", IMESSAGE + "/messages/{message_id}", 404, 404, 200, 200)
                        .asking(OF_THE_IDENTITY),
                key("GET", V1 + "/message-sends/lookup", 404, 404, 200, 200)
                        .asking("?sender_kind=imessage_identity&sender_id={identity}&operation=imessage.send")
                        .keyed(),
                key("GET", IMESSAGE + "/conversations", 200, 200, 200, 200),
                key("GET", IMESSAGE + "/conversations", 404, 403, 200, 200).asking(OF_THE_IDENTITY),
                key("GET", IMESSAGE + "/conversations/{conversation_id}", 404, 404, 200, 200),
                key("GET", IMESSAGE + "/conversations/{conversation_id}/capabilities", 404, 404, 200, 200),
                key("GET", IMESSAGE + "/assignments", 200, 200, 200, 200),
                key("GET", IMESSAGE + "/assignments", 404, 403, 200, 200).asking(OF_THE_IDENTITY),
                admin("DELETE", IMESSAGE + "/assignments/{assignment_id}", 404, 204));
    }

    /// Uploads without a body; and addresses, which need no key.
    private static Stream<Row> media() {
        String file = "/media/{token}/{name}";
        return Stream.of(
                key("POST", IMESSAGE + "/media", 422, 422, 422, 422),
                open(file),
                new Row("HEAD", file, Map.of(), new Statuses(200, 200, 200, 200, 200)));
    }

    private static Stream<Row> reactions() {
        return Stream.of(
                key("POST", IMESSAGE + "/reactions", 404, 404, 201, 201)
                        .sending("{'message_id':'{message_id}','reaction':'like'}"),
                key("DELETE", IMESSAGE + "/reactions/{reaction_id}", 404, 404, 204, 204),
                key("POST", IMESSAGE + "/mark-read", 404, 404, 200, 200)
                        .sending("{'conversation_id':'{conversation_id}'}"),
                key("POST", IMESSAGE + "/typing", 404, 404, 204, 204)
                        .sending("{'conversation_id':'{conversation_id}'}"));
    }

    private static Stream<Row> rules() {
        return Stream.of(
                        rules(IMESSAGE + "/contact-rules", RULES),
                        rules(V1 + "/phone/contact-rules", V1 + "/identities/{handle}/phone-contact-rules"),
                        Stream.of(
                                key("GET", IMESSAGE + "/identities/{handle}/reach", 404, 404, 200, 200)
                                        .asking("?number=+12025550140"),
                                admin("GET", IMESSAGE + "/consents", 200, 200)))
                .flatMap(rows -> rows);
    }

    private static Stream<Row> rules(String all, String own) {
        return Stream.of(
                admin("GET", all, 200, 200),
                admin("GET", all, 404, 200).asking(OF_THE_IDENTITY),
                key("GET", own, 404, 404, 200, 200),
                admin("POST", own, 404, 201).sending("{'match_target':'+12025559999','action':'block'}"),
                key("GET", own + "/{rule_id}", 404, 404, 200, 200),
                admin("PATCH", own + "/{rule_id}", 404, 200).sending("{'status':'paused'}"),
                admin("DELETE", own + "/{rule_id}", 404, 204));
    }

    private static Stream<Row> events() {
        String path = IMESSAGE + "/events";
        String json = "application/json";
        return Stream.of(
                key("GET", path, 200, 200, 200, 200).stream(),
                key("GET", path, 200, 200, 200, 200).asking("?after=0").accepting(json),
                key("GET", path, 404, 403, 200, 200)
                        .asking(OF_THE_IDENTITY + "&after=0")
                        .accepting(json));
    }

    /// What an agent may not see is a result there, not a status.
    private static Stream<Row> mcp() {
        return Stream.of("list_conversations", "list_rules", "connect_instructions")
                .map(tool -> key("POST", "/mcp", 200, 200, 200, 200)
                        .sending("{'jsonrpc':'2.0','id':1,'method':'tools/call','params':{'name':'" + tool
                                + "','arguments':{'agent':'{handle}'}}}"));
    }

    private static Stream<Row> subscriptions() {
        return Stream.of(
                key("GET", SUBSCRIPTIONS, 200, 200, 200, 200),
                key("GET", SUBSCRIPTIONS, 404, 403, 200, 200).asking(OF_THE_IDENTITY),
                key("POST", SUBSCRIPTIONS, 404, 404, 201, 201)
                        .sending("{'agent_identity_id':'{identity}','url':'https://receiver.invalid/more',"
                                + "'event_types':['imessage.received']}"),
                key("GET", SUBSCRIPTIONS + "/{subscription_id}", 404, 404, 200, 200),
                key("PATCH", SUBSCRIPTIONS + "/{subscription_id}", 404, 404, 200, 200)
                        .sending("{'event_types':['imessage.delivered']}"),
                key("POST", SUBSCRIPTIONS + "/{subscription_id}/resume", 404, 404, 200, 200),
                key("POST", SUBSCRIPTIONS + "/{subscription_id}/test", 404, 404, 201, 201),
                key("DELETE", SUBSCRIPTIONS + "/{subscription_id}", 404, 404, 204, 204),
                key("GET", V1 + "/webhooks/catalog", 200, 200, 200, 200));
    }

    private static Stream<Row> deliveries() {
        return Stream.of(
                key("GET", DELIVERIES, 200, 200, 200, 200),
                key("GET", DELIVERIES, 200, 200, 200, 200).asking("?subscription_id={subscription_id}"),
                key("POST", DELIVERIES + "/{delivery_id}/replay", 404, 404, 201, 201),
                key("POST", SUBSCRIPTIONS + "/{subscription_id}/replay", 404, 404, 202, 202));
    }

    /// The book is the organization's, so a sibling reads it too.
    private static Stream<Row> contacts() {
        String all = V1 + "/contacts";
        String one = all + "/{contact_id}";
        String permitted = V1 + "/identities/{handle}/contacts/{contact_id}";
        return Stream.of(
                key("GET", all, 200, 200, 200, 200),
                key("POST", all, 201, 201, 201, 201).sending("{'given_name':'x'}"),
                key("GET", all + "/lookup", 200, 200, 200, 200).asking("?phone=+12025550140"),
                key("POST", all + "/bulk-delete", 200, 200, 200, 200).sending("{'contact_ids':['{contact_id}']}"),
                key("POST", all + "/import", 404, 404, 404, 404),
                key("POST", all + "/vcard-export", 404, 404, 404, 404),
                key("GET", one, 404, 200, 200, 200),
                key("PATCH", one, 404, 200, 200, 200).sending("{'notes':'x'}"),
                key("PATCH", one, 404, 403, 403, 200).sending("{'phones':[]}"),
                key("DELETE", one, 404, 403, 403, 204),
                key("GET", one + "/access", 404, 200, 200, 200),
                key("GET", one + "/facts", 404, 200, 200, 200),
                key("POST", one + "/facts", 404, 404, 404, 404),
                admin("POST", all + "/with-permissions", 404, 201)
                        .sending("{'permissions':{'identity_id':'{identity}','profile':false}}"),
                admin("GET", permitted + "/permissions", 404, 200),
                admin("PATCH", permitted + "/permissions", 404, 200).sending("{'memories':false}"),
                admin("GET", permitted + "/access", 404, 200),
                admin("PATCH", permitted + "/access", 404, 200).sending("{'profile':false}"),
                key("GET", V1 + "/notes", 200, 200, 200, 200),
                key("POST", V1 + "/notes", 404, 404, 404, 404));
    }

    private static Stream<Row> people() {
        String all = V1 + "/people";
        return Stream.of(
                admin("GET", all, 200, 200),
                admin("GET", all + "/{number}", 404, 200),
                operator("GET", all + "/{number}/export", 200),
                operator("DELETE", all + "/{number}", 200).asking("?confirm={number}"));
    }

    private static Stream<Row> plugins() {
        String agent = V1 + "/identities/{handle}";
        return Stream.of(
                key("GET", agent + "/avatar", 404, 404, 200, 200),
                key("PUT", agent + "/avatar", 404, 404, 422, 422),
                key("DELETE", agent + "/avatar", 404, 404, 204, 204),
                key("GET", agent + "/a2a/tasks", 404, 404, 200, 200),
                key("GET", agent + "/a2a/contexts", 404, 404, 200, 200),
                key("GET", agent + "/a2a/messages", 404, 404, 200, 200),
                key("GET", agent + "/companion", 404, 404, 200, 200),
                admin("PATCH", agent + "/companion", 404, 200).sending("{'enabled':false}"),
                key("GET", agent + "/companion/conversations", 404, 404, 200, 200),
                key("GET", V1 + "/mail/mailboxes", 200, 200, 200, 200),
                admin("GET", IMESSAGE + "/numbers", 200, 200),
                admin("POST", IMESSAGE + "/numbers", 402, 402).sending("{}"));
    }

    private static Stream<Row> calls() {
        String phone = V1 + "/phone";
        return Stream.of(
                key("GET", phone + "/incoming-call-action", 422, 200, 200, 422),
                key("GET", phone + "/incoming-call-action", 404, 403, 200, 200).asking(OF_THE_IDENTITY),
                key("PUT", phone + "/incoming-call-action", 404, 403, 200, 200)
                        .sending("{'incoming_call_action':'auto_reject','agent_identity_id':'{identity}'}"),
                key("GET", phone + "/hosted-agent-config", 422, 200, 200, 422),
                key("GET", phone + "/hosted-agent-config", 404, 403, 200, 200).asking(OF_THE_IDENTITY),
                key("PUT", phone + "/hosted-agent-config", 409, 409, 409, 409),
                admin("PUT", phone + "/hosted-agent-config/authority-mode", 409, 409),
                key("GET", phone + "/hosted-agent-voices", 200, 200, 200, 200),
                key("GET", phone + "/numbers", 200, 200, 200, 200),
                key("POST", phone + "/numbers", 402, 402, 402, 402));
    }

    private static Stream<Row> tunnels() {
        return Stream.of("/tunnels", "/tunnels/{tunnel}", "/tunnels/{tunnel}/{action}")
                .flatMap(path -> Stream.of("GET", "POST", "PUT", "PATCH", "DELETE")
                        .map(method -> key(method, V1 + path, 409, 409, 409, 409)));
    }

    private static Stream<Row> simulator() {
        String pair = "'from':'{number}','to':'" + Api.ROUTER + "'";
        return Stream.of(
                operator("GET", V1 + "/lines", 200),
                operator("GET", "/metrics", 200),
                admin("GET", V1 + "/server", 200, 200),
                operator("POST", "/simulator/messages", 201).sending("{" + pair + ",'text':'help'}"),
                operator("POST", "/simulator/tapbacks", 404)
                        .sending("{'from':'{number}','message_id':'none','reaction':'love'}"),
                operator("POST", "/simulator/typing", 204).sending("{" + pair + ",'typing':true}"),
                operator("POST", "/simulator/faults", 204).sending("{'kind':'delay','delay_ms':1}"),
                operator("POST", "/simulator/read", 204).sending("{" + pair + "}"),
                operator("GET", "/simulator/phones/{number}", 200),
                operator("PATCH", "/simulator/phones/{number}", 200).sending("{'reads':true}"),
                operator("GET", "/simulator/phones/{number}/stream", 200).stream());
    }

    /// Anybody may have it.
    private static Row open(String path) {
        return new Row("GET", path, Map.of(), new Statuses(200, 200, 200, 200, 200));
    }

    /// Asks for a key, any.
    private static Row key(String method, String path, int foreign, int sibling, int own, int admin) {
        return new Row(method, path, Map.of(), new Statuses(401, foreign, sibling, own, admin));
    }

    /// Asks for an admin key.
    private static Row admin(String method, String path, int foreign, int admin) {
        return key(method, path, foreign, 403, 403, admin);
    }

    /// Asks for an admin key of the organization that runs the server.
    private static Row operator(String method, String path, int admin) {
        return admin(method, path, 403, admin);
    }
}
