package partyline.app;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/// The phone page in a browser, used as a newcomer uses it.
@Tag("needs-tools")
class PhonePageIT {

    private static final By AGENT_THREAD = By.cssSelector("[data-testid=thread]:not([data-line='" + Api.ROUTER + "'])");
    private static final By ECHO =
            By.xpath("//*[@data-testid='bubble-text'][.='You said: marco']/ancestor::*[@data-testid='bubble']");

    /// How far the newest message is from the lower edge of the thread.
    private static final String BELOW_THE_END = "Math.round(document.querySelector('#transcript').scrollHeight"
            + " - document.querySelector('#transcript').scrollTop"
            + " - document.querySelector('#transcript').clientHeight)";

    private static final By OVER_SMS = By.cssSelector(".mine[data-service=sms] [data-testid=bubble]");

    private static final byte[] PIXEL = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    @TempDir
    Path folder;

    private Jar jar;
    private Browser browser;

    @BeforeEach
    void start() {
        jar = Jar.start(folder, Map.of(), "--port", "0", "--demo");
        browser = new Browser();
        browser.open(jar.base() + "/phone");
    }

    @AfterEach
    void stop() {
        jar.close();
        browser.close();
    }

    @Test
    void a_newcomer_meets_the_echo_agent_and_talks_with_it() {
        browser.sees("simulator-label", label -> label.getFirst().startsWith("SIMULATOR"));
        signIn(jar.key());
        browser.sees("connection", "Live");

        browser.click("first-use-button");
        browser.click("send");
        browser.sees("bubble-text", "connect @echo");
        browser.find(AGENT_THREAD).click();
        say("marco");

        browser.sees("bubble-text", "You said: marco");
        browser.sees("status", List.of("Read")::equals);

        browser.doubleClick(ECHO);
        browser.click("tapback-love");
        browser.sees("badge", List.of("❤️")::equals);
        assertThat(browser.severeConsoleEntries()).isEmpty();
    }

    @Test
    void the_contact_card_shows_the_picture_of_the_agent() {
        Upload.avatar(new Api(jar.base(), jar.key()), "echo", PIXEL).expect(200);
        signIn(jar.key());

        browser.click("first-use-button");
        browser.click("send");

        browser.sees("contact-picture", shown -> shown.size() == 1);
        assertThat(browser.severeConsoleEntries()).isEmpty();
    }

    @Test
    void what_the_agent_does_shows_typing_an_effect_a_read_receipt_and_texts_over_sms_are_green() {
        Api admin = new Api(jar.base(), jar.key());
        signIn(jar.key());
        browser.click("first-use-button");
        browser.click("send");
        browser.find(AGENT_THREAD).click();
        say("marco");
        browser.sees("bubble-text", "You said: marco");
        String conversation = admin.get("/api/v1/imessage/conversations")
                .json()
                .get(0)
                .path("id")
                .asString();
        String here = "{\"conversation_id\":\"" + conversation + "\"%s}";

        admin.post("/api/v1/imessage/typing", here.formatted("")).expect(204);
        browser.sees("typing", shown -> shown.size() == 1);
        admin.post("/api/v1/imessage/messages", here.formatted(",\"text\":\"Party!\",\"send_style\":\"confetti\""))
                .expect(201);
        browser.sees("effect", "sent with Confetti");
        browser.sees("typing", List::isEmpty);
        admin.post("/api/v1/imessage/mark-read", here.formatted("")).expect(200);
        browser.sees("status", List.of("Read")::equals);
        admin.patch("/simulator/phones/%2B12025550140", "{\"service\":\"sms\"}").expect(200);
        say("green");
        assertThat(browser.find(OVER_SMS).getCssValue("background-color")).isEqualTo("rgba(27, 132, 57, 1)");
        assertThat(browser.severeConsoleEntries()).isEmpty();
    }

    @Test
    void pictures_and_sounds_are_shown_and_other_files_are_links_in_both_directions() {
        Api api = new Api(jar.base(), jar.key());
        signIn(jar.key());
        browser.click("first-use-button");
        browser.click("send");
        browser.sees("bubble-text", "connect @echo");
        browser.find(AGENT_THREAD).click();
        say("hello");
        browser.sees("bubble-text", "You said: hello");
        String picture = Upload.of(api, "dot.png", "image/png", PIXEL).url();

        Predicate<List<String>> one = shown -> shown.size() == 1;

        browser.click("extras-button");
        browser.type("media-url", picture);
        browser.click("send");
        browser.sees("picture", one);
        send(api, Upload.of(api, "beep.wav", null, beep()).url());
        browser.sees("sound", one);
        send(api, Upload.of(api, "note.txt", null, new byte[] {'h', 'i'}).url());

        browser.sees("attachment", List.of("note.txt")::equals);
        browser.sees("picture", one);
        browser.sees("sound", one);
        assertThat(browser.severeConsoleEntries()).isEmpty();
    }

    @Test
    void a_long_press_opens_the_tapbacks_which_stay_when_the_finger_lifts() {
        signIn(jar.key());
        meetEcho();

        browser.longPress(ECHO);
        browser.click("tapback-like");

        browser.sees("badge", List.of("👍")::equals);
    }

    @Test
    void a_thread_with_a_picture_near_its_end_opens_at_its_newest_message() throws IOException {
        Api api = new Api(jar.base(), jar.key());
        signIn(jar.key());
        meetEcho();
        Path picture = Files.write(folder.resolve("tall.gif"), tall());
        for (int i = 0; i < 30; i++) {
            api.text("+12025550140", lineOfEcho(api), "line " + i);
        }
        browser.click("extras-button");
        browser.type("media-file", picture.toString());
        browser.sees("extras-chips", chips -> chips.contains("With a picture or file"));
        browser.click("send");
        browser.sees("picture", shown -> shown.size() == 1);
        browser.sees("bubble-text", "You said: line 29");

        browser.reload();
        browser.sees("picture", shown -> shown.size() == 1);

        Api.waitFor(() -> browser.tells(BELOW_THE_END), "0"::equals);
    }

    @Test
    void going_back_closes_a_thread_and_a_reload_keeps_it_open() {
        signIn(jar.key());
        meetEcho();
        browser.reload();
        browser.sees("bubble-text", "You said: marco");

        browser.back();

        browser.sees("bubble-text", List::isEmpty);
        browser.sees("thread", threads -> threads.size() == 2);
    }

    @Test
    void addresses_in_texts_are_links_and_words_from_right_to_left_begin_at_the_right() {
        signIn(jar.key());
        meetEcho();
        say("see https://example.com/a?b=c, (or http://example.org).");

        browser.sees("link", links -> links.containsAll(List.of("https://example.com/a?b=c", "http://example.org")));
        say("שלום!");
        assertThat(browser.tells("getComputedStyle([...document.querySelectorAll('[data-testid=bubble-text]')]"
                        + ".find(it => it.innerText === 'שלום!')).direction"))
                .isEqualTo("rtl");
        assertThat(browser.severeConsoleEntries()).isEmpty();
    }

    @Test
    void a_wrong_key_is_turned_down_and_the_right_one_may_follow() {
        signIn("ApiKey_wrong");
        browser.sees("key-error", "The server does not know this key.");
        assertThat(browser.severeConsoleEntries()).isNotEmpty().allMatch(entry -> entry.contains("401"));

        signIn(jar.key());
        browser.sees("first-use", invitation -> invitation.size() == 1);
        assertThat(browser.severeConsoleEntries()).isEmpty();
    }

    /// The agent sends a file into its only conversation.
    private static void send(Api api, String url) {
        String conversation = api.get("/api/v1/imessage/conversations")
                .json()
                .get(0)
                .path("id")
                .asString();
        api.post(Talk.MESSAGES, "{\"conversation_id\":\"%s\",\"media_urls\":[\"%s\"]}".formatted(conversation, url))
                .expect(201);
    }

    /// A very short WAV.
    private static byte[] beep() {
        int rate = 8_000;
        ByteBuffer wav = ByteBuffer.allocate(44 + rate).order(ByteOrder.LITTLE_ENDIAN);
        wav.put("RIFF".getBytes(US_ASCII)).putInt(36 + rate).put("WAVEfmt ".getBytes(US_ASCII));
        wav.putInt(16).putShort((short) 1).putShort((short) 1);
        wav.putInt(rate).putInt(rate).putShort((short) 1).putShort((short) 8);
        return wav.put("data".getBytes(US_ASCII)).putInt(rate).array();
    }

    private static String lineOfEcho(Api api) {
        return api.get("/simulator/phones/%2B12025550140")
                .json()
                .path("threads")
                .valueStream()
                .map(thread -> thread.path("line").asString())
                .filter(line -> !line.equals(Api.ROUTER))
                .findFirst()
                .orElseThrow();
    }

    /// A GIF of 200 by 600 points.
    private static byte[] tall() {
        byte[] gif = Base64.getDecoder().decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");
        ByteBuffer.wrap(gif)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(6, (short) 200)
                .putShort(8, (short) 600);
        return gif;
    }

    /// Connects with the echo agent and hears its first answer.
    private void meetEcho() {
        browser.click("first-use-button");
        browser.click("send");
        browser.find(AGENT_THREAD).click();
        say("marco");
        browser.sees("bubble-text", "You said: marco");
    }

    private void signIn(String key) {
        browser.type("key-input", key);
        browser.click("key-submit");
    }

    private void say(String text) {
        browser.type("composer", text);
        browser.click("send");
        browser.sees("bubble-text", text);
    }
}
