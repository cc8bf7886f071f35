package partyline.conversations;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Stream;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Tx;
import partyline.transport.Line;

/// How many people a line meets whom it never talked with before: no more in an hour and a day than its
/// service bears.
final class NewPeople {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    private final InstantSource clock;
    private final ConnectionStore connections = new ConnectionStore();

    NewPeople(InstantSource clock) {
        this.clock = clock;
    }

    /// Until when `line` may not begin to talk with this person; empty when it may now.
    Optional<Instant> restsUntil(Tx tx, Line line, PhoneNumber person) {
        Line.Pace pace = line.terms().pace();
        if (pace.newPeoplePerHour() == 0 && pace.newPeoplePerDay() == 0 || connections.hasMet(tx, line.id(), person)) {
            return Optional.empty();
        }
        return Stream.of(full(tx, line, pace.newPeoplePerHour(), HOUR), full(tx, line, pace.newPeoplePerDay(), DAY))
                .flatMap(Optional::stream)
                .max(Instant::compareTo);
    }

    private Optional<Instant> full(Tx tx, Line line, int most, Duration period) {
        return most == 0
                ? Optional.empty()
                : connections
                        .metMost(tx, line.id(), clock.instant().minus(period), most)
                        .map(met -> met.plus(period));
    }
}
