package partyline.journey;

import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/// The lines that ran, by file. Immutable.
record RanLines(SortedMap<SourceFile, Set<Integer>> files) {

    /// The lines that ran both times.
    RanLines and(RanLines other) {
        SortedMap<SourceFile, Set<Integer>> both = new TreeMap<>();
        files.forEach((file, lines) -> {
            Set<Integer> common = new TreeSet<>(lines);
            common.retainAll(other.of(file));
            if (!common.isEmpty()) {
                both.put(file, common);
            }
        });
        return new RanLines(both);
    }

    RanLines only(Predicate<SourceFile> wanted) {
        SortedMap<SourceFile, Set<Integer>> some = new TreeMap<>(files);
        some.keySet().removeIf(wanted.negate());
        return new RanLines(some);
    }

    Set<Integer> of(SourceFile file) {
        return files.getOrDefault(file, Set.of());
    }

    int lineCount() {
        return files.values().stream().mapToInt(Set::size).sum();
    }
}
