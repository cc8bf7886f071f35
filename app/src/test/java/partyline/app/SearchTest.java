package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;
import static partyline.app.Talk.MESSAGES;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.testkit.Seeds;
import partyline.transport.InboundEvent.TextEdited;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.InboundEvent.TextUnsent;
import tools.jackson.databind.JsonNode;

/// Messages are found by what they say, through the front door: at once, and when they are in the index.
class SearchTest {

    private static final LineTap TAP = new LineTap();

    @RegisterExtension
    static final TestServer server = new TestServer("", InstantSource.system(), TAP::around);

    private final Talk talk = Talk.begin(server);

    @Test
    void an_agent_finds_what_either_side_said_with_the_words_marked_in_a_snippet() {
        said("Let us meet in Zanzibar at five");
        talk.reply("Zanzibar is fine").expect(201);

        bothWays(() -> {
            JsonNode found = search(talk.agent(), "zanzi");
            assertThat(texts(found)).containsExactly("Zanzibar is fine", "Let us meet in Zanzibar at five");
            assertThat(marked(found.get(1))).isEqualTo("Let us meet in [Zanzibar] at five");
            JsonNode plain = talk.message(found.get(1).path("id").asString());
            assertThat(plain.has("snippet")).isFalse();
            assertThat(found.get(1).asObject().deepCopy().without("snippet")).isEqualTo(plain);
        });
    }

    @Test
    void other_agents_and_other_organizations_find_none_of_it_and_an_admin_all_of_their_own() {
        said("Zanzibar");
        Talk other = Talk.begin(server);
        Talk elsewhere = Talk.begin(server, server.stranger());
        elsewhere.reply("Zanzibar elsewhere").expect(201);

        bothWays(() -> {
            assertThat(texts(search(other.agent(), "zanzibar"))).isEmpty();
            assertThat(texts(search(elsewhere.agent(), "zanzibar"))).containsExactly("Zanzibar elsewhere");
            assertThat(texts(search(server.stranger(), "zanzibar"))).containsExactly("Zanzibar elsewhere");
            assertThat(texts(search(server.admin(), "zanzibar")))
                    .contains("Zanzibar")
                    .doesNotContain("Zanzibar elsewhere");
            assertThat(server.admin()
                            .get(MESSAGES + "?q=zanzibar&agent_identity_id="
                                    + other.identity().path("id").asString())
                            .expect(200)
                            .text())
                    .isEqualTo("[]");
            assertThat(elsewhere
                            .agent()
                            .get(MESSAGES + "?q=zanzibar&conversation_id=" + talk.conversation())
                            .expect(200)
                            .text())
                    .isEqualTo("[]");
        });
    }

    @Test
    void blocked_mail_is_found_by_admins_alone() {
        talk.admin()
                .post(
                        "/api/v1/imessage/identities/" + talk.handle() + "/contact-rules",
                        "{\"action\":\"block\",\"match_target\":\"%s\"}".formatted(talk.person()))
                .expect(201);
        talk.admin().text(talk.person(), talk.line(), "hidden Kilimanjaro");
        String narrowed = MESSAGES + "?q=kilimanjaro&conversation_id=" + talk.conversation();
        waitFor(() -> talk.admin().get(narrowed).expect(200).json(), it -> it.size() == 1);

        bothWays(() -> {
            assertThat(talk.agent().get(narrowed).expect(200).text()).isEqualTo("[]");
            assertThat(texts(search(talk.agent(), "kilimanjaro"))).isEmpty();
            assertThat(talk.admin()
                            .get(narrowed)
                            .expect(200)
                            .json()
                            .get(0)
                            .path("is_blocked")
                            .asBoolean())
                    .isTrue();
        });
    }

    @Test
    void what_a_person_changes_or_takes_back_is_found_as_it_is_now() {
        TextReceived place = said("meet in Zanzibar");
        TextReceived secret = said("the password is Arusha");
        bothWays(() -> assertThat(texts(search(talk.agent(), "arusha"))).hasSize(1));

        TAP.bring(new TextEdited(
                place.line(),
                place.from(),
                Instant.now(),
                "edit-" + place.providerId(),
                place.providerId(),
                "meet in Dodoma"));
        TAP.bring(new TextUnsent(
                secret.line(), secret.from(), Instant.now(), "unsend-" + secret.providerId(), secret.providerId()));

        waitFor(() -> texts(search(talk.agent(), "dodoma")), it -> it.equals(List.of("meet in Dodoma")));
        waitFor(() -> texts(search(talk.agent(), "arusha")), List::isEmpty);
        assertThat(texts(search(talk.agent(), "zanzibar"))).isEmpty();
    }

    @Test
    void pages_of_what_was_found_follow_each_other_by_their_links() {
        for (int at = 0; at < 5; at++) {
            talk.reply("tea number " + at).expect(201);
        }

        bothWays(() -> {
            Api.Answer first = talk.agent().get(MESSAGES + "?q=tea&limit=3").expect(200);
            assertThat(texts(first.json())).containsExactly("tea number 4", "tea number 3", "tea number 2");
            String link = first.response().headers().firstValue("Link").orElseThrow();
            String next = link.substring(link.indexOf('?'), link.indexOf('>'));
            Api.Answer second = talk.agent().get(MESSAGES + next).expect(200);
            assertThat(texts(second.json())).containsExactly("tea number 1", "tea number 0");
            assertThat(second.response().headers().firstValue("Link")).isEmpty();
        });
    }

    @Test
    void what_was_found_before_a_restart_is_found_after_it() {
        talk.reply("Zanzibar before").expect(201);
        search(talk.agent(), "zanzibar");
        server.wiring().look();

        server.restart();

        Talk again = talk.with(server);
        again.reply("Zanzibar after").expect(201);
        bothWays(() -> assertThat(texts(search(again.agent(), "zanzibar")))
                .containsExactly("Zanzibar after", "Zanzibar before"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%20", "%22%22", "*", "%3A%28%29%5E"})
    void what_has_no_word_is_refused_by_the_name_of_the_field(String query) {
        assertThat(talk.agent().get(MESSAGES + "?q=" + query).expect(422).text())
                .contains("\"q\"");
    }

    @Test
    void limits_are_told_by_the_name_of_the_field() {
        talk.agent().get(MESSAGES + "?q=" + "x".repeat(200)).expect(200);
        assertThat(talk.agent()
                        .get(MESSAGES + "?q=" + "x".repeat(201))
                        .expect(422)
                        .text())
                .contains("\"q\"", "200");
        assertThat(talk.agent().get(MESSAGES + "?q=tea&offset=1").expect(422).text())
                .contains("\"offset\"", "cursor");
        assertThat(talk.agent().get(MESSAGES + "?q=tea&limit=201").expect(422).text())
                .contains("\"limit\"");
        server.nobody().get(MESSAGES + "?q=tea").expect(401);
    }

    @Test
    void nothing_that_somebody_types_is_wrong_syntax() {
        talk.reply("it's a 'test' (of: NEAR) AND * ^ {words} - ok").expect(201);
        List<String> parts = List.of(
                "test", "AND", "OR", "NOT", "NEAR(", ")", "\"", "'", "*", "^", "-", "+", ":", "words:", "{", "}", "\\",
                ";", "--", "%", "\0", " ", " ", "東", "👍", "\uD83D", "a");

        bothWays(() -> Seeds.each(60, random -> {
            String query = Seeds.text(random, 8, parts);
            assertThat(talk.agent().get(MESSAGES + "?q=" + Api.encode(query)).status())
                    .as(query)
                    .isIn(200, 422);
        }));
    }

    /// Once as long as nothing is in the index, or what was before, and once when all is.
    private static void bothWays(Runnable check) {
        check.run();
        server.wiring().look();
        check.run();
    }

    private TextReceived said(String text) {
        TextReceived told = TAP.text(talk.admin().text(talk.person(), talk.line(), text));
        waitFor(
                () -> talk.agent().get(MESSAGES).expect(200).json(),
                it -> texts(it).contains(text));
        return told;
    }

    private static JsonNode search(Api key, String query) {
        return key.get(MESSAGES + "?q=" + Api.encode(query)).expect(200).json();
    }

    private static List<String> texts(JsonNode messages) {
        return messages.valueStream().map(it -> it.path("content").asString()).toList();
    }

    private static String marked(JsonNode message) {
        return message.path("snippet")
                .valueStream()
                .map(part -> part.path("match").asBoolean()
                        ? "[" + part.path("text").asString() + "]"
                        : part.path("text").asString())
                .collect(Collectors.joining());
    }
}
