package partyline.app.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import partyline.kernel.Json;
import partyline.kernel.Timestamps;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// One event as it is written: `logger` is the name of a class, `message` most often key=value.
record LogLine(
        Instant at,
        Level level,
        String logger,
        String message,
        @Nullable Throwable cause) {

    private static final Pattern PAIR = Pattern.compile("([a-z_]+)=(?:\"([^\"]*)\"|(\\S*))");
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    /// A line for people, and below it the stack of what was thrown. What a service says in it, such as an id, neither
    /// begins a line of its own nor moves the cursor.
    String text() {
        String said = UNSEEN.matcher(message)
                .replaceAll(it -> "\\\\u%04x".formatted(it.group().codePointAt(0)));
        String line = Timestamps.iso(at) + " " + level + " " + simpleName() + " - " + said;
        return cause == null
                ? line
                : line + System.lineSeparator() + stack(cause).stripTrailing();
    }

    /// A line for programs; what the message has as key=value are members. What only reads like one, in the words of a
    /// service, takes the place of none of ours.
    String json() {
        ObjectNode json = Json.object();
        json.put("at", Timestamps.iso(at));
        json.put("level", level.name().toLowerCase(Locale.ROOT));
        json.put("logger", logger);
        if (message.startsWith("event=")) {
            Matcher pairs = PAIR.matcher(message);
            while (pairs.find()) {
                json.putIfAbsent(
                        pairs.group(1), StringNode.valueOf(pairs.group(2) == null ? pairs.group(3) : pairs.group(2)));
            }
        } else {
            json.put("message", message);
        }
        if (cause != null) {
            json.put("stack", stack(cause));
        }
        return Json.write(json);
    }

    private String simpleName() {
        return logger.substring(logger.lastIndexOf('.') + 1);
    }

    private static String stack(Throwable cause) {
        StringWriter text = new StringWriter();
        cause.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
