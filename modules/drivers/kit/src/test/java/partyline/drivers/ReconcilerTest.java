package partyline.drivers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.kernel.Database;
import partyline.kernel.Ids;
import partyline.kernel.PhoneNumber;
import partyline.transport.DriverState;
import partyline.transport.KnownAddresses;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import partyline.transport.Outgoing;
import partyline.transport.OutgoingQueue;
import partyline.transport.SendResult;
import partyline.transport.Service;

/// Which of the messages that a service lists is ours.
class ReconcilerTest {

    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final PhoneNumber ANN = new PhoneNumber("+12025550140");

    @TempDir
    Path folder;

    @Test
    void a_text_that_was_made_by_a_clock_that_was_ahead_is_found() {
        Instant ahead = NOON.plus(Duration.ofDays(2));
        Instant since = OutgoingQueue.since(ahead, ahead, NOON);

        assertThat(settled("hello", ahead, since, listed("hello", NOON.minusSeconds(30))))
                .isInstanceOf(SendResult.Accepted.class);
    }

    @Test
    void it_is_found_also_after_its_moment_was_set_right() {
        Instant since = OutgoingQueue.since(NOON.plus(Duration.ofDays(2)), NOON.plusSeconds(20), NOON.plusSeconds(60));

        assertThat(settled("hello", NOON, since, listed("hello", NOON.minus(Duration.ofMinutes(30)))))
                .isInstanceOf(SendResult.Accepted.class);
    }

    @Test
    void an_equal_text_that_is_older_than_the_message_is_not_taken_for_it() {
        Instant since = OutgoingQueue.since(NOON, NOON, NOON);

        assertThat(settled("hello", NOON, since, listed("hello", NOON.minus(Duration.ofMinutes(10)))))
                .isInstanceOf(SendResult.Unknown.class);
    }

    private SendResult settled(String text, Instant madeAt, Instant since, ServiceMessage listed) {
        try (Database database = Database.open(folder.resolve("test.db"))) {
            Line line = new Line("line", new PhoneNumber("+12025550101"), Set.of(), "test", Line.Fallback.SMS);
            LineSetup setup = new LineSetup(
                    line,
                    new LineSetup.Options("here", Map.of()),
                    () -> "",
                    new LineSetup.Surroundings(
                            url -> {
                                throw new IOException(url);
                            },
                            new DriverState(database),
                            () -> NOON,
                            KnownAddresses.NONE));
            Outgoing message = new Outgoing(new Ids(() -> madeAt).next(), ANN, text, null, null, null, null);
            return new Reconciler(setup, Reconciler.USUALLY_LOST_AFTER)
                    .find(message, since, Service.SMS, () -> Optional.of(List.of(listed)));
        }
    }

    private static ServiceMessage listed(String text, Instant at) {
        return new ServiceMessage(
                "SM" + text.length() + at.toEpochMilli(),
                true,
                new ServiceMessage.Ends(Optional.of(ANN), Optional.empty(), false, ""),
                new ServiceMessage.Content(text, List.of(), null),
                Optional.of(Service.SMS),
                ServiceMessage.Progress.NONE,
                Optional.of(at));
    }
}
