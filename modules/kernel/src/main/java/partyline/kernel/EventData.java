package partyline.kernel;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What an event says: the JSON object that goes out as its envelope's `data`, made when somebody first wants it, which
/// is after the transaction that appends the event.
///
/// The journal keeps it as `kept`: all of it, or, of an event `about` a stored message, only what the message itself
/// will not tell any more; null when that is nothing. An [EventRenderer] makes the same JSON of it later. Thread-safe.
public final class EventData {

    private final Optional<Id> about;
    private final @Nullable String kept;
    private final int weight;
    private final Supplier<String> rendering;
    private volatile @Nullable String json;

    private EventData(Optional<Id> about, @Nullable String kept, int weight, Supplier<String> rendering) {
        this.about = about;
        this.kept = kept;
        this.weight = weight;
        this.rendering = rendering;
    }

    /// `json`, which is kept as it is.
    public static EventData of(String json) {
        return new EventData(Optional.empty(), json, json.length(), () -> json);
    }

    /// About a stored message. `weight` is about as many characters as `rendering` makes and holds on to.
    public static EventData about(Id message, @Nullable String kept, int weight, Supplier<String> rendering) {
        return new EventData(Optional.of(message), kept, weight, rendering);
    }

    Optional<Id> about() {
        return about;
    }

    @Nullable
    String kept() {
        return kept;
    }

    /// About how many characters it holds.
    public int weight() {
        return weight;
    }

    public String json() {
        String made = json;
        if (made == null) {
            made = rendering.get();
            json = made;
        }
        return made;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EventData data && data.json().equals(json());
    }

    @Override
    public int hashCode() {
        return json().hashCode();
    }

    @Override
    public String toString() {
        return json();
    }
}
