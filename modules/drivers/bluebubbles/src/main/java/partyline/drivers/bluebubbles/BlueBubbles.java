package partyline.drivers.bluebubbles;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.transport.Capabilities;
import partyline.transport.DriverKind;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import partyline.transport.Outgoing;
import partyline.transport.SendResult;
import partyline.transport.TapbackResult;
import partyline.transport.WebhookReceiver;
import tools.jackson.core.JacksonException;
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
    private volatile @Nullable Inbound inbound;
    private volatile @Nullable BlueBubblesPoller poller;
    private volatile @Nullable Upkeep upkeep;

    private BlueBubbles(LineSetup setup) {
        var clock = setup.around().clock();
        this.setup = setup;
        settings = MacSettings.of(setup.options());
        api = new MacApi(settings);
        status = new MacStatus(api, settings, setup.line());
        availability = new Availability(api, status, clock);
        chats = new Chats(setup.line(), setup.around().memory(), api);
        own = new OwnMessages(setup.line().id(), api, availability, clock);
        catchUp = new BlueBubblesCatchUp(api, setup.line(), setup.around().memory(), clock);
        sender = new BlueBubblesSender(
                setup, new BlueBubblesSender.Mac(api, status, availability, chats, own), catchUp::seen);
        presence = new BlueBubblesPresence(api, status, chats, clock);
        registration = new Registration(api, settings, setup.hookUrl());
    }

    @Override
    public void start(Inbound server) {
        var clock = setup.around().clock();
        BlueBubblesPoller hearing = new BlueBubblesPoller(
                setup.line().id(),
                api,
                catchUp,
                new BlueBubblesInboundTranslator(setup.line(), chats, availability, own),
                settings.pollEvery(),
                clock,
                server);
        Upkeep beside = new Upkeep(status, registration, settings, clock, () -> {
            own.ask(server);
            presence.expire();
        });
        inbound = server;
        poller = hearing;
        upkeep = beside;
        hearing.start();
        beside.start();
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

    /// `media` is the guid of an attachment; Apple's own formats come converted.
    @Override
    public Download download(Line line, String media) throws IOException {
        HttpResponse<InputStream> response = api.open("/attachment/" + MacApi.part(media) + "/download");
        return new Download.Bytes(
                response.body(), response.headers().firstValue("Content-Type").orElse(null));
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
        try {
            JsonNode body = Json.read(new String(request.body(), StandardCharsets.UTF_8));
            BlueBubblesPoller hearing = poller;
            Inbound server = inbound;
            if (hearing != null && server != null) {
                hear(body.path("type").asString(""), body.path("data"), hearing, server);
            }
            return Answer.OK;
        } catch (JacksonException e) {
            return NOT_JSON;
        }
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
        Optional.ofNullable(poller).ifPresent(BlueBubblesPoller::close);
        Optional.ofNullable(upkeep).ifPresent(Upkeep::close);
    }

    private void hear(String type, JsonNode data, BlueBubblesPoller hearing, Inbound server) {
        switch (type) {
            case "new-message", "updated-message" -> hearing.tell(echoed(data));
            case "message-send-error" -> {
                if (data instanceof ObjectNode row) {
                    hearing.tell(echoed(row.put("isFromMe", true)));
                }
            }
            case "typing-indicator" ->
                MacMessage.Chat.of(data.path("guid").asString(""))
                        .person()
                        .ifPresent(person -> server.typing(
                                setup.line().id(), person, data.path("display").asBoolean(false)));
            case "hello-world", "new-server" -> {
                hearing.hello();
                Optional.ofNullable(upkeep).ifPresent(Upkeep::hello);
            }
            default -> server.dropped(setup.line().id(), "event_kind");
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
