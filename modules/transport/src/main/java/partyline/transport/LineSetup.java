package partyline.transport;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import partyline.kernel.PhoneNumber;
import partyline.kernel.StartupFailure;

/// What a driver is told about its line. `hookUrl` is the address, with its secret, at which the line's service
/// may call [WebhookReceiver]; it is known once the server listens.
public record LineSetup(Line line, Options options, Supplier<String> hookUrl, Surroundings around) {

    /// The time, by the clock that drivers go by.
    public Instant now() {
        return around.clock().instant();
    }

    /// The id of the line.
    public String id() {
        return line.id();
    }

    /// Who it is that a service calls so: the number itself, or the one that the operator's `contacts` have for a mail
    /// address. Empty for a [Stranger].
    public Optional<PhoneNumber> person(String address) {
        return PhoneNumber.parse(address).or(() -> around.contacts().number(address));
    }

    /// What every driver may use: bytes of attachments, a memory that survives a restart, the time, and whose mail
    /// addresses are known.
    public record Surroundings(
            Attachments attachments, DriverState memory, InstantSource clock, KnownAddresses contacts) {}

    /// The keys of the line's driver in the configuration; `place` names them in errors.
    public record Options(String place, Map<String, String> values) {

        public Options {
            values = Map.copyOf(values);
        }

        /// @throws StartupFailure naming the key when it is missing.
        public String required(String key) {
            return optional(key).orElseThrow(() -> wrong(key, "is missing"));
        }

        public Optional<String> optional(String key) {
            return Optional.ofNullable(values.get(key)).map(String::strip).filter(text -> !text.isEmpty());
        }

        public String text(String key, String otherwise) {
            return optional(key).orElse(otherwise);
        }

        /// A start that fails over `key`; `what` says what is wrong with it and the fix.
        public StartupFailure wrong(String key, String what) {
            return new StartupFailure(place + ": " + key + " " + what + ".");
        }
    }
}
