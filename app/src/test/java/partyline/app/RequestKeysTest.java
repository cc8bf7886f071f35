package partyline.app;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import partyline.kernel.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Every key that a client of today may put into a body, put into the body of every route that takes one: it is done
/// there, or known to ask for nothing, or refused by name before anything changes. None that asks for protection or
/// for a resource is ignored.
class RequestKeysTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final String V1 = "/api/v1";
    private static final String CONTACT = V1 + "/contacts/{contact_id}";
    private static final String OF_CONTACT = V1 + "/identities/{handle}/contacts/{contact_id}";

    /// Every key, with a value that a client would send.
    private static final Map<String, String> KEYS = new TreeMap<>(Map.ofEntries(
            // Identities
            entry("agent_handle", "'{handle}'"),
            entry("display_name", "'Ann'"),
            entry("description", "'An agent.'"),
            entry("imessage_enabled", "true"),
            entry("imessage_filter_mode", "'whitelist'"),
            entry("phone_filter_mode", "'whitelist'"),
            entry("phone_inbound_filter_mode", "'whitelist'"),
            entry("phone_outbound_filter_mode", "'whitelist'"),
            entry("mail_filter_mode", "'whitelist'"),
            entry("mail_inbound_filter_mode", "'whitelist'"),
            entry("mail_outbound_filter_mode", "'whitelist'"),
            entry("contact_sharing_enabled", "false"),
            entry("claim_imessage_number", "true"),
            entry("imessage_number_type", "'dedicated_outbound'"),
            entry("imessage_number_id", "'99999999-0000-4000-8000-000000000001'"),
            entry("mailbox", "{'local_part':'ann'}"),
            entry("tunnel", "{'tls_mode':'passthrough'}"),
            entry("phone_number", "{'type':'local'}"),
            entry("vault_secret_ids", "['99999999-0000-4000-8000-000000000001']"),
            entry("enabled", "true"),
            // Rules
            entry("action", "'block'"),
            entry("match_type", "'exact_number'"),
            entry("match_target", "'+12025557777'"),
            entry("direction", "'inbound'"),
            entry("apply_to", "'inbound'"),
            entry("status", "'paused'"),
            // Contacts, their permissions and who may reach them
            entry("preferred_name", "'Ann'"),
            entry("given_name", "'Ann'"),
            entry("notes", "'Likes trains.'"),
            entry("emails", "[{'value':'ann@example.com','label':null,'is_primary':true}]"),
            entry("phones", "[{'value_e164':'+12025557777','label':null,'is_primary':true}]"),
            entry("review_status", "'confirmed'"),
            entry("permissions", "{'identity_id':'{identity}','profile':false}"),
            entry("access", "[]"),
            entry("profile", "false"),
            entry("memories", "true"),
            entry("inbound_emails", "{}"),
            entry("outbound_emails", "{}"),
            entry("inbound_phones", "{}"),
            entry("outbound_phones", "{}"),
            entry("email", "{'visible':true}"),
            entry("phone", "{'visible':true}"),
            entry("identity_id", "'{identity}'"),
            entry("contact_ids", "[]"),
            entry("losing_contact_ids", "[]"),
            entry("field_sources", "{}"),
            entry("addresses", "[]"),
            entry("visibility", "'visible'"),
            // Webhooks
            entry("agent_identity_id", "'{identity}'"),
            entry("mailbox_id", "'99999999-0000-4000-8000-000000000001'"),
            entry("phone_number_id", "'99999999-0000-4000-8000-000000000001'"),
            entry("url", "'https://receiver.invalid/other'"),
            entry("event_types", "['imessage.delivered']"),
            entry("context_config", "{'texts':{'mode':'count','count':5}}"),
            entry("auth_token", "'a-token'"),
            entry("expected_revision", "7"),
            entry("scope", "'identity'"),
            // Sends
            entry("to", "'{number}'"),
            entry("conversation_id", "'{conversation_id}'"),
            entry("text", "'hello'"),
            entry("media_urls", "[]"),
            entry("send_style", "'gentle'"),
            entry("reply_to_message_id", "'{message_id}'"),
            entry("message_id", "'{message_id}'"),
            entry("reaction", "'like'"),
            entry("part_index", "0"),
            // Keys
            entry("label", "'other'"),
            entry("scoped_identity_id", "'{identity}'"),
            entry("expires_at", "'2099-01-01T00:00:00Z'"),
            entry("scopes", "['read']"),
            // Numbers, voices, forwarding, groups
            entry("type", "'dedicated_outbound'"),
            entry("voice", "'alloy'"),
            entry("instructions", "'Be kind.'"),
            entry("authority_mode", "'yolo'"),
            entry("forwarding_phone_number", "'+12025557777'"),
            entry("include_groups", "true"),
            entry("participants", "[]")));

    /// Whose refusals say in a code of their own what they refuse.
    private static final Set<String> TYPED =
            Set.of("claim_imessage_number", "imessage_number_type", "imessage_number_id");

    /// What may be said of an identity, at its making and later.
    private static final String[] OF_IDENTITY = {
        "agent_handle",
        "display_name",
        "description",
        "imessage_enabled",
        "imessage_filter_mode",
        "phone_filter_mode",
        "phone_inbound_filter_mode",
        "phone_outbound_filter_mode",
        "mail_filter_mode",
        "mail_inbound_filter_mode",
        "mail_outbound_filter_mode",
        "contact_sharing_enabled"
    };

    private static RouteWorld world;
    private static int free;

    /// A route that takes a body, the body that it is given beside the key, what it does, and where it would show if
    /// something had changed. A lenient one does nothing about other keys but those that it refuses.
    private record Route(
            String method, String path, String body, String look, List<String> done, List<String> refused) {

        static Route strict(String method, String path, String body, String look) {
            return new Route(method, path, body, look, List.of(), List.of());
        }

        Route doing(String... keys) {
            return new Route(method, path, body, look, List.of(keys), refused);
        }

        Route lenientBut(String... keys) {
            return new Route(method, path, body, look, done, Arrays.asList(keys));
        }

        boolean refuses(String key) {
            return refused.isEmpty() ? !done.contains(key) : refused.contains(key);
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    @BeforeAll
    static void anAgentWithOneOfEverything() {
        world = RouteWorld.of(Talk.begin(server), server.admin());
    }

    static Stream<Route> routes() {
        String rules = "/imessage/identities/{handle}/contact-rules";
        String phones = "/identities/{handle}/phone-contact-rules";
        String subscriptions = V1 + "/webhooks/subscriptions";
        return Stream.of(
                Route.strict("POST", V1 + "/identities", "{'agent_handle':'{fresh}'}", V1 + "/identities")
                        .doing(OF_IDENTITY),
                Route.strict("PATCH", V1 + "/identities/{handle}", "{'description':'x'}", V1 + "/identities/{handle}")
                        .doing(OF_IDENTITY),
                creatingRule(V1 + rules),
                creatingRule(V1 + phones),
                changingRule(V1 + rules + "/{rule_id}"),
                changingRule(V1 + phones + "/{rule_id}"),
                Route.strict("POST", V1 + "/contacts", "{'given_name':'Bo'}", V1 + "/contacts")
                        .doing("preferred_name", "given_name", "notes", "emails", "phones", "addresses"),
                Route.strict("PATCH", CONTACT, "{'given_name':'Bo'}", CONTACT)
                        .doing(
                                "preferred_name",
                                "given_name",
                                "notes",
                                "emails",
                                "phones",
                                "addresses",
                                "review_status"),
                Route.strict("POST", V1 + "/contacts/bulk-delete", "{'contact_ids':[]}", V1 + "/contacts")
                        .doing("contact_ids"),
                Route.strict("PATCH", OF_CONTACT + "/permissions", "{'memories':false}", OF_CONTACT + "/permissions")
                        .doing(
                                "emails",
                                "phones",
                                "profile",
                                "memories",
                                "inbound_emails",
                                "outbound_emails",
                                "inbound_phones",
                                "outbound_phones"),
                Route.strict("PATCH", OF_CONTACT + "/access", "{'memories':false}", OF_CONTACT + "/access")
                        .doing("email", "phone", "profile", "memories"),
                Route.strict(
                                "POST",
                                subscriptions,
                                "{'agent_identity_id':'{identity}','url':'https://receiver.invalid/{fresh}','event_types':['imessage.received']}",
                                subscriptions)
                        .doing(
                                "agent_identity_id",
                                "mailbox_id",
                                "phone_number_id",
                                "url",
                                "event_types",
                                "context_config",
                                "auth_token"),
                Route.strict(
                                "PATCH",
                                subscriptions + "/{subscription_id}",
                                "{'event_types':['imessage.sent']}",
                                subscriptions + "/{subscription_id}")
                        .doing("url", "event_types", "context_config", "auth_token", "expected_revision"),
                Route.strict("POST", V1 + "/imessage/numbers", "{}", V1 + "/imessage/numbers"),
                Route.strict(
                                "PATCH",
                                V1 + "/identities/{handle}/companion",
                                "{}",
                                V1 + "/identities/{handle}/companion")
                        .doing("enabled"),
                Route.strict("POST", V1 + "/api-keys", "{'label':'x'}", V1 + "/api-keys")
                        .doing("label", "description", "scoped_identity_id", "expires_at"),
                Route.strict(
                                "POST",
                                V1 + "/imessage/messages",
                                "{'conversation_id':'{conversation_id}','text':'x'}",
                                V1 + "/imessage/messages")
                        .doing("to", "conversation_id", "text", "media_urls", "send_style")
                        .lenientBut("reply_to_message_id"));
    }

    private static Route creatingRule(String path) {
        return Route.strict("POST", path, "{'match_target':'{free}','action':'allow'}", path)
                .doing("action", "match_type", "match_target", "direction");
    }

    private static Route changingRule(String path) {
        return Route.strict("PATCH", path, "{'action':'allow'}", path)
                .doing("action", "direction", "apply_to", "status");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("routes")
    void no_key_is_ignored_that_asks_for_something(Route route) {
        List<String> wrong = new ArrayList<>();
        for (String key : KEYS.keySet()) {
            String before = looked(route);
            ObjectNode body = (ObjectNode) json(route.body());
            body.set(key, json(KEYS.get(key)));
            Api.Answer answer =
                    server.admin().send(route.method(), path(route.path()), BodyPublishers.ofString(Json.write(body)));
            String after = looked(route);
            if (route.refuses(key)) {
                boolean named = answer.text().contains(key) || TYPED.contains(key) || answer.status() == 402;
                if (answer.status() / 100 != 4 || !named || !after.equals(before)) {
                    wrong.add(key + " is not refused by name: " + answer.status() + " " + answer.text());
                }
            } else if (answer.text().contains("not known here")) {
                wrong.add(key + " is not known: " + answer.text());
            }
        }
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("empty")
    void what_clients_send_empty_asks_for_nothing(String key) {
        String text = "{'agent_handle':'{fresh}'," + key + "}";
        server.admin().post(V1 + "/identities", Json.write(json(text))).expect(201);
    }

    static Stream<String> empty() {
        return Stream.of(
                "'mailbox':{}",
                "'mailbox':{'email_local_part':null}",
                "'mailbox':null",
                "'tunnel':null",
                "'tunnel':{'tls_mode':'edge'}",
                "'phone_number':null",
                "'vault_secret_ids':[]",
                "'model':null");
    }

    /// What can be seen there, but for when a key was used last.
    private static String looked(Route route) {
        return server.admin().get(path(route.look())).text().replaceAll("\"last_used_at\":[^,]*", "");
    }

    private static String path(String text) {
        return world.fill(text).replace("+", "%2B");
    }

    private static JsonNode json(String text) {
        String number = "+1202556" + Integer.toString(10_000 + free++).substring(1);
        return Json.read(world.fill(text.replace("{free}", number)).replace('\'', '"'));
    }
}
