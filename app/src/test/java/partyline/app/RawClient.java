package partyline.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A client that says what a test wants it to say, also what no proper client would.
public final class RawClient implements AutoCloseable {

    /// Less than the server waits for a silent client, so that an answer within it came without waiting for more.
    private static final int PATIENCE_MILLIS = 25_000;

    /// How a request begins that a proper client could have made.
    private static final Pattern FIRST_LINE = Pattern.compile("([A-Z]+) (/[\\w/.?=&-]*) HTTP/1\\.1\r\n(?s:.*)");

    private final URI base;
    private final Socket socket;
    private Optional<Matcher> asked = Optional.empty();

    RawClient(String base) {
        this.base = URI.create(base);
        URI uri = this.base;
        try {
            socket = new Socket(uri.getHost(), uri.getPort());
            socket.setSoTimeout(PATIENCE_MILLIS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// An answer as it came.
    public record Reply(int status, Map<String, String> headers, String body) {

        public JsonNode json() {
            return new JsonMapper().readTree(body);
        }

        public String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    /// Says this and hears the answer.
    public static Reply ask(String base, String request) {
        try (RawClient client = new RawClient(base)) {
            return client.say(request).reply();
        }
    }

    /// Posts JSON whose length is told or not, and hears the answer, also when the server answers and hangs up
    /// before it has read everything: a proper client may take that for a broken connection.
    public static Reply post(Api api, String path, String json, boolean told) {
        String length = told ? "Content-Length: " + json.length() : "Transfer-Encoding: chunked";
        String body = told ? json : "%x\r\n%s\r\n0\r\n\r\n".formatted(json.length(), json);
        try (RawClient client = new RawClient(api.base())) {
            client.say(
                    "POST %s HTTP/1.1\r\nHost: localhost\r\nX-API-Key: %s\r\nContent-Type: application/json\r\n%s\r\n\r\n"
                            .formatted(path, api.key(), length));
            try {
                client.say(body);
            } catch (UncheckedIOException _) {
                // It has heard enough; its answer is there.
            }
            return client.reply();
        }
    }

    /// Each character is a byte.
    RawClient say(String text) {
        Matcher first = FIRST_LINE.matcher(text);
        if (first.matches()) {
            asked = Optional.of(first);
        }
        try {
            socket.getOutputStream().write(text.getBytes(ISO_8859_1));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Reply reply() {
        try {
            InputStream in = socket.getInputStream();
            String[] head = head(in).split("\r\n");
            Map<String, String> headers = Arrays.stream(head)
                    .skip(1)
                    .map(line -> line.split(": *", 2))
                    .collect(Collectors.toMap(it -> it[0].toLowerCase(Locale.ROOT), it -> it[1], (one, _) -> one));
            int length = Integer.parseInt(headers.getOrDefault("content-length", String.valueOf(Integer.MAX_VALUE)));
            Reply reply = new Reply(
                    Integer.parseInt(head[0].split(" ")[1]), headers, new String(in.readNBytes(length), ISO_8859_1));
            asked.ifPresent(it -> OpenApiCheck.answered(it.group(1), base.resolve(it.group(2)), reply));
            return reply;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        while (!read.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("cut after: " + read.toString(ISO_8859_1));
            }
            read.write(next);
        }
        return read.toString(ISO_8859_1);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
