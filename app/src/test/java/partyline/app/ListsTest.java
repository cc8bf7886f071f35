package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Long histories: time ranges, and pages that stay where they are; and one message of them.
class ListsTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private final Talk talk = Talk.begin(server);

    @Test
    void pages_walked_by_cursor_give_each_message_once_while_others_arrive() {
        for (int at = 0; at < 7; at++) {
            talk.delivered("old " + at);
        }
        List<String> before = ids(Talk.MESSAGES + "?limit=200");

        List<String> walked = new ArrayList<>();
        Optional<String> next = Optional.of(Talk.MESSAGES + "?limit=3");
        while (next.isPresent()) {
            Api.Answer page = talk.agent().get(next.get()).expect(200);
            page.json().forEach(it -> walked.add(it.path("id").asString()));
            talk.delivered("new while walking");
            next = page.next();
        }

        assertThat(walked).isEqualTo(before);
    }

    @Test
    void pages_after_a_message_lead_to_the_newest_one_oldest_first() {
        for (int at = 0; at < 5; at++) {
            talk.delivered("later " + at);
        }
        List<String> later = ids(Talk.MESSAGES + "?limit=200").reversed();

        List<String> walked = new ArrayList<>(List.of(talk.first()));
        Optional<String> next = Optional.of(
                Talk.MESSAGES + "?limit=2&conversation_id=" + talk.conversation() + "&after=" + talk.first());
        while (next.isPresent()) {
            Api.Answer page = talk.agent().get(next.get()).expect(200);
            page.json().forEach(it -> walked.add(it.path("id").asString()));
            next = page.next();
        }

        assertThat(walked).isEqualTo(later);
        for (String wrong : List.of("&q=later", "&offset=1")) {
            assertThat(talk.agent()
                            .get(Talk.MESSAGES + "?after=" + talk.first() + wrong)
                            .expect(422)
                            .text())
                    .contains("after");
        }
    }

    @Test
    void an_id_that_is_like_anothers_but_for_its_random_part_is_nobodys() {
        String message = alike(talk.first());
        String conversation = alike(talk.conversation());

        for (Api api : List.of(talk.agent(), talk.admin())) {
            api.get(Talk.MESSAGES + "/" + message).expect(404);
            api.get("/api/v1/imessage/conversations/" + conversation).expect(404);
            assertThat(api.get(Talk.MESSAGES + "?conversation_id=" + conversation)
                            .expect(200)
                            .json())
                    .isEmpty();
            api.post(Talk.MESSAGES, "{\"conversation_id\":\"%s\",\"text\":\"x\"}".formatted(conversation))
                    .expect(404);
            api.post("/api/v1/imessage/reactions", "{\"message_id\":\"%s\",\"reaction\":\"like\"}".formatted(message))
                    .expect(404);
        }
    }

    private static String alike(String id) {
        return id.substring(0, 35) + (id.endsWith("0") ? "1" : "0");
    }

    @Test
    void one_message_is_of_the_identity_that_is_asserted_and_stays_unread() {
        String path = Talk.MESSAGES + "/" + talk.first() + "?agent_identity_id=";
        String own = talk.identity().path("id").asString();
        String other = Talk.begin(server).identity().path("id").asString();

        for (Api api : List.of(talk.agent(), talk.admin())) {
            assertThat(api.get(path + own).expect(200).json().path("id").asString())
                    .isEqualTo(talk.first());
            for (String wrong : List.of(other, UUID.randomUUID().toString())) {
                assertThat(api.get(path + wrong).expect(404).text()).contains("message_not_found");
            }
            assertThat(api.get(path + "me").expect(422).text()).contains("agent_identity_id");
        }
        assertThat(talk.message(talk.first()).path("is_read").asBoolean()).isFalse();
    }

    @Test
    void a_link_leads_to_the_next_page_also_below_the_path_of_a_proxy() {
        talk.delivered("one more");

        String link = talk.agent()
                .get(Talk.MESSAGES + "?limit=1")
                .expect(200)
                .response()
                .headers()
                .firstValue("Link")
                .orElseThrow();

        URI below = URI.create("https://x.example/partyline" + Talk.MESSAGES + "?limit=1");
        URI next = below.resolve(link.replaceAll("^<|>; rel=\"next\"$", ""));
        assertThat(next.getPath()).isEqualTo("/partyline" + Talk.MESSAGES);
        assertThat(next.getQuery()).contains("limit=1", "cursor=");
    }

    @Test
    void a_link_repeats_the_request_as_text_and_never_as_a_header_of_the_callers_own() {
        talk.delivered("one more");
        String forged = "?limit=1&x%0d%0aSet-Cookie:%20a%3Db&%3E%3B%20rel%3D%22next%22=%22%3E%2C";

        Api.Answer page = talk.agent().get(Talk.MESSAGES + forged).expect(200);

        assertThat(page.response().headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(page.response().headers().firstValue("Link").orElseThrow()).matches("<[^<>\"\\s]*>; rel=\"next\"");
    }

    @Test
    void a_range_of_days_is_read_in_its_zone_and_includes_both_ends() {
        String created = talk.message(talk.first()).path("created_at").asString();
        LocalDate day = LocalDate.ofInstant(Instant.parse(created), ZoneOffset.UTC);
        ZoneId kiritimati = ZoneId.of("Pacific/Kiritimati");
        LocalDate there = LocalDate.ofInstant(Instant.parse(created), kiritimati);

        assertThat(ids(range(day.toString(), day.toString(), ""))).hasSize(1);
        assertThat(ids(range(day.plusDays(1).toString(), "", ""))).isEmpty();
        assertThat(ids(range("", day.minusDays(1).toString(), ""))).isEmpty();
        assertThat(ids(range(there.toString(), there.toString(), "Pacific/Kiritimati")))
                .hasSize(1);
        assertThat(ids(range(created, created, ""))).hasSize(1);
        assertThat(ids(range(created.replace("Z", "+00:00"), "", ""))).hasSize(1);
        assertThat(ids(range(created.replace("Z", ""), created.replace("Z", ""), "UTC")))
                .hasSize(1);
        assertThat(ids(range(created.replace("Z", "-01:00"), "", ""))).isEmpty();
        assertThat(talk.agent()
                        .get("/api/v1/imessage/conversations?start_datetime=" + day)
                        .json())
                .hasSize(1);
        assertThat(talk.agent()
                        .get("/api/v1/imessage/conversations?end_datetime=" + day.minusDays(1))
                        .json())
                .isEmpty();
    }

    @Test
    void wrong_times_and_zones_are_named() {
        assertThat(talk.agent()
                        .get(Talk.MESSAGES + "?tz=Mars%2FOlympus")
                        .expect(422)
                        .text())
                .contains("tz");
        assertThat(talk.agent()
                        .get(Talk.MESSAGES + "?start_datetime=yesterday")
                        .expect(422)
                        .text())
                .contains("start_datetime");
        assertThat(talk.agent()
                        .get(Talk.MESSAGES + "?end_datetime=2026-13-01")
                        .expect(422)
                        .text())
                .contains("end_datetime");
        assertThat(talk.agent().get(Talk.MESSAGES + "?tz=%2B05:00").expect(422).text())
                .contains("IANA");
        assertThat(talk.agent().get(Talk.MESSAGES + "?cursor=x").expect(422).text())
                .contains("cursor");
    }

    @Test
    void times_beyond_all_messages_are_no_mistake() {
        assertThat(ids(range("0001-01-01", "9999-12-31", "Asia/Tokyo"))).hasSize(1);
        assertThat(ids(range("-999999999-01-01T00:00Z", "+999999999-12-31T00:00Z", "")))
                .hasSize(1);
        assertThat(ids(range("+999999999-01-01T00:00Z", "", ""))).isEmpty();
        assertThat(ids(range("", "-999999999-01-01T00:00Z", ""))).isEmpty();
    }

    @Test
    void one_message_is_found_by_its_owner_alone() {
        talk.agent().get(Talk.MESSAGES + "/" + talk.first()).expect(200);
        talk.admin().get(Talk.MESSAGES + "/" + talk.first()).expect(200);
        server.stranger().get(Talk.MESSAGES + "/" + talk.first()).expect(404);
        Talk.begin(server).agent().get(Talk.MESSAGES + "/" + talk.first()).expect(404);
    }

    private static String range(String start, String end, String zone) {
        return Talk.MESSAGES + "?limit=200"
                + (start.isEmpty() ? "" : "&start_datetime=" + Api.encode(start))
                + (end.isEmpty() ? "" : "&end_datetime=" + Api.encode(end))
                + (zone.isEmpty() ? "" : "&tz=" + Api.encode(zone));
    }

    private List<String> ids(String path) {
        return talk.agent()
                .get(path)
                .expect(200)
                .json()
                .valueStream()
                .map(it -> it.path("id").asString())
                .toList();
    }
}
