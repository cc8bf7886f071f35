package partyline.drivers.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import partyline.transport.Line;

/// The faults that are still to happen, oldest first. Kept in memory alone. Thread-safe.
final class Faults {

    /// A fault, the ids of the lines that it waits on, and how often it is still to happen.
    private record Armed(Fault fault, Set<String> lines, int left) {

        boolean fits(String line, Set<Fault.Kind> kinds) {
            return lines.contains(line) && kinds.contains(fault.kind());
        }
    }

    private final List<Armed> armed = new ArrayList<>();

    synchronized void expect(Fault fault, List<Line> lines) {
        armed.add(new Armed(fault, Set.copyOf(lines.stream().map(Line::id).toList()), fault.times()));
    }

    /// The oldest fault of these kinds that waits on `line`, used up once; empty when all is to go well.
    synchronized Optional<Fault> take(String line, Set<Fault.Kind> kinds) {
        for (int at = 0; at < armed.size(); at++) {
            Armed next = armed.get(at);
            if (next.fits(line, kinds)) {
                if (next.left() == 1) {
                    armed.remove(at);
                } else {
                    armed.set(at, new Armed(next.fault(), next.lines(), next.left() - 1));
                }
                return Optional.of(next.fault());
            }
        }
        return Optional.empty();
    }
}
