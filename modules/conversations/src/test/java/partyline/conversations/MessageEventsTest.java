package partyline.conversations;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.conversations.Message.Content;
import partyline.conversations.Message.Delivery;
import partyline.conversations.Message.Failure;
import partyline.conversations.Message.Marks;
import partyline.conversations.Message.Moments;
import partyline.conversations.Message.Place;
import partyline.conversations.Message.Status;
import partyline.conversations.Message.Times;
import partyline.conversations.Message.Way;
import partyline.kernel.Database;
import partyline.kernel.Event;
import partyline.kernel.EventData;
import partyline.kernel.EventFilter;
import partyline.kernel.EventLog;
import partyline.kernel.Id;
import partyline.kernel.IdentityHandles;
import partyline.kernel.Ids;
import partyline.kernel.Journal;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Pruning;
import partyline.kernel.Storage;
import partyline.media.MediaFailure;
import partyline.testkit.FakeClock;
import partyline.testkit.Seeds;
import partyline.transport.Service;

/// What events say when they are read later: the same, to the byte, as when they happened.
class MessageEventsTest {

    private static final OrganizationId ORG = new OrganizationId("org_one");
    private static final Set<String> TYPES = Set.of("received", "changed");

    @TempDir
    Path folder = Path.of("");

    private final FakeClock clock = new FakeClock();
    private final Ids ids = new Ids(clock);
    private final Id agent = ids.next();
    private final Journal journal = new Journal(ids, clock, new MessageEvents(), IdentityHandles.NONE);
    private final MessageStore messages = new MessageStore();
    private final ConversationStore conversations = new ConversationStore();
    private final Id conversation = ids.next();
    private final Connection connection = new Connection(
            ids.next(),
            ORG,
            agent,
            new PhoneNumber("+15550100"),
            "pool",
            clock.instant(),
            clock.instant(),
            Optional.empty());

    @Test
    void an_event_says_later_what_it_said_at_first_however_its_message_went_on() {
        try (Database database = Database.open(folder.resolve("test.db"))) {
            List<String> said = new ArrayList<>();
            Seeds.each(60, random -> said.addAll(sent(database, random)));
            Seeds.each(60, random -> said.addAll(received(database, random)));

            assertThat(read(database)).isEqualTo(said);
        }
    }

    @Test
    void what_a_person_took_back_is_in_no_event_any_more() {
        try (Database database = Database.open(folder.resolve("test.db"))) {
            Message text = message(false, new Content("a secret", List.of(), null));
            store(database, text, MessageEvents.received(text), "received");
            Message edited = revised(database, edited(text, "another secret"));
            tell(database, edited, MessageEvents.changed(edited), "changed");
            Moments over = new Moments(Optional.empty(), Optional.empty(), Optional.of(clock.instant()));
            Content nothing = new Content(null, List.of(), null, Optional.empty(), over);

            revised(database, edited.with(nothing, clock.instant()));

            assertThat(read(database))
                    .hasSize(2)
                    .allSatisfy(event -> assertThat(event)
                            .contains(text.id().text(), "\"content\":null")
                            .doesNotContain("secret"));
        }
    }

    @Test
    void what_a_text_said_before_goes_with_the_events_that_told_of_it() {
        try (Database database = Database.open(folder.resolve("test.db"))) {
            Message text = message(false, new Content("a secret", List.of(), null));
            store(database, text, MessageEvents.received(text), "received");
            revised(database, edited(text, "hello"));
            Pruning pruning = Conversations.pruning(new Storage(database, journal, ids, clock));
            Pruning journals = new EventLog(database, journal).pruning(clock, Duration.ofDays(2), Duration.ofDays(1));
            clock.advance(Duration.ofDays(1));
            journals.run();

            assertThat(pruning.run()).isZero();

            clock.advance(Duration.ofDays(2));
            journals.run();
            assertThat(pruning.run()).isEqualTo(1);
        }
    }

    private List<String> sent(Database database, Random random) {
        Message message = message(true, content(random));
        insert(database, message);
        List<String> said = new ArrayList<>();
        Message now = message;
        for (int step = random.nextInt(5); step >= 0; step--) {
            clock.advance(Duration.ofMillis(1 + random.nextInt(5_000)));
            Message next = now.with(delivery(random), clock.instant());
            database.update(tx -> messages.update(tx, next));
            said.add(tell(database, next, MessageEvents.changed(next), "changed"));
            now = next;
        }
        return said;
    }

    private List<String> received(Database database, Random random) {
        Message text = message(false, content(random));
        List<String> said = new ArrayList<>();
        said.add(store(database, text, MessageEvents.received(text), "received"));
        Message now = text;
        for (int step = random.nextInt(4); step > 0; step--) {
            clock.advance(Duration.ofSeconds(1));
            Message next = random.nextBoolean()
                    ? edited(now, Seeds.text(random, 5, List.of("a", "ö", "\"", "\n")))
                    : withFile(now, content(random));
            now = revised(database, next);
            said.add(tell(database, now, MessageEvents.changed(now), "changed"));
        }
        return said;
    }

    private String store(Database database, Message message, EventData data, String type) {
        insert(database, message);
        return tell(database, message, data, type);
    }

    private void insert(Database database, Message message) {
        database.update(tx -> {
            if (conversations.find(tx, agent, connection.person()).isEmpty()) {
                conversations.insert(tx, message.place().conversation(), connection, clock.instant());
            }
            messages.insert(tx, message, null);
        });
    }

    private Message revised(Database database, Message message) {
        database.update(tx -> messages.revise(tx, message, journal.head(tx, ORG)));
        return message;
    }

    private String tell(Database database, Message message, EventData data, String type) {
        return database.write(tx -> journal.append(
                        tx,
                        new Event.Draft(
                                ORG,
                                Optional.of(agent),
                                Optional.of(message.place().conversation()),
                                Optional.of(message.place().person()),
                                type,
                                data)))
                .envelope();
    }

    private List<String> read(Database database) {
        EventFilter filter = new EventFilter(ORG, Optional.of(agent), TYPES);
        return new EventLog(database, journal)
                .owed(filter, 0, Integer.MAX_VALUE).events().stream()
                        .map(Event::envelope)
                        .toList();
    }

    private Message edited(Message message, String text) {
        Content before = message.content();
        Moments moments = new Moments(before.moments().occurredAt(), Optional.of(clock.instant()), Optional.empty());
        return message.with(
                new Content(text, before.media(), before.sendStyle(), before.lost(), moments), clock.instant());
    }

    private Message withFile(Message message, Content file) {
        Content before = message.content();
        List<Message.Media> media = file.media().isEmpty() ? before.media() : file.media();
        return message.with(
                new Content(before.text(), media, before.sendStyle(), file.lost(), before.moments()), clock.instant());
    }

    private Message message(boolean outbound, Content content) {
        Place place =
                new Place(ORG, agent, conversation, connection.id(), connection.person(), connection.line(), outbound);
        Delivery delivery = outbound
                ? Delivery.QUEUED
                : new Delivery(Way.of(Service.SMS), Status.RECEIVED, Optional.empty(), Times.NONE);
        return new Message(
                ids.next(),
                place,
                content,
                delivery,
                new Marks(false, false, outbound && ids.next().key() % 2 == 0),
                List.of(),
                clock.instant(),
                clock.instant());
    }

    private static Content content(Random random) {
        List<Message.Media> media = Seeds.list(
                random,
                1,
                _ -> new Message.Media(
                        "https://files.example/a",
                        "image/heic",
                        random.nextBoolean() ? 7L : null,
                        random.nextBoolean() ? "猫.heic" : null));
        return new Content(
                oneOrNone(random, "what they said, \"quoted\" 👍"),
                media,
                oneOrNone(random, "slam"),
                random.nextBoolean() ? Optional.of(MediaFailure.TOO_LARGE) : Optional.empty(),
                new Moments(time(random), Optional.empty(), Optional.empty()));
    }

    private static Delivery delivery(Random random) {
        Service service = Seeds.oneOf(random, List.of(Service.values()));
        Set<String> leftOut = Set.copyOf(Seeds.list(random, 2, it -> Seeds.oneOf(it, List.of("effect", "media"))));
        Optional<Failure> failure = random.nextBoolean()
                ? Optional.of(new Failure("code", "message", oneOrNone(random, "reason"), oneOrNone(random, "detail")))
                : Optional.empty();
        return new Delivery(
                new Way(service, random.nextBoolean(), leftOut),
                Seeds.oneOf(random, List.of(Status.values())),
                failure,
                new Times(time(random), time(random), time(random), time(random)));
    }

    private static Optional<Instant> time(Random random) {
        return random.nextBoolean()
                ? Optional.of(Instant.ofEpochSecond(random.nextInt(), 1_000L * random.nextInt(1_000_000)))
                : Optional.empty();
    }

    private static @Nullable String oneOrNone(Random random, String text) {
        return random.nextBoolean() ? text : null;
    }
}
