package partyline.testkit;

import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/// Random values for checks that must hold for all of a kind: the same in every run, and a failure names its seed.
public final class Seeds {

    private Seeds() {}

    /// Runs `check` with each of the seeds from 0 to `tries` - 1.
    public static void each(int tries, Consumer<Random> check) {
        for (long seed = 0; seed < tries; seed++) {
            try {
                check.accept(new Random(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("with seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    /// From none to `most` values.
    public static <T> List<T> list(Random random, int most, Function<Random, T> value) {
        return Stream.generate(() -> value.apply(random))
                .limit(random.nextInt(most + 1))
                .toList();
    }

    public static <T> T oneOf(Random random, List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    /// From none to `most` of `parts`, in any order and repetition, as one text.
    public static String text(Random random, int most, List<String> parts) {
        return String.join("", list(random, most, it -> oneOf(it, parts)));
    }
}
