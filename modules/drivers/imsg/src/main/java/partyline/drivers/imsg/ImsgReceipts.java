package partyline.drivers.imsg;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import partyline.drivers.AppleErrors;
import partyline.drivers.KnownServices;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.transport.Driver.Inbound;
import partyline.transport.LineSetup;
import partyline.transport.Receipt;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;

/// How far what we sent got. imsg tells it when asked, so it is asked, ever more seldom, until the person read it. That
/// somebody has no iMessage is learnt from it, so that the next text goes another way. Thread-safe.
final class ImsgReceipts {

    private static final List<Duration> ASK = List.of(
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            Duration.ofSeconds(8),
            Duration.ofSeconds(15),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(8));

    private record Watched(PhoneNumber person, int asked, Instant dueAt, Receipt.@Nullable Kind told) {}

    private final LineSetup setup;
    private final ImsgClient imsg;
    private final KnownServices services;
    private final Map<String, Watched> watched = new ConcurrentHashMap<>();

    ImsgReceipts(LineSetup setup, ImsgClient imsg, KnownServices services) {
        this.setup = setup;
        this.imsg = imsg;
        this.services = services;
    }

    void watch(String guid, PhoneNumber person) {
        watched.putIfAbsent(guid, new Watched(person, 0, setup.now().plus(ASK.getFirst()), null));
    }

    /// A person who writes has probably read: what was sent to them is asked about now.
    void wrote(PhoneNumber person) {
        watched.replaceAll(
                (_, it) -> it.person().equals(person) ? new Watched(person, it.asked(), setup.now(), it.told()) : it);
    }

    /// Asks for what is due.
    void ask(Inbound inbound) {
        Instant now = setup.now();
        watched.forEach((guid, it) -> {
            if (!it.dueAt().isAfter(now)) {
                ask(guid, it, now, inbound);
            }
        });
    }

    private void ask(String guid, Watched it, Instant now, Inbound inbound) {
        Optional<JsonNode> status = status(imsg, guid);
        Receipt.Kind kind = status.map(ImsgReceipts::kind).orElse(null);
        if (kind != null && kind != it.told()) {
            tell(guid, it.person(), kind, status.get(), inbound);
        }
        int asked = it.asked() + 1;
        if (asked == ASK.size() || kind == Receipt.Kind.READ || kind == Receipt.Kind.FAILED) {
            watched.remove(guid);
        } else {
            Receipt.Kind told = kind == null ? it.told() : kind;
            watched.replace(guid, it, new Watched(it.person(), asked, now.plus(ASK.get(asked)), told));
        }
    }

    private void tell(String guid, PhoneNumber person, Receipt.Kind kind, JsonNode status, Inbound inbound) {
        int error = status.path("status_fields").path("error").asInt(0);
        if (error == AppleErrors.NOT_REGISTERED) {
            services.saw(person, Service.SMS, setup.now());
        }
        Optional<Receipt.Failure> failure =
                kind == Receipt.Kind.FAILED ? Optional.of(AppleErrors.failure(error)) : Optional.empty();
        Instant at = time(status, kind).orElse(setup.now());
        Optional<Service> service = Service.heard(status.path("service").asString(""));
        inbound.receipt(new Receipt(setup.id(), guid, kind, at, failure, service));
    }

    /// What imsg knows of the message of ours with this guid; empty when it does not say, or does not know it.
    static Optional<JsonNode> status(ImsgClient imsg, String guid) {
        return imsg.call("message.send_status", Json.object().put("guid", guid), ImsgClient.QUICK)
                .result()
                .filter(json -> json.path("status_fields").isObject());
    }

    private static Receipt.@Nullable Kind kind(JsonNode status) {
        JsonNode fields = status.path("status_fields");
        return switch (status.path("send_state").asString("")) {
            case "failed" -> Receipt.Kind.FAILED;
            case "delivered" -> fields.path("date_read").isString() ? Receipt.Kind.READ : Receipt.Kind.DELIVERED;
            default -> null;
        };
    }

    private static Optional<Instant> time(JsonNode status, Receipt.Kind kind) {
        String field = kind == Receipt.Kind.READ ? "date_read" : "date_delivered";
        try {
            return Optional.of(
                    Instant.parse(status.path("status_fields").path(field).asString("")));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
