package partyline.journey;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/// The calls of a server's methods as Java's flight recorder saw them, which knows the order and the threads.
/// Immutable.
final class CallTrace {

    private static final String EVENT = "jdk.MethodTrace";
    private static final String SETTINGS = """
            <?xml version="1.0" encoding="UTF-8"?>
            <configuration version="2.0">
              <event name="%s">
                <setting name="enabled">true</setting>
                <setting name="filter">%s</setting>
                <setting name="stackTrace">false</setting>
                <setting name="threshold">0 ns</setting>
              </event>
            </configuration>
            """;

    /// A call, and when it began.
    private record Timed(Instant begin, MethodCall call) {}

    private final List<Timed> calls;

    private CallTrace(List<Timed> calls) {
        this.calls = calls;
    }

    /// The option of the JVM that makes it record the calls of these types' methods, from its start on.
    static String option(Path folder, Stream<String> types) throws IOException {
        Path settings = folder.resolve("trace.jfc");
        Files.writeString(settings, SETTINGS.formatted(EVENT, types.collect(Collectors.joining(";"))));
        return "-XX:StartFlightRecording:name=calls,settings=" + settings;
    }

    /// Ends the recording and reads from it what came to these types.
    static CallTrace of(MeasuredServer server, Path folder, Map<String, SourceFile> types) throws IOException {
        Path file = folder.resolve("trace.jfr");
        server.command("JFR.stop", "name=calls", "filename=" + file);
        return new CallTrace(RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals(EVENT))
                .flatMap(event -> call(event, types).stream())
                .sorted(Comparator.comparing(Timed::begin))
                .toList());
    }

    /// The calls that began in between, in their order.
    Stream<MethodCall> between(Instant begin, Instant end) {
        return calls.stream()
                .filter(call -> call.begin.isAfter(begin) && call.begin.isBefore(end))
                .map(Timed::call);
    }

    private static Optional<Timed> call(RecordedEvent event, Map<String, SourceFile> types) {
        RecordedMethod method = event.getValue("method");
        return Optional.ofNullable(types.get(method.getType().getName()))
                .map(file ->
                        new Timed(event.getStartTime(), new MethodCall(file, name(method), name(event.getThread()))));
    }

    /// As `Bubble.Content.text`; a constructor is called `new`, and a lambda as the method that it is written in.
    private static String name(RecordedMethod method) {
        String type = method.getType().getName();
        String name =
                method.getName().replaceFirst("^lambda\\$(.*)\\$\\d+$", "$1").replaceFirst("^<.*>$", "new");
        return type.substring(type.lastIndexOf('.') + 1).replace('$', '.') + "." + name;
    }

    private static String name(RecordedThread thread) {
        return thread.getJavaName().replaceFirst("-\\d+$", "");
    }
}
