package partyline.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.drivers.simulator.Simulator;
import partyline.kernel.Database;
import partyline.kernel.Ids;
import partyline.kernel.PhoneNumber;
import partyline.transport.Capabilities;
import partyline.transport.DriverKind;
import partyline.transport.Line;
import partyline.transport.Service;

/// The matrix in `docs/lines/README.md` says what the code says. When they differ, the failure shows the right one, and
/// `make matrix` writes it.
class LinesTableTest {

    private static final Path README = Path.of("..", "docs", "lines", "README.md");
    private static final String BEGIN = "<!-- matrix: made from the code by `make matrix`, a test compares -->\n";
    private static final String END = "<!-- /matrix -->";
    /// The property that has it written.
    private static final String WRITE = "matrix.write";

    private record Row(String driver, String when, Capabilities can) {

        @Override
        public String toString() {
            return Stream.of(
                            "`" + driver + "`",
                            when,
                            mark(can.effects()),
                            mark(can.tapbacks()),
                            mark(can.typing()),
                            mark(can.readReceipts()),
                            mark(can.media()),
                            mark(can.sentReceipts()))
                    .collect(Collectors.joining(" | ", "| ", " |"));
        }

        private static String mark(boolean can) {
            return can ? "yes" : "–";
        }
    }

    @TempDir
    Path folder;

    @Test
    void the_matrix_of_lines_is_what_the_code_says() throws IOException {
        String table = """
                | driver | when | effects | tapbacks | typing | read receipts | attachments | tells when sent |
                | --- | --- | --- | --- | --- | --- | --- | --- |
                """ + rows().stream().map(row -> row + "\n").collect(Collectors.joining());

        String readme = Files.readString(README);
        int begin = readme.indexOf(BEGIN) + BEGIN.length();
        int end = readme.indexOf(END);
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(README, readme.substring(0, begin) + table + readme.substring(end));
            return;
        }

        assertThat(readme.substring(begin, end))
                .as("make matrix writes docs/lines/README.md; between the comments there must be:\n" + table)
                .isEqualTo(table);
    }

    private List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        PhoneNumber ann = new PhoneNumber("+12025550140");
        Line line = new Line(
                "pool-1", new PhoneNumber("+12025550101"), Set.of(Line.Role.POOL), "simulator", Line.Fallback.SMS);
        InstantSource clock = InstantSource.system();
        try (Database database = Database.open(folder.resolve("test.db"));
                Simulator simulator =
                        new Simulator(database, new Ids(clock), clock, List.of(line), Simulator.Settings.usual())) {
            for (Service service : List.of(Service.IMESSAGE, Service.SMS)) {
                simulator.change(ann, service, null, null);
                String name = service == Service.IMESSAGE ? "iMessage" : "RCS, SMS";
                rows.add(new Row("simulator", name, simulator.capabilities(line, ann)));
            }
        }
        for (DriverKind kind : Drivers.all()) {
            kind.modes().forEach(mode -> rows.add(new Row(kind.name(), mode.when(), mode.capabilities())));
        }
        return rows;
    }
}
