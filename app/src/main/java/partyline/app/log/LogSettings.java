package partyline.app.log;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// In which form lines are written, and from which level on, by the beginning of a logger's name.
///
/// @param json whether lines are JSON.
/// @param levels of the names; that of the longest name which fits counts.
public record LogSettings(boolean json, Map<String, Threshold> levels) {

    /// From which level on something is logged.
    public enum Threshold {
        TRACE,
        DEBUG,
        INFO,
        WARN,
        ERROR,
        OFF
    }

    /// As it is before, and without, a configuration. What libraries say matters less than what we do.
    public static final LogSettings USUAL = new LogSettings(
            false,
            Map.of(
                    "", Threshold.INFO,
                    "org.eclipse.jetty", Threshold.WARN,
                    "org.apache.hc", Threshold.WARN,
                    "io.javalin", Threshold.OFF));

    private static final String OURS = "partyline.";
    private static final String ALL = "all";

    public LogSettings {
        levels = Map.copyOf(levels);
    }

    /// The usual ones, changed: each of `changes` is like `webhooks=debug`, with a module of ours, the name of somebody
    /// else's package, or `all`.
    ///
    /// @throws IllegalArgumentException naming the one that is not like that.
    public static LogSettings of(boolean json, List<String> changes) {
        Map<String, Threshold> levels = new HashMap<>(USUAL.levels);
        for (String change : changes) {
            String[] parts = change.split("=", -1);
            if (parts.length != 2 || parts[0].isBlank()) {
                throw new IllegalArgumentException("\"" + change + "\": write it like webhooks=debug");
            }
            levels.put(name(parts[0].strip()), threshold(change, parts[1].strip()));
        }
        return new LogSettings(json, levels);
    }

    /// From which level on a logger of this name is heard.
    Threshold threshold(String logger) {
        String name = logger;
        while (!levels.containsKey(name)) {
            name = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        }
        return levels.getOrDefault(name, Threshold.INFO);
    }

    private static String name(String told) {
        if (told.equals(ALL)) {
            return "";
        }
        return told.contains(".") ? told : OURS + told;
    }

    private static Threshold threshold(String change, String level) {
        try {
            return Threshold.valueOf(level.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "\"" + change + "\": the level is trace, debug, info, warn, error or off", e);
        }
    }
}
