package partyline.fakes.bluebubbles;

import static partyline.fakes.bluebubbles.MacRoutes.failed;
import static partyline.fakes.bluebubbles.MacServer.bad;
import static partyline.fakes.bluebubbles.MacServer.error;
import static partyline.fakes.bluebubbles.MacServer.missing;
import static partyline.fakes.bluebubbles.MacServer.ok;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import partyline.drivers.contract.FakeLine;
import partyline.fakes.bluebubbles.MacServer.Answer;
import partyline.fakes.bluebubbles.MacServer.Call;
import partyline.kernel.Json;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What the server of a [FakeMac] does with messages: send, react, look up, query.
record MacSending(FakeMac mac) {

    private static final Consumer<MacRow> PLAIN = _ -> {};
    private static final long TEN_SECONDS = 10_000;

    Answer answer(Call call) {
        return switch (call.path()) {
            case "/message/query" -> query(call);
            case "/message/text" -> text(call);
            case "/message/attachment" -> attachment(call);
            case "/message/multipart" -> multipart(call);
            case "/message/react" -> react(call);
            case "/chat/new" -> first(call);
            default -> {
                String guid = call.path().substring("/message/".length());
                yield mac.database
                        .find(guid)
                        .map(row -> ok("Success", mac.database.json(row, true)))
                        .orElseGet(() -> missing("Message does not exist!"));
            }
        };
    }

    private Answer query(Call call) {
        ObjectNode found = mac.database.query(call.json());
        ObjectNode body = Json.object().put("status", 200).put("message", "Success");
        body.set("data", found.get("data"));
        body.set("metadata", found.get("metadata"));
        return Answer.of(200, body);
    }

    private Answer text(Call call) {
        if (call.field("method").isEmpty() || call.field("message").isEmpty()) {
            return bad("The message field is required");
        }
        boolean privately = call.field("method").equals("private-api");
        if (!privately && call.json().has("effectId")) {
            return bad("effects need the private api");
        }
        return send(call, privately, call.field("message"), row -> row.effect = text(call.json(), "effectId"));
    }

    private Answer attachment(Call call) {
        byte[] bytes = call.form().get("attachment");
        if (bytes == null
                || call.field("name").isEmpty()
                || call.field("tempGuid").isEmpty()) {
            return bad("attachment and name are required");
        }
        return send(call, call.field("method").equals("private-api"), "", attached(call.field("name"), bytes));
    }

    private Answer multipart(Call call) {
        StringBuilder words = new StringBuilder();
        Consumer<MacRow> more = row -> row.effect = text(call.json(), "effectId");
        for (JsonNode part : call.json().path("parts")) {
            words.append(part.path("text").asString(""));
            if (part.has("attachment")) {
                byte[] bytes = mac.uploads.get(part.path("attachment").asString());
                if (bytes == null) {
                    return bad("no such upload");
                }
                more = more.andThen(attached(part.path("name").asString(), bytes));
            }
        }
        return send(call, true, words.toString(), more);
    }

    private Answer first(Call call) {
        String address = call.json().path("addresses").path(0).asString();
        boolean sms = call.field("service").equals("SMS");
        String chat = (sms ? "SMS" : mac.prefix) + ";-;" + address;
        return send(
                chat,
                call.field("tempGuid"),
                call.field("message"),
                row -> row.effect = text(call.json(), "effectId"),
                row -> {
                    ObjectNode made = Json.object().put("guid", chat);
                    made.putArray("messages").add(mac.database.json(row, false));
                    return made;
                });
    }

    private Answer react(Call call) {
        if (!mac.helper) {
            return MacRoutes.noHelper();
        }
        String target = call.field("selectedMessageGuid");
        if (mac.database.find(target).isEmpty()) {
            return bad("Selected message does not exist!");
        }
        MacRow row = mac.send(call.field("chatGuid"), "Loved “…”", null, it -> {
            it.associatedGuid = "p:0/" + target;
            it.associatedType = call.field("reaction");
        });
        return ok("Reaction sent!", mac.database.json(row, true));
    }

    private Answer send(Call call, boolean privately, String text, Consumer<MacRow> more) {
        String chat = call.field("chatGuid");
        if (privately && !mac.helper) {
            mac.promises.add(call.field("tempGuid"));
            return MacRoutes.noHelper();
        }
        if (!mac.knows(chat)) {
            return failed("Chat does not exist in IMChatRegistry!", null);
        }
        return send(
                chat,
                call.field("tempGuid"),
                text,
                more,
                row -> mac.database.json(privately ? row : promised(row), true).put("tempGuid", row.tempGuid));
    }

    private Answer send(
            String chat,
            String tempGuid,
            String text,
            Consumer<MacRow> more,
            java.util.function.Function<MacRow, JsonNode> shown) {
        Supplier<MacRow> go = () -> mac.send(chat, text, tempGuid, more);
        boolean unreachable = !chat.startsWith("SMS") && mac.service == Service.SMS;
        Object fault = unreachable ? FakeMac.Fault.ERROR_22 : mac.faults.poll();
        if (mac.promises.remove(tempGuid)) {
            go.get();
            return hang();
        }
        return fault == null
                ? ok("Message sent!", shown.apply(go.get()))
                : fault instanceof FakeLine.Trouble trouble
                        ? troubled(trouble, chat, text, go)
                        : faulty((FakeMac.Fault) fault, chat, text, go);
    }

    private Answer troubled(FakeLine.Trouble trouble, String chat, String text, Supplier<MacRow> go) {
        return switch (trouble) {
            case REFUSED -> unsent(chat, text, 43);
            case NOT_TAKEN -> MacRoutes.noHelper();
            case SENT_WITHOUT_ANSWER -> {
                go.get();
                yield failed("Failed to send message! See attached message error code.", null);
            }
            case LOST_WITHOUT_ANSWER -> failed("Transaction timeout", null);
            case REPEATS_ID -> {
                MacRow before = mac.database.all(row -> row.fromMe).getLast();
                go.get();
                yield ok("Message sent!", mac.database.json(before, true));
            }
            case NAMES_US -> bad(FakeLine.NAMING);
            case HANGS -> hang();
        };
    }

    private Answer faulty(FakeMac.Fault fault, String chat, String text, Supplier<MacRow> go) {
        return switch (fault) {
            case NONE -> ok("Message sent!", mac.database.json(go.get(), true));
            case SENT_504 -> {
                go.get();
                yield error(504, "Gateway Timeout", "Gateway Timeout", "The request timed out", null);
            }
            case SENT_CUT -> {
                go.get();
                yield new Answer(500, null, null, "");
            }
            case SENT_TRANSACTION_TIMEOUT -> {
                go.get();
                yield failed("Transaction timeout", null);
            }
            case SENT_ALREADY_QUEUED -> {
                go.get();
                yield bad("Message is already queued to be sent! (Temp GUID: x)");
            }
            case SENT_SILENT -> {
                go.get();
                yield hang();
            }
            case SENT_AS_PREVIOUS -> {
                MacRow before = mac.database.lastOf(chat);
                go.get();
                yield ok("Message sent!", mac.database.json(before, true));
            }
            case SLOW_UPLOAD -> {
                mac.await(mac.uploading);
                yield ok("Message sent!", mac.database.json(go.get(), true));
            }
            case SILENT_22, TOLD_22 -> {
                MacRow row = mac.database.insert(chat, true, text, mac.millis(), PLAIN);
                mac.undecided(row, fault);
                yield ok("Message sent!", mac.database.json(row, true));
            }
            case ERROR_22 -> unsent(chat, text, 22);
            case PROXY_PAGE -> new Answer(502, "<html>Bad gateway</html>", null, "text/html");
        };
    }

    /// Ends without an answer when the server ends.
    private Answer hang() {
        mac.await(mac.hanging);
        return new Answer(500, null, null, "");
    }

    /// Without the Private API the server looks for the row of a send by its letters: whatever it strips to the same,
    /// of the last ten seconds, may be what it answers with; a file by its name alone, however old.
    private MacRow promised(MacRow sent) {
        return mac
                .database
                .all(row ->
                        row != sent && row.fromMe && row.error == 0 && row.chat.equals(sent.chat) && same(row, sent))
                .stream()
                .reduce((_, last) -> last)
                .orElse(sent);
    }

    private static boolean same(MacRow row, MacRow sent) {
        return sent.attachment != null
                ? row.attachment != null && row.attachmentName.equals(sent.attachmentName)
                : row.attachment == null
                        && row.date > sent.date - TEN_SECONDS
                        && letters(row.text).equals(letters(sent.text));
    }

    private static String letters(String text) {
        return text.replaceAll("[^A-Za-z0-9]", "");
    }

    private Answer unsent(String chat, String text, int error) {
        MacRow row = mac.database.insert(chat, true, text, mac.millis(), it -> it.error = error);
        return error(
                500,
                "Message sent with an error. See attached message",
                "iMessage Error",
                "Message failed to send!",
                mac.database.json(row, true));
    }

    private static Consumer<MacRow> attached(String name, byte[] bytes) {
        return row -> {
            row.attachment = "at_0_" + row.guid;
            row.attachmentName = name;
            row.attachmentType = "image/jpeg";
            row.bytes = bytes;
        };
    }

    private static @Nullable String text(JsonNode json, String field) {
        return json.has(field) ? json.path(field).asString() : null;
    }
}
