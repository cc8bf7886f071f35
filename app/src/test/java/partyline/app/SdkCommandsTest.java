package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the published command line and the SDKs below it send for each of their commands, with their headers, paths,
/// encodings and empty bodies: all of it is understood, with an agent's key where they may use one.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SdkCommandsTest {

    /// The version that it was recorded from.
    static final String VERSION = "0.5.14";

    @RegisterExtension
    static final TestServer server = new TestServer();

    private final RecordingReceiver receiver = new RecordingReceiver();
    private final HttpClient client = HttpClient.newHttpClient();

    private Talk talk;
    private String rule = "";
    private String subscription = "";
    private String delivery = "";
    private String tapback = "";
    private String assignment = "";

    /// One request of a command. In path and body `{name}` stands for something of the talk.
    record Request(boolean admin, String command, String method, String path, String body) {

        @Override
        public String toString() {
            return command + ": " + method + " " + path;
        }
    }

    @BeforeAll
    void makeWhatTheCommandsName() {
        talk = Talk.begin(server);
        rule = talk.admin()
                .post(
                        "/api/v1/imessage/identities/" + talk.handle() + "/contact-rules",
                        "{\"action\":\"block\",\"match_target\":\"+12025550998\"}")
                .expect(201)
                .json()
                .path("id")
                .asString();
        subscription = talk.subscribe(receiver, "imessage.delivered").path("id").asString();
        talk.delivered("Done!");
        tapback = talk.agent()
                .post("/api/v1/imessage/reactions", filled("{'message_id':'{m}','reaction':'like'}"))
                .expect(201)
                .json()
                .path("id")
                .asString();
        Talk leaving = Talk.begin(server);
        assignment = leaving.message(leaving.first()).path("assignment_id").asString();
        delivery = Api.waitFor(
                        () -> talk.agent()
                                .get("/api/v1/webhooks/deliveries")
                                .json()
                                .path("deliveries"),
                        rows -> !rows.isEmpty())
                .get(0)
                .path("id")
                .asString();
    }

    @AfterAll
    void close() {
        receiver.close();
    }

    static Stream<Request> requests() {
        return Stream.of(keys(), identities(), talking(), rules(), webhooks()).flatMap(requests -> requests);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void is_understood(Request request) {
        String key = request.admin() ? server.admin().key() : talk.agent().key();

        HttpResponse<String> answer = send(key, request.method(), filled(request.path()), filled(request.body()));

        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
        if (answer.statusCode() == 204) {
            assertThat(answer.body()).isEmpty();
        } else {
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
            assertThat(Wire.json(answer.body()).isContainer()).isTrue();
        }
    }

    private static Stream<Request> keys() {
        return Stream.of(
                agent("whoami", "GET", "/api/whoami", ""),
                agent("signing-key create", "POST", "/api/v1/signing-keys", "{}"),
                admin("api-keys create", "POST", "/api/v1/api-keys", "{'label':'runtime','scoped_identity_id':'{i}'}"),
                admin(
                        "api-keys create --description",
                        "POST",
                        "/api/v1/api-keys",
                        "{'label':'runtime','description':'for tests','scoped_identity_id':'{i}'}"));
    }

    private static Stream<Request> identities() {
        return Stream.of(
                agent("identity list", "GET", "/api/v1/identities/", ""),
                admin("identity list", "GET", "/api/v1/identities/", ""),
                agent("identity get", "GET", "/api/v1/identities/{h}", ""),
                agent("identity get @", "GET", "/api/v1/identities/@{h}", ""),
                admin(
                        "identity create",
                        "POST",
                        "/api/v1/identities/",
                        "{'agent_handle':'made-by-cli','display_name':'Made','imessage_enabled':true,'mailbox':{}}"),
                admin(
                        "identity create with a tunnel",
                        "POST",
                        "/api/v1/identities/",
                        "{'agent_handle':'made-by-wizard','mailbox':{'email_local_part':null,'sending_domain':null},"
                                + "'tunnel':{'tls_mode':'edge'}}"),
                admin("identity delete", "DELETE", "/api/v1/identities/made-by-wizard", ""),
                agent("identity update", "PATCH", "/api/v1/identities/{h}", "{'display_name':'Me','description':null}"),
                agent("identity update nothing", "PATCH", "/api/v1/identities/{h}", "{}"),
                admin(
                        "identity update modes",
                        "PATCH",
                        "/api/v1/identities/{h}",
                        "{'imessage_enabled':true,'imessage_filter_mode':'blacklist','mail_filter_mode':'whitelist'}"),
                admin(
                        "identity update one way",
                        "PATCH",
                        "/api/v1/identities/{h}",
                        "{'phone_inbound_filter_mode':'blacklist','phone_outbound_filter_mode':'blacklist'}"),
                agent("identity signing-key status", "GET", "/api/v1/identities/{h}/signing-key", ""),
                agent("identity signing-key rotate", "POST", "/api/v1/identities/{h}/signing-key", "{}"));
    }

    private static Stream<Request> talking() {
        String root = "/api/v1/imessage";
        String as = "?agent_identity_id={i}";
        String page = "?limit=50&offset=0&agent_identity_id={i}";
        return Stream.of(
                agent("imessage triage-number", "GET", root + "/triage-number", ""),
                agent("imessage send --to", "POST", root + "/messages" + as, "{'to':'{p}','text':'Hi'}"),
                admin("imessage send --to", "POST", root + "/messages" + as, "{'to':'{p}','text':'Hi'}"),
                agent(
                        "imessage send --conversation-id",
                        "POST",
                        root + "/messages" + as,
                        "{'conversation_id':'{c}','text':'Hi','send_style':'slam'}"),
                agent("imessage list", "GET", root + "/messages" + page, ""),
                agent(
                        "imessage list --unread-only",
                        "GET",
                        root + "/messages" + page + "&is_read=false&include_groups=true"
                                + "&start_datetime=2026-01-01&end_datetime=2099-12-31&tz=America%2FNew_York",
                        ""),
                agent("imessage get", "GET", root + "/messages/{m}" + as, ""),
                agent("imessage unreact", "DELETE", root + "/reactions/{t}", ""),
                admin("imessage disconnect", "DELETE", root + "/assignments/{a}", ""),
                agent("imessage conversations", "GET", root + "/conversations" + page, ""),
                agent("imessage conversation", "GET", root + "/messages" + page + "&conversation_id={c}", ""),
                agent("a conversation", "GET", root + "/conversations/{c}" + as, ""),
                agent("imessage assignments", "GET", root + "/assignments" + page, ""),
                agent(
                        "imessage react",
                        "POST",
                        root + "/reactions" + as,
                        "{'message_id':'{m}','reaction':'love','part_index':0}"),
                agent("imessage mark-conversation-read", "POST", root + "/mark-read" + as, "{'conversation_id':'{c}'}"),
                agent("imessage typing", "POST", root + "/typing" + as, "{'conversation_id':'{c}'}"),
                admin("numbers", "GET", root + "/numbers", ""));
    }

    private static Stream<Request> rules() {
        String root = "/api/v1/imessage/identities/{h}/contact-rules";
        return Stream.of(
                agent("imessage contact-rule list", "GET", root + "?limit=50&offset=0", ""),
                admin(
                        "imessage contact-rule create",
                        "POST",
                        root,
                        "{'action':'allow','match_type':'exact_number','match_target':'+12025550997'}"),
                admin(
                        "imessage contact-rule create --direction",
                        "POST",
                        root,
                        "{'action':'allow','match_type':'exact_number','match_target':'+12025550996','direction':'inbound'}"),
                admin("imessage contact-rule update", "PATCH", root + "/{r}", "{'action':'allow'}"),
                admin("imessage contact-rule update --direction", "PATCH", root + "/{r}", "{'direction':'both'}"),
                admin(
                        "imessage contact-rule update --apply-to",
                        "PATCH",
                        root + "/{r}",
                        "{'action':'block','apply_to':'outbound'}"),
                agent("identity phone-rules list", "GET", "/api/v1/identities/{h}/phone-contact-rules", ""),
                admin("identity phone-rules get", "GET", "/api/v1/identities/{h}/phone-contact-rules/{r}", ""),
                admin("imessage contact-rule delete", "DELETE", root + "/{r}", ""),
                admin(
                        "imessage contact-rule list-all",
                        "GET",
                        "/api/v1/imessage/contact-rules?limit=50&offset=0&agent_identity_id={i}&action=allow",
                        ""));
    }

    private static Stream<Request> webhooks() {
        String root = "/api/v1/webhooks";
        return Stream.of(
                agent(
                        "webhook subscription create",
                        "POST",
                        root + "/subscriptions",
                        "{'agent_identity_id':'{i}','url':'https://hook.example/x','event_types':['imessage.received'],"
                                + "'context_config':{'texts':{'mode':'count','count':10}}}"),
                agent("webhook subscription list", "GET", root + "/subscriptions?agent_identity_id={i}", ""),
                agent("webhook subscription get", "GET", root + "/subscriptions/{s}", ""),
                agent(
                        "webhook subscription update --clear-context",
                        "PATCH",
                        root + "/subscriptions/{s}",
                        "{'context_config':null}"),
                agent(
                        "webhook subscription update --auth-token-stdin",
                        "PATCH",
                        root + "/subscriptions/{s}",
                        "{'auth_token':'secret'}"),
                agent(
                        "webhook subscription update --clear-auth-token",
                        "PATCH",
                        root + "/subscriptions/{s}",
                        "{'auth_token':null}"),
                agent("webhook subscription list --scope", "GET", root + "/catalog", ""),
                agent(
                        "webhook subscription list --scope identity",
                        "GET",
                        root + "/subscriptions?agent_identity_id={i}&scope=identity",
                        ""),
                agent(
                        "webhook subscription update --scope identity",
                        "PATCH",
                        root + "/subscriptions/{s}?scope=identity",
                        "{'event_types':['imessage.delivered','a2a.task.created']}"),
                agent("webhook delivery list", "GET", root + "/deliveries?limit=50&offset=0", ""),
                agent("webhook delivery list --failed", "GET", root + "/deliveries?success=false", ""),
                agent("webhook delivery replay", "POST", root + "/deliveries/{d}/replay", ""),
                agent(
                        "webhook subscription delete --scope identity",
                        "DELETE",
                        root + "/subscriptions/{s}?scope=identity",
                        ""));
    }

    private static Request agent(String command, String method, String path, String body) {
        return new Request(false, command, method, path, body);
    }

    private static Request admin(String command, String method, String path, String body) {
        return new Request(true, command, method, path, body);
    }

    private String filled(String text) {
        return text.replace('\'', '"')
                .replace("{i}", talk.identity().path("id").asString())
                .replace("{h}", talk.handle())
                .replace("{p}", talk.person())
                .replace("{c}", talk.conversation())
                .replace("{m}", talk.first())
                .replace("{r}", rule)
                .replace("{t}", tapback)
                .replace("{a}", assignment)
                .replace("{s}", subscription)
                .replace("{d}", delivery);
    }

    /// As the SDKs send it: a request without a body has no Content-Type either.
    private HttpResponse<String> send(String key, String method, String path, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(server.admin().base() + path))
                .header("X-API-Key", key)
                .header("Accept", "application/json")
                .header("User-Agent", "inkbox-cli/%1$s inkbox-typescript/%1$s".formatted(VERSION))
                .header("Cookie", "sticky=1");
        if (body.isEmpty()) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body));
        }
        try {
            return OpenApiCheck.send(client, request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(method + " " + path, e);
        }
    }
}
