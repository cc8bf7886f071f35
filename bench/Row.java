import java.util.List;
import java.util.Locale;

/// One line of the result: a figure, what it is held against in the same run, how they relate, and what is
/// to be reached. `met` is null where nothing is.
record Row(String name, String figure, String yardstick, String ratio, String reach, Boolean met) {

    static Row plain(String name, String figure, String yardstick) {
        return new Row(name, figure, yardstick, "", "", null);
    }

    static Row plain(String name, String figure, String yardstick, double ratio) {
        return new Row(name, figure, yardstick, number(ratio), "", null);
    }

    static Row atLeast(String name, String figure, String yardstick, double ratio, double reach) {
        return new Row(name, figure, yardstick, number(ratio), "≥ " + number(reach), ratio >= reach);
    }

    static Row atMost(String name, String figure, String yardstick, double ratio, double reach) {
        return new Row(name, figure, yardstick, number(ratio), "≤ " + number(reach), ratio <= reach);
    }

    /// Where the figure itself is bounded, in `unit`.
    static Row atMost(String name, double figure, String unit, double reach) {
        return new Row(name, number(figure) + unit, "", "", "≤ " + number(reach) + unit, figure <= reach);
    }

    /// The same beside a yardstick.
    static Row atMost(String name, double figure, double yardstick, String unit, String of, double reach) {
        return new Row(
                name,
                number(figure) + unit,
                number(yardstick) + unit + " " + of,
                number(figure / yardstick),
                "≤ " + number(reach) + unit,
                figure <= reach);
    }

    /// Thousands without decimals, small figures with two.
    static String number(double value) {
        return value >= 1_000
                ? String.format(Locale.ROOT, "%,.0f", value)
                : value >= 20 || value == Math.rint(value)
                        ? String.format(Locale.ROOT, "%.0f", value)
                        : String.format(Locale.ROOT, "%.2f", value);
    }

    /// The rows as a table in Markdown, in columns that line up.
    static String table(List<Row> rows) {
        List<String[]> cells = new java.util.ArrayList<>();
        cells.add(new String[] {"figure", "measured", "yardstick", "ratio", "reach", ""});
        rows.forEach(row -> cells.add(new String[] {
            row.name, row.figure, row.yardstick, row.ratio, row.reach, row.met == null ? "" : row.met ? "yes" : "NO"
        }));
        int[] width = new int[6];
        cells.forEach(line -> {
            for (int at = 0; at < 6; at++) {
                width[at] = Math.max(width[at], line[at].length());
            }
        });
        StringBuilder text = new StringBuilder();
        for (String[] line : cells) {
            for (int at = 0; at < 6; at++) {
                text.append("| ").append(line[at]).append(" ".repeat(width[at] - line[at].length() + 1));
            }
            text.append("|\n");
            if (line == cells.getFirst()) {
                for (int each : width) {
                    text.append("| ").append("-".repeat(each)).append(' ');
                }
                text.append("|\n");
            }
        }
        return text.toString();
    }
}
