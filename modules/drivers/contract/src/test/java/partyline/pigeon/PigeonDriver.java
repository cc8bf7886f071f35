package partyline.pigeon;

import static partyline.pigeon.PigeonMessages.word;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import partyline.drivers.Bookmark;
import partyline.drivers.HealthCheck;
import partyline.drivers.HttpCalls;
import partyline.drivers.InboundTranslator;
import partyline.drivers.Keys;
import partyline.drivers.KnownServices;
import partyline.drivers.MediaUpload;
import partyline.drivers.PolledDriver;
import partyline.drivers.Reconciler;
import partyline.drivers.RefusedCalls;
import partyline.drivers.Reply;
import partyline.drivers.ServiceMessage;
import partyline.drivers.WebhookAddress;
import partyline.kernel.Hmac;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.transport.Attachments.Attachment;
import partyline.transport.Capabilities;
import partyline.transport.DriverKind;
import partyline.transport.DriverState;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import partyline.transport.Outgoing;
import partyline.transport.SendResult;
import partyline.transport.Service;
import partyline.transport.TapbackResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Lines at Carrier Pigeon, a texting service that does not exist: written from `docs/drivers.md` alone, to see whether
/// that can be done. It takes a send without a key of ours, so a lost answer is looked for among its sends. It posts
/// its
/// news once at most, so its feed is read whenever it posts, from where the last look ended. Thread-safe.
public final class PigeonDriver extends PolledDriver {

    private static final Capabilities RICH = new Capabilities(true, true, true, true, true, true);
    private static final Capabilities PLAIN = new Capabilities(false, false, false, false, true, true);

    public static final DriverKind KIND = new DriverKind(
            "pigeon",
            Set.of("api_key", "webhook_secret", "url", "poll"),
            new Line.Pace(60, 0, 0),
            List.of(new DriverKind.Mode("iMessage", RICH), new DriverKind.Mode("RCS, SMS", PLAIN)),
            PigeonDriver::new);

    private static final HealthCheck.Profile SERVICE = new HealthCheck.Profile(
            "Carrier Pigeon",
            "check this machine's way to the internet",
            "wait, or ask its support",
            "API key",
            "copy api_key anew from its page of keys",
            Duration.ofSeconds(10));
    private static final Duration UPLOAD = Duration.ofMinutes(5);
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);
    private static final String CURSOR = "cursor";

    private final Hmac hmac;
    private final String self;
    private final WebhookAddress hooks;
    private final Reconciler reconciler;
    private final KnownServices services;
    private final Bookmark heard;
    private final RefusedCalls refused = new RefusedCalls();

    public PigeonDriver(LineSetup setup) {
        Keys keys = new Keys(setup.options());
        URI url = keys.url("url", "https://api.pigeon.example");
        super(
                setup,
                SERVICE,
                new HttpCalls(url + "/v1", Map.of("Authorization", "Bearer " + keys.secret("api_key"))),
                keys.duration("poll", Duration.ofSeconds(30)));
        hmac = Hmac.sha256(keys.secret("webhook_secret"));
        self = "/lines/" + HttpCalls.encoded(setup.line().number().text());
        hooks = WebhookAddress.of(setup, url);
        reconciler = new Reconciler(setup, Reconciler.USUALLY_LOST_AFTER);
        services = new KnownServices(setup.around().clock(), Duration.ofHours(1), this::serviceOf);
        heard = new Bookmark(setup, "heard");
    }

    @Override
    public Capabilities capabilities(Line line, PhoneNumber recipient) {
        return expected(recipient) == Service.IMESSAGE ? RICH : PLAIN;
    }

    @Override
    public SendResult send(Line line, Outgoing message) {
        Service service = expected(message.to());
        return reconciler.once(message, service, () -> sendNow(message, service));
    }

    private SendResult sendNow(Outgoing message, Service service) {
        ObjectNode body = Json.object()
                .put("to", message.to().text())
                .put("text", message.text())
                .put("only_imessage", setup.line().fallback() == Line.Fallback.NONE);
        Set<String> leftOut = new HashSet<>();
        Function<Attachment, Reply> upload = file -> calls.upload("/files", Map.of(), "file", file, UPLOAD);
        switch (MediaUpload.of(message, setup.around().attachments(), upload)) {
            case MediaUpload.Nothing _ -> {}
            case MediaUpload.Done(JsonNode file) -> body.put("file", word(file, "id"));
            case MediaUpload.Later _ -> {
                return new SendResult.NotSent("Carrier Pigeon does not take the file now.");
            }
            case MediaUpload.Gone _
            when message.text() == null -> {
                return new SendResult.Refused("media_unavailable", "Carrier Pigeon takes no such file.");
            }
            case MediaUpload.Gone _ -> leftOut.add("media");
        }
        if (message.sendStyle() != null && service == Service.IMESSAGE) {
            body.put("effect", message.sendStyle());
        } else if (message.sendStyle() != null) {
            leftOut.add("effect");
        }
        return health.sent(
                calls.post(self + "/sends", body),
                send -> health.taken(Optional.of(PigeonMessages.send(send)), service, leftOut),
                answer -> PigeonMessages.failure(answer.json()).flatMap(why -> HealthCheck.refusal(answer, why)));
    }

    @Override
    public SendResult reconcile(Line line, Outgoing message, Instant since) {
        return reconciler.find(message, since, expected(message.to()), () -> sends(message.to(), since));
    }

    /// What was sent to this person since then; empty when the service does not say all of it.
    private Optional<List<ServiceMessage>> sends(PhoneNumber person, Instant since) {
        List<ServiceMessage> sends = new ArrayList<>();
        String from = since.minus(CLOCKS_DIFFER).toString();
        Reply last = calls.pages(
                self + "/sends",
                Map.of("to", person.text(), "created_since", from),
                PigeonDriver::next,
                page -> page.path("items").forEach(send -> sends.add(PigeonMessages.send(send))));
        return last.success() ? Optional.of(sends) : Optional.empty();
    }

    @Override
    public TapbackResult tapback(Line line, PhoneNumber to, String target, @Nullable String reaction, int partIndex) {
        String bubble = "/tapbacks/" + HttpCalls.encoded(target);
        return reaction == null
                ? calls.delete(bubble).tapback()
                : calls.post(bubble, PigeonMessages.tapback(reaction)).tapback();
    }

    @Override
    public void markRead(Line line, PhoneNumber person, Instant until) {
        calls.post(self + "/read", Json.object().put("person", person.text()).put("until", until.toString()));
    }

    @Override
    public void typing(Line line, PhoneNumber person, boolean typing) {
        calls.post(self + "/typing", Json.object().put("person", person.text()).put("typing", typing));
    }

    @Override
    public Download download(Line line, String media) throws IOException {
        return HttpCalls.bytes(calls.open("/files/" + HttpCalls.encoded(media), HttpCalls.QUICK));
    }

    @Override
    public Duration patience(Outgoing message) {
        return patience().plus(UPLOAD);
    }

    @Override
    public List<String> check(Line line) {
        Health seen = health.of(calls.get(self), this::state);
        return seen.equals(Health.UP) ? List.of() : List.of(seen.detail());
    }

    private Health state(JsonNode line) {
        if (!word(line, "state").equals("active")) {
            return HealthCheck.down("Carrier Pigeon has suspended this line: see its page there.");
        }
        return hooks.reachable()
                ? Health.UP
                : HealthCheck.degraded("Carrier Pigeon cannot call us: set http.public_url to an https address.");
    }

    @Override
    protected Health look(Inbound inbound) {
        Reply line = calls.get(self);
        String url = hooks.of("news");
        line.answer()
                .filter(told -> hooks.reachable() && !word(told, "webhook").equals(url))
                .ifPresent(_ -> calls.post(self + "/webhook", Json.object().put("url", url)));
        Reply feed = readFeed(inbound);
        Health seen = health.of(line, json -> health.of(feed, _ -> state(json)));
        return refused.on(
                seen, "Carrier Pigeon signs with another secret: copy webhook_secret anew from this line's page.");
    }

    /// Takes in what the feed has beyond the last look; what came of the last call.
    private synchronized Reply readFeed(Inbound inbound) {
        InboundTranslator translator = new InboundTranslator(setup, inbound, services);
        DriverState memory = setup.around().memory();
        Map<String, String> from = memory.recall(setup.line(), CURSOR)
                .filter(cursor -> !cursor.isEmpty())
                .map(cursor -> Map.of("after", cursor))
                .orElseGet(() -> Map.of("since", heard.at().minus(CLOCKS_DIFFER).toString()));
        Reply last = calls.pages(self + "/feed", from, PigeonDriver::next, page -> {
            for (JsonNode item : page.path("items")) {
                hear(item, translator);
                PigeonMessages.time(item, "at").ifPresent(heard::pass);
            }
            heard.keep();
            memory.keep(setup.line(), CURSOR, word(page, "cursor"));
        });
        if (last instanceof Reply.Answered answer && answer.status() == 410) {
            memory.keep(setup.line(), CURSOR, "");
        }
        return last;
    }

    private static Optional<Map<String, String>> next(JsonNode page) {
        return Optional.of(Map.of("after", word(page, "cursor")))
                .filter(_ -> page.path("more").asBoolean(false));
    }

    private void hear(JsonNode item, InboundTranslator translator) {
        refused.listed(word(item, "id"));
        switch (word(item, "type")) {
            case "text" -> translator.received(PigeonMessages.item(item));
            case "send" -> translator.progress(PigeonMessages.send(item.path("send")));
            case "tapback" ->
                translator
                        .sender(PigeonMessages.item(item))
                        .ifPresent(who -> translator.inbound().accept(PigeonMessages.tapback(setup, who, item)));
            default -> translator.dropped("event");
        }
    }

    @Override
    protected Answer take(Request request, Inbound inbound) {
        JsonNode event = request.json().orElseGet(Json::object);
        if (!isGenuine(request)) {
            refused.refused(word(event, "id"));
            return Answer.FORBIDDEN;
        }
        refused.proven();
        awaitFirstRound();
        if (word(event, "type").equals("typing")) {
            boolean typing = event.path("typing").asBoolean(false);
            setup.person(word(event, "from")).ifPresent(person -> inbound.typing(setup.id(), person, typing));
        } else {
            readFeed(inbound);
        }
        return Answer.OK;
    }

    private boolean isGenuine(Request request) {
        String[] proof = String.valueOf(request.header("pigeon-signature")).split("\\.", 2);
        if (proof.length < 2 || !proof[0].matches("[0-9]{1,12}")) {
            return false;
        }
        Duration age = Duration.between(Instant.ofEpochSecond(Long.parseLong(proof[0])), setup.now());
        byte[] right = hmac.of((proof[0] + ".").getBytes(StandardCharsets.UTF_8), request.body());
        return age.abs().compareTo(CLOCKS_DIFFER) < 0
                && Hmac.same(HexFormat.of().formatHex(right), proof[1]);
    }

    private Service expected(PhoneNumber person) {
        return services.of(person).orElse(Service.SMS);
    }

    private Optional<Service> serviceOf(PhoneNumber person) {
        return calls.get("/people/" + HttpCalls.encoded(person.text()))
                .answer()
                .flatMap(json -> Service.heard(word(json, "via")));
    }
}
