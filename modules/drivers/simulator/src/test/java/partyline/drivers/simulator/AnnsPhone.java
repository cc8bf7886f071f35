package partyline.drivers.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.drivers.contract.LineServer.ANN;
import static partyline.drivers.contract.LineServer.LINES;
import static partyline.drivers.contract.LineServer.POOL;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import partyline.drivers.contract.LineServer;
import partyline.kernel.Json;
import partyline.transport.InboundEvent;
import partyline.transport.Outgoing;
import partyline.transport.SendResult;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;

/// Ann's hands and eyes: what she does with her phone and what it shows her.
record AnnsPhone(LineServer<Simulator> server) {

    /// A run of the program with a fast simulator, not yet started.
    static LineServer<Simulator> server(Path folder) {
        return server(folder, InstantSource.system());
    }

    static LineServer<Simulator> server(Path folder, InstantSource clock) {
        var settings = new Simulator.Settings(Duration.ofMillis(1));
        return LineServer.open(folder, clock, (database, ids) -> new Simulator(database, ids, clock, LINES, settings));
    }

    String write(String text) {
        return ((TextOutcome.Sent) server.driver().text(ANN, POOL.number(), text, null, null)).providerId();
    }

    String send(Outgoing message) {
        return assertAccepted(server.transport().lines().send("pool-1", message), Service.IMESSAGE);
    }

    static String assertAccepted(SendResult result, Service service) {
        assertThat(result).isInstanceOf(SendResult.Accepted.class);
        SendResult.Accepted accepted = (SendResult.Accepted) result;
        assertThat(accepted.service()).isEqualTo(service);
        assertThat(accepted.sentAtOnce()).isFalse();
        return accepted.providerId();
    }

    TapbackOutcome tap(String bubble, String reaction, @Nullable String emoji, boolean remove) {
        return server.driver().tapback(ANN, new Simulator.Tapback(bubble, reaction, emoji, 0, remove));
    }

    /// What the server heard of tapbacks on this bubble; those taken away with a minus sign.
    List<String> tapbacks(String bubble) {
        return server.handler().events().stream()
                .filter(InboundEvent.TapbackReceived.class::isInstance)
                .map(InboundEvent.TapbackReceived.class::cast)
                .filter(tapback -> tapback.targetProviderId().equals(bubble))
                .map(tapback -> (tapback.removed() ? "-" : "")
                        + tapback.reaction()
                        + (tapback.customEmoji() == null ? "" : tapback.customEmoji()))
                .toList();
    }

    JsonNode phone() {
        return server.driver().phone(ANN, null);
    }

    JsonNode thread() {
        return phone().get("threads").get(0);
    }

    List<JsonNode> bubbles() {
        JsonNode threads = phone().get("threads");
        return threads.isEmpty()
                ? List.of()
                : StreamSupport.stream(threads.get(0).get("bubbles").spliterator(), false)
                        .toList();
    }

    List<String> names() {
        return StreamSupport.stream(phone().get("threads").spliterator(), false)
                .map(thread -> thread.get("name").asString())
                .toList();
    }

    /// One key of every bubble in the liveliest thread.
    List<String> shown(String key) {
        return bubbles().stream()
                .map(bubble -> bubble.get(key))
                .map(value -> value.isString() ? value.asString() : Json.write(value))
                .toList();
    }
}
