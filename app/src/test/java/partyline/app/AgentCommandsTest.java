package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Agents and their keys, made by the operator's commands.
class AgentCommandsTest {

    private static final Pattern KEY = Pattern.compile("key {11}(ApiKey_\\S+)");
    private static final Pattern CURL = Pattern.compile("curl -sSN (\\S+?)(/api\\S+) -H");
    private static final String ROUTER = "+12025550100";

    private final TestServer server = new TestServer();

    @BeforeEach
    void open() throws IOException {
        server.open();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void what_is_printed_is_all_that_it_takes_to_talk() {
        String made = server.operate("agent", "create", "@Front-Desk", "--name", "Front desk");
        Api agent = server.nobody().with(found(KEY, made, 1));
        String person = server.person();

        assertThat(made)
                .contains(
                        "People text \"connect @front-desk\" to " + ROUTER,
                        "sms:" + ROUTER + "?&body=connect%20%40front-desk")
                .containsOnlyOnce(agent.key());
        assertThat(found(CURL, made, 1)).isEqualTo(server.admin().base());
        assertThat(agent.get("/api/v1/identities/self").expect(200).text()).contains("\"Front desk\"");

        server.admin().text(person, ROUTER, "connect @front-desk");
        Api.waitFor(() -> agent.get("/api/v1/imessage/assignments").expect(200).text(), text -> text.contains(person));
        agent.get(found(CURL, made, 2), "application/json").expect(200);
    }

    @Test
    void more_keys_are_made_for_an_agent_and_each_sees_it_alone() {
        server.operate("agent", "create", "clerk");

        String made = server.operate("key", "create", "clerk", "--label", "at home");

        Api agent = server.nobody().with(found(KEY, made, 1));
        assertThat(agent.get("/api/whoami").expect(200).text()).contains("clerk", "at home");
        assertThat(server.operate("agent", "list")).containsPattern("@clerk .*enabled .*clerk");
    }

    @Test
    void it_is_the_same_on_a_folder_at_rest() {
        server.stop();

        String made = server.operate("agent", "create", "night-watch");

        assertThat(made).contains("\"connect @night-watch\" to " + ROUTER + ", once the server runs");
        assertThat(server.operate("agent", "list")).contains("@night-watch");
        server.start();
        server.nobody().with(found(KEY, made, 1)).get("/api/whoami").expect(200);
    }

    @Test
    void an_agent_of_another_organization_is_made_when_its_id_is_named() {
        String other = server.stranger()
                .get("/api/whoami")
                .expect(200)
                .json()
                .path("organization_id")
                .asString();

        server.operate("agent", "create", "tenant", "--org", other);

        server.stranger().get("/api/v1/identities/tenant").expect(200);
        server.admin().get("/api/v1/identities/tenant").expect(404);
    }

    @Test
    void what_cannot_be_made_is_said_in_a_sentence() {
        server.operate("agent", "create", "taken");

        refused("The handle @taken is taken", "agent", "create", "taken");
        refused("no handle", "agent", "create", "a b");
        refused("name must be one line", "agent", "create", "named", "--name", "two\nlines");
        refused("org list", "agent", "create", "lost", "--org", "org_none");
        refused("agent list", "key", "create", "nobody-here");
        refused("label", "key", "create", "taken", "--label", " ");
        assertThat(server.operate("agent", "list")).doesNotContain("@named", "@lost");
    }

    private void refused(String sentence, String... words) {
        assertThatThrownBy(() -> server.operate(words)).hasMessageContaining(sentence);
    }

    private static String found(Pattern pattern, String text, int group) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return matcher.group(group);
    }
}
