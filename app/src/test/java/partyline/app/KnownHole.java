package partyline.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// A line of `.ci/known-holes.txt`: versions of a library that have a hole.
record KnownHole(String library, String affected, String id) {

    private static final Pattern LINE = Pattern.compile(
            "(?<library>[^\\s:]+:[^\\s:]+)\\s+(?<affected>[\\[(]\\S*,\\S*[\\])])\\s+(?<id>\\S+)(\\s.*)?");

    static List<KnownHole> read(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(KnownHole::parse)
                .toList();
    }

    static KnownHole parse(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw new IllegalArgumentException("write \"group:artifact [from,to) CVE-id words\", not: " + line);
        }
        return new KnownHole(parts.group("library"), parts.group("affected"), parts.group("id"));
    }

    /// Whether this component of a bill of materials has the hole.
    boolean isIn(JsonNode component) {
        String name = component.path("group").asString() + ":"
                + component.path("name").asString();
        return name.equals(library) && affects(component.path("version").asString());
    }

    private boolean affects(String version) {
        String from = affected.substring(1, affected.indexOf(','));
        String to = affected.substring(affected.indexOf(',') + 1, affected.length() - 1);
        int over = from.isEmpty() ? 1 : compare(version, from);
        int under = to.isEmpty() ? -1 : compare(version, to);
        return (over > 0 || over == 0 && affected.startsWith("["))
                && (under < 0 || under == 0 && affected.endsWith("]"));
    }

    /// A part that is a word (beta, rc) comes before what has none there, as in Maven.
    private static int compare(String one, String other) {
        String[] mine = one.split("[.-]");
        String[] theirs = other.split("[.-]");
        for (int at = 0; at < Math.max(mine.length, theirs.length); at++) {
            int difference = Integer.compare(part(mine, at), part(theirs, at));
            if (difference != 0) {
                return difference;
            }
        }
        return 0;
    }

    private static int part(String[] parts, int at) {
        if (at >= parts.length) {
            return 0;
        }
        return parts[at].matches("[0-9]{1,9}") ? Integer.parseInt(parts[at]) : -1;
    }
}
