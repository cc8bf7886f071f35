package partyline.drivers.linq;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
import partyline.transport.InboundEvent.TapbackReceived;
import partyline.transport.InboundEvent.TextEdited;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import partyline.transport.Outgoing;
import partyline.transport.Receipt;
import partyline.transport.SendResult;
import partyline.transport.Service;
import partyline.transport.TapbackResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Speaks for one number of a Linq account, over its partner API v3. Linq calls us with news; what a call did not tell
/// is
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

    private final HttpCalls files = new HttpCalls("", java.util.Map.of());
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
        caughtUp = catchUp(translator(inbound));
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
    private boolean catchUp(InboundTranslator translator) {
        Instant from = bookmark.at().minus(OVERLAP);
        List<Instant> read = new ArrayList<>();
        String cursor = "";
        boolean news;
        do {
            Optional<LinqClient.Page> page = client.chats(cursor);
            if (page.isEmpty()) {
                return false;
            }
            news = false;
            for (JsonNode row : page.get().rows()) {
                LinqChat chat = LinqChat.of(row);
                chats.learn(chat);
                boolean changed = !chat.changed().orElse(from).isBefore(from);
                news |= changed;
                if ((changed || !caughtUp) && chat.isOf(setup.line().number()) && !read(chat, from, translator, read)) {
                    return false;
                }
            }
            cursor = page.get().next();
        } while (!cursor.isEmpty() && (news || !caughtUp));
        read.forEach(bookmark::pass);
        bookmark.keep();
        return true;
    }

    private boolean read(LinqChat chat, Instant from, InboundTranslator translator, List<Instant> read) {
        Optional<List<ServiceMessage>> messages = client.messages(chat, from);
        for (ServiceMessage message : messages.orElse(List.of())) {
            refused.listed(message.id());
            if (message.outbound()) {
                translator.listed(message);
            } else {
                translator.received(message);
            }
            message.at().ifPresent(read::add);
        }
        return messages.isPresent();
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
            return result(calls.post(message + "/reactions", reaction("add", reaction, part)));
        }
        Reply told = calls.get(message);
        if (!told.success()) {
            return result(told);
        }
        return told.answer()
                .map(json -> json.path("parts").path(part).path("reactions"))
                .flatMap(all -> all.valueStream()
                        .filter(it -> it.path("is_me").asBoolean(false))
                        .findFirst())
                .map(ours -> {
                    String emoji = ours.path("custom_emoji").asString("");
                    String name = emoji.isEmpty() ? ours.path("type").asString("") : emoji;
                    return result(calls.post(message + "/reactions", reaction("remove", name, part)));
                })
                .orElse(TapbackResult.TAKEN);
    }

    private static ObjectNode reaction(String operation, String reaction, int part) {
        ObjectNode body = Json.object().put("operation", operation).put("part_index", part);
        return REACTIONS.contains(reaction)
                ? body.put("type", reaction)
                : body.put("type", "custom").put("custom_emoji", reaction.equals("eyes") ? "👀" : reaction);
    }

    private static TapbackResult result(Reply reply) {
        if (reply.success()) {
            return TapbackResult.TAKEN;
        }
        return reply instanceof Reply.Answered answer && answer.isRefusal()
                ? TapbackResult.NEVER
                : TapbackResult.NOT_NOW;
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
        return json.map(event -> took(event, event.path("data"), inbound) ? Answer.OK : LATER)
                .orElse(NONSENSE);
    }

    /// False when Linq is to tell it again: something that we had to ask for it could not be had.
    private boolean took(JsonNode event, JsonNode data, Inbound inbound) {
        InboundTranslator translator = translator(inbound);
        String id = event.path("event_id").asString("");
        switch (event.path("event_type").asString("")) {
            case "message.received" -> received(data, translator);
            case "message.sent" -> progress(data, Receipt.Kind.SENT, translator);
            case "message.delivered" -> progress(data, Receipt.Kind.DELIVERED, translator);
            case "message.read" -> progress(data, Receipt.Kind.READ, translator);
            case "message.failed" -> failed(data, translator);
            case "message.edited" -> edited(id, data, translator);
            case "reaction.added" -> {
                return reacted(id, data, false, translator);
            }
            case "reaction.removed" -> {
                return reacted(id, data, true, translator);
            }
            case "chat.typing_indicator.started" -> typed(data, true, inbound);
            case "chat.typing_indicator.stopped" -> typed(data, false, inbound);
            case "phone_number.status_updated" -> line.told(data);
            default -> translator.dropped("event");
        }
        return true;
    }

    private void received(JsonNode data, InboundTranslator translator) {
        ServiceMessage told = LinqMessages.called(data, Optional.empty());
        chats.learn(new LinqChat(
                data.path("chat").path("id").asString(""),
                told.ends().line(),
                told.ends().person(),
                told.ends().group(),
                told.at()));
        translator.received(told);
    }

    /// A call of a send brings the key that it was sent under, so it tells the id when the answer did not.
    private void progress(JsonNode data, Receipt.Kind kind, InboundTranslator translator) {
        ServiceMessage told = LinqMessages.called(data, Optional.of(kind));
        if (told.ends().line().equals(Optional.of(setup.line().number()))) {
            Optional.of(data.path("idempotency_key").asString(""))
                    .filter(key -> !key.isEmpty())
                    .ifPresent(key -> reconciler.sent(key, told.id()));
            translator.listed(told);
        }
    }

    /// Of a line that sends iMessages alone it is found out whether the person has no more of it.
    private void failed(JsonNode data, InboundTranslator translator) {
        Receipt.Failure why = LinqMessages.failure(
                data.path("code").asInt(0), data.path("reason").asString(""));
        Optional<PhoneNumber> person = Optional.of(data.path("chat_id").asString(""))
                .filter(_ -> setup.line().fallback() == Line.Fallback.NONE)
                .flatMap(chats::chat)
                .flatMap(LinqChat::person);
        Optional<Service> now = person.flatMap(client::service).filter(it -> it != Service.IMESSAGE);
        now.ifPresent(service -> services.saw(person.orElseThrow(), service, setup.now()));
        Receipt.Failure told = now.isEmpty()
                ? why
                : new Receipt.Failure(SendResult.Refused.NO_IMESSAGE, "The person has no iMessage any more.");
        ServiceMessage.Progress progress = new ServiceMessage.Progress(
                Optional.of(Receipt.Kind.FAILED), Optional.of(told), LinqMessages.instant(data, "failed_at"));
        translator.progress(data.path("message_id").asString(""), progress, Optional.empty());
    }

    private void edited(String event, JsonNode data, InboundTranslator translator) {
        ServiceMessage told = LinqMessages.called(data, Optional.empty());
        boolean ours = told.ends().line().equals(Optional.of(setup.line().number()));
        if (told.outbound()
                || !ours
                || told.ends().group()
                || told.ends().person().isEmpty()) {
            return;
        }
        translator
                .inbound()
                .accept(new TextEdited(
                        setup.id(),
                        told.ends().person().get(),
                        LinqMessages.instant(data, "edited_at").orElse(setup.now()),
                        event,
                        told.id(),
                        data.path("part").path("text").asString("")));
    }

    /// That somebody of a group reacted is dropped, as is a sticker, of which Linq tells as of a reaction.
    private boolean reacted(String event, JsonNode data, boolean removed, InboundTranslator translator) {
        if (data.path("is_from_me").asBoolean(false)) {
            return true;
        }
        Optional<LinqChat> chat = chatOf(data);
        Optional<PhoneNumber> person = LinqMessages.number(data.path("from_handle"));
        if (chat.isEmpty()) {
            return false;
        }
        if (!chat.get().isOf(setup.line().number())) {
            translator.dropped(chat.get().group() ? "group" : "other_number");
        } else if (person.isEmpty()) {
            translator.dropped("sender");
        } else if (data.path("reaction_type").asString("").equals("sticker")) {
            translator.dropped("sticker");
        } else {
            translator
                    .inbound()
                    .accept(new TapbackReceived(
                            setup.id(),
                            person.get(),
                            LinqMessages.instant(data, "reacted_at").orElse(setup.now()),
                            event,
                            data.path("message_id").asString(""),
                            data.path("reaction_type").asString(""),
                            data.path("custom_emoji").isString()
                                    ? data.path("custom_emoji").asString()
                                    : null,
                            data.path("part_index").asInt(0),
                            removed));
        }
        return true;
    }

    private void typed(JsonNode data, boolean typing, Inbound inbound) {
        chatOf(data)
                .filter(chat -> chat.isOf(setup.line().number()))
                .flatMap(LinqChat::person)
                .ifPresent(person -> inbound.typing(setup.id(), person, typing));
    }

    private Optional<LinqChat> chatOf(JsonNode data) {
        return chats.chat(
                data.path("chat_id").asString(data.path("chat").path("id").asString("")));
    }

    /// Whoever nobody knows anything of has iMessage, for all we know.
    private Service service(PhoneNumber person) {
        return services.of(person).orElse(Service.IMESSAGE);
    }

    private InboundTranslator translator(Inbound inbound) {
        return new InboundTranslator(setup, inbound, (person, service) -> services.saw(person, service, setup.now()));
    }
}
