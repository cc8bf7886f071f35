package partyline.drivers.bluebubbles;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import partyline.drivers.AppleErrors;
import partyline.drivers.KnownServices;
import partyline.drivers.Reconciler;
import partyline.drivers.Reply;
import partyline.drivers.bluebubbles.Chats.Chat;
import partyline.drivers.bluebubbles.MessageParts.Piece;
import partyline.kernel.Json;
import partyline.transport.Attachments.Attachment;
import partyline.transport.LineSetup;
import partyline.transport.Outgoing;
import partyline.transport.Receipt;
import partyline.transport.SendResult;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Sends, piece by piece, and finds out afterwards what became of a piece whose answer was lost. `lastRead`
/// tells the highest ROWID that was read. Thread-safe.
record BlueBubblesSender(
        LineSetup setup,
        MacApi api,
        MacStatus status,
        KnownServices services,
        Chats chats,
        OwnMessages own,
        Reconciler reconciler,
        LongSupplier lastRead) {

    private static final Duration TURN = Duration.ofSeconds(1);
    private static final SendResult.Refused NO_IMESSAGE = new SendResult.Refused(
            SendResult.Refused.NO_IMESSAGE, "This person has no iMessage, and this line cannot send them an SMS.");
    private static final SendResult NOTHING_LEFT =
            new SendResult.Refused("media_unavailable", "The attachment could not be read, and there are no words.");
    private static final Duration ANSWER = Duration.ofSeconds(45);
    private static final SendResult NOT_OURS = new SendResult.Unknown("The Mac named another message.");

    SendResult send(Outgoing message) {
        Chat chat = chats.with(message.to());
        chat.turn().lock();
        try {
            return sent(chat, message).orElseGet(() -> sendInTurn(chat, message));
        } finally {
            chat.turn().unlock();
        }
    }

    SendResult reconcile(Outgoing message, Instant since) {
        Chat chat = chats.with(message.to());
        if (!chat.tryTurn(TURN)) {
            return new SendResult.Unknown("The Mac is still sending to this person.");
        }
        try {
            return sent(chat, message).orElseGet(() -> look(chat, message, since));
        } finally {
            chat.turn().unlock();
        }
    }

    private SendResult sendInTurn(Chat chat, Outgoing message) {
        Optional<Route> route = route(chat);
        if (route.isEmpty()) {
            return NO_IMESSAGE;
        }
        SendResult result = inPieces(
                chat,
                message,
                route.get(),
                (piece, _) -> search().handOver(
                                chat,
                                piece,
                                setup.now(),
                                lastRead.getAsLong(),
                                () -> put(piece, route.get(), message)));
        if (result instanceof SendResult.Unknown) {
            reconciler.doubt(message);
        }
        return result;
    }

    /// A piece after one that was found was never handed over.
    private SendResult look(Chat chat, Outgoing message, Instant since) {
        return inPieces(chat, message, way(chat), (piece, first) -> {
            SendAnswers answer = search().find(chat, piece, since);
            return answer instanceof SendAnswers.NotDone && first && !reconciler.isLost(message)
                    ? new SendAnswers.Doubtful("The Mac's database does not have it, or not yet.")
                    : answer;
        });
    }

    /// One piece after the other, but those that are known to have gone. What `next` says of a piece, and whether it
    /// is the first of them, may end it.
    private SendResult inPieces(
            Chat chat, Outgoing message, Route route, BiFunction<Piece, Boolean, SendAnswers> next) {
        try (MessageParts parts = MessageParts.of(message, route, setup.around().attachments())) {
            boolean first = true;
            for (Piece piece : parts.pieces()) {
                if (reconciler.sentAs(piece.key()).isPresent()) {
                    continue;
                }
                Optional<SendResult> stopped = settle(chat, piece, route, next.apply(piece, first));
                if (stopped.isPresent()) {
                    return stopped.get();
                }
                first = false;
            }
            return accepted(message, route.service(), parts.leftOut())
                    .orElseGet(() -> parts.pieces().isEmpty() ? NOTHING_LEFT : NOT_OURS);
        }
    }

    /// Notes what went out; anything else ends the send.
    private Optional<SendResult> settle(Chat chat, Piece piece, Route route, SendAnswers answer) {
        if (answer instanceof SendAnswers.Went(MacMessage row, String chatGuid)) {
            if (!chatGuid.isEmpty()) {
                chat.guid(chatGuid);
            }
            reconciler.sent(piece.key(), row.guid());
            own.watch(row.guid(), chat.person());
            return Optional.empty();
        }
        answer.row().map(MacMessage::guid).ifPresent(chats::failed);
        return Optional.of(result(chat, route, answer));
    }

    private SendResult result(Chat chat, Route route, SendAnswers answer) {
        return switch (answer) {
            case SendAnswers.Went _ -> throw new IllegalStateException("settled before");
            case SendAnswers.Failed(int error, var _)
            when error == AppleErrors.NOT_REGISTERED -> notRegistered(chat, route);
            case SendAnswers.Failed(int error, var _) -> {
                Receipt.Failure why = AppleErrors.failure(error);
                yield new SendResult.Refused(why.code(), why.detail());
            }
            case SendAnswers.Rejected(String detail) -> new SendResult.Refused("bad_request", detail);
            case SendAnswers.NoChat()
            when route.chat().isEmpty() ->
                new SendResult.Refused("no_chat", "The Mac could not begin a chat with this person.");
            case SendAnswers.NoChat() -> {
                chat.startAnew();
                yield new SendResult.NotSent("The Mac does not have this chat; it will be begun anew.");
            }
            case SendAnswers.NotDone(String detail) -> {
                status.refresh();
                yield new SendResult.NotSent(detail);
            }
            case SendAnswers.Doubtful(String detail) -> new SendResult.Unknown(detail);
        };
    }

    private SendResult notRegistered(Chat chat, Route route) {
        services.saw(chat.person(), Service.SMS, setup.now());
        return !route.sms() && route(chat).isPresent()
                ? new SendResult.NotSent("This person has no iMessage; it goes as SMS.")
                : NO_IMESSAGE;
    }

    private Reply put(Piece piece, Route route, Outgoing message) {
        Attachment file = piece.file();
        if (route.chat().isEmpty() && chats.with(message.to()).guid().isEmpty()) {
            return file == null ? begin(piece, route, message) : new Reply.Answered(404, "{\"status\": 404}");
        }
        String chat = route.chat().or(() -> chats.with(message.to()).guid()).orElseThrow();
        if (file == null) {
            ObjectNode body = body(piece, route).put("chatGuid", chat).put("message", piece.text());
            return api.act("/message/text", body, MacApi.SEND);
        }
        return piece.text() == null ? attach(piece, route, chat, file) : together(piece, route, chat, file);
    }

    private Reply begin(Piece piece, Route route, Outgoing message) {
        ObjectNode body =
                body(piece, route).put("message", piece.text()).put("service", route.sms() ? "SMS" : "iMessage");
        body.putArray("addresses").add(message.to().text());
        return api.act("/chat/new", body, MacApi.SEND);
    }

    private Reply attach(Piece piece, Route route, String chat, Attachment file) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("chatGuid", chat);
        fields.put("tempGuid", piece.tempGuid());
        fields.put("name", file.name());
        fields.put("method", route.method());
        return api.upload("/message/attachment", fields, file);
    }

    private Reply together(Piece piece, Route route, String chat, Attachment file) {
        Optional<JsonNode> uploaded =
                api.upload("/attachment/upload", Map.of(), file).answer();
        if (uploaded.isEmpty()) {
            return new Reply.Unreachable("the attachment could not be uploaded");
        }
        ObjectNode body = body(piece, route).put("chatGuid", chat);
        ArrayNode parts = body.putArray("parts");
        parts.addObject().put("partIndex", 0).put("text", piece.text());
        parts.addObject()
                .put("partIndex", 1)
                .put("attachment", uploaded.get().path("data").path("path").asString(""))
                .put("name", file.name());
        return api.act("/message/multipart", body, MacApi.UPLOAD);
    }

    /// Answers in the chat in which somebody wrote from this address.
    void answer(String address, String words) {
        Optional<String> chat = Stream.of("iMessage", "any")
                .map(prefix -> prefix + ";-;" + address)
                .filter(guid -> api.get("/chat/" + MacApi.part(guid)).success())
                .findFirst();
        chat.ifPresent(guid -> {
            ObjectNode body = Json.object()
                    .put("chatGuid", guid)
                    .put("tempGuid", "partyline-" + UUID.randomUUID())
                    .put("method", status.now().privateApi() ? "private-api" : "apple-script")
                    .put("message", words);
            api.act("/message/text", body, ANSWER);
        });
    }

    private static ObjectNode body(Piece piece, Route route) {
        ObjectNode body = Json.object().put("tempGuid", piece.tempGuid()).put("method", route.method());
        piece.effect().ifPresent(effect -> body.put("effectId", effect));
        return body;
    }

    /// What went out before did so as it would go now, for all we know.
    private Optional<SendResult> sent(Chat chat, Outgoing message) {
        if (reconciler.sentAs(message.clientId().text()).isEmpty()) {
            return Optional.empty();
        }
        Route route = way(chat);
        try (MessageParts parts = MessageParts.of(message, route, setup.around().attachments())) {
            return accepted(message, route.service(), parts.leftOut());
        }
    }

    private Optional<SendResult> accepted(Outgoing message, Service service, Set<String> leftOut) {
        return reconciler
                .sentAs(message.clientId().text())
                .map(guid -> new SendResult.Accepted(guid, service, true, leftOut));
    }

    /// Of what may have gone already, also when the person can no longer be reached.
    private Route way(Chat chat) {
        return route(chat)
                .orElseGet(() -> new Route(chat.guid(), false, status.now().privateApi()));
    }

    private Optional<Route> route(Chat chat) {
        return new Route.Finder(setup.line(), status, services, chats).to(chat);
    }

    private SentSearch search() {
        return new SentSearch(api, chats);
    }
}
