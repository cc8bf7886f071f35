package partyline.drivers.linq;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import partyline.drivers.InboundTranslator;
import partyline.drivers.KnownServices;
import partyline.drivers.Reconciler;
import partyline.drivers.ServiceMessage;
import partyline.drivers.ServiceMessage.Content;
import partyline.drivers.ServiceMessage.Ends;
import partyline.drivers.ServiceMessage.Progress;
import partyline.kernel.PhoneNumber;
import partyline.transport.InboundEvent.TapbackReceived;
import partyline.transport.InboundEvent.TextEdited;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import partyline.transport.Receipt;
import partyline.transport.SendResult;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;

/// Takes the events that Linq calls us with. Thread-safe.
record LinqEvents(
        LineSetup setup,
        LinqClient client,
        LinqChats chats,
        KnownServices services,
        Reconciler reconciler,
        LinqLine line,
        InboundTranslator translator) {

    /// False when Linq is to tell it again: something that we had to ask for it could not be had. That a person is out
    /// (`message.opt_out`) is not subscribed to: the word comes as a text, and a refused send says so.
    boolean take(JsonNode event) {
        JsonNode data = event.path("data");
        String id = event.path("event_id").asString("");
        switch (event.path("event_type").asString("")) {
            case "message.received" -> received(data);
            case "message.sent" -> progress(data, Receipt.Kind.SENT);
            case "message.delivered" -> progress(data, Receipt.Kind.DELIVERED);
            case "message.read" -> progress(data, Receipt.Kind.READ);
            case "message.failed" -> failed(data);
            case "message.edited" -> edited(id, data);
            case "reaction.added" -> {
                return reacted(id, data, false);
            }
            case "reaction.removed" -> {
                return reacted(id, data, true);
            }
            case "chat.typing_indicator.started" -> typed(data, true);
            case "chat.typing_indicator.stopped" -> typed(data, false);
            case "phone_number.status_updated" -> line.told(data);
            default -> translator.dropped("event");
        }
        return true;
    }

    private void received(JsonNode data) {
        ServiceMessage told = LinqMessages.called(data, Optional.empty());
        String chat = data.path("chat").path("id").asString("");
        if (isOurs(told) && !told.outbound()) {
            told.ends().person().ifPresent(person -> chats.learn(chat, person));
        }
        translator.received(told);
    }

    /// A call about a send brings the key that it was sent under, so it tells the id when the answer did not.
    private void progress(JsonNode data, Receipt.Kind kind) {
        ServiceMessage told = LinqMessages.called(data, Optional.of(kind));
        String key = data.path("idempotency_key").asString("");
        if (isOurs(told)) {
            if (!key.isEmpty()) {
                reconciler.sent(key, told.id());
            }
            translator.listed(told);
        }
    }

    private void failed(JsonNode data) {
        Optional<PhoneNumber> person = chatOf(data).flatMap(LinqChat::person);
        Receipt.Failure why = LinqMessages.failure(
                data.path("code").asInt(0), data.path("reason").asString(""));
        failed(data.path("message_id").asString(""), person, why, LinqMessages.instant(data, "failed_at"));
    }

    /// Of a line that sends iMessages alone it is found out first whether the person has no more of it.
    void failed(String id, Optional<PhoneNumber> person, Receipt.Failure why, Optional<Instant> at) {
        Optional<Service> now = person.filter(_ -> setup.line().fallback() == Line.Fallback.NONE)
                .flatMap(client::service)
                .filter(service -> service != Service.IMESSAGE);
        now.ifPresent(service -> services.saw(person.orElseThrow(), service, setup.now()));
        Receipt.Failure told = now.isEmpty()
                ? why
                : new Receipt.Failure(SendResult.Refused.NO_IMESSAGE, "The person has no iMessage any more.");
        Progress progress = new Progress(Optional.of(Receipt.Kind.FAILED), Optional.of(told), at);
        translator.progress(id, progress, Optional.empty());
    }

    /// A message of a list: a failure is told as if Linq had called with it.
    void listed(ServiceMessage message) {
        Optional<Receipt.Failure> why = message.progress().failure();
        if (!message.outbound()) {
            translator.received(message);
        } else if (why.isPresent() && reconciler.isSent(message.id())) {
            failed(
                    message.id(),
                    message.ends().person(),
                    why.get(),
                    message.progress().at());
        } else {
            translator.listed(message);
        }
    }

    private void edited(String event, JsonNode data) {
        ServiceMessage told = LinqMessages.called(data, Optional.empty());
        translator
                .sender(told)
                .map(person -> new TextEdited(
                        setup.id(),
                        person,
                        LinqMessages.instant(data, "edited_at").orElse(setup.now()),
                        event,
                        told.id(),
                        data.path("part").path("text").asString("")))
                .ifPresent(translator.inbound()::accept);
    }

    /// A sticker is dropped, of which Linq tells as of a reaction. In which chat it was, and so on which line, is
    /// asked.
    private boolean reacted(String event, JsonNode data, boolean removed) {
        if (data.path("is_from_me").asBoolean(false)) {
            return true;
        }
        Optional<LinqChat> chat = chatOf(data);
        chat.flatMap(it -> sender(data, it))
                .map(person -> tapback(event, data, person, removed))
                .ifPresent(tapback -> {
                    if (tapback.reaction().equals("sticker")) {
                        translator.dropped("sticker");
                    } else {
                        translator.inbound().accept(tapback);
                    }
                });
        return chat.isPresent();
    }

    private Optional<PhoneNumber> sender(JsonNode data, LinqChat chat) {
        String address = data.path("from_handle").path("handle").asString("");
        Ends ends = new Ends(PhoneNumber.parse(address), chat.line(), chat.group(), address);
        Content nothing = new Content(null, List.of(), null);
        return translator.sender(
                new ServiceMessage("", false, ends, nothing, Optional.empty(), Progress.NONE, Optional.empty()));
    }

    private TapbackReceived tapback(String event, JsonNode data, PhoneNumber person, boolean removed) {
        String emoji = data.path("custom_emoji").asString("");
        return new TapbackReceived(
                setup.id(),
                person,
                LinqMessages.instant(data, "reacted_at").orElse(setup.now()),
                event,
                data.path("message_id").asString(""),
                data.path("reaction_type").asString(""),
                emoji.isEmpty() ? null : emoji,
                data.path("part_index").asInt(0),
                removed);
    }

    private void typed(JsonNode data, boolean typing) {
        chatOf(data)
                .filter(chat -> chat.isOf(setup.line().number()))
                .flatMap(LinqChat::person)
                .ifPresent(person -> translator.inbound().typing(setup.id(), person, typing));
    }

    private Optional<LinqChat> chatOf(JsonNode data) {
        String id = data.path("chat_id").asString(data.path("chat").path("id").asString(""));
        return id.isEmpty() ? Optional.empty() : chats.chat(id);
    }

    /// Between this line and one person.
    private boolean isOurs(ServiceMessage told) {
        return !told.ends().group()
                && told.ends()
                        .line()
                        .orElse(setup.line().number())
                        .equals(setup.line().number());
    }
}
