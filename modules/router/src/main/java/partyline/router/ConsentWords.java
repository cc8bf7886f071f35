package partyline.router;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.Line;
import partyline.transport.Service;

/// The words with which people say that they want no texts, or want them again, and what they are answered.
///
/// A word counts when it is the whole text in the normal form of a person's words, whatever its case, accents, hyphens,
/// signs and emoji, also with words of courtesy after it. `stop` counts everywhere, and also as a first sentence;
/// `stopOnSms` only as the whole of what came as SMS or RCS: on iMessage a person may well say "cancel" to an agent. In
/// an answer, `{router}` stands for the number to text and `{agent}` for the agent's handle.
public record ConsentWords(Set<String> stop, Set<String> stopOnSms, Set<String> start, Answers answers) {

    /// What people are answered: `stopped` and `started` by the router, `released` in an agent's own thread,
    /// `numberStopped` and `numberStarted` on an agent's own number.
    public record Answers(String stopped, String released, String started, String numberStopped, String numberStarted) {

        /// What people are answered where the operator has written nothing.
        public static final Answers DEFAULT =
                new Answers(Texts.STOPPED, Texts.RELEASED, Texts.STARTED, Texts.NUMBER_STOPPED, Texts.NUMBER_STARTED);

        private static String filled(String answer, String router) {
            return answer.replace("{router}", router);
        }

        String toStop(Line router) {
            return filled(stopped, router.number().text());
        }

        String toStart(Line router) {
            return filled(started, router.number().text());
        }

        String toRelease(String agent, String router) {
            return filled(released, router).replace("{agent}", agent);
        }

        String toNumberStop(String agent) {
            return numberStopped.replace("{agent}", agent);
        }

        String toNumberStart() {
            return numberStarted;
        }
    }

    /// People are polite also when they leave.
    private static final Pattern COURTESY = Pattern.compile(
            "(?: (?:please|pls|plz|thanks|thank you|thx|now|me|merci|svp|s il vous plait|por favor|gracias|bitte|danke"
                    + "|obrigad[oa]|grazie|per favore|dank je|alstublieft|tack|dziekuje|prosze))+$");

    private static final Pattern SENTENCE_END = Pattern.compile("[.!?…]++(?![\\p{L}\\p{N}])|[。\\n]");

    private static final int BEGINNING = 40;

    /// What a person wants.
    enum Wish {
        STOP,
        START
    }

    public ConsentWords {
        stop = tidied(stop);
        stopOnSms = tidied(stopOnSms);
        start = tidied(start);
        if (stop.isEmpty() || start.isEmpty()) {
            throw new IllegalArgumentException("there must be a word to stop and a word to start");
        }
        if (Stream.concat(stop.stream(), stopOnSms.stream()).anyMatch(start::contains)) {
            throw new IllegalArgumentException("a word cannot mean both stop and start");
        }
    }

    Optional<Wish> wishOf(TextReceived text) {
        return wishOf(text.text(), text.service());
    }

    Optional<Wish> wishOf(@Nullable String text, Service service) {
        if (text == null || !mayBegin(text)) {
            return Optional.empty();
        }
        String said = PersonText.of(text).unsigned();
        String whole = bare(said);
        boolean sms = service != Service.IMESSAGE;
        if (stop.contains(whole) || stop.contains(firstSentence(said)) || sms && stopOnSms.contains(whole)) {
            return Optional.of(Wish.STOP);
        }
        return start.contains(whole) ? Optional.of(Wish.START) : Optional.empty();
    }

    /// Whether its beginning is one of the words, or could become one. Almost no text begins so, and each is asked
    /// about in the turn of the one thread that writes: so no more of it is read at first.
    private boolean mayBegin(String text) {
        String beginning = text.substring(0, Math.min(text.length(), BEGINNING));
        String letters = PersonText.letters(PersonText.of(beginning).seen());
        return anyBegins(stop, letters) || anyBegins(stopOnSms, letters) || anyBegins(start, letters);
    }

    private static boolean anyBegins(Set<String> words, String letters) {
        for (String word : words) {
            if (letters.startsWith(word) || word.startsWith(letters)) {
                return true;
            }
        }
        return false;
    }

    private static String firstSentence(String said) {
        return SENTENCE_END
                .splitAsStream(said)
                .map(ConsentWords::bare)
                .filter(sentence -> !sentence.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static String bare(String said) {
        return COURTESY.matcher(PersonText.letters(said)).replaceFirst("");
    }

    private static Set<String> tidied(Set<String> words) {
        return words.stream()
                .map(word -> PersonText.letters(PersonText.of(word).seen()))
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }
}
