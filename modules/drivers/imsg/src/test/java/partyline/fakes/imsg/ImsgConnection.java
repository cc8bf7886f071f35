package partyline.fakes.imsg;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import partyline.drivers.contract.FakeLine;
import partyline.kernel.Json;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// One process of the fake imsg: answers in its words, and is as strict about params. What changes something goes one
/// after the other; the rest does not wait for it.
final class ImsgConnection {

    /// A JSON-RPC error.
    private static final class Refusal extends RuntimeException {

        private static final long serialVersionUID = 1L;
        private final transient ObjectNode error;

        Refusal(int code, String message, JsonNode data) {
            super(message);
            error = Json.object().put("code", code).put("message", message);
            error.set("data", data);
        }

        static Refusal invalid(String what) {
            return new Refusal(-32602, "Invalid params", Json.text(what));
        }

        static Refusal delivery(String disposition) {
            boolean safe = disposition.equals("not_started");
            return new Refusal(
                    safe ? -32603 : -32001,
                    safe ? "Delivery failed before dispatch" : "Delivery outcome unknown",
                    Json.object()
                            .put("retry_safe", safe)
                            .put("disposition", disposition)
                            .put("transport", "bridge_v2")
                            .put("operation", "send")
                            .put("detail", "as the fake says"));
        }
    }

    /// No answer will come.
    private static final class Silence extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    private static final Set<String> READS = Set.of(
            "initialize",
            "status",
            "watch.subscribe",
            "chats.list",
            "messages.after",
            "messages.history",
            "message.send_status",
            "bridge.events.subscribe",
            "handles.check");
    private static final Set<String> OF_BRIDGE =
            Set.of("send.tracked", "send.rich", "chats.create", "tapback", "bridge.events.subscribe", "handles.check");
    private static final Set<String> OF_DATABASE = Set.of(
            "watch.subscribe",
            "chats.list",
            "messages.after",
            "messages.history",
            "message.send_status",
            "send.tracked");
    private static final Map<String, Set<String>> PARAMS = Map.ofEntries(
            Map.entry("initialize", Set.of("protocol_version")),
            Map.entry("status", Set.of()),
            Map.entry("watch.subscribe", Set.of("since_rowid", "attachments", "include_reactions", "debounce_ms")),
            Map.entry("bridge.events.subscribe", Set.of("buffer_limit")),
            Map.entry("chats.list", Set.of("limit", "unread_only")),
            Map.entry("messages.after", Set.of("since_rowid", "chat_id", "limit", "attachments", "include_reactions")),
            Map.entry("messages.history", Set.of("chat_id", "limit", "attachments", "start", "end")),
            Map.entry("message.send_status", Set.of("guid")),
            Map.entry("handles.check", Set.of("address")),
            Map.entry("send", Set.of("to", "text", "file", "service", "transport", "allow_sms_fallback")),
            Map.entry("send.tracked", Set.of("to", "chat_guid", "text", "service", "attempt_id")),
            Map.entry("chats.create", Set.of("addresses", "service", "name", "text")),
            Map.entry("send.rich", Set.of("chat_identifier", "chat_guid", "text", "effect")),
            Map.entry(
                    "tapback", Set.of("chat_identifier", "message_guid", "reaction", "emoji", "remove", "part_index")),
            Map.entry("typing", Set.of("to", "typing", "service")),
            Map.entry("read", Set.of("to")));

    private final FakeImsg mac;
    private final Socket socket;
    private final List<ImsgConnection> all;
    private final ExecutorService mutations =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().factory());
    private volatile long pid = -1;
    private volatile boolean watching;
    private volatile boolean events;
    private volatile boolean blocked;

    ImsgConnection(FakeImsg mac, Socket socket, List<ImsgConnection> all) {
        this.mac = mac;
        this.socket = socket;
        this.all = all;
    }

    void start() {
        all.add(this);
        Thread.ofPlatform().daemon().name("fake-imsg-rpc").start(this::serve);
    }

    void kill() {
        all.remove(this);
        if (pid > 0) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isWatching() {
        return watching;
    }

    void tell(ImsgRow row) {
        if (watching) {
            ObjectNode params = Json.object().put("subscription", 1);
            params.set("message", row.json(FakeImsg.chatId(row.chat), false));
            print(Json.object().put("jsonrpc", "2.0").put("method", "message").set("params", params));
        }
    }

    void types(boolean typing, String chat) {
        if (events) {
            ObjectNode event = Json.object().put("event", typing ? "started-typing" : "stopped-typing");
            event.putObject("data").put("chatGuid", chat);
            ObjectNode params = Json.object().put("subscription", 2);
            params.set("event", event);
            print(Json.object()
                    .put("jsonrpc", "2.0")
                    .put("method", "bridge.event")
                    .set("params", params));
        }
    }

    private void serve() {
        try (BufferedReader told =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            pid = Long.parseLong(told.readLine());
            mac.pids.add(pid);
            write("Last login: Mon Nov 30 on ttys001");
            for (String line = told.readLine(); line != null; line = told.readLine()) {
                JsonNode request = Json.read(line);
                if (READS.contains(request.path("method").asString())) {
                    answer(request);
                } else {
                    mutations.execute(() -> answer(request));
                }
            }
            mutations.close();
        } catch (IOException e) {
            mutations.shutdownNow();
        } finally {
            kill();
        }
    }

    private void answer(JsonNode request) {
        ObjectNode reply = Json.object().put("jsonrpc", "2.0");
        reply.set("id", request.path("id"));
        try {
            reply.set("result", result(request.path("method").asString(), request.path("params")));
        } catch (Refusal e) {
            reply.set("error", e.error);
        } catch (Silence e) {
            return;
        }
        print(reply);
    }

    private void print(JsonNode line) {
        write(Json.write(line));
    }

    private synchronized void write(String line) {
        try {
            OutputStream out = socket.getOutputStream();
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            watching = false;
        }
    }

    private JsonNode result(String method, JsonNode params) {
        Set<String> known = mac.outdated && method.equals("initialize") ? null : PARAMS.get(method);
        if (known == null) {
            throw new Refusal(-32601, "Method not found", Json.text(method));
        }
        params.propertyNames().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw Refusal.invalid("unknown param " + name);
                });
        if (OF_BRIDGE.contains(method) && !mac.bridge) {
            throw new Refusal(-32003, "Bridge unavailable", Json.object().put("retryable", true));
        }
        if (OF_DATABASE.contains(method) && !mac.database) {
            throw new Refusal(-32002, "Database unavailable", Json.object().put("retryable", true));
        }
        if (blocked && !READS.contains(method)) {
            throw new Refusal(-32004, "Mutation lane blocked", Json.object().put("retry_safe", false));
        }
        return switch (method) {
            case "initialize", "status" -> status();
            case "watch.subscribe" -> {
                watching = true;
                yield Json.object().put("subscription", 1).put("buffer_limit", 256);
            }
            case "bridge.events.subscribe" -> {
                events = true;
                yield Json.object().put("subscription", 2).put("resumable", false);
            }
            case "chats.list" -> chats(params.path("limit").asInt(20));
            case "messages.after" -> after(params);
            case "messages.history" -> history(params);
            case "message.send_status" -> sendStatus(params.path("guid").asString());
            case "handles.check" -> Json.object().put("ok", true).put("available", mac.service == Service.IMESSAGE);
            case "typing" -> {
                mac.typing = params.path("typing").asBoolean(true);
                yield ok();
            }
            case "read" -> {
                mac.read = true;
                yield ok();
            }
            case "tapback" -> tapback(params);
            case "chats.create" -> {
                String guid = "iMessage;-;" + params.path("addresses").path(0).asString();
                mac.chats.add(guid);
                yield ok().put("chat_guid", guid);
            }
            default -> send(method, params);
        };
    }

    private ObjectNode status() {
        ObjectNode status = Json.object().put("version", "0.15.10").put("protocol_version", 1);
        status.putObject("database").put("path", "/chat.db").put("ready", mac.database);
        status.putObject("bridge").put("ready", mac.bridge);
        ArrayNode methods = status.putArray("methods");
        PARAMS.keySet().stream()
                .filter(it -> mac.bridge || !OF_BRIDGE.contains(it))
                .filter(it -> mac.database || !OF_DATABASE.contains(it))
                .forEach(methods::add);
        if (mac.bridge) {
            status.putObject("capabilities").putObject("features").put("tapback.emoji", 2);
        }
        return status;
    }

    private ObjectNode chats(int limit) {
        ObjectNode result = Json.object();
        ArrayNode chats = result.putArray("chats");
        List<ImsgRow> newest = new ArrayList<>(mac.rows(row -> row.joined));
        newest.sort(Comparator.comparing((ImsgRow row) -> row.at).reversed());
        newest.stream()
                .map(row -> row.chat)
                .distinct()
                .limit(limit)
                .forEach(chat -> chats.addObject()
                        .put("id", FakeImsg.chatId(chat))
                        .put("guid", chat)
                        .put("identifier", chat.substring(chat.lastIndexOf(';') + 1))
                        .put(
                                "service",
                                chat.startsWith("any")
                                        ? FakeImsg.name(mac.service)
                                        : chat.substring(0, chat.indexOf(';')))
                        .put("is_group", chat.contains(";+;"))
                        .put("last_addressed_handle", mac.sendsFrom));
        return result;
    }

    private ObjectNode after(JsonNode params) {
        long since = params.path("since_rowid").asLong(-1);
        int limit = params.path("limit").asInt(100);
        if (since < 0 || limit < 1 || limit > 500) {
            throw Refusal.invalid("since_rowid or limit");
        }
        boolean reactions = params.path("include_reactions").asBoolean(false);
        List<ImsgRow> found = mac.rows(row -> row.id > since && row.joined && (reactions || !row.isReaction()));
        List<ImsgRow> page = found.stream().limit(limit).toList();
        ObjectNode result = messages(page, params.path("attachments").asBoolean(false));
        return result.put("next_rowid", page.isEmpty() ? since : page.getLast().id)
                .put("has_more", found.size() > page.size());
    }

    private ObjectNode history(JsonNode params) {
        long chat = params.path("chat_id").asLong(0);
        List<ImsgRow> found =
                new ArrayList<>(mac.rows(row -> row.joined && !row.isReaction() && FakeImsg.chatId(row.chat) == chat));
        found.sort(Comparator.comparing((ImsgRow row) -> row.at).reversed());
        return messages(
                found.stream().limit(params.path("limit").asInt(50)).toList(),
                params.path("attachments").asBoolean(false));
    }

    private static ObjectNode messages(List<ImsgRow> rows, boolean attachments) {
        ObjectNode result = Json.object();
        ArrayNode messages = result.putArray("messages");
        rows.forEach(row -> messages.add(row.json(FakeImsg.chatId(row.chat), attachments)));
        return result;
    }

    private ObjectNode sendStatus(String guid) {
        ObjectNode result = Json.object().put("ok", true).put("guid", guid).put("send_state", "pending");
        Optional<ImsgRow> found = mac.find(guid);
        if (found.isEmpty()) {
            return result.putNull("service").putNull("status_fields");
        }
        ImsgRow row = found.get();
        boolean delivered = row.service != Service.SMS && row.error == 0;
        String state = row.error != 0 ? "failed" : delivered ? "delivered" : "sent";
        result.put("send_state", state).put("service", FakeImsg.name(row.service));
        ObjectNode fields = result.putObject("status_fields")
                .put("error", row.error)
                .put("is_delivered", delivered)
                .put("date_delivered", row.at.toString());
        if (row.readAt == null) {
            fields.putNull("date_read");
        } else {
            fields.put("date_read", row.readAt.toString());
        }
        return result;
    }

    private ObjectNode tapback(JsonNode params) {
        ImsgRow target =
                mac.find(params.path("message_guid").asString()).orElseThrow(() -> Refusal.invalid("no such message"));
        String reaction = params.path("reaction").asString("custom");
        mac.insert(target.chat, true, "", row -> {
            row.target = "p:" + params.path("part_index").asInt(0) + "/" + target.guid;
            row.reaction = reaction.equals("emphasize") ? "emphasis" : reaction;
            row.emoji = params.path("emoji").asString("");
            row.removed = params.path("remove").asBoolean(false);
        });
        return ok();
    }

    private ObjectNode send(String method, JsonNode params) {
        String chat = params.path("chat_guid").asString("");
        String person = chat.isEmpty()
                ? params.path("to").asString(params.path("chat_identifier").asString(""))
                : chat.substring(chat.lastIndexOf(';') + 1);
        boolean known = mac.chats.contains(chat)
                || !mac.rows(row -> row.joined && row.chat.endsWith(";" + person))
                        .isEmpty();
        if (!method.equals("send") && !known) {
            throw Refusal.invalid("bridge transport requires an existing chat target");
        }
        String attempt = params.path("attempt_id").asString("");
        if (!attempt.isEmpty() && mac.find(UUID.fromString(attempt).toString()).isPresent()) {
            throw Refusal.delivery("not_started");
        }
        goWrong(params);
        Service service = service(params.path("service").asString("auto"));
        boolean lost = happens(FakeLine.Trouble.LOST_WITHOUT_ANSWER);
        boolean dies = lost || happens(FakeLine.Trouble.SENT_WITHOUT_ANSWER);
        boolean repeats = happens(FakeLine.Trouble.REPEATS_ID);
        Optional<ImsgRow> before =
                mac.rows(row -> row.fromMe && !row.isReaction()).stream().reduce((_, it) -> it);
        FakeImsg.Mishap mishap = mac.mishap.getAndSet(null);
        ImsgRow row = lost ? null : sent(params, person, service, attempt, mishap);
        if (dies) {
            kill();
            throw new Silence();
        }
        if (mishap == FakeImsg.Mishap.IN_FLIGHT) {
            blocked = true;
            throw Refusal.delivery("still_in_flight");
        }
        if (mishap != null) {
            throw Refusal.delivery("may_have_completed");
        }
        String guid = repeats && attempt.isEmpty() && before.isPresent() ? before.get().guid : row.guid;
        return ok().put("id", row.id)
                .put("guid", guid)
                .put("message_id", guid)
                .put("chat_guid", row.chat)
                .put("service", FakeImsg.name(service))
                .put("transport", mac.bridge && known ? "bridge" : "applescript");
    }

    private ImsgRow sent(JsonNode params, String person, Service service, String attempt, FakeImsg.Mishap mishap) {
        String name = mac.prefix.isEmpty() ? FakeImsg.name(service) : mac.prefix;
        boolean ghost = mishap == FakeImsg.Mishap.GHOST;
        String file = params.path("file").asString("");
        if (!file.isEmpty() && !isThere(file)) {
            throw Refusal.delivery("not_started");
        }
        mac.typing = false;
        ImsgRow row = mac.insert(
                name + ";-;" + person, true, ghost ? "" : params.path("text").asString("\uFFFC"), it -> {
                    it.guid = attempt.isEmpty() ? it.guid : attempt;
                    it.service = service;
                    it.joined = !ghost;
                    it.file = file.isEmpty() ? null : file;
                    it.name = file.substring(file.lastIndexOf('/') + 1);
                    it.effect = params.path("effect").asString(null);
                    it.error = service == Service.IMESSAGE && mac.service != Service.IMESSAGE ? 22 : 0;
                });
        mac.tell(row);
        return row;
    }

    /// What imsg stages is there, alone in a folder, whatever characters its name has.
    private static boolean isThere(String file) {
        Path folder = Path.of(file.substring(0, Math.max(0, file.lastIndexOf('/'))));
        try (Stream<Path> files = Files.list(folder)) {
            return folder.isAbsolute() && files.count() == 1;
        } catch (IOException e) {
            return false;
        }
    }

    private void goWrong(JsonNode params) {
        String text = params.path("text").asString("");
        if (happens(FakeLine.Trouble.REFUSED)) {
            mac.refused.put(text, "it is not allowed");
        }
        if (happens(FakeLine.Trouble.NAMES_US)) {
            mac.refused.put(text, FakeLine.NAMING);
        }
        if (mac.refused.containsKey(text)) {
            throw Refusal.invalid(mac.refused.get(text));
        }
        if (happens(FakeLine.Trouble.NOT_TAKEN)) {
            throw Refusal.delivery("not_started");
        }
        if (happens(FakeLine.Trouble.HANGS)) {
            throw new Silence();
        }
        if (mac.mishap.compareAndSet(FakeImsg.Mishap.SLOW, null)) {
            mac.takeTime();
        }
    }

    private boolean happens(FakeLine.Trouble trouble) {
        return mac.trouble.compareAndSet(trouble, null);
    }

    private Service service(String wanted) {
        return switch (wanted) {
            case "sms" -> Service.SMS;
            case "imessage" -> Service.IMESSAGE;
            case "auto" -> mac.service;
            default -> throw Refusal.invalid("service");
        };
    }

    private static ObjectNode ok() {
        return Json.object().put("ok", true);
    }
}
