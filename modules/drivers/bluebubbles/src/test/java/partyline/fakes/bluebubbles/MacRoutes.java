package partyline.fakes.bluebubbles;

import static partyline.fakes.bluebubbles.MacServer.bad;
import static partyline.fakes.bluebubbles.MacServer.error;
import static partyline.fakes.bluebubbles.MacServer.missing;
import static partyline.fakes.bluebubbles.MacServer.ok;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import partyline.fakes.bluebubbles.MacServer.Answer;
import partyline.fakes.bluebubbles.MacServer.Call;
import partyline.kernel.Json;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What the server of a [FakeMac] does on each path.
record MacRoutes(FakeMac mac) {

    Answer answer(Call call) {
        return call.path().startsWith("/message") || call.path().equals("/chat/new")
                ? new MacSending(mac).answer(call)
                : call.path().startsWith("/chat/")
                        ? chat(call)
                        : call.path().startsWith("/webhook") ? webhook(call) : other(call);
    }

    private Answer other(Call call) {
        return switch (call.path()) {
            case "/ping" -> ok("Ping received!", Json.text("pong"));
            case "/server/info" ->
                mac.infoFails
                        ? error(500, "Server error", "Server Error", "Cannot read properties of null", null)
                        : ok("Successfully fetched metadata!", info());
            case "/icloud/account" -> mac.helper ? ok("Success", account()) : noHelper();
            case "/handle/availability/imessage" ->
                mac.helper
                        ? ok("Success", Json.object().put("available", mac.service == Service.IMESSAGE))
                        : noHelper();
            case "/attachment/upload" -> upload(call);
            default -> call.path().startsWith("/attachment/") ? download(call) : missing("No such path");
        };
    }

    private ObjectNode info() {
        return Json.object()
                .put("os_version", "15.5")
                .put("server_version", mac.version)
                .put("private_api", mac.privateApi)
                .put("helper_connected", mac.helper)
                .put("detected_imessage", mac.detected);
    }

    private ObjectNode account() {
        ObjectNode account = Json.object().put("sms_forwarding_enabled", mac.smsForwarding);
        ArrayNode aliases = account.putArray("vetted_aliases");
        if (mac.signedIn) {
            aliases.addObject().put("Alias", mac.number()).put("Status", 3);
        } else {
            account.put("login_status_message", "Disconnected");
        }
        return account;
    }

    private Answer chat(Call call) {
        String[] parts = call.path().split("/");
        String chat = parts[2];
        if (!mac.knows(chat)) {
            return missing("Chat does not exist!");
        }
        String action = parts.length > 3 ? parts[3] : "";
        if (action.isEmpty()) {
            return ok("Success", Json.object().put("guid", chat));
        }
        if (!mac.helper) {
            return noHelper();
        }
        if (action.equals("read")) {
            mac.readChats.add(chat);
        } else if (action.equals("typing")) {
            boolean fixed = !mac.version.equals("1.9.9");
            mac.typing(call.method().equals("POST") || !fixed);
        }
        return ok("Success", null);
    }

    private Answer webhook(Call call) {
        if (call.is("GET", "/webhook")) {
            return call.query().containsKey("url") || call.query().containsKey("id")
                    ? error(500, "Server error", "Server Error", "Cannot read properties of null", null)
                    : ok("Success", mac.webhooks.list());
        }
        if (call.method().equals("DELETE")) {
            return mac.webhooks.remove(Integer.parseInt(call.path().substring("/webhook/".length())))
                    ? ok("Successfully deleted webhook!", null)
                    : missing("Webhook does not exist!");
        }
        List<String> events =
                call.json().path("events").valueStream().map(JsonNode::asString).toList();
        return mac.webhooks
                .register(call.field("url"), events)
                .map(hook -> ok("Successfully created webhook!", hook))
                .orElseGet(() -> bad("Invalid webhook event: x! Webhook must be one of: " + MacWebhooks.EVENTS));
    }

    private Answer upload(Call call) {
        String path = UUID.randomUUID() + "/" + call.field("attachment.filename");
        byte[] bytes = call.form().get("attachment");
        if (bytes == null) {
            return bad("attachment not provided");
        }
        mac.uploads.put(path, bytes);
        return ok("Success", Json.object().put("path", path));
    }

    private Answer download(Call call) {
        String guid = call.path().split("/")[2];
        Optional<MacRow> row =
                mac.database.all(it -> guid.equals(it.attachment)).stream().findFirst();
        return row.map(it -> new Answer(200, null, it.bytes, it.attachmentType))
                .orElseGet(() -> missing("Attachment does not exist!"));
    }

    static Answer noHelper() {
        return error(
                500,
                "Please make sure you have completed the setup for the Private API, and your helper is connected!",
                "iMessage Error",
                "iMessage Private API Helper is not connected!",
                null);
    }

    static Answer failed(String detail, @Nullable JsonNode data) {
        return error(500, "Message Send Error", "iMessage Error", detail, data);
    }
}
