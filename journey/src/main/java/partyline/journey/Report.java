package partyline.journey;

import java.io.PrintStream;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What is printed of a journey. Files of drivers are told and not counted, and so are those that run in the same way
/// when nothing is done.
final class Report {

    private final Journey journey;
    private final Ran own;
    private final RanLines counted;
    private final RanLines drivers;
    private final Set<SourceFile> byThemselves;

    Report(Journey journey, Ran ran, Ran idle) {
        this.journey = journey;
        own = ran.beyond(idle);
        counted = own.lines().only(file -> !file.isDriver());
        drivers = own.lines().only(SourceFile::isDriver);
        byThemselves =
                ran.lines().only(file -> own.lines().of(file).isEmpty()).files().keySet();
    }

    /// One line.
    void printCounts(PrintStream out) {
        out.printf(
                "%-44s %3d files, %4d lines (and %d files of the driver)%n",
                journey.title() + ":",
                counted.files().size(),
                counted.lineCount(),
                drivers.files().size());
    }

    /// The counts, and every file with its lines and the call by which the journey comes to it.
    void printFiles(PrintStream out) {
        out.println();
        printCounts(out);
        out.printf("%n      lines  %-54s %-42s %s%n", "file", "first call", "thread");
        int number = 0;
        for (MethodCall call : own.firstCalls()) {
            out.printf(
                    "%4s  %5d  %-54s %-42s %s%n",
                    call.file().isDriver() ? "" : ++number,
                    own.lines().of(call.file()).size(),
                    call.file().path(),
                    call.method(),
                    call.thread());
        }
        out.println();
        out.println("  by module: " + byModule());
        if (!byThemselves.isEmpty()) {
            out.println("  not counted, running by themselves: "
                    + byThemselves.stream().map(SourceFile::path).collect(Collectors.joining(", ")));
        }
    }

    private String byModule() {
        Map<String, Long> counts = counted.files().keySet().stream()
                .collect(Collectors.groupingBy(SourceFile::moduleName, TreeMap::new, Collectors.counting()));
        return counts.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }
}
