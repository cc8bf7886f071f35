package partyline.app;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What Prometheus reads of a server: each series, as `name{label="value",…}`, with its value.
record Scrape(String text, Map<String, Double> series) {

    private static final Pattern LINE = Pattern.compile("([a-zA-Z_:][\\w:]*(?:\\{.*})?) (\\S+)");

    static Scrape of(Api operator) {
        return new Scrape(operator.get("/metrics").expect(200).text());
    }

    Scrape(String text) {
        this(text, new HashMap<>());
        for (String line : text.lines().filter(it -> !it.startsWith("#")).toList()) {
            Matcher read = LINE.matcher(line);
            if (!read.matches() || series.put(read.group(1), Double.valueOf(read.group(2))) != null) {
                throw new AssertionError("not a series, or one that is there twice: " + line);
            }
        }
    }

    /// 0 for what is not there.
    double value(String name) {
        return series.getOrDefault(name, 0.0);
    }

    /// The sum over all series that have this name and these labels.
    double sum(String name, String... labels) {
        return series.entrySet().stream()
                .filter(it -> it.getKey().equals(name) || it.getKey().startsWith(name + "{"))
                .filter(it -> Set.of(labels).stream().allMatch(it.getKey()::contains))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    /// The names without their labels.
    Set<String> names() {
        Set<String> names = new TreeSet<>();
        series.keySet().forEach(it -> names.add(it.replaceFirst("\\{.*", "")));
        return names;
    }
}
