package partyline.drivers.imsg;

import java.io.IOException;
import java.text.Normalizer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.drivers.AppleEffects;
import partyline.drivers.Cache;
import partyline.drivers.KnownServices;
import partyline.drivers.Reconciler;
import partyline.drivers.imsg.ImsgParts.Part;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.transport.Attachments.Attachment;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import partyline.transport.Outgoing;
import partyline.transport.SendResult;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Sends, part by part, and finds out afterwards what became of a part whose answer was lost: by its own id, where the
/// bridge kept that, else as a row of ours that nothing else is. Thread-safe.
final class ImsgSender {

    /// imsg waits up to two and a half minutes for Messages; everything that changes something waits for what is
    /// before it.
    static final Duration SEND = Duration.ofSeconds(200);

    private static final Logger LOG = LoggerFactory.getLogger(ImsgSender.class);
    /// What waits longer for somebody else's text comes again.
    private static final Duration BUSY = Duration.ofMinutes(1);
    /// Two sends to one person at a time would be hard to tell apart.
    private static final Duration TURN = Duration.ofSeconds(1);

    private static final int PEOPLE = 2_000;
    private static final long LATEST_ROWS = 2_000;
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Pattern UNSEEN = Pattern.compile("[\\s\\p{Z}\\p{Cf}\\uFFFC]+");
    private static final SendResult.Refused NO_IMESSAGE = new SendResult.Refused(
            SendResult.Refused.NO_IMESSAGE, "This person has no iMessage, and this line may not send them an SMS.");
    private static final SendResult NOTHING_LEFT =
            new SendResult.Refused("media_unavailable", "The attachment could not be read, and there are no words.");

    /// What became of a part.
    private sealed interface Fate {

        /// As that row; `plain` when an effect was wanted and is not there.
        record Went(String guid, Optional<Service> service, boolean plain) implements Fate {}

        record Ended(SendResult result) implements Fate {}
    }

    /// What becomes of a part when its turn comes; `first` of those that are not known to have gone.
    @FunctionalInterface
    private interface Step {
        Fate take(Part part, boolean first);
    }

    private final LineSetup setup;
    private final ImsgClient imsg;
    private final MacFiles files;
    private final KnownServices services;
    private final Reconciler reconciler;
    private final ImsgReceipts receipts;
    private final ImsgCatchUp catchUp;
    private final Map<PhoneNumber, ReentrantLock> turns = Cache.used(PEOPLE, turn -> !turn.isLocked());

    ImsgSender(
            LineSetup setup,
            ImsgClient imsg,
            MacFiles files,
            KnownServices services,
            Reconciler reconciler,
            ImsgReceipts receipts,
            ImsgCatchUp catchUp) {
        this.setup = setup;
        this.imsg = imsg;
        this.files = files;
        this.services = services;
        this.reconciler = reconciler;
        this.receipts = receipts;
        this.catchUp = catchUp;
    }

    SendResult send(Outgoing message) {
        Optional<Service> service = services.of(message.to());
        boolean sms = service.isPresent() && service.get() != Service.IMESSAGE;
        ReentrantLock turn = turn(message.to());
        turn.lock();
        try {
            Optional<String> before = reconciler.sentAs(message.clientId().text());
            if (before.isPresent()) {
                return new SendResult.Accepted(before.get(), service.orElse(Service.IMESSAGE), true);
            }
            if (sms && setup.line().fallback() == Line.Fallback.NONE) {
                return NO_IMESSAGE;
            }
            SendResult result =
                    inParts(message, service, (part, _) -> put(message, part, service.orElse(Service.IMESSAGE), sms));
            if (result instanceof SendResult.Unknown) {
                reconciler.doubt(message);
            }
            return result;
        } finally {
            turn.unlock();
        }
    }

    SendResult reconcile(Outgoing message, Instant since) {
        ReentrantLock turn = turn(message.to());
        try {
            if (!turn.tryLock(TURN.toMillis(), TimeUnit.MILLISECONDS)) {
                return new SendResult.Unknown("The Mac is still sending to this person.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new SendResult.Unknown("Interrupted.");
        }
        try {
            return inParts(message, services.of(message.to()), (part, first) -> look(message, part, first, since));
        } finally {
            turn.unlock();
        }
    }

    /// Writes to a mail address, as imsg can; nobody asks what became of it.
    void answer(String address, String words) {
        ObjectNode wanted =
                Json.object().put("to", address).put("service", "imessage").put("text", words);
        imsg.change("send", wanted, BUSY, SEND);
    }

    private ReentrantLock turn(PhoneNumber person) {
        return turns.computeIfAbsent(person, _ -> new ReentrantLock(true));
    }

    /// One part after the other, but those that are known to have gone.
    private SendResult inParts(Outgoing message, Optional<Service> expected, Step step) {
        try (ImsgParts parts = ImsgParts.of(message, setup.around().attachments())) {
            Service service = expected.orElse(Service.IMESSAGE);
            Set<String> leftOut = new HashSet<>(parts.files().leftOut());
            boolean first = true;
            for (Part part : parts.parts()) {
                if (reconciler.sentAs(part.key()).isPresent()) {
                    continue;
                }
                switch (step.take(part, first)) {
                    case Fate.Ended(SendResult result) -> {
                        return result;
                    }
                    case Fate.Went(String guid, Optional<Service> on, boolean plain) -> {
                        reconciler.sent(part.key(), guid);
                        receipts.watch(guid, message.to());
                        on.ifPresent(it -> services.saw(message.to(), it, setup.now()));
                        service = on.orElse(service);
                        leftOut.addAll(plain && message.sendStyle() != null ? Set.of("effect") : Set.of());
                    }
                }
                first = false;
            }
            return parts.parts().isEmpty() ? NOTHING_LEFT : accepted(message, service, leftOut);
        }
    }

    private SendResult accepted(Outgoing message, Service service, Set<String> leftOut) {
        return reconciler
                .sentAs(message.clientId().text())
                .<SendResult>map(guid -> new SendResult.Accepted(guid, service, true, leftOut))
                .orElse(new SendResult.Unknown("The Mac named another message."));
    }

    private Optional<String> effect(Outgoing message, boolean imessage) {
        boolean can = imessage && imsg.seen().bridge() && imsg.seen().can("send.rich");
        return can ? Optional.ofNullable(message.sendStyle()).flatMap(AppleEffects::of) : Optional.empty();
    }

    private Fate put(Outgoing message, Part part, Service service, boolean sms) {
        Attachment file = part.file();
        if (file == null) {
            return say(message, part, service, sms);
        }
        try (MacFiles.Staged staged = files.put(file)) {
            ObjectNode wanted = to(message, sms).put("file", staged.path());
            return fate(
                    act(part, "send", wanted), service, effect(message, !sms).isEmpty());
        } catch (IOException e) {
            LOG.warn(
                    "event=file_not_taken message={} cause=\"{}\" fix=\"none yet, it is tried again\"",
                    message.clientId(),
                    e.getMessage());
            return new Fate.Ended(new SendResult.NotSent("The file does not get to the Mac.", Optional.of(PAUSE)));
        }
    }

    /// The bridge sends with an effect, or under the message's own id; what it cannot take goes the plain way.
    private Fate say(Outgoing message, Part part, Service service, boolean sms) {
        Optional<String> effect = effect(message, !sms);
        if (!sms && imsg.seen().bridge() && (effect.isPresent() || imsg.seen().can("send.tracked"))) {
            ImsgReply reply = privately(message, part, effect);
            Optional<JsonNode> known = reply instanceof ImsgReply.Failed failed && failed.nothingDone()
                    ? ImsgReceipts.status(imsg, part.key())
                    : Optional.empty();
            if (known.isPresent()) {
                return went(known.get(), true);
            }
            if (!isInvalid(reply)) {
                return fate(reply, service, effect.isEmpty());
            }
        }
        return fate(act(part, "send", to(message, sms).put("text", part.text())), service, true);
    }

    /// The bridge needs a chat that there is: where it has none, nothing was done, and one is made.
    private ImsgReply privately(Outgoing message, Part part, Optional<String> effect) {
        String method = effect.isPresent() ? "send.rich" : "send.tracked";
        ObjectNode wanted = Json.object().put("text", part.text());
        effect.ifPresentOrElse(it -> wanted.put("effect", it), () -> wanted.put("attempt_id", part.key()));
        String person = effect.isPresent() ? "chat_identifier" : "to";
        ImsgReply reply =
                act(part, method, wanted.deepCopy().put(person, message.to().text()));
        boolean nothing = reply instanceof ImsgReply.Failed failed && (isInvalid(reply) || failed.nothingDone());
        if (!nothing || !imsg.seen().can("chats.create")) {
            return reply;
        }
        ObjectNode chat = Json.object().put("service", "iMessage");
        chat.putArray("addresses").add(message.to().text());
        return imsg.change("chats.create", chat, BUSY, SEND)
                .result()
                .map(json -> json.path("chat_guid").asString(""))
                .filter(guid -> !guid.isEmpty())
                .map(guid -> act(part, method, wanted.put("chat_guid", guid)))
                .orElse(reply);
    }

    /// What cannot be taken back is asked of an imsg that answers: one that died unnoticed would leave it in doubt for
    /// minutes.
    private ImsgReply act(Part part, String method, ObjectNode wanted) {
        ObjectNode own = Json.object().put("guid", part.key());
        return imsg.inTurn(BUSY, () -> switch (imsg.call("message.send_status", own, ImsgClient.QUICK)) {
            case ImsgReply.Unsent unsent -> unsent;
            case ImsgReply.NoAnswer(String detail) -> new ImsgReply.Unsent(detail);
            case ImsgReply.Answered _, ImsgReply.Failed _ -> imsg.call(method, wanted, SEND);
        });
    }

    private static boolean isInvalid(ImsgReply reply) {
        return reply instanceof ImsgReply.Failed failed && failed.isInvalid();
    }

    private ObjectNode to(Outgoing message, boolean sms) {
        boolean either = setup.line().fallback() == Line.Fallback.SMS;
        return Json.object().put("to", message.to().text()).put("service", sms ? "sms" : either ? "auto" : "imessage");
    }

    private Fate fate(ImsgReply reply, Service expected, boolean plain) {
        return switch (reply) {
            case ImsgReply.Unsent(String detail) ->
                new Fate.Ended(new SendResult.NotSent("imsg cannot be asked: " + detail));
            case ImsgReply.NoAnswer(String detail) ->
                new Fate.Ended(new SendResult.Unknown("imsg gave no answer: " + detail + "."));
            case ImsgReply.Failed failed
            when failed.nothingDone() -> {
                imsg.refresh();
                yield new Fate.Ended(new SendResult.NotSent("imsg did not send it: " + failed.message() + "."));
            }
            case ImsgReply.Failed failed
            when failed.isInvalid() ->
                new Fate.Ended(new SendResult.Refused("invalid_request", "imsg does not take this message."));
            case ImsgReply.Failed failed ->
                new Fate.Ended(new SendResult.Unknown("imsg does not know whether it went: " + failed.message() + "."));
            case ImsgReply.Answered(JsonNode json) -> {
                String guid = json.path("guid").asString("");
                Service service =
                        Service.heard(json.path("service").asString("")).orElse(expected);
                yield guid.isEmpty() || reconciler.isSent(guid)
                        ? new Fate.Ended(new SendResult.Unknown("imsg took it and did not say as what."))
                        : new Fate.Went(guid, Optional.of(service), plain);
            }
        };
    }

    private static Fate went(JsonNode status, boolean plain) {
        return new Fate.Went(
                status.path("guid").asString(""),
                Service.heard(status.path("service").asString("")),
                plain);
    }

    /// A part after one that was found was never handed over.
    private Fate look(Outgoing message, Part part, boolean first, Instant since) {
        Optional<JsonNode> own = part.text() == null ? Optional.empty() : ImsgReceipts.status(imsg, part.key());
        if (own.isPresent()) {
            return went(own.get(), true);
        }
        Optional<List<ImsgMessage>> rows = catchUp.latest(LATEST_ROWS);
        if (rows.isEmpty()) {
            return new Fate.Ended(new SendResult.Unknown("The Mac could not be asked what became of it."));
        }
        return rows.get().stream()
                .filter(row ->
                        row.fromMe() && row.tapback().isEmpty() && !row.chat().group())
                .filter(row ->
                        row.person(setup::person).filter(message.to()::equals).isPresent())
                .filter(row -> row.at().orElse(since).isAfter(since.minus(CLOCKS_DIFFER)))
                .filter(row -> is(row, part) && !reconciler.isSent(row.guid()))
                .findFirst()
                .<Fate>map(row -> new Fate.Went(
                        row.guid(),
                        Service.heard(row.chat().service()),
                        effect(message, true).isEmpty()))
                .orElseGet(() -> new Fate.Ended(
                        !first || reconciler.isLost(message)
                                ? new SendResult.NotSent("The Mac never sent it.")
                                : new SendResult.Unknown("The Mac does not show it, or not yet.")));
    }

    private static boolean is(ImsgMessage row, Part part) {
        Attachment file = part.file();
        String text = part.text();
        return file != null
                ? row.attachments().stream().anyMatch(it -> plain(it.name()).equals(plain(MacFiles.name(file))))
                : text != null && plain(row.text()).equals(plain(text));
    }

    private static String plain(String text) {
        return UNSEEN.matcher(Normalizer.normalize(text, Normalizer.Form.NFC)).replaceAll("");
    }
}
