package partyline.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// axe-core, which finds on a page what keeps some people from using it.
final class Axe {

    private static final String RUN = """
            const done = arguments[0];
            axe.run(document, {resultTypes: ['violations'], iframes: false, %s}).then(
                ({violations}) => done(violations
                    .filter(it => it.impact === 'serious' || it.impact === 'critical')
                    .map(it => `${it.id}: ${it.help}: ${it.nodes.slice(0, 3).map(node =>
                        `${node.target} ${node.any.map(check => check.message).join(' ')}`).join('; ')}`)),
                error => done([String(error)]))
            """;
    private static final String PROGRAM = program();

    private Axe() {}

    /// What is serious or worse on the page that `browser` shows, with its first places. Frames are pages of their own.
    static List<String> findings(Browser browser) {
        browser.runs(PROGRAM);
        return findings(browser, "rules: {}");
    }

    /// What is too faint to be read, on a page that was looked at before and now has other colours.
    static List<String> colours(Browser browser) {
        return findings(browser, "runOnly: ['color-contrast', 'link-in-text-block']");
    }

    private static List<String> findings(Browser browser, String which) {
        Object found = browser.runsUntilDone(RUN.formatted(which));
        return ((List<?>) found).stream().map(String::valueOf).toList();
    }

    private static String program() {
        try (InputStream in = ClassLoader.getSystemResourceAsStream("axe.min.js")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
