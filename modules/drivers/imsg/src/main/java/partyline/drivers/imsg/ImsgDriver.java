package partyline.drivers.imsg;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.drivers.KnownServices;
import partyline.drivers.Reconciler;
import partyline.drivers.imsg.ImsgMessage.Attachment;
import partyline.kernel.Json;
import partyline.kernel.PeriodicTask;
import partyline.kernel.PhoneNumber;
import partyline.transport.Capabilities;
import partyline.transport.Driver;
import partyline.transport.DriverKind;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import partyline.transport.Outgoing;
import partyline.transport.SendResult;
import partyline.transport.Service;
import partyline.transport.Stranger;
import partyline.transport.TapbackResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The driver of a line on one's own Mac, through imsg. One Mac is one line: imsg does not tell which of its numbers a
/// person wrote to, and cannot choose the one that it sends from. What imsg tells by itself only says that it is
/// time to look: what was written is read from the Mac's database. Thread-safe.
public final class ImsgDriver implements Driver {

    private static final Capabilities FULL = new Capabilities(true, true, true, true, true, false);
    private static final Capabilities PLAIN = new Capabilities(false, false, false, false, true, false);

    public static final DriverKind KIND = new DriverKind(
                    "imsg",
                    ImsgSettings.KEYS,
                    List.of(
                            new DriverKind.Mode("iMessage, with the bridge", FULL),
                            new DriverKind.Mode("SMS, or without the bridge", PLAIN)),
                    setup -> new ImsgDriver(setup, ImsgSettings.of(setup.options())))
            .alone(options ->
                    Optional.of(options.text("command", "imsg") + " of " + options.text("host", "this machine")));

    /// How often the clock is looked at; the waits themselves are the clock's.
    private static final Duration PULSE = Duration.ofMillis(200);
    /// imsg tells of a text two seconds late, in case that a picture of its link follows.
    private static final Duration PEEK = Duration.ofSeconds(1);

    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Duration USUALLY = Duration.ofMinutes(1);
    private static final Duration WITHOUT_IMESSAGE = Duration.ofHours(1);
    /// So long after a send ended in doubt imsg and Messages have given up whatever they were doing.
    private static final Duration CERTAINTY = Duration.ofMinutes(6);

    private static final int CHATS = 50;

    private record Started(Inbound inbound, PeriodicTask hearing, PeriodicTask looking) {}

    private final LineSetup setup;
    private final ImsgSettings settings;
    private final ImsgClient imsg;
    private final MacFiles files;
    private final KnownServices services;
    private final Reconciler reconciler;
    private final ImsgReceipts receipts;
    private final ImsgCatchUp catchUp;
    private final ImsgSender sender;
    private final ImsgBridge bridge;
    private volatile @Nullable Started started;
    private volatile boolean told = true;
    private Instant hearDue = Instant.MIN;
    private Instant peekDue = Instant.MIN;
    private Instant lookDue = Instant.MIN;

    private ImsgDriver(LineSetup setup, ImsgSettings settings) {
        this.setup = setup;
        this.settings = settings;
        imsg = new ImsgClient(setup, settings, this::news);
        files = new MacFiles(settings);
        services = new KnownServices(setup.around().clock(), WITHOUT_IMESSAGE, this::service);
        reconciler = new Reconciler(setup, CERTAINTY);
        receipts = new ImsgReceipts(setup, imsg, services);
        catchUp = new ImsgCatchUp(imsg, setup);
        sender = new ImsgSender(setup, imsg, files, services, reconciler, receipts, catchUp);
        bridge = new ImsgBridge(setup, imsg, catchUp);
    }

    /// How imsg is, and what became of what was sent, is asked beside hearing, so that neither waits for the other.
    @Override
    public void start(Inbound inbound) {
        var translator = new ImsgInboundTranslator(setup, imsg, services, reconciler, receipts, inbound);
        PeriodicTask hearing =
                new PeriodicTask("imsg-hearing-" + setup.id(), Duration.ZERO, PULSE, () -> hear(translator));
        PeriodicTask looking =
                new PeriodicTask("imsg-looking-" + setup.id(), Duration.ZERO, PULSE, () -> look(inbound));
        started = new Started(inbound, hearing, looking);
        hearing.start();
        looking.start();
    }

    @Override
    public Capabilities capabilities(Line line, PhoneNumber recipient) {
        boolean imessage = services.of(recipient).orElse(Service.IMESSAGE) == Service.IMESSAGE;
        return imessage && imsg.seen().bridge() ? FULL : PLAIN;
    }

    @Override
    public SendResult send(Line line, Outgoing message) {
        bridge.sent(message.to());
        return sender.send(message);
    }

    @Override
    public SendResult reconcile(Line line, Outgoing message, Instant since) {
        return sender.reconcile(message, since);
    }

    @Override
    public boolean answers(Line line, Stranger stranger) {
        return stranger.kind() == Stranger.Kind.MAIL_ADDRESS;
    }

    @Override
    public void answer(Line line, Stranger stranger, String words) {
        sender.answer(stranger.address(), words);
    }

    @Override
    public TapbackResult tapback(Line line, PhoneNumber to, String target, @Nullable String reaction, int partIndex) {
        return bridge.tapback(to, target, reaction, partIndex);
    }

    @Override
    public void markRead(Line line, PhoneNumber person, Instant until) {
        bridge.read(person);
    }

    @Override
    public void typing(Line line, PhoneNumber person, boolean typing) {
        bridge.typing(person, typing);
    }

    @Override
    public Download download(Line line, String media) throws IOException {
        MediaReference reference =
                MediaReference.parse(media).orElseThrow(() -> new IOException("imsg never told of such a file"));
        ImsgMessage row = catchUp.row(reference.rowId())
                .filter(it ->
                        it.guid().equals(reference.guid()) && it.attachments().size() > reference.place())
                .orElseThrow(() -> new IOException("imsg does not show the message of this file"));
        Attachment file = row.attachments().get(reference.place());
        if (file.missing() || file.path().isEmpty()) {
            throw new IOException("the file is not on the Mac yet");
        }
        return new Download.Bytes(files.read(file.path()), file.type().isEmpty() ? null : file.type(), file.name());
    }

    @Override
    public Health health(Line line) {
        return imsg.seen().health();
    }

    @Override
    public List<String> check(Line line) {
        List<String> problems = new ArrayList<>();
        Health seen = imsg.refresh().health();
        if (!seen.detail().isEmpty()) {
            problems.add(seen.detail());
        }
        ObjectNode few = Json.object().put("limit", CHATS);
        imsg.call("chats.list", few, ImsgClient.QUICK)
                .result()
                .filter(this::othersNumbers)
                .ifPresent(_ -> problems.add(
                        "The Mac texts some people from another number or address than this line's, and imsg cannot "
                                + "choose: leave only this line's on in Messages > Settings > iMessage."));
        return problems;
    }

    /// A contact card is a file as well.
    @Override
    public Duration patience(Outgoing message) {
        boolean file = message.mediaUrl() != null || message.contactCard() != null;
        return ImsgSender.SEND.multipliedBy(2).plus(file ? MacFiles.UPLOAD : Duration.ZERO);
    }

    @Override
    public void close() {
        imsg.close();
        Optional.ofNullable(started).ifPresent(it -> {
            it.hearing().close();
            it.looking().close();
        });
    }

    private void hear(ImsgInboundTranslator translator) {
        Instant now = setup.now();
        boolean due = told || !hearDue.isAfter(now);
        if (!due && !peekDue.isAfter(now)) {
            peekDue = now.plus(PEEK);
            due = catchUp.isBehind();
        }
        if (due) {
            told = false;
            hearDue = now.plus(SOON);
            imsg.hear();
            boolean read = catchUp.run(translator::take);
            hearDue = now.plus(read && !translator.waits() ? settings.pollEvery() : SOON);
        }
    }

    private void look(Inbound inbound) {
        Instant now = setup.now();
        if (!lookDue.isAfter(now)) {
            lookDue = now.plus(imsg.refresh().health().equals(Health.UP) ? USUALLY : SOON);
        }
        receipts.ask(inbound);
        bridge.expire();
    }

    /// What imsg tells by itself, on the thread that reads from it.
    private void news(String method, JsonNode params) {
        Started running = started;
        if (running == null) {
            return;
        }
        JsonNode event = params.path("event");
        switch (method) {
            case "bridge.event" -> typed(event.path("event").asString(""), event.path("data"), running.inbound());
            case "watch.overflow", "error" -> {
                imsg.deaf();
                wake(running);
            }
            default -> wake(running);
        }
    }

    private void wake(Started running) {
        told = true;
        running.hearing().wake();
    }

    private void typed(String event, JsonNode data, Inbound inbound) {
        if (event.equals("started-typing") || event.equals("stopped-typing")) {
            ImsgMessage.Chat.person(data.path("chatGuid").asString(""))
                    .ifPresent(person -> inbound.typing(setup.id(), person, event.equals("started-typing")));
        }
    }

    /// Whether Apple knows this person; only the bridge can ask.
    private Optional<Service> service(PhoneNumber person) {
        if (!imsg.seen().bridge() || !imsg.seen().can("handles.check")) {
            return Optional.empty();
        }
        return imsg.call("handles.check", Json.object().put("address", person.text()), ImsgClient.QUICK)
                .result()
                .filter(json -> json.path("available").isBoolean())
                .map(json -> json.path("available").asBoolean() ? Service.IMESSAGE : Service.SMS);
    }

    private boolean othersNumbers(JsonNode chats) {
        return chats.path("chats")
                .valueStream()
                .filter(chat -> !chat.path("is_group").asBoolean(false))
                .map(chat -> chat.path("last_addressed_handle").asString(""))
                .anyMatch(
                        it -> !it.isEmpty() && !it.equals(setup.line().number().text()));
    }
}
