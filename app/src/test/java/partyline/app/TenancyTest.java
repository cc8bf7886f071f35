package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import partyline.app.TenancyWorld.Kind;
import partyline.app.TenancyWorld.Step;

/// Random traffic of two organizations with two agents each, and three people who talk with all of them over the same
/// lines, while rules come and go. After each step every key must see exactly what a plain model says. What fails is
/// tried again with fewer steps, in a world of its own each time, and told as the shortest that still fails.
class TenancyTest {

    @RegisterExtension
    static final TestServer server = new TestServer("""
            limits:
              sends_per_24h: 0
              alternations_per_minute: 0
              router_replies_per_hour: 10000
            """);

    private static final int STEPS = 60;
    private static final int MOST_TRIES = 24;

    private final long seed = Long.getLong("tenancy.seed", new Random().nextLong());
    private final Random random = new Random(seed);

    @Test
    void every_key_sees_what_is_its_own_and_nothing_else() {
        List<Step> steps = Stream.generate(this::step).limit(STEPS).toList();

        Optional<AssertionError> failure = failure(steps);

        failure.ifPresent(error -> {
            List<Step> fewest = shrunk(steps);
            AssertionError last = failure(fewest).orElse(error);
            throw new AssertionError("seed " + seed + ", shortest found: " + fewest + "\n" + last.getMessage(), last);
        });
        assertThat(failure).isEmpty();
    }

    /// People write and agents answer more often than rules change.
    private Step step() {
        List<Kind> kinds = new ArrayList<>(List.of(Kind.values()));
        kinds.addAll(List.of(Kind.CONNECT, Kind.CONNECT, Kind.WRITE, Kind.WRITE, Kind.WRITE, Kind.SEND, Kind.SEND));
        return new Step(
                kinds.get(random.nextInt(kinds.size())),
                random.nextInt(TenancyWorld.AGENTS),
                random.nextInt(TenancyWorld.AGENTS),
                random.nextInt(TenancyWorld.PEOPLE));
    }

    private static Optional<AssertionError> failure(List<Step> steps) {
        try (RecordingReceiver receiver = new RecordingReceiver()) {
            TenancyWorld world = new TenancyWorld(server, receiver);
            steps.forEach(world::take);
            return Optional.empty();
        } catch (AssertionError e) {
            return Optional.of(e);
        }
    }

    /// Leaves out stretches, long ones first, as long as what is left fails.
    private static List<Step> shrunk(List<Step> failing) {
        List<Step> fewest = failing;
        int tries = 0;
        for (int length = failing.size() / 2; length > 0; length /= 2) {
            for (int from = 0; from + length <= fewest.size() && tries < MOST_TRIES; tries++) {
                List<Step> fewer = new ArrayList<>(fewest);
                fewer.subList(from, from + length).clear();
                if (failure(fewer).isPresent()) {
                    fewest = fewer;
                } else {
                    from += length;
                }
            }
        }
        return fewest;
    }
}
