package partyline.app;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Random lives of a few agents and people, each compared step by step with a plain model on a virtual clock.
///
/// A life that goes otherwise than the model is shortened to the steps that matter, and told with its seed.
/// `-Dlife.seconds=600` looks longer, `-Dlife.seed=7` lives one life again.
class LifeModelTest {

    private static final int STEPS = 60;
    private static final Duration LOOK_FOR = Duration.ofSeconds(Integer.getInteger("life.seconds", 20));
    private static final Duration SHORTEN_FOR = Duration.ofSeconds(60);
    private static final VirtualClock CLOCK = new VirtualClock();

    @RegisterExtension
    static final TestServer server = new TestServer("""
            limits: {sends_per_24h: 0, router_replies_per_hour: 10000}
            simulator: {latency_ms: 0}
            """, CLOCK);

    @Test
    void whatever_people_and_agents_do_comes_out_as_the_model_says() {
        long seed = Long.getLong("life.seed", new Random().nextInt(1_000_000));
        Instant end = Instant.now().plus(LOOK_FOR);
        int lives = 0;
        do {
            List<Step> steps = Step.random(new Random(seed + lives), STEPS);
            if (failure(steps).isPresent()) {
                tell(seed + lives, shortened(steps));
            }
            lives++;
        } while (Instant.now().isBefore(end) && Long.getLong("life.seed") == null);
        System.out.printf("lives: %d of %d steps, from seed %d%n", lives, STEPS, seed);
    }

    private static void tell(long seed, List<Step> steps) {
        failure(steps).ifPresent(failure -> {
            throw new AssertionError("seed " + seed + ", steps " + steps + ": " + failure.getMessage(), failure);
        });
        throw new AssertionError("seed " + seed + " failed only sometimes, steps " + steps);
    }

    /// The steps without those that the failure does not need.
    private static List<Step> shortened(List<Step> steps) {
        Instant end = Instant.now().plus(SHORTEN_FOR);
        List<Step> shortest = steps;
        for (int size = steps.size() / 2; size > 0; size /= 2) {
            for (int at = 0; at + size <= shortest.size() && Instant.now().isBefore(end); ) {
                List<Step> fewer = new ArrayList<>(shortest);
                fewer.subList(at, at + size).clear();
                if (failure(fewer).isPresent()) {
                    shortest = fewer;
                } else {
                    at += size;
                }
            }
        }
        return shortest;
    }

    private static Optional<AssertionError> failure(List<Step> steps) {
        try {
            new LifeRun(server, CLOCK).go(steps);
            return Optional.empty();
        } catch (AssertionError e) {
            return Optional.of(e);
        }
    }
}
