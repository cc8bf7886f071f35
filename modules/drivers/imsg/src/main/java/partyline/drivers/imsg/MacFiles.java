package partyline.drivers.imsg;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.FileName;
import partyline.transport.Attachments.Attachment;

/// The bytes of files on their way from the Mac's disk and to it: each through a `cat` of its own in the Mac's
/// shell, at the other end of an ssh where that Mac is not this one. Nothing larger than [#LARGEST] goes either way.
/// Thread-safe.
final class MacFiles {

    /// A file of ours on the Mac, until it is closed.
    interface Staged extends AutoCloseable {

        String path();

        @Override
        void close();
    }

    static final long LARGEST = 100L << 20;
    /// A file reaches the Mac within this, or not at all.
    static final Duration UPLOAD = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(MacFiles.class);
    private static final Duration LEAVE = Duration.ofSeconds(10);
    private static final int LONGEST_ANSWER = 4_096;
    /// Takes the bytes into a new folder of its own, under the name that follows, and says how many there were, and
    /// where.
    private static final String TAKE = "/bin/sh -c 'd=$(mktemp -d \"${TMPDIR:-/tmp}/partyline.XXXXXXXX\") && "
            + "cat > \"$d/$0\" && wc -c < \"$d/$0\" && printf \"%s\\n\" \"$d/$0\"' ";

    private static final Pattern TAKEN =
            Pattern.compile("\\s*([0-9]+)\\s*\\n((/[^\\n]*/partyline\\.[A-Za-z0-9]{8})/[^/\\n]+)\\n");
    /// What Messages keeps of attachments lies below this, wherever that is.
    private static final String MESSAGES = "/Messages/";

    private final ImsgSettings settings;

    MacFiles(ImsgSettings settings) {
        this.settings = settings;
    }

    /// The bytes of what Messages has there.
    InputStream read(String path) throws IOException {
        if (!path.startsWith("/") || !path.contains(MESSAGES) || path.contains("/../")) {
            throw new IOException("that is no file of Messages");
        }
        return new Bounded(new Printed(run("cat -- " + ImsgSettings.quoted(path))));
    }

    /// Puts it where imsg can read it, under the name that Messages is to show.
    Staged put(Attachment file) throws IOException {
        Process taking = run(TAKE + ImsgSettings.quoted(name(file)));
        Thread watch = Thread.ofVirtual().name("imsg-upload").start(() -> end(taking, UPLOAD));
        long sent;
        String answer;
        try (InputStream body = new Bounded(file.body())) {
            try (OutputStream out = taking.getOutputStream()) {
                sent = body.transferTo(out);
            }
            answer = new String(taking.getInputStream().readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8);
        } finally {
            taking.destroy();
            watch.interrupt();
        }
        Matcher taken = TAKEN.matcher(answer);
        if (!taken.matches() || Long.parseLong(taken.group(1)) != sent) {
            throw new IOException("the Mac did not take the file");
        }
        return new Staged() {

            @Override
            public String path() {
                return taken.group(2);
            }

            @Override
            public void close() {
                remove(taken.group(3));
            }
        };
    }

    /// As Messages shows it to the person.
    static String name(Attachment file) {
        return FileName.clean(file.name()).orElse("file");
    }

    private void remove(String folder) {
        try {
            end(run("rm -r -- " + ImsgSettings.quoted(folder)), LEAVE);
        } catch (IOException e) {
            LOG.warn("event=file_left_behind path={} fix=\"delete it on the Mac\"", folder);
        }
    }

    private Process run(String words) throws IOException {
        return new ProcessBuilder(settings.shell(words))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /// Ends what takes longer.
    private static void end(Process process, Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Fails rather than go on for ever.
    private static final class Bounded extends FilterInputStream {

        private long left = LARGEST;

        Bounded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] into, int at, int length) throws IOException {
            int read = super.read(into, at, length);
            count(Math.max(0, read));
            return read;
        }

        private void count(int read) throws IOException {
            left -= read;
            if (left < 0) {
                throw new IOException("the file has more than " + (LARGEST >> 20) + " MiB");
            }
        }
    }

    /// What a process prints; that it failed is an error at the end, and no shorter file.
    private static final class Printed extends FilterInputStream {

        private final Process process;

        Printed(Process process) {
            super(process.getInputStream());
            this.process = process;
        }

        @Override
        public int read() throws IOException {
            return checked(super.read());
        }

        @Override
        public int read(byte[] into, int at, int length) throws IOException {
            return checked(super.read(into, at, length));
        }

        @Override
        public void close() throws IOException {
            process.destroyForcibly();
            super.close();
        }

        private int checked(int read) throws IOException {
            if (read < 0) {
                end(process, LEAVE);
                if (process.isAlive() || process.exitValue() != 0) {
                    throw new IOException("the Mac does not give the file out");
                }
            }
            return read;
        }
    }
}
