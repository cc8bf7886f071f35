package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.nayuki.qrcodegen.QrCode;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The code that a phone's camera reads to connect with an agent.
class ConnectCardTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final Pattern DARK = Pattern.compile("M(\\d+),(\\d+)h1v1h-1z");

    private final Talk talk = Talk.begin(server);
    private final String card = "/api/v1/identities/" + talk.handle() + "/connect-card.svg";

    @Test
    void it_is_the_link_that_connects_with_a_margin_around_it() {
        String link = talk.agent()
                .get("/api/v1/imessage/triage-number")
                .json()
                .path("sms_link")
                .asString();

        Api.Answer answer = talk.agent().get(card).expect(200);

        assertThat(answer.response().headers().firstValue("Content-Type").orElseThrow())
                .startsWith("image/svg+xml");
        QrCode code = QrCode.encodeText(link, QrCode.Ecc.MEDIUM);
        Set<String> expected = new TreeSet<>();
        for (int y = 0; y < code.size; y++) {
            for (int x = 0; x < code.size; x++) {
                if (code.getModule(x, y)) {
                    expected.add((x + 4) + "," + (y + 4));
                }
            }
        }
        Set<String> drawn = new TreeSet<>();
        DARK.matcher(answer.text()).results().forEach(it -> drawn.add(it.group(1) + "," + it.group(2)));
        assertThat(drawn).isEqualTo(expected);
        assertThat(answer.text())
                .contains("viewBox=\"0 0 %1$d %1$d\"".formatted(code.size + 8))
                .contains("connect @" + talk.handle());
    }

    @Test
    void an_admin_gets_that_of_each_agent_and_nobody_else_any() {
        assertThat(talk.admin().get(card).expect(200).text())
                .isEqualTo(talk.agent().get(card).expect(200).text());

        server.stranger().get(card).expect(404);
        Talk.begin(server).agent().get(card).expect(404);
        server.nobody().get(card).expect(401);
    }
}
