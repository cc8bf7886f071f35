package partyline.drivers.bluebubbles;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.drivers.KnownServices;
import partyline.drivers.PolledDriver;
import partyline.drivers.Reconciler;
import partyline.kernel.PhoneNumber;
import partyline.transport.Capabilities;
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

/// The driver of a line on one's own Mac, through its BlueBubbles server. One Mac is one line: the server does not tell
/// which of its numbers a person wrote to. Thread-safe.
public final class BlueBubbles extends PolledDriver {

    private static final Capabilities FULL = new Capabilities(true, true, true, true, true, false);
    private static final Capabilities PLAIN = new Capabilities(false, false, false, false, true, false);

    public static final DriverKind KIND = new DriverKind(
            "bluebubbles",
            MacSettings.KEYS,
            List.of(
                    new DriverKind.Mode("iMessage, with the private API", FULL),
                    new DriverKind.Mode("SMS, or without the private API", PLAIN)),
            setup -> new BlueBubbles(setup, MacSettings.of(setup.options())));

    private static final Answer NOT_JSON = new Answer(400, "text/plain", "not JSON");
    /// How often the clock is looked at; the waits themselves are the clock's.
    private static final Duration PULSE = Duration.ofMillis(200);
    /// So long after a call ended in doubt the server has given up whatever it was doing: what is not in the Mac's
    /// database was not sent.
    private static final Duration CERTAINTY = Duration.ofMinutes(6);
    private static final Duration WITHOUT_IMESSAGE = Duration.ofHours(1);

    private final MacSettings settings;
    private final MacApi api;
    private final MacStatus status;
    private final KnownServices services;
    private final Chats chats;
    private final OwnMessages own;
    private final BlueBubblesCatchUp catchUp;
    private final BlueBubblesSender sender;
    private final PrivateApi privateApi;
    private final Registration registration;
    private volatile @Nullable BlueBubblesPoller poller;

    private BlueBubbles(LineSetup setup, MacSettings settings) {
        super(setup, MacStatus.BLUEBUBBLES, settings.calls(), PULSE);
        var clock = setup.around().clock();
        Reconciler reconciler = new Reconciler(setup, CERTAINTY);
        this.settings = settings;
        api = new MacApi(calls, settings.spacing());
        registration = new Registration(api, settings, setup.hookUrl());
        status = new MacStatus(api, settings, setup, health, registration);
        services = new KnownServices(
                clock, WITHOUT_IMESSAGE, person -> status.now().privateApi() ? api.service(person) : Optional.empty());
        chats = new Chats(api, reconciler);
        own = new OwnMessages(setup.id(), api, services, clock);
        catchUp = new BlueBubblesCatchUp(api, setup);
        sender = new BlueBubblesSender(setup, api, status, services, chats, own, reconciler, catchUp::seen);
        privateApi = new PrivateApi(api, status, chats, clock);
    }

    @Override
    public void start(Inbound inbound) {
        var translator = new BlueBubblesInboundTranslator(setup, chats, services, own, inbound);
        BlueBubblesPoller hearing = new BlueBubblesPoller(setup, api, catchUp, translator, settings.pollEvery());
        poller = hearing;
        hearing.start();
        super.start(inbound);
    }

    /// How the Mac is, and what became of what was sent, is asked beside hearing, so that a Mac which is slow to say so
    /// keeps no news waiting.
    @Override
    protected Health look(Inbound inbound) {
        Health seen = status.look();
        own.ask(inbound);
        privateApi.expire();
        return seen;
    }

    @Override
    public Capabilities capabilities(Line line, PhoneNumber recipient) {
        boolean imessage = services.of(recipient).orElse(Service.IMESSAGE) == Service.IMESSAGE;
        return imessage && status.now().privateApi() ? FULL : PLAIN;
    }

    @Override
    public SendResult send(Line line, Outgoing message) {
        privateApi.sent(message.to());
        return sender.send(message);
    }

    @Override
    public SendResult reconcile(Line line, Outgoing message, Instant since) {
        return sender.reconcile(message, since);
    }

    @Override
    public TapbackResult tapback(Line line, PhoneNumber to, String target, @Nullable String reaction, int partIndex) {
        return privateApi.tapback(to, target, reaction, partIndex);
    }

    @Override
    public void markRead(Line line, PhoneNumber person, Instant until) {
        privateApi.read(person);
    }

    @Override
    public void typing(Line line, PhoneNumber person, boolean typing) {
        privateApi.typing(person, typing);
    }

    @Override
    public boolean answers(Line line, Stranger stranger) {
        return stranger.kind() == Stranger.Kind.MAIL_ADDRESS;
    }

    @Override
    public void answer(Line line, Stranger stranger, String words) {
        sender.answer(stranger.address(), words);
    }

    /// `media` is the guid of an attachment.
    @Override
    public Download download(Line line, String media) throws IOException {
        return api.download(media);
    }

    @Override
    public List<String> check(Line line) {
        Health seen = status.refresh().health();
        String unreachable = registration.unreachable();
        return Stream.of(seen.detail(), unreachable).filter(it -> !it.isEmpty()).toList();
    }

    /// The Mac only says that there is something; what it is stays in its database until it was read from there.
    @Override
    protected Answer take(Request request, Inbound inbound) {
        Optional<JsonNode> body = request.json();
        BlueBubblesPoller hearing = poller;
        if (body.isPresent() && hearing != null) {
            hear(body.get().path("type").asString(""), body.get().path("data"), hearing, inbound);
        }
        return body.isPresent() ? Answer.OK : NOT_JSON;
    }

    /// A contact card is a file as well.
    @Override
    public Duration patience(Outgoing message) {
        boolean files = message.mediaUrl() != null || message.contactCard() != null;
        return files ? MacApi.LONGEST : MacApi.SEND.plus(patience());
    }

    @Override
    public void close() {
        api.close();
        super.close();
        Optional.ofNullable(poller).ifPresent(BlueBubblesPoller::close);
    }

    private void hear(String type, JsonNode data, BlueBubblesPoller hearing, Inbound inbound) {
        switch (type) {
            case "new-message", "updated-message" -> hearing.tell(echoed(data));
            case "message-send-error" -> {
                if (data instanceof ObjectNode row) {
                    hearing.tell(echoed(row.put("isFromMe", true)));
                }
            }
            case "typing-indicator" ->
                MacMessage.Chat.of(data.path("guid").asString(""))
                        .person(setup::person)
                        .ifPresent(person -> inbound.typing(
                                setup.id(), person, data.path("display").asBoolean(false)));
            case "hello-world", "new-server" -> {
                hearing.hello();
                status.hello();
            }
            default -> inbound.dropped(setup.id(), "event_kind");
        }
    }

    /// Our own rows come twice: once with the temporary id that we gave them.
    private MacMessage echoed(JsonNode data) {
        MacMessage row = MacMessage.of(data);
        String tempGuid = data.path("tempGuid").asString("");
        if (row.fromMe() && !tempGuid.isEmpty()) {
            chats.echo(tempGuid, row.guid());
        }
        return row;
    }
}
