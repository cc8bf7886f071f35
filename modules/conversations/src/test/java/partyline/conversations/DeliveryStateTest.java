package partyline.conversations;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.conversations.Message.Status.DECLINED;
import static partyline.conversations.Message.Status.DELIVERED;
import static partyline.conversations.Message.Status.ERROR;
import static partyline.conversations.Message.Status.QUEUED;
import static partyline.conversations.Message.Status.SENT;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import partyline.conversations.Message.Failure;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.testkit.Seeds;
import partyline.transport.Outbox;
import partyline.transport.SendResult.Accepted;
import partyline.transport.Service;

/// The status of a message, whatever its line reports in whatever order.
class DeliveryStateTest {

    private static final Instant NOW = Instant.parse("2026-06-09T14:30:00Z");

    /// What can happen to a message.
    enum Step {
        ACCEPTED,
        SENT,
        DELIVERED,
        READ,
        FAILED,
        REFUSED,
        UNKNOWN
    }

    private static final List<Step> STEPS = List.of(Step.values());

    private static List<Step> steps(Random random, int most) {
        return Seeds.list(random, most, it -> Seeds.oneOf(it, STEPS));
    }

    @Test
    void never_goes_back_under_any_order_and_repetition() {
        Seeds.each(1_000, random -> neverGoesBack(steps(random, 12)));
    }

    private static void neverGoesBack(List<Step> steps) {
        Message message = queued();
        for (Step step : steps) {
            Message next = apply(message, step).orElse(message);

            assertThat(rank(next)).as(steps + " at " + step).isGreaterThanOrEqualTo(rank(message));
            assertThat(next.delivery().failure().isPresent())
                    .isEqualTo(next.delivery().status() == DECLINED
                            || next.delivery().status() == ERROR);
            message = next;
        }
    }

    @Test
    void a_repeated_step_changes_nothing() {
        Seeds.each(1_000, random -> changesNothing(steps(random, 6), Seeds.oneOf(random, STEPS)));
    }

    private static void changesNothing(List<Step> steps, Step last) {
        Message message = queued();
        for (Step step : steps) {
            message = apply(message, step).orElse(message);
        }
        Message once = apply(message, last).orElse(message);

        assertThat(apply(once, last)).isEmpty();
    }

    @Test
    void a_late_receipt_lifts_an_outcome_that_was_unknown_and_nothing_else() {
        Message unknown = apply(queued(), Step.UNKNOWN).orElseThrow();
        Message failed = apply(queued(), Step.FAILED).orElseThrow();

        assertThat(apply(unknown, Step.SENT).orElseThrow().delivery().status()).isEqualTo(SENT);
        assertThat(apply(unknown, Step.DELIVERED).orElseThrow().delivery().status())
                .isEqualTo(DELIVERED);
        assertThat(apply(failed, Step.DELIVERED)).isEmpty();
    }

    @Test
    void what_it_really_travelled_on_is_told_afterwards_with_the_effect_that_nobody_saw() {
        Message sent = apply(queued("confetti"), Step.SENT).orElseThrow();

        Message corrected = DeliveryState.travelled(sent, Service.SMS, NOW).orElseThrow();

        assertThat(corrected.delivery().way()).isEqualTo(new Message.Way(Service.SMS, true, Set.of("effect")));
        assertThat(corrected.delivery().status()).isEqualTo(SENT);
        assertThat(DeliveryState.travelled(corrected, Service.SMS, NOW)).isEmpty();
        assertThat(DeliveryState.travelled(queued(), Service.RCS, NOW)
                        .orElseThrow()
                        .delivery()
                        .way())
                .isEqualTo(new Message.Way(Service.RCS, true, Set.of()));
        assertThat(DeliveryState.travelled(apply(sent, Step.FAILED).orElseThrow(), Service.SMS, NOW))
                .isEmpty();
    }

    private static Optional<Message> apply(Message message, Step step) {
        return switch (step) {
            case ACCEPTED -> DeliveryState.accepted(message, new Accepted("p", Service.IMESSAGE, false), NOW);
            case SENT -> DeliveryState.sent(message, NOW);
            case DELIVERED -> DeliveryState.delivered(message, NOW);
            case READ -> DeliveryState.read(message, NOW);
            case FAILED -> DeliveryState.failed(message, ERROR, failure("delivery_error"), NOW);
            case REFUSED -> DeliveryState.failed(message, DECLINED, failure("refused"), NOW);
            case UNKNOWN -> DeliveryState.failed(message, ERROR, failure(Outbox.OUTCOME_UNKNOWN), NOW);
        };
    }

    /// Where a message stands; an unknown outcome stands below `sent`, since a late receipt may lift it.
    private static int rank(Message message) {
        boolean unknown = message.delivery()
                .failure()
                .filter(it -> it.code().equals(Outbox.OUTCOME_UNKNOWN))
                .isPresent();
        Message.Status status = message.delivery().status();
        return unknown ? SENT.ordinal() : status.compareTo(SENT) < 0 ? status.ordinal() : status.ordinal() + 1;
    }

    private static Failure failure(String code) {
        return new Failure(code, "Delivery failed", code, "detail");
    }

    private static Message queued() {
        return queued(null);
    }

    private static Message queued(@Nullable String style) {
        Id id = new Id(new UUID(0, 1));
        return new Message(
                id,
                new Message.Place(
                        new OrganizationId("org_1"), id, id, id, new PhoneNumber("+12025550140"), "line", true),
                new Message.Content("hello", List.of(), style),
                new Message.Delivery(Message.Way.IMESSAGE, QUEUED, Optional.empty(), Message.Times.NONE),
                Message.Marks.fresh(false),
                List.of(),
                NOW,
                NOW);
    }
}
