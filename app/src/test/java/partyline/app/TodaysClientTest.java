package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What the official TypeScript client sends at its newest, call by call in one conversation: each call gets the answer
/// that the wire promises, or a refusal that says which it is.
///
/// A call is a line: who asks, method, path below `/api/v1`, body, and what must come back: the status, words of the
/// answer, and with `name=/pointer` what later calls refer to as `{name}`.
class TodaysClientTest {

    /// The newest version whose source was read.
    static final String VERSION = "0.7.12";

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final Pattern CALL = Pattern.compile(
            "(admin|agent|other) +(\\S+) +(\\S+)( +\\{.*\\})? +-> +(\\d+)((?: +\\w+=\\S+)?)(?: +: (.*))?");

    private static final String IDENTITIES = """
            admin GET /identities/{handle} -> 200 : "phone_inbound_filter_mode":"blacklist"
            agent GET /identities/self -> 200 : {handle}
            admin PATCH /identities/{handle} {'phone_inbound_filter_mode':'whitelist','phone_outbound_filter_mode':'blacklist'} -> 200 : "phone_inbound_filter_mode":"whitelist"
            agent PATCH /identities/{handle} {'phone_inbound_filter_mode':'blacklist'} -> 403 : admin_key_required
            admin PATCH /identities/{handle} {'phone_filter_mode':'blacklist','phone_inbound_filter_mode':'blacklist'} -> 422 : phone_inbound_filter_mode
            admin PATCH /identities/{handle} {'phone_inbound_filter_mode':'supervised'} -> 422 : phone_inbound_filter_mode
            admin PATCH /identities/{handle} {'phone_filter_mode':'blacklist'} -> 200 : "phone_inbound_filter_mode":"blacklist"
            agent PATCH /identities/{handle} {'contact_sharing_enabled':false} -> 200 : "contact_sharing_enabled":false
            admin PATCH /identities/{handle} {'imessage_number_id':null} -> 200 : "imessage_number":null
            admin PATCH /identities/{handle} {'imessage_number_id':'{unknown}'} -> 404 : imessage_number_unknown
            admin PATCH /identities/{handle} {'claim_imessage_number':true} -> 402 : dedicated_imessage_number_quota_exceeded
            admin POST /identities {'agent_handle':'{fresh}','imessage_enabled':true,'claim_imessage_number':true} -> 402 : dedicated_imessage_number_quota_exceeded
            admin POST /imessage/numbers {} -> 402 : "number_type":"dedicated_outbound"
            """;

    private static final String IMESSAGE = """
            agent POST /imessage/messages {'conversation_id':'{conversation_id}','text':'Hi'} -> 201 m=/message/id : "status":"queued"
            agent POST /imessage/messages {'conversation_id':'{conversation_id}','text':'Hi'} -> 201 : {m}
            agent POST /imessage/messages {'conversation_id':'{conversation_id}','text':'Hey'} -> 409 : idempotency_key_reused
            agent GET /message-sends/lookup?sender_kind=imessage_identity&sender_id={identity}&operation=imessage.send -> 200 : {"message_id":"{m}"}
            agent GET /message-sends/lookup?sender_kind=mailbox&sender_id={identity}&operation=mail.send -> 404
            agent GET /imessage/messages/{m} -> 200 : "direction":"outbound"
            admin GET /imessage/messages/{m}?agent_identity_id={unknown} -> 404
            agent POST /imessage/messages {'conversation_id':'{conversation_id}','text':'Yes','reply_to_message_id':'{message_id}'} -> 422 : reply_to_message_id
            agent POST /imessage/messages {'to':['{number}','+12025550147'],'text':'All of you'} -> 422 : to
            agent POST /imessage/reactions {'message_id':'{message_id}','reaction':'like'} -> 201 r=/id : "reaction":"like"
            agent DELETE /imessage/reactions/{r} -> 204
            agent DELETE /imessage/reactions/{r} -> 204
            agent DELETE /imessage/reactions/{unknown} -> 404 : reaction_not_found
            agent POST /imessage/mark-read {'conversation_id':'{conversation_id}'} -> 200 : "updated_count"
            agent POST /imessage/typing {'conversation_id':'{conversation_id}'} -> 204
            agent GET /imessage/messages?limit=50 -> 200 : {m}
            agent GET /imessage/conversations -> 200 : {conversation_id}
            agent GET /imessage/conversations/{conversation_id} -> 200 a=/assignment_id : "assignment_status":"active"
            agent GET /imessage/assignments -> 200 : {a}
            agent GET /imessage/triage-number -> 200 : "number"
            """;

    private static final String CONTACTS = """
            agent GET /contacts/lookup?phone={number} -> 200 : []
            agent POST /contacts {'given_name':'Sam','notes':'Likes trains.','phones':[{'value_e164':'{number}','label':'mobile','is_primary':true}]} -> 201 c=/id : "given_name":"Sam"
            agent POST /contacts {'given_name':'Tom','phones':[{'value_e164':'{number}'}]} -> 409 : duplicate_contact_identifier
            agent GET /contacts/lookup?phone={number} -> 200 : {c}
            agent GET /contacts/lookup?phone={number}&email=a@example.com -> 422
            agent GET /contacts?q=sam&order=name&limit=10 -> 200 : {c}
            agent PATCH /contacts/{c} {'notes':'Likes ships.'} -> 200 : Likes ships.
            agent PATCH /contacts/{c} {'phones':[]} -> 403 : admin_key_required
            agent GET /contacts/{c}/facts -> 200 : []
            admin POST /contacts/{c}/facts {'content':'Has a dog.'} -> 404
            admin POST /contacts/{c}/merge {'losing_contact_ids':[]} -> 404
            admin GET /identities/{handle}/contacts/{c}/permissions -> 200 : "profile":true
            admin PATCH /identities/{handle}/contacts/{c}/permissions {'profile':false} -> 200 : "profile":false
            agent GET /contacts/{c} -> 404
            agent POST /imessage/messages {'conversation_id':'{conversation_id}','text':'Psst'} -> 403 : Recipient is not open to this identity.
            admin PATCH /identities/{handle}/contacts/{c}/permissions {'profile':true} -> 200 : "profile":true
            admin PATCH /identities/{handle}/contacts/{c}/permissions {'outbound_phones':{'{number}':false}} -> 200 : "inbound_phones":{"{number}":true}
            agent POST /imessage/messages {'conversation_id':'{conversation_id}','text':'Psst'} -> 403 : recipient_blocked
            admin GET /identities/{handle}/contacts/{c}/access -> 200 : "outbound_contactable":[]
            admin PATCH /identities/{handle}/contacts/{c}/access {'phone':{'contactable':['{number}']}} -> 200 : "outbound_contactable":["{number}"]
            agent PATCH /identities/{handle}/contacts/{c}/access {'profile':false} -> 403 : admin_key_required
            admin GET /contacts/{c}/communication-policy -> 404
            admin POST /contacts/with-permissions {'given_name':'Kim','permissions':{'identity_id':'{identity}','profile':false}} -> 201 k=/id : Kim
            agent GET /contacts/{k} -> 404
            admin POST /contacts/bulk-delete {'contact_ids':['{k}','{unknown}']} -> 200 : "deleted_count":1
            other GET /contacts/{c} -> 404
            agent DELETE /contacts/{c} -> 204
            """;

    private static final String RULES = """
            admin POST /imessage/identities/{handle}/contact-rules {'action':'allow','match_type':'exact_number','match_target':'+12025556123','direction':'outbound'} -> 201 o=/id : "direction":"outbound"
            agent POST /identities/{handle}/phone-contact-rules {'action':'allow','match_type':'exact_number','match_target':'+12025556124'} -> 403 : admin_key_required
            admin POST /identities/{handle}/phone-contact-rules {'action':'allow','match_type':'exact_number','match_target':'+12025556123','direction':'inbound'} -> 201 : {o}
            admin POST /identities/{handle}/phone-contact-rules {'action':'block','match_type':'exact_number','match_target':'+12025556123'} -> 409 : existing_rule_id
            admin PATCH /identities/{handle}/phone-contact-rules/{o} {'action':'block','apply_to':'inbound'} -> 200 : "direction":"inbound"
            agent GET /imessage/identities/{handle}/contact-rules?direction=outbound -> 200 : "action":"allow"
            admin PATCH /imessage/identities/{handle}/contact-rules/{o} {'action':'block','direction':'both','apply_to':'inbound'} -> 422 : apply_to
            admin PATCH /imessage/identities/{handle}/contact-rules/{o} {'action':'allow'} -> 200 : "direction":"both"
            admin GET /phone/contact-rules?agent_identity_id={identity} -> 200 : {o}
            admin GET /identities/{handle}/mail-contact-rules -> 404
            admin DELETE /imessage/identities/{handle}/contact-rules/{o} -> 204
            admin GET /imessage/identities/{handle}/contact-rules/{o} -> 404 : rule_not_found
            """;

    private static final String WEBHOOKS = """
            agent GET /webhooks/catalog -> 200 : "supports_identity_subscriptions":true
            agent POST /webhooks/subscriptions {'agent_identity_id':'{identity}','url':'https://receiver.invalid/mixed','event_types':['imessage.received','call.ended'],'auth_token':'t0ken'} -> 201 s=/id : "has_auth_token":true
            agent GET /webhooks/subscriptions?scope=identity -> 200 : {s}
            agent GET /webhooks/subscriptions/{s} -> 200 : "revision":1
            agent PATCH /webhooks/subscriptions/{s} {'auth_token':null} -> 409 : scope_required
            agent PATCH /webhooks/subscriptions/{s}?scope=identity {'auth_token':null,'expected_revision':1} -> 200 : "has_auth_token":false
            agent PATCH /webhooks/subscriptions/{s}?scope=identity {'event_types':['imessage.sent'],'expected_revision':1} -> 409 : subscription_changed
            agent POST /webhooks/subscriptions {'agent_identity_id':'{identity}','url':'https://receiver.invalid/mixed','event_types':['imessage.received']} -> 409
            agent POST /webhooks/subscriptions {'agent_identity_id':'{identity}','url':'https://receiver.invalid/x','event_types':['slack.message']} -> 422 : slack.message
            agent POST /webhooks/subscriptions {'phone_number_id':'{unknown}','url':'https://receiver.invalid/x','event_types':['imessage.received']} -> 404
            agent GET /webhooks/deliveries -> 200 : "deliveries"
            agent DELETE /webhooks/subscriptions/{s}?scope=identity -> 204
            """;

    private static final String STARTS = """
            admin POST /api-keys {'label':'runtime','scoped_identity_id':'{identity}'} -> 201 : "api_key"
            admin GET /signing-keys -> 200 : "configured":true
            agent GET /identities/{handle}/avatar -> 404
            agent GET /phone/hosted-agent-config -> 200 : "effective_voice":"none"
            agent PUT /phone/hosted-agent-config {'voice':'alloy'} -> 409 : voice_ai_not_offered
            agent GET /phone/hosted-agent-voices -> 200 : "voices":[]
            agent PUT /phone/incoming-call-action {'incoming_call_action':'hosted_agent'} -> 200 : hosted_agent
            agent GET /identities/{handle}/a2a/tasks?limit=50 -> 200 : {"items":[],"next_cursor":null}
            agent GET /tunnels/ -> 409 : tunnels_not_offered
            agent GET /identities/{handle}/companion -> 200 : "enabled":false
            admin PATCH /identities/{handle}/companion {'enabled':true} -> 409 : companion_not_offered
            agent DELETE /imessage/assignments/{a} -> 403 : admin_key_required
            other DELETE /imessage/assignments/{a} -> 404
            admin DELETE /imessage/assignments/{a} -> 204
            admin DELETE /imessage/assignments/{a} -> 404
            agent POST /imessage/messages {'conversation_id':'{conversation_id}','text':'Still there?'} -> 409 : imessage_assignment_inactive
            """;

    /// One call: what is sent, and what must come back.
    record Call(
            String line,
            String asker,
            String method,
            String path,
            String body,
            int status,
            String keeps,
            String words) {

        static Call of(String line) {
            Matcher call = CALL.matcher(line);
            assertThat(call.matches()).as(line).isTrue();
            return new Call(
                    line,
                    call.group(1),
                    call.group(2),
                    "/api/v1" + call.group(3),
                    call.group(4) == null ? "" : call.group(4).strip().replace('\'', '"'),
                    Integer.parseInt(call.group(5)),
                    call.group(6).strip(),
                    call.group(7) == null ? "" : call.group(7).strip());
        }

        /// The first three messages and the look-up share a key.
        boolean isKeyed() {
            return body.contains("\"text\":\"H") || path.contains("message-sends");
        }
    }

    private final Map<String, String> names = new HashMap<>();
    private final String once = UUID.randomUUID().toString();

    @Test
    void every_call_gets_what_the_wire_promises() {
        Talk talk = Talk.begin(server);
        names.put("identity", talk.identity().path("id").asString());
        names.put("handle", talk.handle());
        names.put("number", talk.person());
        names.put("conversation_id", talk.conversation());
        names.put("message_id", talk.first());
        names.put("unknown", UUID.randomUUID().toString());
        names.put("fresh", "fresh-" + UUID.randomUUID());
        Map<String, Api> askers = Map.of("admin", server.admin(), "agent", talk.agent(), "other", server.stranger());

        List<String> wrong = new ArrayList<>();
        for (Call call : calls()) {
            Api.Answer answer = send(askers.get(call.asker()), call);
            if (answer.status() != call.status() || !answer.text().contains(filled(call.words()))) {
                wrong.add(call.line() + "\n   got " + answer.status() + " " + answer.text());
            } else if (!call.keeps().isEmpty()) {
                String[] kept = call.keeps().split("=");
                names.put(kept[0], answer.json().at(kept[1]).asString());
            }
        }

        assertThat(wrong).isEmpty();
    }

    static List<Call> calls() {
        return (IDENTITIES + IMESSAGE + CONTACTS + RULES + WEBHOOKS + STARTS)
                .lines()
                .map(Call::of)
                .toList();
    }

    private Api.Answer send(Api api, Call call) {
        return api.send(
                call.method(),
                filled(call.path()).replace("+", "%2B").replace("{", "%7B").replace("}", "%7D"),
                BodyPublishers.ofString(filled(call.body())),
                "Idempotency-Key",
                call.isKeyed() ? once : UUID.randomUUID().toString(),
                "Prefer",
                "idempotency-replay",
                "User-Agent",
                "inkbox-python/" + VERSION);
    }

    private String filled(String text) {
        String filled = text;
        for (Map.Entry<String, String> name : names.entrySet()) {
            filled = filled.replace("{" + name.getKey() + "}", name.getValue());
        }
        return filled;
    }
}
