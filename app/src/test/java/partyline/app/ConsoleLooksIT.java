package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

/// Every page that the console leads to, and the phone: everybody can read it, in both themes and on a phone, it is
/// quiet, and it asks nobody but its server. What they look like is left in `target/screenshots`.
@Tag("needs-tools")
class ConsoleLooksIT {

    private static final int NARROW = 390;
    private static final int WIDE = 1280;
    private static final int MOST_BYTES = 300_000;
    private static final String FIRST = "/console/lines";
    private static final String PERSON = "+12025550140";
    private static final String BLOCKED = "+12025550141";
    private static final String STOPPED = "+12025550142";
    /// What a page would show that it takes for more than text.
    private static final String HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>&amp;\"'`${7*7}";

    private static final String SETTLED = """
            [document, ...[...document.querySelectorAll('iframe')].map(it => it.contentDocument)].every(it =>
                it.querySelector('h1')
                && !it.querySelector('.loading, [aria-busy=true], [data-state=connecting]')
                && it.getAnimations().every(moved => moved.playState !== 'running'))
            """;
    private static final String TOO_WIDE = "document.documentElement.scrollWidth > innerWidth";
    /// Other pages, and the first row of the list that is shown.
    private static final String LEADS =
            "[...document.querySelectorAll('nav a[data-testid^=nav-]'), document.querySelector('main a.row-link')]"
                    + ".filter(it => it).map(it => it.pathname + it.search).join(' ')";
    private static final String TABS = "document.querySelectorAll('main [role=tab]').length";
    private static final String TAB = "document.querySelectorAll('main [role=tab]')[%d].click()";
    private static final String HERE = "location.pathname + location.search";
    /// The sizes of the files that a page is made of, packed as they came.
    private static final String WEIGHTS = "performance.getEntriesByType('resource')"
            + ".filter(it => /[/](console|phone|web)[/][^?]*$/.test(it.name))"
            + ".map(it => it.name + ' ' + it.encodedBodySize).join('\\n')";

    @TempDir
    static Path folder;

    private static Jar jar;
    private static Browser browser;
    /// The number that the agent talks from.
    private static String line;

    private final List<String> findings = new ArrayList<>();

    @BeforeAll
    static void start() {
        // A server notices with its next heartbeat alone that a stream's reader has left.
        Map<String, String> manyStreams = Map.of("PARTYLINE_LIMITS_STREAMS_PER_KEY", "500");
        jar = Jar.start(folder, manyStreams, "--port", "0", "--demo");
        browser = new Browser();
        line = fill(new Api(jar.base(), jar.key()));
    }

    @AfterAll
    static void stop() {
        browser.close();
        jar.close();
    }

    @Test
    void everybody_can_read_every_page_and_none_asks_another_server() {
        browser.open(jar.base() + "/healthz");
        browser.runs("sessionStorage.clear()");
        see("sign-in", "/console");
        see("phone-sign-in", "/phone");
        signIn();

        seeAllFrom(FIRST);
        see("phone", "/phone");
        see("phone-thread", "/phone#" + line);
        see("phone-pane", "/phone?pane=0");
        browser.runs("sessionStorage.setItem('partyline.pane', 'open')");
        see("console-with-phone", FIRST);

        assertThat(findings).isEmpty();
    }

    @Test
    void all_pages_together_are_less_than_300_kilobytes() {
        signIn();
        open(FIRST);
        String console = browser.tells(WEIGHTS);
        open("/phone");

        Map<String, Integer> weights = (console + "\n" + browser.tells(WEIGHTS))
                .lines()
                .map(line -> line.split(" "))
                .collect(Collectors.toMap(it -> it[0], it -> Integer.valueOf(it[1]), Math::max));

        assertThat(weights).hasSizeGreaterThan(20);
        assertThat(weights.values().stream().mapToInt(Integer::intValue).sum())
                .as(weights.toString())
                .isBetween(20_000, MOST_BYTES);
    }

    /// One agent talks with a person, one has a bad name; somebody is blocked, somebody said STOP, and a webhook fails.
    /// Returns the number of the talk.
    private static String fill(Api admin) {
        String bad = JsonNodeFactory.instance.stringNode(HOSTILE).toString();
        String agent = admin.get("/api/v1/identities/echo").json().path("id").asString();
        String number = admin.connect(PERSON, "echo");
        String other = admin.connect(BLOCKED, "echo");
        List.of(
                        List.of(
                                "/api/v1/identities/",
                                "{'agent_handle':'rude','display_name':%s,'imessage_enabled':true}"),
                        List.of("/api/v1/contacts", "{'given_name':%s,'phones':[{'value_e164':'" + PERSON + "'}]}"),
                        List.of(
                                "/api/v1/imessage/identities/echo/contact-rules",
                                "{'action':'block','match_target':'" + BLOCKED + "'}"),
                        List.of(
                                "/api/v1/webhooks/subscriptions",
                                "{'agent_identity_id':'" + agent
                                        + "','url':'http://127.0.0.1:9/','event_types':['imessage.received']}"))
                .forEach(it -> admin.post(
                                it.getFirst(), it.getLast().replace('\'', '"').formatted(bad))
                        .expect(201));
        admin.text(BLOCKED, other, HOSTILE);
        admin.text(STOPPED, Api.ROUTER, "STOP");
        admin.text(PERSON, number, HOSTILE);
        admin.text(PERSON, number, "marco");
        Api.waitFor(() -> admin.bubbles(PERSON, number).toString(), it -> it.contains("You said: marco"));
        return number;
    }

    private static void signIn() {
        open("/console");
        if (browser.tells("sessionStorage.getItem('partyline.key')").equals("null")) {
            browser.type("key-input", jar.key());
            browser.click("key-submit");
        }
        browser.find("nav-lines");
    }

    /// Sees all places that can be reached from `first` by the way around, first rows and tabs.
    private void seeAllFrom(String first) {
        Set<String> seen = new HashSet<>();
        Deque<String> ahead = new ArrayDeque<>(List.of(first));
        while (!ahead.isEmpty()) {
            String place = ahead.poll();
            if (!seen.add(place)) {
                continue;
            }
            see(name(place), place);
            ahead.addAll(Arrays.asList(browser.tells(LEADS).split(" ")));
            for (int tab = 0; tab < Integer.parseInt(browser.tells(TABS)); tab++) {
                browser.runs(TAB.formatted(tab));
                ahead.add(browser.tells(HERE));
            }
        }
    }

    /// Such as `console-webhooks-one-tab-settings`.
    private static String name(String place) {
        return place.replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}|evt_[0-9a-f]+", "one")
                .replaceAll("[^a-z0-9]+", "-")
                .substring(1);
    }

    /// Looks at a place as everybody does, and notes what is wrong with it.
    private void see(String name, String place) {
        for (int width : List.of(NARROW, WIDE)) {
            browser.look(false, width);
            open(place);
            String look = name + "-" + width;
            browser.photograph("screenshots/" + look);
            note(look, Axe.findings(browser));
            note(look, browser.tells(TOO_WIDE).equals("true") ? List.of("is too wide") : List.of());
            browser.look(true, width);
            browser.photograph("screenshots/" + look + "-dark");
            note(look + "-dark", Axe.colours(browser));
            note(look, browser.severeConsoleEntries());
            note(look + " asks", browser.askedElsewhere());
        }
    }

    private void note(String look, List<String> found) {
        found.forEach(it -> findings.add(look + ": " + it));
    }

    /// A fresh page there, once nothing on it loads or moves any more.
    private static void open(String place) {
        browser.open("about:blank");
        browser.open(jar.base() + place);
        browser.awaits(SETTLED);
    }
}
