package partyline.journey;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What ran in a journey each time, or each time that the server was left alone: chance is left out.
///
/// @param calls each once, in the order of the first time
record Ran(RanLines lines, List<MethodCall> calls) {

    static Ran eachTime(List<Measurement> measurements, CallTrace trace) {
        List<List<MethodCall>> times = measurements.stream()
                .map(measurement -> trace.between(measurement.opened(), measurement.closed())
                        .distinct()
                        .toList())
                .toList();
        return new Ran(
                measurements.stream()
                        .map(Measurement::lines)
                        .reduce(RanLines::and)
                        .orElseThrow(),
                times.getFirst().stream()
                        .filter(call -> times.stream().allMatch(time -> call.isIn(time)))
                        .toList());
    }

    /// Without the files that also run when nothing is done, unless another line or another thread of them ran. Calls
    /// that only this made come first.
    Ran beyond(Ran idle) {
        List<MethodCall> own =
                calls.stream().filter(call -> !call.isIn(idle.calls)).toList();
        return new Ran(
                lines.only(file -> !idle.lines.of(file).containsAll(lines.of(file))
                        || own.stream().anyMatch(call -> call.file().equals(file))),
                Stream.concat(own.stream(), calls.stream()).distinct().toList());
    }

    /// The first call that came to each file, in their order.
    List<MethodCall> firstCalls() {
        Map<SourceFile, MethodCall> first = new LinkedHashMap<>();
        calls.stream()
                .filter(call -> lines.files().containsKey(call.file()))
                .forEach(call -> first.putIfAbsent(call.file(), call));
        lines.files().keySet().forEach(file -> first.putIfAbsent(file, new MethodCall(file, "", "")));
        return List.copyOf(first.values());
    }
}
