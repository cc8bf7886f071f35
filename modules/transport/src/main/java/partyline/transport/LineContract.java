package partyline.transport;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import partyline.kernel.FileName;
import partyline.transport.InboundEvent.TapbackReceived;
import partyline.transport.InboundEvent.TextEdited;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.InboundEvent.TextUnsent;

/// Brings what a line says to the values of the wire contract, whichever driver brought it: a published SDK
/// fails over a whole list when one message has a style that it does not know. What is unknown is left out,
/// never guessed. Thread-safe.
public final class LineContract {

    /// No phone wrote before this; a clock that never ran says 1970, or 2001 at Apple's.
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    /// Clocks differ, but not by more.
    private static final Duration AHEAD = Duration.ofDays(1);

    private static final Set<String> REACTIONS =
            Set.of("love", "like", "dislike", "laugh", "emphasize", "question", "eyes");
    private static final String CUSTOM = "custom";
    private static final int LONGEST_EMOJI = 32;

    /// Every name of the thirteen effects that is met, without its prefix, in small letters alone.
    private static final Map<String, List<String>> STYLES = Map.ofEntries(
            Map.entry("slam", List.of("slam", "impact")),
            Map.entry("loud", List.of("loud")),
            Map.entry("gentle", List.of("gentle")),
            Map.entry("invisible", List.of("invisible", "invisibleink")),
            Map.entry("echo", List.of("echo")),
            Map.entry("spotlight", List.of("spotlight")),
            Map.entry("balloons", List.of("balloons", "balloon", "happybirthday")),
            Map.entry("confetti", List.of("confetti")),
            Map.entry("love", List.of("love", "heart")),
            Map.entry("lasers", List.of("lasers", "laser")),
            Map.entry("fireworks", List.of("fireworks")),
            Map.entry("celebration", List.of("celebration", "sparkles")),
            Map.entry("shooting_star", List.of("shootingstar")));

    private static final Pattern CONTENT_TYPE = Pattern.compile("[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,90}");
    private static final Pattern CODE = Pattern.compile("[a-z0-9_]{1,40}");
    private static final Pattern EMOJI = Pattern.compile(
            "(?U)[^\\p{L}\\s]*[\\p{IsExtended_Pictographic}\\x{1F1E6}-\\x{1F1FF}\\x{20E3}][^\\p{L}\\s]*");

    private final InstantSource clock;

    LineContract(InstantSource clock) {
        this.clock = clock;
    }

    /// Whether somebody can have done something at `at`.
    public static boolean isPlausible(Instant at, Instant now) {
        return !at.isBefore(EARLIEST) && !at.isAfter(now.plus(AHEAD));
    }

    /// The effect that a line means by `name`: ours, Apple's or Sendblue's word for it.
    static Optional<String> sendStyle(@Nullable String name) {
        if (name == null) {
            return Optional.empty();
        }
        String plain = name.substring(name.lastIndexOf('.') + 1)
                .replaceFirst("^CK(.+)Effect$", "$1")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[ _-]", "");
        return STYLES.entrySet().stream()
                .filter(style -> style.getValue().contains(plain))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /// A content type in small letters and without parameters, if it is one.
    static Optional<String> contentType(@Nullable String told) {
        return Optional.ofNullable(told)
                .map(type -> type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                .map(type -> type.equals("image/jpg") ? "image/jpeg" : type)
                .filter(type -> CONTENT_TYPE.matcher(type).matches());
    }

    /// Whether `text` can stand for a tapback of its own.
    static boolean isEmoji(@Nullable String text) {
        return text != null
                && text.length() <= LONGEST_EMOJI
                && EMOJI.matcher(text).matches();
    }

    /// The event as the contract knows it; empty for a reaction that nobody can show.
    Optional<InboundEvent> checked(InboundEvent event) {
        return switch (event) {
            case TextReceived it ->
                Optional.of(new TextReceived(
                        it.line(),
                        it.from(),
                        time(it.at()),
                        it.providerId(),
                        it.text(),
                        it.mediaUrl(),
                        contentType(it.mediaType()).orElse(null),
                        Optional.ofNullable(it.mediaName())
                                .flatMap(FileName::clean)
                                .orElse(null),
                        it.service(),
                        sendStyle(it.sendStyle()).orElse(null)));
            case TapbackReceived it -> reaction(it).map(named -> named);
            case TextEdited it ->
                Optional.of(new TextEdited(
                        it.line(), it.from(), time(it.at()), it.providerId(), it.targetProviderId(), it.text()));
            case TextUnsent it ->
                Optional.of(
                        new TextUnsent(it.line(), it.from(), time(it.at()), it.providerId(), it.targetProviderId()));
        };
    }

    Receipt checked(Receipt receipt) {
        return new Receipt(
                receipt.line(),
                receipt.providerId(),
                receipt.kind(),
                time(receipt.at()),
                receipt.failure()
                        .map(it -> CODE.matcher(it.code()).matches()
                                ? it
                                : new Receipt.Failure("delivery_error", it.detail())),
                receipt.service());
    }

    /// An emoji that came as the name is an emoji; whatever else has no name is dropped. One that is taken
    /// away needs none: a bubble has one tapback of a person at most.
    private Optional<TapbackReceived> reaction(TapbackReceived told) {
        String name = told.reaction().strip().toLowerCase(Locale.ROOT);
        if (REACTIONS.contains(name)) {
            return Optional.of(named(told, name, null));
        }
        String emoji = name.equals(CUSTOM) || told.customEmoji() != null ? told.customEmoji() : told.reaction();
        return isEmoji(emoji) || (name.equals(CUSTOM) && emoji == null && told.removed())
                ? Optional.of(named(told, CUSTOM, emoji))
                : Optional.empty();
    }

    private TapbackReceived named(TapbackReceived told, String reaction, @Nullable String emoji) {
        return new TapbackReceived(
                told.line(),
                told.from(),
                time(told.at()),
                told.providerId(),
                told.targetProviderId(),
                reaction,
                emoji,
                Math.max(0, told.partIndex()),
                told.removed());
    }

    /// A time that cannot be is the time at which it came.
    private Instant time(Instant told) {
        Instant now = clock.instant();
        return isPlausible(told, now) ? told : now;
    }
}
