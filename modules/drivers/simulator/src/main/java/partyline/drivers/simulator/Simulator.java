package partyline.drivers.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Database;
import partyline.kernel.Ids;
import partyline.kernel.PhoneNumber;
import partyline.transport.Capabilities;
import partyline.transport.Driver;
import partyline.transport.Line;
import partyline.transport.Outgoing;
import partyline.transport.SendResult;
import partyline.transport.Service;
import partyline.transport.TapbackResult;
import tools.jackson.databind.node.ObjectNode;

/// The driver that needs no phone: a small network of lines, people and their phones, as slow and as moody as the real
/// one. What phones have shown and what is still on its way survive a restart; typing bubbles do not.
///
/// The first half is a [Driver]; the second is what people do, for the control API and the phone page. A send with a
/// client id that was seen before keeps its first answer. A bubble is on its phone when it is delivered, which for a
/// phone that is offline is when it comes back; so is what an offline phone sent. Thread-safe.
public final class Simulator implements Driver {

    /// How long each step takes: a text to the server, `sent`, then `delivered`, a read receipt.
    public record Settings(Duration latency) {

        public Settings {
            if (latency.isNegative()) {
                throw new IllegalArgumentException("latency is negative");
            }
        }

        public static Settings usual() {
            return new Settings(Duration.ofMillis(5));
        }
    }

    /// A person's wish about their tapback on the bubble `messageId`. `reaction` is one of `love`, `like`, `dislike`,
    /// `laugh`, `emphasize`, `question`, `eyes`, or `custom` with an emoji; with `remove` the live one goes.
    public record Tapback(
            String messageId, String reaction, @Nullable String customEmoji, int partIndex, boolean remove) {

        private static final Set<String> NAMED =
                Set.of("love", "like", "dislike", "laugh", "emphasize", "question", "eyes");

        private boolean exists() {
            return NAMED.contains(reaction)
                    || reaction.equals("custom") && customEmoji != null && !customEmoji.isBlank();
        }
    }

    private final InstantSource clock;
    private final List<Line> lines;
    private final Watchers watchers = new Watchers();
    private final TypingBubbles typing = new TypingBubbles();
    private final DeliveryScheduler courier;
    private final OutboundPhone lineSide;
    private final FaultyNetwork network;
    private final UserActions personSide;
    private final PhoneView view;
    private volatile @Nullable Inbound inbound;

    /// `lines` are those that the simulator speaks for.
    public Simulator(Database database, Ids ids, InstantSource clock, List<Line> lines, Settings settings) {
        this.clock = clock;
        this.lines = List.copyOf(lines);
        this.courier = new DeliveryScheduler(database, clock, settings.latency(), watchers, typing);
        this.lineSide = new OutboundPhone(database, ids, clock, courier, watchers);
        this.network = new FaultyNetwork(lineSide);
        this.personSide = new UserActions(database, ids, clock, courier, watchers);
        this.view = new PhoneView(database, clock, lines, typing);
    }

    @Override
    public void start(Inbound inbound) {
        this.inbound = inbound;
        courier.start(network.over(inbound));
    }

    /// Looks for what is due, as the sweep does.
    public void look() {
        courier.look();
    }

    @Override
    public Capabilities capabilities(Line line, PhoneNumber recipient) {
        return lineSide.capabilities(recipient);
    }

    @Override
    public SendResult send(Line line, Outgoing message) {
        typing(line, message.to(), false);
        return network.send(line, message);
    }

    @Override
    public SendResult reconcile(Line line, Outgoing message, Instant since) {
        return lineSide.reconcile(message);
    }

    @Override
    public TapbackResult tapback(
            Line line, PhoneNumber to, String targetProviderId, @Nullable String reaction, int partIndex) {
        return lineSide.tapback(to, targetProviderId, reaction, partIndex);
    }

    @Override
    public void markRead(Line line, PhoneNumber person, Instant until) {
        lineSide.markRead(line, person, until);
    }

    @Override
    public void typing(Line line, PhoneNumber person, boolean show) {
        if (show) {
            typing.show(person, line.number(), clock.instant());
            courier.visit(person, TypingBubbles.LIFETIME);
            watchers.changed(person);
        } else if (typing.hide(person, line.number())) {
            watchers.changed(person);
        }
    }

    /// A picture in the simulator is the address that the person's side named.
    @Override
    public Download download(Line line, String media) {
        return new Download.Address(media);
    }

    @Override
    public Health health(Line line) {
        return Health.UP;
    }

    @Override
    public List<String> check(Line line) {
        return List.of();
    }

    @Override
    public void close() {
        courier.close();
    }

    /// A person writes to the number of a line; their own bubble is on the phone when this returns. Effects are dropped
    /// unless the phone is on iMessage.
    public TextOutcome text(
            PhoneNumber from,
            PhoneNumber to,
            @Nullable String text,
            @Nullable String mediaUrl,
            @Nullable String sendStyle) {
        Optional<Line> line = lineWith(to);
        if (line.isEmpty()) {
            return new TextOutcome.NoSuchLine();
        }
        String written = text == null || text.isBlank() ? null : text;
        if (written == null && mediaUrl == null) {
            return new TextOutcome.Nothing();
        }
        return new TextOutcome.Sent(personSide.text(from, line.get(), written, mediaUrl, sendStyle));
    }

    /// A person sets, swaps or takes away their tapback on a bubble that their phone shows, theirs or not.
    public TapbackOutcome tapback(PhoneNumber from, Tapback wish) {
        if (!wish.remove() && !wish.exists()) {
            return new TapbackOutcome.BadReaction("reaction must be love, like, dislike, laugh, emphasize, question,"
                    + " eyes, or custom together with custom_emoji");
        }
        if (wish.partIndex() < 0) {
            return new TapbackOutcome.BadReaction("part_index must be 0 or more");
        }
        Optional<Line> line = personSide.lineOf(from, wish.messageId()).flatMap(this::lineWith);
        if (line.isEmpty()) {
            return new TapbackOutcome.NoSuchBubble();
        }
        personSide.tapback(from, line.get(), wish);
        return new TapbackOutcome.Done();
    }

    /// A person begins or stops typing; nobody hears it from a phone that is offline. False without such a line.
    public boolean typing(PhoneNumber from, PhoneNumber to, boolean types) {
        Optional<Line> line = lineWith(to);
        Inbound server = inbound;
        if (line.isPresent() && server != null && personSide.isOnline(from)) {
            server.typing(line.get().id(), from, types);
        }
        return line.isPresent();
    }

    /// A person opens the thread with a line and reads what is in it. False without such a line.
    public boolean read(PhoneNumber from, PhoneNumber to) {
        Optional<Line> line = lineWith(to);
        line.ifPresent(found -> personSide.read(from, found));
        return line.isPresent();
    }

    /// Changes what is not null about a phone: its best service, whether it is reachable, whether it sends read
    /// receipts. Back online it gets, and sends, what waited for it, in order.
    public void change(
            PhoneNumber number, @Nullable Service service, @Nullable Boolean online, @Nullable Boolean reads) {
        personSide.change(number, service, online, reads);
    }

    /// Lets the next things on a line, or on any, go wrong. False when the fault names no line of the simulator.
    public boolean fault(Fault fault) {
        if (fault.line().isEmpty()) {
            network.expect(fault, lines);
            return true;
        }
        Optional<Line> line = lineWith(fault.line().get());
        line.ifPresent(found -> network.expect(fault, List.of(found)));
        return line.isPresent();
    }

    /// What this phone shows, as `{number, service, online, reads, threads: [...]}`, the liveliest thread first. With
    /// `after`, the id of a bubble on it, the threads hold only what appeared later; an unknown id changes nothing.
    public ObjectNode phone(PhoneNumber number, @Nullable String after) {
        return view.of(number, after);
    }

    /// Calls `onChange` after every change of what this phone shows, on any thread, until the result is closed.
    public AutoCloseable watch(PhoneNumber number, Runnable onChange) {
        return watchers.watch(number, onChange);
    }

    /// The numbers that people can text.
    public List<PhoneNumber> numbers() {
        return lines.stream().map(Line::number).toList();
    }

    private Optional<Line> lineWith(PhoneNumber number) {
        return lines.stream().filter(line -> line.number().equals(number)).findFirst();
    }
}
