package partyline.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import partyline.kernel.Event;
import partyline.kernel.Id;
import partyline.kernel.Ids;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.testkit.FakeClock;
import partyline.webhooks.ConcurrencyLimit.End;
import partyline.webhooks.WebhookConsumer.Call;
import partyline.webhooks.WebhookConsumer.HeldText;

/// A model of everything around the consumer, that crashes after any step: the journal and the disk stay, what was in
/// memory or under way is gone.
class WebhookConsumerTest {

    private static final OrganizationId ORGANIZATION = new OrganizationId("org_a");
    private static final String RECEIVED = "imessage.received";
    private static final int STEPS = 1_500;

    private final FakeClock clock = new FakeClock();
    private final Ids ids = new Ids(clock);
    private final Id subscription = ids.next();
    private final Id identity = ids.next();
    private final List<Id> conversations = List.of(ids.next(), ids.next(), ids.next());

    private final List<Event> journal = new ArrayList<>();
    private final Set<Long> failures = new HashSet<>();
    private final Set<Long> recorded = new HashSet<>();
    private long position;

    private final Map<Id, List<Long>> firstTold = new HashMap<>();
    private final Set<Long> ofThisLife = new HashSet<>();
    private final Set<Long> told = new HashSet<>();
    private int repeats;

    private WebhookConsumer consumer = new WebhookConsumer(subscription, Server.KEPT, new HeldText());
    private final List<Call.First> underWay = new ArrayList<>();
    private final List<Call.First> failed = new ArrayList<>();
    private final List<Event> committed = new ArrayList<>();
    private final List<Long> buffer = new ArrayList<>();

    static IntStream seeds() {
        return new Random().ints(60);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatever_crashes_when_every_event_is_told_in_order_and_at_most_a_window_twice(int seed) {
        Random random = new Random(seed);
        int crashes = 0;
        for (int step = 0; step < STEPS; step++) {
            clock.advance(Duration.ofMillis(random.nextInt(400)));
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> happen(random);
                case 3, 4 -> look(random);
                case 5, 6 -> begin();
                case 7, 8 -> succeed(random);
                case 9 -> fail(random);
                case 10 -> {
                    flush();
                    offer();
                }
                default -> crashes += random.nextInt(10) == 0 ? crash() : 0;
            }
            assertThat(LongStream.rangeClosed(1, position).allMatch(recorded::contains))
                    .as("the position passes nothing that is not on disk")
                    .isTrue();
        }
        crash();
        for (int round = 0; told.size() < journal.size() || !underWay.isEmpty() || !failed.isEmpty(); round++) {
            assertThat(round).as("it comes to an end").isLessThan(20_000);
            clock.advance(Duration.ofSeconds(2));
            offer();
            look(random);
            begin();
            succeed(random);
        }
        flush();

        assertThat(told).hasSize(journal.size());
        assertThat(position).isEqualTo(journal.size());
        assertThat(firstTold.values()).allSatisfy(order -> assertThat(order).isSorted());
        assertThat(repeats).isLessThanOrEqualTo((crashes + 1) * WebhookConsumer.WINDOW);
    }

    @Test
    void who_hangs_gets_at_most_a_window_ahead_and_the_rest_from_the_journal() {
        Random random = new Random(1);
        consumer.know(consumer.version(), target());
        consumer.take(List.of(), Set.of(), true, consumer.gap());
        for (int event = 0; event < 1_000; event++) {
            happen(random);
        }
        offer();
        assertThat(consumer.hunger()).isZero();
        assertThat(consumer.gap().read()).isEqualTo(journal.getFirst().seq() + WebhookConsumer.WINDOW - 1);
    }

    @Test
    void the_text_that_one_organization_holds_makes_the_pages_of_no_other_small() {
        HeldText held = new HeldText();
        consumer = new WebhookConsumer(subscription, Server.KEPT, held);
        consumer.know(consumer.version(), target());

        held.add(new OrganizationId("org_b"), 5 * 1_024 * 1_024);
        assertThat(consumer.hunger()).isEqualTo(WebhookConsumer.WINDOW);
        held.add(ORGANIZATION, 5 * 1_024 * 1_024);
        assertThat(consumer.hunger()).isEqualTo(8);
    }

    @Test
    void a_page_that_was_read_before_the_subscription_was_changed_is_read_again() {
        consumer.know(consumer.version(), target());
        WebhookConsumer.Gap gap = consumer.gap();

        consumer.forgetTarget();
        consumer.know(consumer.version(), target());
        consumer.take(List.of(), Set.of(), true, gap);

        assertThat(consumer.hunger()).isPositive();
    }

    @Test
    void a_page_that_was_read_before_somebody_was_erased_is_read_again() {
        PhoneNumber person = new PhoneNumber("+12025550140");
        consumer.know(consumer.version(), target());
        WebhookConsumer.Gap gap = consumer.gap();
        Event.Draft draft = new Event.Draft(
                ORGANIZATION, Optional.of(identity), Optional.empty(), Optional.of(person), RECEIVED, "{}");
        Event event = new Event(ids.next(), 1, clock.instant(), draft, Optional.empty());

        consumer.drop(person);
        consumer.take(List.of(event), Set.of(), true, gap);

        assertThat(consumer.next(clock.instant())).isEmpty();
        assertThat(consumer.hunger()).isPositive();
        consumer.take(List.of(event), Set.of(), true, consumer.gap());
        consumer.drop(person);
        assertThat(consumer.next(clock.instant())).isEmpty();
        assertThat(consumer.position()).isEqualTo(1);
    }

    @Test
    void what_a_subscription_that_is_gone_held_is_let_go() {
        HeldText held = new HeldText();
        consumer = new WebhookConsumer(subscription, Server.KEPT, held);
        consumer.know(consumer.version(), target());
        consumer.take(List.of(), Set.of(), true, consumer.gap());
        Random random = new Random(1);
        for (int event = 0; event < 50; event++) {
            happen(random);
        }
        offer();
        begin();
        assertThat(held.all()).isPositive();

        consumer.end();
        consumer.ended(underWay.getFirst(), true, End.QUICK, Duration.ZERO, clock.instant());

        assertThat(held.all()).isZero();
    }

    private void happen(Random random) {
        int where = random.nextInt(4);
        Optional<Id> conversation = where == 3 ? Optional.empty() : Optional.of(conversations.get(where));
        Event.Draft draft = new Event.Draft(
                ORGANIZATION, Optional.of(identity), conversation, Optional.empty(), RECEIVED, "{\"message\":null}");
        Event event = new Event(ids.next(), journal.size() + 1L, clock.instant(), draft, Optional.empty());
        journal.add(event);
        committed.add(event);
        if (random.nextInt(4) > 0) {
            offer();
        }
    }

    /// What is in the journal is offered a moment later, in order.
    private void offer() {
        committed.forEach(consumer::offer);
        committed.clear();
    }

    /// Reads what the consumer is and what it misses; meanwhile something may happen.
    private void look(Random random) {
        if (consumer.isUnknown()) {
            consumer.know(consumer.version(), target());
        }
        int room = consumer.hunger();
        if (room > 0) {
            WebhookConsumer.Gap gap = consumer.gap();
            List<Event> page = journal.stream()
                    .filter(event -> event.seq() > gap.read())
                    .limit(room)
                    .toList();
            if (random.nextInt(3) == 0) {
                happen(random);
            }
            Set<Id> stored = page.stream()
                    .filter(event -> failures.contains(event.seq()))
                    .map(Event::event)
                    .collect(Collectors.toSet());
            consumer.take(page, stored, page.size() < room, gap);
        }
    }

    private void begin() {
        consumer.next(clock.instant()).ifPresent(call -> {
            Call.First first = (Call.First) call;
            Event event = first.event();
            assertThat(underWay)
                    .noneMatch(other -> event.draft().conversation().isPresent()
                            && other.event()
                                    .draft()
                                    .conversation()
                                    .equals(event.draft().conversation()));
            underWay.add(first);
            assertThat(ofThisLife.add(event.seq()))
                    .as("nothing is told twice but for a crash")
                    .isTrue();
            if (!told.add(event.seq())) {
                repeats++;
            } else {
                event.draft()
                        .conversation()
                        .ifPresent(id -> firstTold
                                .computeIfAbsent(id, _ -> new ArrayList<>())
                                .add(event.seq()));
            }
        });
    }

    private void succeed(Random random) {
        if (!underWay.isEmpty()) {
            Call.First call = underWay.remove(random.nextInt(underWay.size()));
            buffer.add(call.event().seq());
            consumer.ended(call, true, End.QUICK, Duration.ZERO, clock.instant());
        }
    }

    /// A failure is on disk first, and only then over for the consumer.
    private void fail(Random random) {
        if (!failed.isEmpty()) {
            Call.First call = failed.removeFirst();
            consumer.ended(call, true, End.BAD, Duration.ZERO, clock.instant());
        } else if (!underWay.isEmpty()) {
            Call.First call = underWay.remove(random.nextInt(underWay.size()));
            failed.add(call);
            recorded.add(call.event().seq());
            assertThat(failures.add(call.event().seq()))
                    .as("a failure is stored once")
                    .isTrue();
            flush();
        }
    }

    private void flush() {
        long reached = consumer.position();
        recorded.addAll(buffer);
        buffer.clear();
        position = Math.max(position, reached);
    }

    private int crash() {
        consumer = new WebhookConsumer(subscription, Server.KEPT, new HeldText());
        underWay.clear();
        failed.clear();
        committed.clear();
        ofThisLife.clear();
        buffer.clear();
        return 1;
    }

    private Delivery.Target target() {
        Subscription found = new Subscription(
                subscription,
                ORGANIZATION,
                identity,
                new Subscription.Terms("https://receiver.example/", List.of(RECEIVED), Optional.empty(), false),
                Optional.empty(),
                Subscription.Version.first(clock.instant()));
        return new Delivery.Target(found, false, Optional.empty(), position);
    }
}
