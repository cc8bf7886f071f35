package partyline.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;

/// What is logged from now until it is closed. The console does not get it, so that a test that provokes an
/// error is quiet. Who uses it holds the lock on [org.junit.jupiter.api.parallel.Resources#SYSTEM_ERR]; what other
/// tests log meanwhile is among the lines, unless the test runs alone.
public final class LogLines implements AutoCloseable {

    private final PrintStream console = System.err;
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();

    public LogLines() {
        System.setErr(new PrintStream(lines, true, UTF_8));
    }

    public String text() {
        return lines.toString(UTF_8);
    }

    @Override
    public void close() {
        System.setErr(console);
    }
}
