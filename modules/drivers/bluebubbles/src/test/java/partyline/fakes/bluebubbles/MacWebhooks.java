package partyline.fakes.bluebubbles;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import partyline.drivers.contract.FakeLine;
import partyline.kernel.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The webhooks of the Mac's server: posted once, without a signature, and lost when nobody takes them.
final class MacWebhooks implements AutoCloseable {

    static final Set<String> EVENTS = Set.of(
            "*",
            "new-message",
            "updated-message",
            "message-send-error",
            "group-name-change",
            "group-icon-changed",
            "group-icon-removed",
            "participant-removed",
            "participant-added",
            "participant-left",
            "chat-read-status-changed",
            "typing-indicator",
            "scheduled-message-error",
            "server-update",
            "new-server",
            "new-findmy-location",
            "hello-world",
            "incoming-facetime",
            "ft-call-status-changed",
            "imessage-alias-removed");
    private static final Duration LATE = Duration.ofMillis(300);

    private record Hook(int id, String url, List<String> events) {

        ObjectNode json() {
            ObjectNode json = Json.object().put("id", id).put("url", url);
            ArrayNode names = json.putArray("events");
            events.forEach(names::add);
            return json;
        }
    }

    private final List<Hook> hooks = new CopyOnWriteArrayList<>();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final ScheduledExecutorService post = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("fake-mac-hooks").factory());
    private volatile FakeLine.Way way = FakeLine.Way.STRAIGHT;
    private @Nullable String held;
    private int lastId;

    /// Registers; the same address again changes nothing, not even its events. Empty when an event does not exist.
    synchronized Optional<JsonNode> register(String url, List<String> events) {
        if (!EVENTS.containsAll(events)) {
            return Optional.empty();
        }
        return hooks.stream()
                .filter(hook -> hook.url().equals(url))
                .findFirst()
                .or(() -> {
                    lastId++;
                    Hook hook = new Hook(lastId, url, List.copyOf(events));
                    hooks.add(hook);
                    return Optional.of(hook);
                })
                .map(Hook::json);
    }

    ArrayNode list() {
        ArrayNode list = Json.array();
        hooks.forEach(hook -> list.add(hook.json()));
        return list;
    }

    boolean remove(int id) {
        return hooks.removeIf(hook -> hook.id() == id);
    }

    void clear() {
        hooks.clear();
    }

    void go(FakeLine.Way next) {
        way = next;
    }

    void tell(String type, @Nullable JsonNode data) {
        ObjectNode body = Json.object().put("type", type);
        body.set("data", data);
        String text = Json.write(body);
        switch (way) {
            case LOST -> {}
            case STRAIGHT -> soon(() -> deliver(text));
            case DOUBLED ->
                soon(() -> {
                    deliver(text);
                    deliver(text);
                });
            case REORDERED -> soon(() -> hold(text));
            case DELAYED -> later(() -> deliver(text));
        }
    }

    void tellAgain() {
        List<String> all = new ArrayList<>(told);
        soon(() -> all.reversed().forEach(this::deliver));
    }

    /// Forgets what is under way, as a process that ends does.
    @Override
    public void close() {
        post.shutdownNow();
        client.close();
    }

    private void soon(Runnable task) {
        try {
            post.execute(task);
        } catch (RejectedExecutionException e) {
            way = FakeLine.Way.LOST;
        }
    }

    private void later(Runnable task) {
        post.schedule(task, LATE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Keeps every second one until the next is through, or a moment has passed.
    private void hold(String text) {
        String before = held;
        if (before == null) {
            held = text;
            later(this::release);
        } else {
            held = null;
            deliver(text);
            deliver(before);
        }
    }

    private void release() {
        String kept = held;
        held = null;
        if (kept != null) {
            deliver(kept);
        }
    }

    private void deliver(String text) {
        if (!told.contains(text)) {
            told.add(text);
        }
        String type = Json.read(text).path("type").asString();
        for (Hook hook : hooks) {
            if (hook.events().contains(type) || hook.events().contains("*")) {
                post(hook, text);
            }
        }
    }

    private void post(Hook hook, String text) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(hook.url()))
                .timeout(Duration.ofSeconds(5))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(text))
                .build();
        try {
            client.send(request, BodyHandlers.discarding());
        } catch (IOException e) {
            // As the original does: what was not taken is gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
