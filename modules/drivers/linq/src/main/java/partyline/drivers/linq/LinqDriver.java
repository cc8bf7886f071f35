package partyline.drivers.linq;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import partyline.drivers.Bookmark;
import partyline.drivers.HttpCalls;
import partyline.drivers.InboundTranslator;
import partyline.drivers.KnownServices;
import partyline.drivers.PolledDriver;
import partyline.drivers.Reconciler;
import partyline.drivers.RefusedCalls;
import partyline.drivers.Reply;
import partyline.drivers.ServiceMessage;
import partyline.drivers.WebhookAddress;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.transport.Capabilities;
import partyline.transport.DriverKind;
import partyline.transport.DriverKind.Mode;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import partyline.transport.Outgoing;
import partyline.transport.SendResult;
import partyline.transport.Service;
import partyline.transport.Stranger;
import partyline.transport.TapbackResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Speaks for one number of a Linq account, over its partner API v3. Linq calls us with news; what it did not tell is
/// read from its threads. Thread-safe.
public final class LinqDriver extends PolledDriver {

    private static final Capabilities IMESSAGE = new Capabilities(true, true, true, true, true, true);
    private static final Capabilities RCS = new Capabilities(false, true, false, true, true, true);
    private static final Capabilities SMS = new Capabilities(false, false, false, false, true, true);

    /// A fresh line's bounds. That 30 texts a minute may go to one person, Linq says itself when it comes to that.
    private static final Line.Pace NEW_PEOPLE = new Line.Pace(0, 15, 50);

    public static final DriverKind KIND = new DriverKind(
            "linq",
            LinqSettings.KEYS,
            NEW_PEOPLE,
            List.of(new Mode("iMessage", IMESSAGE), new Mode("RCS", RCS), new Mode("SMS", SMS)),
            setup -> new LinqDriver(setup, LinqSettings.of(setup.options())));

    private static final Set<String> REACTIONS = Set.of("love", "like", "dislike", "laugh", "emphasize", "question");
    /// What was written in the last minute before the newest that we have read is read again: it may be late.
    private static final Duration OVERLAP = Duration.ofMinutes(1);
    private static final Duration ASKED_AGAIN = Duration.ofMinutes(30);
    private static final Answer NONSENSE = new Answer(400, "text/plain", "not an event");
    private static final Answer LATER = new Answer(503, "text/plain", "later");

    private final HttpCalls files = new HttpCalls("", Map.of());
    private final LinqClient client;
    private final LinqChats chats;
    private final KnownServices services;
    private final LinqWebhook webhook;
    private final RefusedCalls refused = new RefusedCalls();
    private final Bookmark bookmark;
    private final Reconciler reconciler;
    private final LinqLine line;
    private final LinqSender sender;
    /// Whether the last round read all that there was; used by one thread.
    private boolean caughtUp;

    private LinqDriver(LineSetup setup, LinqSettings settings) {
        super(setup, LinqLine.LINQ, settings.calls(), settings.poll());
        this.client = new LinqClient(calls, files, setup.line());
        this.chats = new LinqChats(client, setup.line());
        this.services = new KnownServices(setup.around().clock(), ASKED_AGAIN, client::service);
        this.webhook =
                new LinqWebhook(setup, calls, WebhookAddress.of(setup, settings.url()), settings.webhookSecret());
        this.bookmark = new Bookmark(setup, "linq_read_until");
        this.reconciler = new Reconciler(setup, Duration.ZERO);
        this.line = new LinqLine(setup, client, webhook, health);
        this.sender = new LinqSender(setup, client, chats, this::service, settings.limiter(), health, reconciler);
    }

    @Override
    protected Health look(Inbound inbound) {
        Health seen = line.look();
        caughtUp = catchUp(events(inbound));
        Health heard = refused.on(seen, LinqLine.OTHER_SECRET);
        if (heard != seen && !webhook.hasGivenSecret()) {
            webhook.forget();
            refused.proven();
            return seen;
        }
        return heard;
    }

    /// Reads what was written since the last time, and was not told; false when Linq did not say all. After a start, or
    /// when that failed, all threads are looked at; else those where something happened, of which the list has the
    /// latest first.
    private boolean catchUp(LinqEvents events) {
        Instant from = bookmark.at().minus(OVERLAP);
        Predicate<LinqChat> isNews =
                chat -> !caughtUp || !chat.changed().orElse(from).isBefore(from);
        Optional<List<LinqChat>> listed = client.chats(isNews);
        List<Instant> read = new ArrayList<>();
        boolean whole = listed.isPresent();
        for (LinqChat chat : listed.orElse(List.of())) {
            chats.learn(chat);
            if (isNews.test(chat) && chat.isOf(setup.line().number())) {
                Optional<List<ServiceMessage>> messages = client.messages(chat, from);
                whole &= messages.isPresent();
                messages.orElse(List.of()).forEach(message -> {
                    refused.listed(message.id());
                    events.listed(message);
                    message.progress().at().ifPresent(read::add);
                });
            }
        }
        if (whole) {
            read.forEach(bookmark::pass);
            bookmark.keep();
        }
        return whole;
    }

    @Override
    public Capabilities capabilities(Line line, PhoneNumber recipient) {
        return switch (service(recipient)) {
            case IMESSAGE -> IMESSAGE;
            case RCS -> RCS;
            case SMS -> SMS;
        };
    }

    @Override
    public SendResult send(Line line, Outgoing message) {
        return sender.send(message);
    }

    @Override
    public SendResult reconcile(Line line, Outgoing message, Instant since) {
        return sender.reconcile(message, since);
    }

    /// One of the six, or an emoji. To take ours back Linq wants to hear which it was: it is asked.
    @Override
    public TapbackResult tapback(Line line, PhoneNumber to, String target, @Nullable String reaction, int partIndex) {
        String[] place = target.split("/", 2);
        int part = place.length == 1 ? partIndex : partIndex + Integer.parseInt(place[1]);
        String message = "/v3/messages/" + HttpCalls.encoded(place[0]);
        if (reaction != null) {
            return calls.post(message + "/reactions", reaction("add", reaction, part))
                    .tapback();
        }
        Reply told = calls.get(message);
        if (!told.success()) {
            return told.tapback();
        }
        return told.answer()
                .map(json -> json.path("parts").path(part).path("reactions"))
                .flatMap(all -> all.valueStream()
                        .filter(it -> it.path("is_me").asBoolean(false))
                        .findFirst())
                .map(ours -> {
                    String emoji = ours.path("custom_emoji").asString("");
                    String name = emoji.isEmpty() ? ours.path("type").asString("") : emoji;
                    return calls.post(message + "/reactions", reaction("remove", name, part))
                            .tapback();
                })
                .orElse(TapbackResult.TAKEN);
    }

    private static ObjectNode reaction(String operation, String reaction, int part) {
        ObjectNode body = Json.object().put("operation", operation).put("part_index", part);
        return REACTIONS.contains(reaction)
                ? body.put("type", reaction)
                : body.put("type", "custom").put("custom_emoji", reaction.equals("eyes") ? "👀" : reaction);
    }

    @Override
    public void markRead(Line line, PhoneNumber person, Instant until) {
        if (service(person) != Service.SMS) {
            chats.with(person).ifPresent(id -> calls.post("/v3/chats/" + id + "/read", Json.object()));
        }
    }

    /// Linq ends it after a minute, and with a text.
    @Override
    public void typing(Line line, PhoneNumber person, boolean typing) {
        if (service(person) == Service.IMESSAGE) {
            chats.with(person).map(id -> "/v3/chats/" + id + "/typing").ifPresent(path -> {
                Reply _ = typing ? calls.post(path, Json.object()) : calls.delete(path);
            });
        }
    }

    /// By its id, since an address may be good for minutes alone.
    @Override
    public Download download(Line line, String media) throws IOException {
        if (media.startsWith("http")) {
            return HttpCalls.address(media);
        }
        return HttpCalls.address(calls.get("/v3/attachments/" + HttpCalls.encoded(media))
                .answer()
                .map(json -> json.path("download_url").asString(""))
                .orElseThrow(() -> new IOException("Linq does not give the file out")));
    }

    /// Whoever wrote from a mail address can be written to there.
    @Override
    public boolean answers(Line line, Stranger stranger) {
        return stranger.kind() == Stranger.Kind.MAIL_ADDRESS;
    }

    @Override
    public void answer(Line line, Stranger stranger, String words) {
        ObjectNode message = Json.object();
        message.withArray("parts").addObject().put("type", "text").put("value", words);
        client.send(Optional.empty(), stranger.address(), message);
    }

    @Override
    public List<String> check(Line configured) {
        return line.check();
    }

    /// Longer than the upload of a file and the send after it may take.
    @Override
    public Duration patience(Outgoing message) {
        return message.mediaUrl() == null && message.contactCard() == null
                ? LinqClient.SENT_WITHIN
                : LinqClient.UPLOADED_WITHIN;
    }

    @Override
    public void close() {
        super.close();
        files.close();
    }

    @Override
    protected Answer take(Request request, Inbound inbound) {
        awaitFirstRound();
        Optional<JsonNode> json = request.json().filter(it -> it.path("data").isObject());
        if (!webhook.proves(request, setup.now())) {
            json.map(it -> it.path("data").path("id").asString("")).ifPresent(refused::refused);
            // Before the secret is known nothing can be proven; Linq tries again, as it does not after a refusal.
            return webhook.isUnknown() ? LATER : Answer.FORBIDDEN;
        }
        refused.proven();
        LinqEvents events = events(inbound);
        return json.map(event -> events.take(event) ? Answer.OK : LATER).orElse(NONSENSE);
    }

    /// Whoever nobody knows anything of has iMessage, for all we know.
    private Service service(PhoneNumber person) {
        return services.of(person).orElse(Service.IMESSAGE);
    }

    private LinqEvents events(Inbound inbound) {
        InboundTranslator translator = new InboundTranslator(setup, inbound, services);
        return new LinqEvents(setup, client, chats, services, reconciler, line, translator);
    }
}
