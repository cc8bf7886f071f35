package partyline.kernel;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// What this process has done since it opened its database, in numbers: the one place where modules report it.
///
/// A module asks once for what it counts with and keeps it; to count is then an addition without a lock. What is
/// asked for again, by the same name and labels, is the same. A label has few values: never a person's number, nor
/// what a user calls something. Nobody here knows who shows the numbers. Thread-safe.
public final class Meters {

    /// Up to which values a distribution counts apart.
    public enum Scale {
        /// From a tenth of a millisecond to ten minutes; what is added is nanoseconds, what is shown seconds.
        TIME(1e-9, 1e-4, 1e-3, 5e-3, 1e-2, 2.5e-2, 5e-2, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 600),
        /// Powers of two up to 256, of anything.
        SIZE(1, 1, 2, 4, 8, 16, 32, 64, 128, 256);

        private final double unit;
        private final double[] bounds;
        private final long[] limits;

        Scale(double unit, double... bounds) {
            this.unit = unit;
            this.bounds = bounds;
            this.limits = DoubleStream.of(bounds)
                    .mapToLong(it -> Math.round(it / unit))
                    .toArray();
        }
    }

    /// What numbers of one name are about; `labels` name what tells them apart.
    public record Subject(String name, String help, List<String> labels) {

        /// Without labels there is one number.
        public Subject(String name, String help, String... labels) {
            this(name, help, List.of(labels));
        }

        public Subject {
            labels = List.copyOf(labels);
        }
    }

    /// All that is counted under one name, by the values of its labels.
    public record Family<T>(Subject subject, Map<List<String>, T> series) {

        private Family(Subject subject) {
            this(subject, new ConcurrentHashMap<>());
        }
    }

    /// How many values were added, by size, and what they are together.
    public static final class Distribution {

        private final Scale scale;
        private final LongAdder[] counts;
        private final LongAdder sum = new LongAdder();

        private Distribution(Scale scale) {
            this.scale = scale;
            this.counts = IntStream.rangeClosed(0, scale.limits.length)
                    .mapToObj(_ -> new LongAdder())
                    .toArray(LongAdder[]::new);
        }

        /// Adds a value in the unit of its scale; less than nothing, as a clock that goes back makes it, is nothing.
        public void add(long value) {
            long added = Math.max(0, value);
            int found = Arrays.binarySearch(scale.limits, added);
            counts[found < 0 ? -found - 1 : found].increment();
            sum.add(added);
        }

        /// The largest value of each bucket; there is one more for what is larger than all of them.
        public double[] bounds() {
            return scale.bounds.clone();
        }

        /// How many values each bucket has.
        public long[] counts() {
            return Arrays.stream(counts).mapToLong(LongAdder::sum).toArray();
        }

        public double sum() {
            return sum.sum() * scale.unit;
        }
    }

    private final Map<String, Family<LongAdder>> counters = new ConcurrentSkipListMap<>();
    private final Map<String, Family<Distribution>> distributions = new ConcurrentSkipListMap<>();

    public Meters() {}

    /// The counter of what `values`, one for each label, say.
    public LongAdder counter(Subject subject, String... values) {
        return counters.computeIfAbsent(subject.name(), _ -> new Family<>(subject))
                .series()
                .computeIfAbsent(values(subject, values), _ -> new LongAdder());
    }

    /// The distribution of what `values`, one for each label, say.
    public Distribution distribution(Scale scale, Subject subject, String... values) {
        return distributions
                .computeIfAbsent(subject.name(), _ -> new Family<>(subject))
                .series()
                .computeIfAbsent(values(subject, values), _ -> new Distribution(scale));
    }

    /// All counters, by name.
    public List<Family<LongAdder>> counters() {
        return List.copyOf(counters.values());
    }

    /// All distributions, by name.
    public List<Family<Distribution>> distributions() {
        return List.copyOf(distributions.values());
    }

    private static List<String> values(Subject subject, String... values) {
        if (values.length != subject.labels().size()) {
            throw new IllegalArgumentException(subject.name() + " has the labels " + subject.labels());
        }
        return List.of(values);
    }
}
