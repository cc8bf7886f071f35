package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import partyline.app.TodaysClientTest.Call;

/// `docs/compatibility.md` says of the clients what the replays show: its two tables are made of the calls of
/// [SdkCommandsTest] and [TodaysClientTest], which send them and look at what comes back. When they disagree, the
/// message
/// has the table that belongs on the page.
class CompatibilityTest {

    private static final Path PAGE = Path.of("..", "docs", "compatibility.md");
    private static final Pattern TABLE = Pattern.compile("<!-- made of (\\w+) -->\\n\\n(.*?)\\n\\n", Pattern.DOTALL);
    private static final Pattern CODE = Pattern.compile("[a-z]+(_[a-z]+)+");

    @Test
    void the_tables_of_the_page_are_what_is_replayed() throws IOException {
        Map<String, String> rows = rows();

        assertThat(rows.get("SdkCommandsTest")).isEqualTo(commands());
        assertThat(rows.get("TodaysClientTest")).isEqualTo(calls());
    }

    @Test
    void the_page_names_the_versions_that_are_replayed_and_says_why_of_every_refusal() throws IOException {
        String words = TABLE.matcher(Files.readString(PAGE)).replaceAll("");

        assertThat(words)
                .contains(SdkCommandsTest.VERSION, TodaysClientTest.VERSION)
                .contains(TodaysClientTest.calls().stream()
                        .map(CompatibilityTest::code)
                        .filter(code -> !code.isEmpty())
                        .map("`%s`"::formatted)
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    private static Map<String, String> rows() throws IOException {
        return TABLE.matcher(Files.readString(PAGE))
                .results()
                .collect(Collectors.toMap(table -> table.group(1), table -> table.group(2)));
    }

    private static String commands() {
        Map<String, List<String>> cells = new LinkedHashMap<>();
        SdkCommandsTest.requests()
                .forEach(request -> cells.computeIfAbsent(
                                "| `%s` | `%s %s` |"
                                        .formatted(request.command(), request.method(), plain(request.path())),
                                _ -> new ArrayList<>())
                        .add(request.admin() ? "admin" : "agent"));
        return table("| command | call | with the key of |\n| --- | --- | --- |", cells);
    }

    private static String calls() {
        Map<String, List<String>> cells = new LinkedHashMap<>();
        TodaysClientTest.calls()
                .forEach(call -> cells.computeIfAbsent(
                                "| `%s %s` |".formatted(call.method(), plain(call.path())), _ -> new ArrayList<>())
                        .add(answer(call)));
        return table("| call | answers |\n| --- | --- |", cells);
    }

    private static String table(String head, Map<String, List<String>> cells) {
        return Stream.concat(
                        Stream.of(head),
                        cells.entrySet().stream()
                                .map(row -> row.getKey() + " "
                                        + row.getValue().stream().distinct().collect(Collectors.joining(", ")) + " |"))
                .collect(Collectors.joining("\n"));
    }

    private static String answer(Call call) {
        String code = code(call);
        return code.isEmpty() ? String.valueOf(call.status()) : call.status() + " " + code;
    }

    /// The code of a refusal; empty for other answers.
    private static String code(Call call) {
        Matcher code = CODE.matcher(call.words());
        boolean refused = call.status() >= 400 && call.status() != 422;
        return refused && code.matches() ? code.group() : "";
    }

    /// A path with words for what differs from call to call, without its query.
    private static String plain(String path) {
        return path.replaceFirst("\\?.*", "")
                .replaceAll("\\{h}|made-by-wizard", "{handle}")
                .replaceAll("\\{(?!handle})\\w+}", "{id}");
    }
}
