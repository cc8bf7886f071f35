package partyline.drivers.sendblue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.drivers.Bookmark;
import partyline.drivers.HttpCalls;
import partyline.drivers.InboundTranslator;
import partyline.drivers.KnownServices;
import partyline.drivers.PolledDriver;
import partyline.drivers.RateLimiter;
import partyline.drivers.Reconciler;
import partyline.drivers.RefusedCalls;
import partyline.drivers.Reply;
import partyline.drivers.ServiceMessage;
import partyline.drivers.WebhookAddress;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Timestamps;
import partyline.transport.Capabilities;
import partyline.transport.DriverKind;
import partyline.transport.DriverKind.Mode;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import partyline.transport.Outgoing;
import partyline.transport.SendResult;
import partyline.transport.Service;
import partyline.transport.TapbackResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Speaks for one number of a Sendblue account. Sendblue calls us with news; what a call did not tell is read from its
/// list of messages now and then. Thread-safe.
public final class SendblueDriver extends PolledDriver {

    private static final Capabilities IMESSAGE = new Capabilities(true, true, true, true, true, true);
    private static final Capabilities RCS = new Capabilities(false, false, true, true, true, true);
    private static final Capabilities SMS = new Capabilities(false, false, false, false, true, true);

    /// A fresh line's bounds; how fast it sends to people that it knows is paced here, by the second.
    private static final Line.Pace NEW_PEOPLE = new Line.Pace(0, 15, 50);

    public static final DriverKind KIND = new DriverKind(
            "sendblue",
            SendblueSettings.KEYS,
            NEW_PEOPLE,
            List.of(new Mode("iMessage", IMESSAGE), new Mode("RCS", RCS), new Mode("SMS", SMS)),
            setup -> new SendblueDriver(setup, SendblueSettings.of(setup.options())));

    private static final Set<String> REACTIONS = Set.of("love", "like", "dislike", "laugh", "emphasize", "question");
    private static final int PAGE = 100;
    /// What Sendblue showed in the last minute before the newest that we have read is read again: it may be late.
    private static final Duration OVERLAP = Duration.ofMinutes(1);
    private static final Duration ASKED_AGAIN = Duration.ofHours(6);
    private static final int LONGEST_TYPING_MILLIS = 60_000;
    private static final Answer NONSENSE = new Answer(400, "text/plain", "not a message");

    private final SendblueClient client;
    private final KnownServices services;
    private final SendblueWebhooks webhooks;
    private final RefusedCalls refused = new RefusedCalls();
    private final Bookmark bookmark;
    private final Reconciler reconciler;
    private final SendblueLine line;
    private final SendblueSender sender;

    private SendblueDriver(LineSetup setup, SendblueSettings settings) {
        super(setup, SendblueLine.SENDBLUE, settings.calls(), settings.poll());
        this.client = new SendblueClient(calls);
        this.services = new KnownServices(setup.around().clock(), ASKED_AGAIN, client::service);
        this.webhooks = new SendblueWebhooks(setup, WebhookAddress.of(setup, settings.url()));
        this.bookmark = new Bookmark(setup, "sendblue_read_until");
        this.reconciler = new Reconciler(setup, settings.lostAfter());
        this.line = new SendblueLine(setup, client, webhooks, health);
        RateLimiter limiter = new RateLimiter(settings.limits());
        this.sender = new SendblueSender(setup, client, this::service, webhooks, limiter, health, reconciler);
    }

    @Override
    protected Health look(Inbound inbound) {
        Health seen = line.look();
        catchUp(translator(inbound));
        return refused.on(seen, SendblueLine.OTHER_SECRET);
    }

    /// Reads what changed since the last time, and was not told. What is known already changes nothing.
    private void catchUp(InboundTranslator translator) {
        Instant from = bookmark.at().minus(OVERLAP);
        List<Instant> read = new ArrayList<>();
        AtomicInteger offset = new AtomicInteger();
        Reply last = calls.pages(
                SendblueClient.MESSAGES,
                changed(from, 0),
                page -> Optional.of(page)
                        .filter(it -> it.path("data").size() == PAGE)
                        .map(_ -> changed(from, offset.addAndGet(PAGE))),
                page -> {
                    for (ServiceMessage told : SendblueClient.messages(page).orElse(List.of())) {
                        refused.listed(told.id());
                        if (told.outbound()) {
                            translator.listed(told);
                        } else {
                            translator.received(told);
                        }
                        told.progress().at().ifPresent(read::add);
                    }
                });
        if (last.success()) {
            read.forEach(bookmark::pass);
            bookmark.keep();
        }
    }

    private Map<String, String> changed(Instant from, int offset) {
        return Map.of(
                "sendblue_number", setup.line().number().text(),
                "updated_at_gte", Timestamps.iso(from),
                "order_by", "updatedAt",
                "order_direction", "asc",
                "limit", String.valueOf(PAGE),
                "offset", String.valueOf(offset));
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

    /// Sendblue takes no tapback back and knows no other than the six.
    @Override
    public TapbackResult tapback(Line line, PhoneNumber to, String target, @Nullable String reaction, int partIndex) {
        if (reaction == null || !REACTIONS.contains(reaction)) {
            return TapbackResult.NEVER;
        }
        ObjectNode body = Json.object()
                .put("from_number", line.number().text())
                .put("message_handle", target)
                .put("reaction", reaction)
                .put("part_index", partIndex);
        return client.post("/api/send-reaction", body).tapback();
    }

    @Override
    public void markRead(Line line, PhoneNumber person, Instant until) {
        if (service(person) != Service.SMS) {
            client.post("/api/mark-read", between(line, person));
        }
    }

    @Override
    public void typing(Line line, PhoneNumber person, boolean typing) {
        if (service(person) != Service.SMS) {
            ObjectNode body = between(line, person).put("state", typing ? "start" : "stop");
            client.post(
                    "/api/send-typing-indicator", typing ? body.put("max_duration_ms", LONGEST_TYPING_MILLIS) : body);
        }
    }

    private static ObjectNode between(Line line, PhoneNumber person) {
        return Json.object()
                .put("number", person.text())
                .put("from_number", line.number().text());
    }

    @Override
    public Download download(Line line, String media) throws IOException {
        return HttpCalls.address(media);
    }

    @Override
    public List<String> check(Line configured) {
        return line.check();
    }

    /// Longer than the upload of a file and the send after it may take.
    @Override
    public Duration patience(Outgoing message) {
        return message.mediaUrl() == null && message.contactCard() == null
                ? SendblueClient.SENT_WITHIN
                : SendblueClient.UPLOADED_WITHIN;
    }

    @Override
    protected Answer take(Request request, Inbound inbound) {
        Optional<JsonNode> json = request.json();
        Optional<ServiceMessage> told = json.flatMap(SendblueMessages::of);
        Optional<Id> message = webhooks.statusOf(request.kind());
        if (message.isEmpty() && !webhooks.isSecret(request.header("sb-signing-secret"))) {
            told.map(ServiceMessage::id).ifPresent(refused::refused);
            return Answer.FORBIDDEN;
        }
        if (message.isEmpty()) {
            refused.proven();
        }
        awaitFirstRound();
        boolean typing = message.isEmpty() && request.kind().equals("typing_indicator");
        if (typing && json.isPresent()) {
            typing(json.get(), inbound);
            return Answer.OK;
        }
        if (told.isPresent() && message.isPresent()) {
            // It may tell the handle before the answer to the send does, or in its place.
            reconciler.sent(message.get().text(), told.get().id());
            translator(inbound).progress(told.get());
            return Answer.OK;
        }
        if (told.isPresent() && request.kind().equals("receive")) {
            translator(inbound).received(told.get());
            return Answer.OK;
        }
        return NONSENSE;
    }

    private void typing(JsonNode json, Inbound inbound) {
        Stream.of("number", "from_number")
                .flatMap(key -> PhoneNumber.parse(json.path(key).asString("")).stream())
                .filter(number -> !number.equals(setup.line().number()))
                .findFirst()
                .ifPresent(person -> inbound.typing(
                        setup.id(), person, json.path("is_typing").asBoolean(false)));
    }

    /// Whoever nobody knows anything of has iMessage, for all we know.
    private Service service(PhoneNumber person) {
        return services.of(person).orElse(Service.IMESSAGE);
    }

    private InboundTranslator translator(Inbound inbound) {
        return new InboundTranslator(setup, inbound, services);
    }
}
