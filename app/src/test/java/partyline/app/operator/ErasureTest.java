package partyline.app.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static partyline.app.Api.ROUTER;
import static partyline.app.Api.waitFor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import partyline.app.Api;
import partyline.app.LineTap;
import partyline.app.RecordingReceiver;
import partyline.app.Talk;
import partyline.app.TestServer;
import partyline.app.Upload;
import partyline.kernel.Database;
import partyline.kernel.PersonalTable;
import partyline.kernel.StartupFailure;
import partyline.transport.InboundEvent.TextEdited;
import partyline.transport.InboundEvent.TextReceived;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `export` and `erase`: what is known about a person is shown whole, and forgotten whole.
class ErasureTest {

    private static final LineTap TAP = new LineTap();

    @RegisterExtension
    static final TestServer server = new TestServer("""
            limits:
              sends_per_24h: 0
              alternations_per_minute: 0
            """, InstantSource.system(), TAP::around);

    private static final int MESSAGES = 120;
    /// A word as the index has it, which leaves out how words before it began.
    private static final String SPELLED = "anzibar";

    private final Api admin = server.admin();

    @Test
    void after_an_erasure_no_file_has_the_number_or_a_word_of_the_person() throws Exception {
        try (RecordingReceiver receiver = new RecordingReceiver()) {
            Talk gone = Talk.begin(server);
            Talk stays = Talk.begin(server);
            gone.subscribe(receiver, "imessage.received");
            for (int at = 0; at < MESSAGES; at++) {
                say(gone, "Zanzibar", at);
                say(stays, "Kilimanjaro", at);
            }
            leaveTracesEverywhere(gone);
            lookUp(gone).expect(200);
            waitFor(() -> count(export(gone), "webhooks", "webhook_delivery"), count -> count >= 1);
            waitFor(() -> receiver.posts().size(), posts -> posts >= MESSAGES);
            waitFor(() -> count(export(gone), "webhooks", "webhook_attempt"), count -> count >= MESSAGES);
            awaitQuiet(gone.person());
            index(gone);
            JsonNode kept = export(gone);
            JsonNode others = rows(stays);
            assertThat(kept.path("conversations").path("message").size()).isGreaterThan(2 * MESSAGES);
            assertThat(tablesWithRows(kept))
                    .as("each table has something about them, or the test would prove nothing of it")
                    .containsAll(usualTables());

            assertThat(order("erase", gone.person())).contains("erased", gone.person());

            assertThat(tablesWithRows(export(gone))).isEmpty();
            assertThat(filesWith(gone.person(), "Zanzibar", SPELLED)).isEmpty();
            assertThat(search(gone.admin(), "zanzibar").text()).isEqualTo("[]");
            assertThat(search(stays.agent(), "kilimanjaro 0").json()).isNotEmpty();
            assertThat(rows(stays)).as("others lose nothing").isEqualTo(others);
            assertThat(gone.agent().get(Talk.MESSAGES).expect(200).text()).isEqualTo("[]");
            gone.reply("are you there?").expect(404);
            lookUp(gone).expect(404);
            assertThat(stays.reply("still there?").status()).isEqualTo(201);
        }
    }

    @Test
    void what_their_line_tells_again_after_the_erasure_brings_nothing_back() {
        Talk talk = Talk.begin(server);
        TextReceived text = TAP.text(admin.text(talk.person(), talk.line(), "Zanzibar at 5"));
        waitFor(() -> rows(talk).toString(), it -> it.contains("Zanzibar at 5"));
        order("erase", talk.person());

        TAP.bring(text);

        assertThat(tablesWithRows(export(talk))).isEmpty();
    }

    @Test
    void a_file_that_they_sent_is_exported_with_its_bytes_and_leaves_the_disk(@TempDir Path target) throws IOException {
        Talk talk = Talk.begin(server);
        String url = Upload.of(
                        talk.agent(), "beach.txt", "text/plain", "Sansibar beach".getBytes(StandardCharsets.UTF_8))
                .url();
        admin.post(
                        "/simulator/messages",
                        "{\"from\":\"%s\",\"to\":\"%s\",\"media_url\":\"%s\"}"
                                .formatted(talk.person(), talk.line(), url))
                .expect(201);
        JsonNode file = waitFor(() -> export(talk).path("media").path("media"), files -> files.size() == 1)
                .get(0);

        PersonalFiles.copy(server.folder(), export(talk).path("media").path("media"), target);

        Path copy = target.resolve(file.path("id").asString() + "-beach.txt");
        assertThat(copy).hasContent("Sansibar beach");
        Path kept = server.folder().resolve("media").resolve(file.path("id").asString());
        assertThat(kept).exists();
        order("erase", talk.person());
        assertThat(kept).doesNotExist();
        assertThat(tablesWithRows(export(talk))).isEmpty();
    }

    @Test
    void every_table_with_people_in_it_is_shown_and_forgotten() {
        Set<String> known =
                PersonalData.tables().stream().map(PersonalTable::name).collect(Collectors.toSet());

        assertThat(known).containsAll(tablesWithPeople());
    }

    @Test
    void a_person_who_said_stop_is_left_alone_after_the_erasure_until_they_say_start() {
        Talk talk = Talk.begin(server);
        admin.text(talk.person(), ROUTER, "STOP");
        waitFor(() -> export(talk).path("stopped_at"), JsonNode::isString);

        order("erase", talk.person());

        assertThat(export(talk).path("stopped_at").isString()).isTrue();
        admin.text(talk.person(), ROUTER, "connect @" + talk.handle());
        admin.text(talk.person(), ROUTER, "help");
        awaitQuiet(talk.person());
        assertThat(admin.bubbles(talk.person(), ROUTER))
                .as("silence")
                .allMatch(bubble -> bubble.path("mine").asBoolean());
        admin.text(talk.person(), ROUTER, "START");
        waitFor(() -> export(talk).path("stopped_at"), JsonNode::isNull);
        assertThat(admin.connect(talk.person(), talk.handle())).isNotEmpty();
    }

    @Test
    void a_person_is_erased_in_the_midst_of_a_conversation_and_nothing_comes_back() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 8; round++) {
                Talk talk = Talk.begin(server);
                String bubble = talk.bubble("hello").path("id").asString();
                Future<Integer> sender = threads.submit(() -> sendUntilRefused(talk));
                talk.tapback(talk.bubble("hello"), "love", Map.of());
                waitFor(talk::bubbles, bubbles -> bubbles.size() > 4 && !bubble.isEmpty());

                order("erase", talk.person());

                assertThat(sender.get()).isEqualTo(404);
                awaitQuiet(talk.person());
                assertThat(tablesWithRows(export(talk))).isEmpty();
            }
        }
        Talk others = Talk.begin(server);
        others.delivered("the lanes still run");
    }

    @Test
    void the_same_works_on_a_folder_at_rest() {
        Talk talk = Talk.begin(server);
        server.stop();
        assertThat(count(export(talk), "conversations", "message")).isPositive();
        order("erase", talk.person());
        assertThat(tablesWithRows(export(talk))).isEmpty();
        server.start();

        assertThat(filesWith(talk.person())).isEmpty();
        assertThat(talk.with(server).agent().get(Talk.MESSAGES).expect(200).text())
                .isEqualTo("[]");
    }

    @Test
    void a_dry_run_says_what_would_go_and_changes_nothing() {
        Talk talk = Talk.begin(server);
        awaitQuiet(talk.person());
        int messages = count(export(talk), "conversations", "message");

        String said = server.operate("erase", "--number", talk.person(), "--dry-run");

        assertThat(said).contains("would erase", "message " + messages, "Nothing was changed");
        assertThat(count(export(talk), "conversations", "message")).isEqualTo(messages);
    }

    @Test
    void a_contact_goes_whole_with_the_person_although_it_has_another_number_and_a_mail_address() {
        String gone = server.person();
        contact(gone, "Sansibar");
        contact(server.person(), "Elbrus");

        assertThat(export(gone).path("contacts").path("contact").toString()).contains("Sansibar tea");
        order("erase", gone);

        assertThat(tablesWithRows(export(gone))).isEmpty();
        assertThat(admin.get("/api/v1/contacts?q=Sansibar").text()).isEqualTo("[]");
        assertThat(admin.get("/api/v1/contacts?q=Elbrus").json().size()).isOne();
    }

    @Test
    void what_is_no_number_is_refused_in_one_sentence() {
        assertThatThrownBy(() -> order("erase", "0202 555"))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("E.164");
    }

    private static void say(Talk talk, String word, int at) {
        String text = word + " " + at + " " + "x".repeat(at % 20 == 0 ? 6_000 : at);
        talk.admin().text(talk.person(), talk.line(), text);
        talk.reply(word + " answer " + at).expect(201);
    }

    /// A rule that took another one in, a tapback, an answer that is kept for a repeated request, consent, words of the
    /// router.
    private void leaveTracesEverywhere(Talk talk) {
        talk.agent()
                .with(Map.of("Idempotency-Key", "once"))
                .post(
                        Talk.MESSAGES,
                        "{\"conversation_id\":\"%s\",\"text\":\"Zanzibar once\"}".formatted(talk.conversation()))
                .expect(201);
        TextReceived text = TAP.text(admin.text(talk.person(), talk.line(), "Zanzibar at 5"));
        TAP.bring(new TextEdited(text.line(), text.from(), Instant.now(), "edit", text.providerId(), "Zanzibar at 6"));
        waitFor(() -> count(export(talk), "conversations", "message_past"), count -> count == 1);
        talk.tapback(talk.bubble("hello"), "custom", Map.of("custom_emoji", "\"🗺\""));
        waitFor(() -> count(export(talk), "conversations", "tapback"), count -> count == 1);
        String rules = "/api/v1/imessage/identities/" + talk.handle() + "/contact-rules";
        String rule = rules + "/"
                + admin.post(rules, "{\"action\":\"allow\",\"match_target\":\"%s\"}".formatted(talk.person()))
                        .expect(201)
                        .json()
                        .path("id")
                        .asString();
        admin.patch(rule, "{\"action\":\"block\",\"apply_to\":\"outbound\"}").expect(200);
        admin.patch(rule, "{\"action\":\"allow\"}").expect(200);
        String contact = contact(talk.person(), "Zanzibar");
        // They have a name by now, so this is told with it, and kept as it was told.
        say(talk, "Zanzibar", MESSAGES);
        admin.patch(
                        "/api/v1/identities/" + talk.handle() + "/contacts/" + contact + "/permissions",
                        "{\"memories\":false,\"emails\":{\"Zanzibar@example.org\":false}}")
                .expect(200);
        admin.post("/simulator/phones/" + Api.encode(talk.person()), "{\"reads\":true}");
        admin.text(talk.person(), ROUTER, "STOP");
        waitFor(() -> count(export(talk), "consent", "consent_change"), count -> count == 1);
        admin.text(talk.person(), ROUTER, "START");
        waitFor(() -> count(export(talk), "consent", "consent_change"), count -> count == 2);
    }

    private String contact(String number, String name) {
        String wish = "{\"given_name\":\"%s\",\"notes\":\"%1$s tea\",\"emails\":[{\"value\":\"%1$s@example.org\"}],"
                + "\"phones\":[{\"value_e164\":\"%s\"},{\"value_e164\":\"%s\"}]}";
        return admin.post("/api/v1/contacts", wish.formatted(name, number, server.person()))
                .expect(201)
                .json()
                .path("id")
                .asString();
    }

    /// The words are in the index of the search too, as it spells them; this begins it.
    private void index(Talk talk) {
        search(talk.admin(), "zanzibar");
        waitFor(() -> filesWith(SPELLED), files -> !files.isEmpty());
    }

    private static Api.Answer search(Api key, String query) {
        return key.get(Talk.MESSAGES + "?q=" + Api.encode(query)).expect(200);
    }

    /// What was sent under the key of the kept answer.
    private static Api.Answer lookUp(Talk talk) {
        return talk.agent()
                .with(Map.of("Idempotency-Key", "once"))
                .get("/api/v1/message-sends/lookup?sender_kind=imessage_identity&operation=imessage.send&sender_id="
                        + talk.identity().path("id").asString());
    }

    private static int sendUntilRefused(Talk talk) {
        while (true) {
            int status = talk.reply("again and again").status();
            if (status != 201) {
                return status;
            }
        }
    }

    private static JsonNode rows(Talk talk) {
        JsonNode conversations = export(talk).path("conversations");
        assertThat(conversations.path("message").size()).isPositive();
        return conversations
                .path("message")
                .valueStream()
                .map(message -> message.path("content"))
                .collect(JsonMapper.shared()::createArrayNode, (all, text) -> all.add(text), (a, b) -> a.addAll(b));
    }

    private static JsonNode export(Talk talk) {
        return export(talk.person());
    }

    private static JsonNode export(String person) {
        return new JsonMapper().readTree(order("export", person));
    }

    private static String order(String command, String number) {
        return server.operate(command, "--number", number);
    }

    private static int count(JsonNode export, String part, String table) {
        return export.path(part).path(table).size();
    }

    /// Nothing is on its way to the person or from them.
    private static void awaitQuiet(String person) {
        waitFor(
                () -> export(person).path("transport"),
                transport -> transport.path("sim_due").isEmpty()
                        && waiting(transport.path("transport_outbox")) == 0
                        && waiting(transport.path("transport_inbox")) == 0);
    }

    private static long waiting(JsonNode rows) {
        return rows.valueStream().filter(row -> row.path("due_at").isString()).count();
    }

    private static Set<String> tablesWithRows(JsonNode export) {
        return export.propertyStream()
                .flatMap(part -> part.getValue().propertyStream())
                .filter(table -> !table.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static List<String> usualTables() {
        return PersonalData.tables().stream()
                .map(PersonalTable::name)
                .filter(name -> !Set.of(
                                "sim_due",
                                "sim_phone",
                                "line_focus",
                                "media",
                                "transport_early",
                                "contact_rule_alias",
                                "awaited_file")
                        .contains(name))
                .toList();
    }

    private static List<String> tablesWithPeople() {
        try (Database database = Database.open(server.folder().resolve("partyline.db"))) {
            return database.read(
                    handle -> handle.createQuery("""
                            SELECT DISTINCT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
                             WHERE m.type = 'table' AND c.name IN ('person', 'number', 'address', 'recipient', 'remote_number')
                            """).mapTo(String.class).list());
        }
    }

    private static List<Path> filesWith(String... words) {
        try (Stream<Path> files = Files.walk(server.folder())) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> has(file, words))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean has(Path file, String... words) {
        try {
            String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            return Stream.of(words).anyMatch(bytes::contains);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
