package partyline.drivers.bluebubbles;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.kernel.PeriodicTask;
import partyline.kernel.PhoneNumber;
import partyline.transport.Capabilities;
import partyline.transport.DriverKind;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import partyline.transport.Outgoing;
import partyline.transport.SendResult;
import partyline.transport.TapbackResult;
import partyline.transport.WebhookReceiver;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The driver of a line on one's own Mac, through its BlueBubbles server. One Mac is one line: the server does not tell
/// which of its numbers a person wrote to. Thread-safe.
public final class BlueBubbles implements WebhookReceiver {

    private static final Capabilities FULL = new Capabilities(true, true, true, true, true, false);
    private static final Capabilities PLAIN = new Capabilities(false, false, false, false, true, false);

    public static final DriverKind KIND = new DriverKind(
            "bluebubbles",
            MacSettings.KEYS,
            List.of(
                    new DriverKind.Mode("iMessage, with the private API", FULL),
                    new DriverKind.Mode("SMS, or without the private API", PLAIN)),
            BlueBubbles::new);

    private static final Answer NOT_JSON = new Answer(400, "text/plain", "not JSON");

    /// How often the clock is looked at; the waits themselves are the clock's.
    private static final Duration PULSE = Duration.ofMillis(200);

    private record Started(Inbound inbound, BlueBubblesPoller poller, PeriodicTask looks, PeriodicTask questions) {}

    private final LineSetup setup;
    private final MacSettings settings;
    private final MacApi api;
    private final MacStatus status;
    private final Availability availability;
    private final Chats chats;
    private final OwnMessages own;
    private final BlueBubblesCatchUp catchUp;
    private final BlueBubblesSender sender;
    private final BlueBubblesPresence presence;
    private final Registration registration;
    private volatile @Nullable Started started;

    private BlueBubbles(LineSetup setup) {
        var clock = setup.around().clock();
        this.setup = setup;
        settings = MacSettings.of(setup.options());
        api = new MacApi(settings);
        registration = new Registration(api, settings, setup.hookUrl());
        status = new MacStatus(api, settings, setup, registration);
        availability = new Availability(api, status, clock);
        chats = new Chats(setup, api);
        own = new OwnMessages(setup.line().id(), api, availability, clock);
        catchUp = new BlueBubblesCatchUp(api, setup);
        sender = new BlueBubblesSender(setup, api, status, availability, chats, own, catchUp::seen);
        presence = new BlueBubblesPresence(api, status, chats, clock);
    }

    /// How the Mac is, and what became of what was sent, is asked beside hearing, so that a Mac which is slow to say so
    /// keeps no news waiting.
    @Override
    public void start(Inbound inbound) {
        var translator = new BlueBubblesInboundTranslator(setup.line(), chats, availability, own, inbound);
        Started all = new Started(
                inbound,
                new BlueBubblesPoller(setup, api, catchUp, translator, settings.pollEvery()),
                new PeriodicTask("bluebubbles-status", Duration.ZERO, PULSE, status::look),
                new PeriodicTask("bluebubbles-sent", PULSE, PULSE, () -> {
                    own.ask(inbound);
                    presence.expire();
                }));
        started = all;
        all.poller().start();
        all.looks().start();
        all.questions().start();
    }

    @Override
    public Capabilities capabilities(Line line, PhoneNumber recipient) {
        boolean full = status.now().privateApi() && availability.of(recipient) != Availability.Answer.NO;
        return full ? FULL : PLAIN;
    }

    @Override
    public SendResult send(Line line, Outgoing message) {
        presence.sent(message.to());
        return sender.send(message);
    }

    @Override
    public SendResult reconcile(Line line, Outgoing message, Instant since) {
        return sender.reconcile(message, since);
    }

    @Override
    public TapbackResult tapback(Line line, PhoneNumber to, String target, @Nullable String reaction, int partIndex) {
        return new BlueBubblesTapbacks(api, status, chats).set(chats.with(to), target, reaction, partIndex);
    }

    @Override
    public void markRead(Line line, PhoneNumber person, Instant until) {
        presence.read(person);
    }

    @Override
    public void typing(Line line, PhoneNumber person, boolean typing) {
        presence.typing(person, typing);
    }

    /// `media` is the guid of an attachment.
    @Override
    public Download download(Line line, String media) throws IOException {
        return api.download(media);
    }

    @Override
    public Health health(Line line) {
        return status.health();
    }

    @Override
    public List<String> check(Line line) {
        Health seen = status.refresh().health();
        String unreachable = registration.unreachable();
        return Stream.of(seen.detail(), unreachable).filter(it -> !it.isEmpty()).toList();
    }

    /// The Mac only says that there is something; what it is stays in its database until it was read from there.
    @Override
    public Answer hook(Line line, Request request) {
        Optional<JsonNode> body = request.json();
        Started running = started;
        if (body.isPresent() && running != null) {
            hear(body.get().path("type").asString(""), body.get().path("data"), running);
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
        Started running = started;
        if (running != null) {
            running.poller().close();
            running.looks().close();
            running.questions().close();
        }
    }

    private void hear(String type, JsonNode data, Started running) {
        switch (type) {
            case "new-message", "updated-message" -> running.poller().tell(echoed(data));
            case "message-send-error" -> {
                if (data instanceof ObjectNode row) {
                    running.poller().tell(echoed(row.put("isFromMe", true)));
                }
            }
            case "typing-indicator" ->
                MacMessage.Chat.of(data.path("guid").asString(""))
                        .person()
                        .ifPresent(person -> running.inbound()
                                .typing(setup.id(), person, data.path("display").asBoolean(false)));
            case "hello-world", "new-server" -> {
                running.poller().hello();
                status.hello();
            }
            default -> running.inbound().dropped(setup.id(), "event_kind");
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
